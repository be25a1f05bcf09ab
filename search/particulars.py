"""What a question or a ticket names: error codes, versions and products, which tell one problem from its neighbours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from indexer.analyze import normalise

_NAMED = 8  # of each kind that are looked for: a pasted log holds hundreds
_READ = 4_000  # characters that are read

# Codes, in normalised text: 0x80070005, nr-2207, err_conn_reset, and a number that is called an error or a code.
_CODE = re.compile(
    r"(?<![\w-])(?:0x[0-9a-f]{3,16}|[a-z]{2,12}\d{0,4}[-_][a-z]?\d{2,12}|[a-z]{2,8}\d{4,12}"
    r"|[a-z0-9]{1,24}(?:_[a-z0-9]{1,24}){1,8})(?![a-z0-9_])"
)
_NUMBERED = re.compile(
    r"(?:error|code|status|http|오류|에러|코드)(?:\s?(?:code|number|no\.?|코드|번호))?\s?[:#]?\s?(\d{3,12})(?!\.?\d)"
)
_VERSION = re.compile(r"(?<![\w.])v?(\d{1,5}(?:\.\d{1,6}){1,2}(?:-[a-z]{1,6}\d{0,3})?)(?![a-z0-9_]|\.\d)")
_DATE = re.compile(r"(?:19|20)\d\d\.\d+\.\d+|\d+\.\d+\.(?:19|20)\d\d")
_TOGETHER = re.compile(r"(?<![\w-])([a-z]{2,8})(-?)(\d{3,12})(?![a-z0-9_-])")


@dataclass(frozen=True)
class Particulars:
    """Normalised, in the order in which they are named. `products` are those of articles that were asked about."""

    codes: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    products: tuple[str, ...] = ()


def read(text: str, products: Iterable[str], *, product: str | None = None) -> Particulars:
    """What `text` names. `products` are those that there are, `product` the one that is known without being said."""
    plain = normalise(text[:_READ])
    named = [name for name in sorted(products) if name and (_said(name, plain) or _same(name, product))]
    codes = _first([*_CODE.findall(plain), *_NUMBERED.findall(plain)])
    versions = (version for version in _VERSION.findall(plain) if not _DATE.fullmatch(version))
    return Particulars((*codes, *otherwise(plain)), _first(versions), tuple(named))


def otherwise(text: str) -> tuple[str, ...]:
    """The codes of a normalised text as somebody else would join them: nr-2207 for nr2207, and the other way round."""
    found = _TOGETHER.findall(text[:_READ])
    return _first(f"{letters}{'' if hyphen else '-'}{digits}" for letters, hyphen, digits in found)


def _first(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))[:_NAMED]


def _said(product: str, text: str) -> bool:
    """Whether the words of a product's name stand in the text, in their order: naru-hub in “my Naru Hub's light”."""
    words = re.findall(r"[^\W_]+", normalise(product))
    return bool(words) and bool(
        re.search(r"(?<![^\W_])" + r"[\s_-]*".join(map(re.escape, words)) + r"(?![a-z0-9])", text)
    )


def _same(product: str, other: str | None) -> bool:
    return other is not None and normalise(product) == normalise(other)
