"""Articles: reading them, and all that authors do with them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, NoReturn
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import RedirectResponse

from api.access import Searcher, Supporter, Writer
from api.conventions import (
    Cursor,
    Fields,
    IfMatch,
    IfNoneMatch,
    Limit,
    chosen,
    from_cursor,
    is_known,
    page,
    revision,
    revision_needed,
    tag,
)
from api.idempotency import Once
from api.problems import problems
from api.state import Kb, State
from articles import edits as editing
from articles.diff import diff as diff_
from articles.library import Draft, Outcome
from articles.render import article_html
from articles.rules import may_read_text
from articles.translations import in_locale
from articles.wire import article_json, version_json
from kb.errors import Forbidden, InvalidInput, NotFound
from kb.models import STATES, Actor
from kb.models import State as ArticleState
from kb.store import Connection, articles, redirects, versions
from kb.store.articles import Record, Wanted
from kb.store.versions import Version
from kb.times import moment
from kb.wire.articles import (
    ArticleIn,
    ArticleOut,
    ArticlesOut,
    DescriptionIn,
    DiffOut,
    EditIn,
    EditOut,
    MoveIn,
    TransitionIn,
    VersionOut,
    VersionsOut,
    WrittenOut,
)
from kb.wire.base import MOST

router = APIRouter(responses=problems(), route_class=Once, tags=["articles"])
ArticleId = Annotated[str, Path(max_length=512, examples=["refunds"])]
Number = Annotated[int, Path(ge=1, le=MOST)]
_FIELDS = tuple(ArticleOut.model_fields)
_LISTED = tuple(name for name in _FIELDS if name not in ("markdown", "html", "translations", "followed"))


@router.get("/v1/articles", response_model=ArticlesOut, response_model_exclude_unset=True)
def list_articles(
    kb: Kb,
    actor: Searcher,
    state: Annotated[
        ArticleState | Literal["any"], Query(description="Only authors see more than what is live.")
    ] = "published",
    space: Annotated[str, Query(max_length=100)] = "",
    locale: Annotated[str, Query(max_length=35)] = "",
    product: Annotated[str, Query(max_length=200)] = "",
    category: Annotated[str, Query(max_length=200)] = "",
    owner: Annotated[str, Query(max_length=200)] = "",
    label: Annotated[str, Query(max_length=200)] = "",
    audience: Annotated[str, Query(max_length=100)] = "",
    worked_on: Annotated[
        Literal["", "draft", "in_review", "approved"],
        Query(description="The state of the text that is worked on: a review queue."),
    ] = "",
    updated_after: Annotated[str, Query(max_length=40, examples=["2026-11-01T00:00:00Z"])] = "",
    fields: Fields = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Any:
    """The articles that the reader sees, in the order in which they changed."""
    states = STATES if state == "any" else (state,)
    if (states != ("published",) or worked_on) and "write" not in actor.scopes:
        raise Forbidden("state: only authors see more than what is live")
    wanted_fields = chosen(fields, _LISTED)
    at, last = from_cursor(cursor, "", "")
    wanted = Wanted(
        states=states,
        space=space,
        locale=locale,
        product=product,
        category=category,
        owner=owner,
        label=label,
        audience=audience,
        updated_after=moment(updated_after, "updated_after"),
        worked_on=worked_on,
    )
    with kb.home.database.read() as connection:
        found = articles.page(connection, actor.reader, wanted, (at, last), limit + 1)
        shown, more = page(found, limit, lambda record: (record.updated_at, record.id))
        rows = [article_json(connection, record, actor, wanted_fields) for record in shown]
    return {"articles": rows, "next": more}


@router.get("/v1/articles/{article_id:path}/versions", responses=problems(404))
def list_versions(kb: Kb, actor: Writer, article_id: ArticleId, limit: Limit = 50, cursor: Cursor = "") -> VersionsOut:
    """Every version of an article, the newest first."""
    (before,) = from_cursor(cursor, 0)
    with kb.home.database.read() as connection:
        _record(connection, article_id, actor)
        found = list(versions.history(connection, article_id, before=before, limit=limit + 1))
    shown, more = page(found, limit, lambda version: (version.number,))
    rows = [version_json(version, text=False) for version in shown if may_read_text(actor.reader, version)]
    return VersionsOut.model_validate({"versions": rows, "next": more})


@router.get("/v1/articles/{article_id:path}/versions/{number}", responses=problems(404))
def get_version(kb: Kb, actor: Writer, article_id: ArticleId, number: Number) -> VersionOut:
    """One version with its text."""
    with kb.home.database.read() as connection:
        _record(connection, article_id, actor)
        return VersionOut(**version_json(_version(connection, article_id, number, actor), text=True))


@router.get("/v1/articles/{article_id:path}/diff", responses=problems(404))
def diff(
    kb: Kb,
    actor: Writer,
    article_id: ArticleId,
    before: Annotated[int, Query(ge=1, le=MOST)],
    after: Annotated[int, Query(ge=1, le=MOST)],
) -> DiffOut:
    """What changed between two versions, line by line."""
    with kb.home.database.read() as connection:
        _record(connection, article_id, actor)
        old, new = (_version(connection, article_id, number, actor) for number in (before, after))
    found = diff_(old.markdown, new.markdown, (f"version {before}", f"version {after}"))
    return DiffOut(before=before, after=after, unified=found.unified, added=found.added, removed=found.removed)


@router.post("/v1/articles/{article_id:path}/edits", status_code=201, responses=problems(404), tags=["edits"])
def suggest_edit(kb: Kb, actor: Supporter, article_id: ArticleId, body: EditIn, response: Response) -> EditOut:
    """Flag what is wrong, or send the text as it should be: it lands in the owner's queue."""
    found = editing.suggest(kb.home.database, article_id, actor, **body.model_dump())
    response.headers["Location"] = f"/v1/edits/{found.id}"
    return EditOut.model_validate(found, from_attributes=True)


@router.post("/v1/articles/{article_id:path}/transitions", responses=problems(404, 409, 412, 428))
def transition(
    kb: Kb, actor: Writer, article_id: ArticleId, body: TransitionIn, response: Response, if_match: IfMatch = None
) -> WrittenOut:
    """Take an article a step through its life: submit, approve, publish, archive, restore, verify …"""
    expected = revision(if_match)
    outcome = _transition(kb, actor, article_id, body, expected)
    return _written(response, outcome)


def _transition(kb: State, actor: Actor, article_id: str, body: TransitionIn, expected: int | None) -> Outcome:
    library, action = kb.library, body.action
    if body.at is not None:
        return _updated(article_id, library.schedule(article_id, actor, expected, **_planned(action, body.at)))
    match action:
        case "restore":
            if body.version is None:
                raise InvalidInput("version: say which version to restore")
            return library.restore(article_id, body.version, actor, expected)
        case "publish":
            return library.publish(article_id, actor, expected)
        case "archive":
            return Outcome(article_id, "", "retired", revision=library.archive(article_id, actor, expected))
        case "unschedule":
            number = library.schedule(article_id, actor, expected, publish_at="", archive_at="")
        case "verify":
            number = library.verify(article_id, actor, datetime.now(UTC).date(), expected)
        case "doubt":
            number = library.doubt(article_id, actor, expected, body.note)
        case _:
            number = library.take_step(article_id, action, actor, expected, body.note)
    return _updated(article_id, number)


def _planned(action: str, at: str) -> dict[str, str]:
    """What a transition sets that is to come later."""
    if action not in ("publish", "archive"):
        raise InvalidInput(f"at: {action!r} cannot be planned; publish and archive can")
    return {f"{action}_at": moment(at, "at")}


@router.post("/v1/articles/{article_id:path}/move", responses=problems(404, 409, 412, 428))
def move(
    kb: Kb, actor: Writer, article_id: ArticleId, body: MoveIn, response: Response, if_match: IfMatch = None
) -> WrittenOut:
    """Give an article another id. The old one answers with a redirect from then on."""
    number = kb.library.move(article_id, body.to, actor, revision(if_match))
    response.headers["Location"] = _address(body.to)
    return _written(response, Outcome(body.to, "", "moved", revision=number))


@router.get(
    "/v1/articles/{article_id:path}",
    response_model=ArticleOut,
    response_model_exclude_unset=True,
    responses={**problems(404), 304: {"description": "The reader has it"}, 308: {"description": "It moved"}},
)
def get_article(
    kb: Kb,
    actor: Searcher,
    article_id: ArticleId,
    response: Response,
    locale: Annotated[
        str, Query(max_length=35, description="The translation in this locale, else in its language, else as it is.")
    ] = "",
    fields: Fields = "",
    if_none_match: IfNoneMatch = None,
) -> Any:
    """An article, as Markdown and as sanitised HTML. One that moved answers 308 with its address."""
    wanted = chosen(fields, _FIELDS)
    with kb.home.database.read() as connection:
        record = _found(connection, article_id, actor)
        if record is None and (moved := _moved(connection, article_id, actor)):
            return RedirectResponse(_address(moved), 308)
        record = record or _missing(article_id)
        record = in_locale(connection, record, locale, actor.reader) if locale else record
        headers = {
            "ETag": f'"{record.revision}"',
            "Content-Language": record.locale,
            "Vary": "Authorization, Cookie",
            "Cache-Control": "private, no-cache",
        }
        if is_known(if_none_match, record.revision):
            return Response(status_code=304, headers=headers)
        response.headers.update(headers)
        found = article_json(connection, record, actor, wanted)
        if wanted & {"markdown", "html"}:
            article = next(articles.many(connection, [record.id], actor.reader, STATES))
            texts = {"markdown": article.markdown, "html": article_html(connection, article, actor.reader)}
            found |= {name: text for name, text in texts.items() if name in wanted}
    return found


@router.put("/v1/articles/{article_id:path}", responses={201: {"model": WrittenOut}, **problems(404, 409, 412, 428)})
def put_article(
    kb: Kb,
    actor: Writer,
    article_id: ArticleId,
    body: ArticleIn,
    response: Response,
    if_match: IfMatch = None,
    if_none_match: IfNoneMatch = None,
) -> WrittenOut:
    """Write an article from Markdown: live at once, or as the text that is worked on."""
    if if_none_match is not None and if_none_match.strip() != "*":
        raise InvalidInput(f"If-None-Match: {if_none_match[:40]!r} is not *")
    expected = 0 if if_match is None else revision(if_match)
    draft = Draft.of(article_id, body.markdown, expected, note=body.note, source_version=body.source_version)
    write = kb.library.put_one if body.publish else kb.library.save
    with revision_needed(if_match or if_none_match, repr(article_id)):
        outcome = write(draft, actor)
    if outcome.status == "added":
        response.status_code = 201
        response.headers["Location"] = _address(article_id)
    return _written(response, outcome)


@router.patch("/v1/articles/{article_id:path}", responses=problems(404, 409, 412, 428))
def describe_article(
    kb: Kb, actor: Writer, article_id: ArticleId, body: DescriptionIn, response: Response, if_match: IfMatch = None
) -> WrittenOut:
    """Change what an article's front matter says: its audience, owner, labels … At once, also of the text worked on."""
    changed = body.model_dump(exclude_unset=True)
    if not changed:
        raise InvalidInput("body: nothing to change")
    return _written(response, kb.library.describe(article_id, changed, actor, revision(if_match)))


@router.delete("/v1/articles/{article_id:path}", responses=problems(404, 409, 412, 428))
def delete_article(
    kb: Kb,
    actor: Writer,
    article_id: ArticleId,
    response: Response,
    erase: Annotated[bool, Query(description="Every version, for good. Needs the scope `admin`.")] = False,
    if_match: IfMatch = None,
) -> WrittenOut:
    """Archive an article: it leaves the index at once, its versions stay."""
    expected = revision(if_match)
    if not erase:
        number = kb.library.archive(article_id, actor, expected)
        return _written(response, Outcome(article_id, "", "retired", revision=number))
    if "admin" not in actor.scopes:
        raise Forbidden("erase: it needs the scope 'admin'")
    kb.library.erase(article_id, actor, expected)
    return WrittenOut(id=article_id, status="erased")


def _written(response: Response, outcome: Outcome) -> WrittenOut:
    tag(response, outcome.revision)
    return WrittenOut(
        id=outcome.id,
        status=outcome.status,  # type: ignore[arg-type]  # one that failed was raised
        chunks=outcome.chunks,
        version=outcome.version,
        revision=outcome.revision,
    )


def _updated(article_id: str, number: int) -> Outcome:
    return Outcome(article_id, "", "updated", revision=number)


def _address(article_id: str) -> str:
    return f"/v1/articles/{quote(article_id)}"


def _found(connection: Connection, article_id: str, actor: Actor) -> Record | None:
    """An article that the actor may read; others than authors only what is live."""
    found = articles.record(connection, article_id)
    states = STATES if "write" in actor.scopes else ("published",)
    if found is None or found.state not in states or not actor.reader.may_read(found.audience, found.space):
        return None
    return found


def _record(connection: Connection, article_id: str, actor: Actor) -> Record:
    return _found(connection, article_id, actor) or _missing(article_id)


def _missing(article_id: str) -> NoReturn:
    raise NotFound(f"no article {article_id!r}")


def _moved(connection: Connection, article_id: str, actor: Actor) -> str | None:
    """Where a reader finds an article that is not here any more."""
    target = redirects.resolve(connection, article_id)
    return target if target and articles.get(connection, target, actor.reader) else None


def _version(connection: Connection, article_id: str, number: int, actor: Actor) -> Version:
    found = versions.get(connection, article_id, number)
    if found is None or not may_read_text(actor.reader, found):
        raise NotFound(f"{article_id!r} has no version {number}")
    return found
