"""The endpoints. Handlers are plain functions, so FastAPI runs them, and the model, off the event loop."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Header, Path, Query

from api.schemas import (
    Accepted,
    ArticleIn,
    ArticleOut,
    CompletionsOut,
    EventIn,
    FlagsOut,
    GapsOut,
    Healthy,
    Problem,
    Ready,
    SearchIn,
    SearchOut,
    SuggestIn,
    WrittenOut,
)
from api.state import Kb, State
from articles.gaps import find_gaps
from articles.library import Draft
from articles.render import article_html
from articles.wire import gap_json, report_json
from kb.errors import Forbidden, InvalidInput, NotFound
from kb.privacy import mask
from kb.store import articles, searches
from kb.store.database import now
from kb.store.searches import Event
from search.engine import Request
from search.live import Filters
from search.suggest import suggest as suggest_
from search.ticket import from_json, parse
from search.wire import completion_json, results_json

_PROBLEM: dict[str, Any] = {"content": {"application/problem+json": {}}, "model": Problem}


def _problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return dict.fromkeys((400, 413, 422, *statuses), _PROBLEM)


router = APIRouter(responses=_problems())
ArticleId = Annotated[str, Path(max_length=512, examples=["refunds"])]
Limit = Annotated[int, Query(ge=1, le=1000)]


@router.get("/v1/search", tags=["search"])
def search(
    kb: Kb,
    q: Annotated[str, Query(min_length=1, max_length=20_000, examples=["how do I get a refund"])],
    locale: Annotated[str | None, Query(max_length=35)] = None,
    product: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 5,
    explain: bool = False,
    exact: bool = False,
) -> SearchOut:
    """Find the articles that answer a question."""
    return _search(kb, SearchIn(query=q, locale=locale, product=product, limit=limit, explain=explain, exact=exact))


@router.post("/v1/search", tags=["search"])
def search_by_post(kb: Kb, body: SearchIn) -> SearchOut:
    """The same with a body: a question stays out of the access log."""
    return _search(kb, body)


def _search(kb: State, asked: SearchIn) -> SearchOut:
    request = Request(
        asked.query,
        kb.reader(asked.locale),
        Filters(locale=asked.locale, product=asked.product),
        asked.limit,
        explain=asked.explain,
        exact=asked.exact,
    )
    return SearchOut(**results_json(kb.home.engine.search(request)))


@router.get("/v1/complete", tags=["search"])
def complete(
    kb: Kb,
    q: Annotated[str, Query(min_length=1, max_length=200, examples=["ㅎㅂ"])],
    locale: Annotated[str | None, Query(max_length=35)] = None,
    product: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=20)] = 8,
) -> CompletionsOut:
    """Complete what is being typed: titles, headings and past questions that the reader may see."""
    filters = Filters(locale=locale, product=product)
    found = kb.home.phrases.complete(q, kb.reader(locale), filters, limit)
    return CompletionsOut.model_validate({"completions": [completion_json(phrase) for phrase in found]})


@router.post("/v1/suggest", tags=["search"])
def suggest(kb: Kb, body: SuggestIn) -> SearchOut:
    """Suggest articles for a ticket, each with the passage that matters and why."""
    if isinstance(body.ticket, str):
        ticket = parse(body.ticket, "ticket")
    else:
        ticket = from_json(body.ticket.model_dump(), "ticket")
    found = suggest_(kb.home.engine, ticket, kb.reader(), limit=body.limit, language=body.locale)
    return SearchOut(**results_json(found.results, found.why))


@router.get("/v1/articles/{article_id:path}", tags=["articles"], responses=_problems(404))
def article(kb: Kb, article_id: ArticleId) -> ArticleOut:
    """An article, as Markdown and as sanitised HTML."""
    with kb.home.database.read() as connection:
        found = articles.get(connection, article_id, kb.reader())
        if found is None:
            raise NotFound(f"no article {article_id!r}")
        html = article_html(connection, found, kb.reader())
    meta = articles.metadata_json(found.metadata)
    shown = {key: meta[key] for key in ArticleOut.model_fields if key in meta}
    return ArticleOut(
        **{**shown, "id": found.id, "tags": list(meta["tags"])},
        version=found.version,
        source=found.source,
        markdown=found.markdown,
        html=html,
    )


@router.put("/v1/articles/{article_id:path}", tags=["articles"], responses=_problems(403, 409))
def put_article(
    kb: Kb, article_id: ArticleId, body: ArticleIn, authorization: Annotated[str, Header()] = ""
) -> WrittenOut:
    """Publish an article from Markdown. Needs the server's write token."""
    _may_write(kb, authorization)
    outcome = kb.library.put_one(Draft(body.markdown, f"{article_id}.md", article_id))
    return WrittenOut(id=outcome.id, status=outcome.status, chunks=outcome.chunks)  # type: ignore[arg-type]


@router.delete("/v1/articles/{article_id:path}", tags=["articles"], responses=_problems(403, 404))
def delete_article(kb: Kb, article_id: ArticleId, authorization: Annotated[str, Header()] = "") -> WrittenOut:
    """Archive an article: it leaves the index at once, its versions stay. Needs the server's write token."""
    _may_write(kb, authorization)
    if not kb.library.retire([article_id]):
        raise NotFound(f"no article {article_id!r}")
    return WrittenOut(id=article_id, status="retired", chunks=0)


def _may_write(kb: State, authorization: str) -> None:
    token = kb.settings.write_token
    if token is None:
        raise Forbidden("this server only reads; start it with KB_WRITE_TOKEN to let it write")
    given = authorization.removeprefix("Bearer ").encode()
    if not hmac.compare_digest(given, token.get_secret_value().encode()):
        raise Forbidden("the Authorization header is not the server's write token")


@router.get("/v1/flags", tags=["upkeep"])
def flags(kb: Kb, limit: Limit = 100) -> FlagsOut:
    """Articles that need work, the worst first, with evidence."""
    found = [report_json(report) for report in kb.reports() if report.flags]
    return FlagsOut.model_validate({"articles": found[:limit]})


@router.get("/v1/gaps", tags=["upkeep"])
def gaps(kb: Kb, limit: Limit = 100) -> GapsOut:
    """What was asked and no article answered, the most asked first."""
    kb.home.journal.flush()
    found = find_gaps(kb.home.database, kb.reader(), datetime.now(UTC))
    return GapsOut.model_validate({"gaps": [gap_json(gap) for gap in found[:limit]]})


@router.post("/v1/events", tags=["events"], status_code=202, responses=_problems(404))
def event(kb: Kb, body: Annotated[EventIn, Body()]) -> Accepted:
    """Say what somebody did with a result: clicked, inserted, helped, not_helped, …"""
    kb.home.journal.flush()
    with kb.home.database.read() as connection:
        if not searches.exists(connection, body.search_id):
            raise NotFound(f"search_id: no search {body.search_id!r}")
        if body.article_id and articles.get(connection, body.article_id, kb.reader()) is None:
            raise NotFound(f"article_id: no article {body.article_id!r}")
    if body.kind in ("clicked", "inserted") and not body.article_id:
        raise InvalidInput(f"article_id: a {body.kind!r} event names its article")
    data = {key: mask(value) if isinstance(value, str) else value for key, value in body.data.items()}
    kb.home.journal.record(Event(now(), body.search_id, body.kind, body.article_id, data))
    return Accepted()


@router.get("/healthz", tags=["server"])
def healthy() -> Healthy:
    """The process answers."""
    return Healthy()


@router.get("/readyz", tags=["server"], responses=_problems(503))
def ready(kb: Kb) -> Ready:
    """The database and the index can be read."""
    view = kb.home.index.view()
    return Ready(
        home=str(kb.home.path.resolve()),
        audience=kb.settings.audience,
        model=kb.settings.model,
        change=view.change,
        generation=view.base.generation,
    )
