"""What a write must satisfy: the writer's rights, the revision that they read, and what the space allows.

Everything here is called inside the transaction that writes, before it writes.
"""

from __future__ import annotations

from articles.prepare import read_article
from kb.errors import ArticleError, Conflict, Forbidden, InvalidInput, NotFound, Stale
from kb.models import Actor, Article, Reader
from kb.store import Connection, redirects, spaces, versions
from kb.store import articles as store
from kb.store.articles import Record
from kb.store.spaces import Space
from kb.store.versions import Version


def held(connection: Connection, article_id: str, actor: Actor, expected: int | None) -> Record:
    """An article that somebody wants to change.

    Raises:
        NotFound: there is none that they may read.
        Stale: it is at another revision than they read.
    """
    record = store.record(connection, article_id)
    if record is None or not actor.reader.may_read(record.audience, record.space):
        raise NotFound(f"no article {article_id!r}")
    check_revision(record, expected, article_id)
    return record


def check_revision(record: Record | None, expected: int | None, article_id: str) -> None:
    """
    Raises:
        Stale: the article is at another revision; 0 expects that there is none.
    """
    found = record.revision if record else 0
    if expected is not None and expected != found:
        what = f"is at revision {found}" if found else "does not exist"
        wanted = f"revision {expected}" if expected else "a new article"
        raise Stale(f"{article_id!r} {what}, and {wanted} was expected: read it again", found)


def check_write(
    connection: Connection, record: Record | None, article: Article, actor: Actor, *, folder: str, expected: int | None
) -> Space:
    """The space that an article is written to.

    Raises:
        Stale: it is at another revision than expected.
        Forbidden: the writer may not read what is there, or what would be.
        ArticleError: another folder has that id, or the space does not allow what the text says.
    """
    if record and not actor.reader.may_read(record.audience, record.space):
        raise Forbidden(f"{article.id!r} cannot be written by {actor.name}")
    check_revision(record, expected, article.id)
    meta = article.metadata
    if not actor.reader.may_read(meta.audience, meta.space):
        raise Forbidden(
            f"{actor.name} writes only what they may read: not audience {meta.audience!r} in {meta.space!r}"
        )
    if record and folder and record.folder not in ("", folder) and record.state != "archived":
        message = f"id {article.id!r} is already used by {record.folder}/{record.source}"
        raise ArticleError(f"{message}; give one of them another `id:`", source=article.source)
    return check_space(connection, article)


def check_space(connection: Connection, article: Article) -> Space:
    """
    Raises:
        ArticleError: there is no such space, or it does not have what the text names.
    """
    meta = article.metadata
    space = spaces.get(connection, meta.space)
    if space is None:
        raise ArticleError(f"front matter: space: there is no space {meta.space!r}", source=article.source, line=1)
    named = {
        "locale": ([meta.locale], space.locales),
        "product": ([meta.product] if meta.product else [], space.products),
        "category": ([meta.category] if meta.category else [], space.categories),
        "tags": (list(meta.tags), space.labels),
    }
    for key, (values, allowed) in named.items():
        wrong = [value for value in values if allowed and value.lower() not in {item.lower() for item in allowed}]
        if wrong:
            message = f"front matter: {key}: {wrong[0]!r} is not one of space {space.id!r}: {', '.join(allowed)}"
            raise ArticleError(message, source=article.source, line=1)
    return space


def space_of(connection: Connection, record: Record) -> Space:
    """The space of an article that is there; one that was removed since has no rules."""
    return spaces.get(connection, record.space) or Space(record.space, "")


def worked_on(connection: Connection, record: Record) -> Version | None:
    """The text that is worked on."""
    return versions.get(connection, record.id, record.working) if record.working else None


def check_free(connection: Connection, article_id: str) -> None:
    """
    Raises:
        Conflict: an article has that id.
    """
    if store.record(connection, article_id):
        raise Conflict(f"id: {article_id!r} is taken")


def source_version(connection: Connection, article: Article, record: Record | None, said: int | None) -> int | None:
    """The version of its source that a translation follows: as said, else as kept with the same text, else the live.

    Raises:
        InvalidInput: the source never had such a version.
    """
    name = article.metadata.translation_of
    if not name:
        return None
    source = store.record(connection, redirects.resolve(connection, name) or name)
    if source is None or source.id == article.id:
        return None
    if said is not None:
        if not 1 <= said <= source.version:
            raise InvalidInput(f"source_version: {said} is not a version of {source.id!r} up to {source.version}")
        return said
    if record and record.content_hash == article.content_hash and record.source_version:
        return record.source_version
    return source.version


def may_read_text(reader: Reader, version: Version) -> bool:
    """Whether a text was, as it was written, for such a reader: the article may be for others by now."""
    meta = read_article(version.markdown, version.article_id, version.article_id).metadata
    return reader.may_read(meta.audience, meta.space)
