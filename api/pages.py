"""The plain pages: a search box, results, an article. Server-rendered, no script, in English and Korean."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.templating import Jinja2Templates
from markupsafe import Markup

from api.access import Searcher
from api.state import Kb, State
from articles.render import article_html
from kb.errors import InvalidInput
from kb.models import Actor
from kb.store import articles, redirects
from search import engine
from search.engine import Results
from search.hits import Hit

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
_templates = Jinja2Templates(directory=Path(__file__).parent / "templates")

_EPOCH = "1970-01-01T00:00:00Z"  # of a feed without entries

TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "title": "Help search",
        "ask": "What do you need help with?",
        "search": "Search",
        "answer": "",
        "maybe": "We are not sure. One of these may help.",
        "none": "No article answers this. These are the closest.",
        "nothing": "No article was found.",
        "read_as": "Read as",
        "as_written": "Search for it as written",
        "only_without": "This says only what not to find.",
        "verified": "Last verified",
        "internal": "Internal",
        "back": "Search",
        "missing": "This article does not exist.",
    },
    "ko": {
        "title": "도움말 검색",
        "ask": "무엇을 도와드릴까요?",
        "search": "검색",
        "answer": "",
        "maybe": "확실하지는 않지만 다음 글이 도움이 될 수 있습니다.",
        "none": "이 질문에 답하는 글이 없습니다. 가장 가까운 글입니다.",
        "nothing": "찾은 글이 없습니다.",
        "read_as": "바꿔 찾은 말",
        "as_written": "입력한 그대로 찾기",
        "only_without": "제외할 말만 있습니다. 찾을 말을 적어 주세요.",
        "verified": "마지막 확인",
        "internal": "내부용",
        "back": "검색",
        "missing": "없는 글입니다.",
    },
}


@router.get("/")
def home(
    request: Request,
    kb: Kb,
    actor: Searcher,
    q: Annotated[str, Query(max_length=2_000)] = "",
    exact: bool = False,
    accept_language: Annotated[str, Header()] = "",
) -> HTMLResponse:
    """A search box and, for a question, its results."""
    text = " ".join(q.split())
    problem = ""
    try:
        results = _search(kb, actor, text, exact) if any(char.isalnum() for char in text) else None
    except InvalidInput:
        results, problem = None, "only_without"
    language = results.language if results else _language(accept_language)
    hits = [(hit, _marked(hit)) for hit in results.hits] if results else []
    return _page(request, "search.html", language, {"q": text, "results": results, "hits": hits, "problem": problem})


@router.get("/articles/{article_id:path}")
def article(
    request: Request, kb: Kb, actor: Searcher, article_id: str, accept_language: Annotated[str, Header()] = ""
) -> Response:
    """An article as a page; one that moved is found where it is now."""
    with kb.home.database.read() as connection:
        found = articles.get(connection, article_id, actor.reader)
        if found is None:
            target = redirects.resolve(connection, article_id)
            if target and articles.get(connection, target, actor.reader):
                return RedirectResponse(f"/articles/{quote(target)}", 308)
            return _page(request, "missing.html", _language(accept_language), {}, 404)
        html = Markup(article_html(connection, found, actor.reader))  # noqa: S704 - sanitised
    return _page(request, "article.html", found.metadata.locale, {"article": found, "html": html})


@router.get("/feed.atom")
def feed(request: Request, kb: Kb, actor: Searcher, locale: Annotated[str, Query(max_length=35)] = "") -> Response:
    """The articles that changed last, as an Atom feed (RFC 4287)."""
    with kb.home.database.read() as connection:
        found = articles.latest(connection, actor.reader, locale, 50)
    at = found[0].updated_at if found else _EPOCH
    values = {"articles": found, "at": at, "base": str(request.base_url).rstrip("/")}
    return _templates.TemplateResponse(request, "feed.atom", values, media_type="application/atom+xml")


@router.get("/favicon.ico")
def icon() -> RedirectResponse:
    return RedirectResponse("/static/icon.svg", 308)


def _search(kb: State, actor: Actor, text: str, exact: bool) -> Results:
    return kb.home.engine.search(engine.Request(text, actor.reader, limit=8, exact=exact))


def _language(accept: str) -> str:
    first = accept.split(",", maxsplit=1)[0].split("-", maxsplit=1)[0].strip().lower()
    return first if first in TEXTS else "en"


def _page(request: Request, name: str, language: str, values: dict[str, Any], status: int = 200) -> HTMLResponse:
    language = language.split("-", maxsplit=1)[0] if language.split("-", maxsplit=1)[0] in TEXTS else "en"
    context = {"t": TEXTS[language], "lang": language, **values}
    return _templates.TemplateResponse(request, name, context, status_code=status)


def _marked(hit: Hit) -> list[tuple[str, bool]]:
    """The snippet in pieces, each marked or not; the template escapes them."""
    pieces, at = [], 0
    for start, end in hit.highlights:
        pieces += [(hit.snippet[at:start], False), (hit.snippet[start:end], True)]
        at = end
    return [*pieces, (hit.snippet[at:], False)]
