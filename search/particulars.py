"""What a question or a ticket names: error codes, versions and products, which tell one problem from its neighbours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from indexer.analyze import normalise

_NAMED = 8  # of each kind that are looked for: a pasted log holds hundreds

# Codes, in normalised text: 0x80070005, nr-2207, err_conn_reset, and a number that is called an error or a code.
_CODE = re.compile(
    r"(?<![\w-])(?:0x[0-9a-f]{3,}|[a-z]{2,}\d*[-_][a-z]?\d{2,}|[a-z]{2,8}\d{4,}|[a-z0-9]+(?:_[a-z0-9]+)+)(?![a-z0-9_])"
)
_NUMBERED = re.compile(
    r"(?:error|code|status|http|오류|에러|코드)(?:\s*(?:code|number|no\.?|코드|번호))?\s*[:#]?\s*(\d{3,})(?![\d.]*\d)"
)
_TOGETHER = re.compile(r"(?<![\w-])([a-z]{2,8})(\d{3,})(?![a-z0-9_-])")
_VERSION = re.compile(r"(?<![\w.])v?(\d+(?:\.\d+){1,3}(?:-[a-z]+\d*)?)(?![\w.]*\d)")


@dataclass(frozen=True)
class Particulars:
    """Normalised, in the order in which they are named. `products` are those of articles that were asked about."""

    codes: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    products: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.codes or self.versions or self.products)


def read(text: str, products: Iterable[str], *, product: str | None = None) -> Particulars:
    """What `text` names. `products` are those that there are, `product` the one that is known without being said."""
    plain = normalise(text)
    named = [name for name in sorted(products) if name and (_said(name, plain) or _same(name, product))]
    codes = _first([*_CODE.findall(plain), *_NUMBERED.findall(plain)])
    return Particulars(_first([*codes, *hyphenated(plain)]), _first(_VERSION.findall(plain)), tuple(named))


def hyphenated(text: str) -> list[str]:
    """Codes that are written together, as most are filed: nr-2207 of nr2207."""
    return [f"{letters}-{digits}" for letters, digits in _TOGETHER.findall(text)]


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
