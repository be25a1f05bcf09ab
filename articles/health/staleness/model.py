"""The model's file: validated as it is read, since it is a file that anybody may have edited.

`kb health fit --write` writes one into the home; without it the one beside this file counts, which knows no team's
products or folders. `bench/staleness.py` made that.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from articles.health.staleness.base import FEATURES, NAMES, Model
from kb.errors import InvalidInput

FILE = "staleness.json"
FORMAT = 1
_DEFAULT = Path(__file__).with_name("model.json")


def load(folder: Path | None = None) -> Model:
    """The model that was fitted to the team of a home, else the one of this release.

    Raises:
        InvalidInput: its file is damaged, or of another release; with the file, the key and the value.
    """
    return _read(*named(folder))


def named(folder: Path | None = None) -> tuple[Path, int]:
    """The file that `load` reads, and when it was written: another model has another name."""
    own = folder / FILE if folder else None
    path = own if own and own.is_file() else _DEFAULT
    return path, path.stat().st_mtime_ns


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> Model:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path}: cannot be read: {error}") from error
    return parse(text, str(path))


def dump(model: Model) -> str:
    """A model as the text of its file."""
    columns = zip(NAMES, model.weights, model.means, model.scales, strict=True)
    features = {
        name: {"weight": round(float(w), 6), "mean": round(float(mean), 6), "scale": round(float(scale), 6)}
        for name, w, mean, scale in columns
    }
    rates = {"products": dict(model.products), "categories": dict(model.categories)}
    said = {"format": FORMAT, **model.about, "bias": round(model.bias, 6), "features": features, **rates}
    return json.dumps(said, indent=1, ensure_ascii=False) + "\n"


def parse(text: str, place: str) -> Model:
    """A model from the text of its file; `place` is what errors call it.

    Raises:
        InvalidInput: it is not one.
    """
    try:
        said = json.loads(text)
    except ValueError as error:
        raise InvalidInput(f"{place}: not JSON: {error}") from error
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        found = said.get("format") if isinstance(said, dict) else said
        raise InvalidInput(
            f"{place}: format: {str(found)[:40]!r} is not {FORMAT}; make it again: kb health fit --write"
        )
    columns = _mapping(said, "features", place)
    if set(columns) != set(NAMES):
        odd = sorted(set(columns) ^ set(NAMES))[0]
        raise InvalidInput(f"{place}: features: {odd!r} is unknown or missing; make it again: kb health fit --write")
    numbers = {part: np.array([_number(columns[n], part, f"{place}: {n}") for n in NAMES]) for part in _PARTS}
    _check(numbers["weight"], numbers["scale"], place)
    about = {key: said[key] for key in said.keys() - {"format", "bias", "features", "products", "categories"}}
    return Model(
        _number(said, "bias", place),
        numbers["weight"],
        numbers["mean"],
        numbers["scale"],
        _rates(said, "products", place),
        _rates(said, "categories", place),
        about,
    )


_PARTS = ("weight", "mean", "scale")


def _check(weights: Any, scales: Any, place: str) -> None:
    for feature, weight, scale in zip(FEATURES, weights, scales, strict=True):
        if scale <= 0:
            raise InvalidInput(f"{place}: {feature.name}: scale: {scale} is not above 0")
        if feature.rising and weight < 0:
            raise InvalidInput(
                f"{place}: {feature.name}: weight: {weight} is below 0: a fault never makes a text sounder"
            )


def _mapping(said: Mapping[str, Any], key: str, place: str) -> Mapping[str, Any]:
    found = said.get(key)
    if not isinstance(found, dict):
        raise InvalidInput(f"{place}: {key}: {str(found)[:40]!r} is not a mapping")
    return found


def _number(said: Any, key: str, place: str) -> float:
    value = said.get(key) if isinstance(said, dict) else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InvalidInput(f"{place}: {key}: {str(value)[:40]!r} is not a number")
    return float(value)


def _rates(said: Mapping[str, Any], key: str, place: str) -> dict[str, float]:
    found = _mapping(said, key, place)
    return {name: _number(found, name, f"{place}: {key}") for name in found}
