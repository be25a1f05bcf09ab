"""Where a reader is in the help centre: the language of the page, and addresses that keep it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import Query, Request
from fastapi.responses import HTMLResponse

from api import messages
from api.templating import language_for, page
from indexer.language import base

Lang = Annotated[str, Query(max_length=35, description="The language of the page.")]
UNNAMED = "-"  # the category, in addresses, of articles that name none
_HEADERS = {"Vary": "Accept-Language, Authorization, Cookie", "Cache-Control": "private, no-cache"}


@dataclass(frozen=True)
class Place:
    """The language of a page. Addresses name it (`kept`) where the browser would not ask for it by itself."""

    language: str
    origin: str
    kept: str = ""

    @classmethod
    def of(cls, request: Request, said: str, *, first: str = "", last: str = "") -> Place:
        """A page in the language that the address says, or `first`, or the browser wants, or `last`."""
        accepted = messages.accepted(request.headers.get("accept-language", ""))
        language = messages.language_of(said, first, *accepted, last)
        named = base(said) in messages.LANGUAGES or language != language_for(request)
        return cls(language, str(request.base_url).rstrip("/"), language if named else "")

    def within(self, language: str) -> Place:
        """The same place in another language."""
        return replace(self, language=language, kept=language)

    def of_locale(self, locale: str) -> Place:
        """The same place in the language of a locale, where pages speak it."""
        return self.within(base(locale)) if base(locale) in messages.LANGUAGES else self

    def to(self, path: str, anchor: str = "", **query: str) -> str:
        said = {name: value for name, value in {**query, "lang": self.kept}.items() if value}
        found = f"{path}?{urlencode(said, quote_via=quote)}" if said else path
        return f"{found}#{quote(anchor)}" if anchor else found

    def home(self) -> str:
        return self.to("/")

    def category(self, name: str) -> str:
        return self.to(category_path(name))

    def article(self, article_id: str, anchor: str = "", **query: str) -> str:
        return self.to(article_path(article_id), anchor, **query)

    def search(self, q: str, **query: str) -> str:
        return self.to("/search", q=q, **query)

    def show(self, name: str, values: Mapping[str, Any], others: Mapping[str, str], status: int = 200) -> HTMLResponse:
        """A page. `others` are the addresses of it in other languages."""
        known = {"here": self, "others": others, **values}
        return page(f"help/{name}", self.language, known, status, headers=_HEADERS)

    def elsewhere(self, address: str, **query: str) -> dict[str, str]:
        """The same address in each of the other languages."""
        return {other: self.within(other).to(address, **query) for other in self.others}

    @property
    def others(self) -> list[str]:
        return [language for language in messages.LANGUAGES if language != self.language]

    def missing(self) -> HTMLResponse:
        """What is found where nothing is, or nothing for this reader."""
        return self.show("missing.html", {"noindex": True}, self.elsewhere("/"), 404)


def article_path(article_id: str) -> str:
    return f"/articles/{quote(article_id)}"


def category_path(name: str) -> str:
    return f"/categories/{quote(name or UNNAMED, safe='')}"
