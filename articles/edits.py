"""Flag it or fix it: what somebody who used an article suggests to its owner, in the customer's own words."""

from __future__ import annotations

from articles import rules
from articles.library import Draft, Library
from articles.prepare import read_article
from kb.errors import Conflict, InvalidInput, NotFound
from kb.models import Actor, EditState
from kb.privacy import mask
from kb.store import Database, audit, edits
from kb.store.edits import Edit


def suggest(
    database: Database,
    article_id: str,
    actor: Actor,
    *,
    note: str = "",
    quote: str = "",
    markdown: str | None = None,
    search_id: str = "",
) -> Edit:
    """Put a flag, or with `markdown` a fix, into the queue of the article's owner.

    Raises:
        NotFound: no live article that the actor may read; InvalidInput: it says nothing; ArticleError: no article.
    """
    if not (note.strip() or markdown):
        raise InvalidInput("note: a flag says what is wrong")
    if markdown:
        read_article(markdown, f"{article_id}.md", article_id)
    with database.write() as connection:
        held = rules.held(connection, article_id, actor, None)
        if held.state != "published":
            raise NotFound(f"no article {article_id!r}")
        number = edits.add(
            connection,
            article_id,
            held.version,
            "fix" if markdown else "flag",
            author=actor.name,
            note=mask(note),
            quote=mask(quote),
            markdown=markdown,
            search_id=search_id,
        )
        audit.record(connection, actor, "edit.suggest", [f"edit:{number}"], audience=held.audience, article=article_id)
        return _get(edits.get(connection, number, actor.reader), number)


def resolve(library: Library, number: int, actor: Actor, *, accept: bool, note: str = "") -> Edit:
    """Accept a suggestion, which makes a fix the text that is worked on, or decline it and say why.

    Raises:
        NotFound; Conflict: it is resolved already, or the article went on since the fix was made.
    """
    with library.database.read() as connection:
        edit = _get(edits.get(connection, number, actor.reader), number)
        held = rules.held(connection, edit.article_id, actor, None)
    if edit.state != "open":
        raise Conflict(f"edit {number} is {edit.state} already")
    if accept and edit.markdown:
        if edit.version != held.version:
            raise Conflict(f"edit {number} was made for version {edit.version}; version {held.version} is live")
        why = f"edit {number} by {edit.author}"
        library.save(Draft.of(held.id, edit.markdown, held.revision, note=why), actor)
    with library.database.write() as connection:
        if _get(edits.get(connection, number, actor.reader), number).state != "open":
            raise Conflict(f"edit {number} was resolved meanwhile")
        state: EditState = "accepted" if accept else "declined"
        edits.resolve(connection, number, state, by=actor.name, resolution=mask(note))
        audit.record(connection, actor, f"edit.{state}", [f"edit:{number}"], audience=held.audience)
        return _get(edits.get(connection, number, actor.reader), number)


def _get(found: Edit | None, number: int) -> Edit:
    if found is None:
        raise NotFound(f"no edit {number}")
    return found
