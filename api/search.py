"""Questions and tickets: what finds articles, what completes words, and what people did with the results."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Path, Query

from api.access import Searcher, Supporter
from api.idempotency import Once
from api.problems import problems
from api.state import Kb, State
from kb.errors import InvalidInput, NotFound
from kb.models import Actor
from kb.privacy import mask
from kb.store import articles, searches
from kb.store.searches import Event
from kb.times import now
from kb.wire.base import Accepted
from kb.wire.search import CompletionsOut, EventIn, RelatedOut, SearchIn, SearchOut, SuggestIn
from search.engine import Request
from search.live import Filters
from search.related import related as related_
from search.suggest import suggest as suggest_
from search.ticket import from_json, parse
from search.wire import completion_json, results_json

router = APIRouter(responses=problems())
_events = APIRouter(route_class=Once)  # an answer to a question is not kept: its articles may be for others tomorrow
Locale = Annotated[str | None, Query(max_length=35)]
Product = Annotated[str | None, Query(max_length=200)]
Space = Annotated[str | None, Query(max_length=100)]


@router.get("/v1/search", tags=["search"])
def search(
    kb: Kb,
    actor: Searcher,
    q: Annotated[str, Query(min_length=1, max_length=20_000, examples=["how do I get a refund"])],
    locale: Locale = None,
    product: Product = None,
    space: Space = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 5,
    explain: bool = False,
    exact: bool = False,
) -> SearchOut:
    """Find the articles that answer a question."""
    options = {"locale": locale, "product": product, "space": space}
    asked = SearchIn.model_validate({"query": q, **options, "limit": limit, "explain": explain, "exact": exact})
    return _search(kb, actor, asked)


@router.post("/v1/search", tags=["search"])
def search_by_post(kb: Kb, actor: Searcher, body: SearchIn) -> SearchOut:
    """The same with a body: a question stays out of the access log."""
    return _search(kb, actor, body)


def _search(kb: State, actor: Actor, asked: SearchIn) -> SearchOut:
    request = Request(
        asked.query,
        kb.reader(actor, asked.locale),
        Filters(locale=asked.locale, product=asked.product, space=asked.space),
        asked.limit,
        explain=asked.explain,
        exact=asked.exact,
        person=_person(kb, actor, asked.visitor),
        settled=asked.settled,
        channel=asked.channel,
    )
    return SearchOut(**results_json(kb.home.engine.search(request)))


def _person(kb: State, actor: Actor, visitor: str = "") -> str:
    """Who asks, as it is kept: as the page knows them, else what they signed in with; a key is nobody."""
    own = actor.name.removeprefix("user:") if actor.name.startswith("user:") else ""
    return kb.pseudonym(visitor or own)


@router.get("/v1/complete", tags=["search"])
def complete(
    kb: Kb,
    actor: Searcher,
    q: Annotated[str, Query(min_length=1, max_length=200, examples=["ㅎㅂ"])],
    locale: Locale = None,
    product: Product = None,
    space: Space = None,
    limit: Annotated[int, Query(ge=1, le=20)] = 8,
) -> CompletionsOut:
    """Complete what is being typed: titles, headings and past questions that the reader may see."""
    filters = Filters(locale=locale, product=product, space=space)
    found = kb.home.phrases.complete(q, kb.reader(actor, locale), filters, limit)
    return CompletionsOut.model_validate({"completions": [completion_json(phrase) for phrase in found]})


@router.post("/v1/suggest", tags=["search"])
def suggest(kb: Kb, actor: Supporter, body: SuggestIn) -> SearchOut:
    """Suggest articles for a ticket, each with the passage that matters and why."""
    if isinstance(body.ticket, str):
        ticket = parse(body.ticket, "ticket")
    else:
        ticket = from_json(body.ticket.model_dump(), "ticket")
    found = suggest_(
        kb.home.engine,
        ticket,
        kb.reader(actor),
        limit=body.limit,
        language=body.locale,
        settled=body.settled,
        person=_person(kb, actor),
    )
    return SearchOut(**results_json(found.results, found.why))


@router.get("/v1/articles/{article_id:path}/related", tags=["search"], responses=problems(404))
def related(
    kb: Kb,
    actor: Searcher,
    article_id: Annotated[str, Path(max_length=512)],
    limit: Annotated[int, Query(ge=1, le=20)] = 5,
) -> RelatedOut:
    """Articles about the same things, the nearest first."""
    found = related_(kb.home.index.view(), article_id, kb.reader(actor), limit)
    return RelatedOut.model_validate({"articles": found}, from_attributes=True)


@_events.post("/v1/events", tags=["events"], status_code=202, responses=problems(404))
def event(kb: Kb, actor: Searcher, body: Annotated[EventIn, Body()]) -> Accepted:
    """Say what somebody did with a result: clicked, inserted, helped, not_helped, …"""
    kb.home.journal.flush()
    with kb.home.database.read() as connection:
        if not searches.exists(connection, body.search_id):
            raise NotFound(f"search_id: no search {body.search_id!r}")
        if body.article_id and articles.get(connection, body.article_id, actor.reader) is None:
            raise NotFound(f"article_id: no article {body.article_id!r}")
    if body.kind in ("clicked", "inserted") and not body.article_id:
        raise InvalidInput(f"article_id: a {body.kind!r} event names its article")
    data = {key: mask(value) if isinstance(value, str) else value for key, value in body.data.items()}
    kb.home.journal.record(Event(now(), body.search_id, body.kind, body.article_id, data))
    return Accepted()


router.include_router(_events)
