"""Texts go live: one, or many at a time. `articles.library` has what else happens to articles.

Chunks, terms and vectors are computed before the transaction that publishes; it stores them, checks rights and the
revision that the writer read, logs the change that readers follow, and says in the audit log who did it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any, Literal

from articles import frontmatter, lifecycle, rules
from articles.prepare import Prepared, Preparer, content_hash, family, read_article
from indexer.analyze import Analyzer
from kb.errors import ArticleError, Forbidden, KbError
from kb.models import EVERYTHING, OPERATOR, Actor, Article, VersionState
from kb.ports import Embedder
from kb.store import Connection, Database, audit, changes, chunks, inspect, redirects, versions
from kb.store import articles as store
from kb.store.articles import Record

AT_ONCE = 512  # chunks embedded and published together: a killed run loses no more
_LOOK = 256  # drafts whose origins are looked up together
_RENEWER = Actor("job:renew", EVERYTHING)
_VERSION_STATE: dict[str, VersionState] = {"published": "live", "draft": "draft", "archived": "past"}
_VERB = {"published": "publish", "draft": "save", "archived": "archive"}

Status = Literal["added", "updated", "unchanged", "retired", "moved", "failed"]


@dataclass(frozen=True)
class Draft:
    """Markdown on its way in. `id` is used where the front matter names none.

    `expected` is the revision that the writer read: 0 for an article that must be new, None for whatever is there.
    `source_version` is the version of its source that a translation follows, the live one where that is not said.
    `changed` is when the file was last changed, as Git says.
    """

    markdown: str
    source: str
    id: str
    folder: str = ""
    expected: int | None = None
    note: str = ""
    source_version: int | None = None
    changed: date | None = None

    @classmethod
    def of(cls, article_id: str, markdown: str, expected: int | None = None, **more: Any) -> Draft:
        """One that comes from no folder."""
        return cls(markdown, f"{article_id}.md", article_id, expected=expected, **more)


@dataclass(frozen=True)
class Outcome:
    """What became of a draft. `line` is where it fails, 0 for the whole file; `error` is why."""

    id: str
    source: str
    status: Status
    chunks: int = 0
    message: str = ""
    line: int = 0
    revision: int = 0
    version: int = 0
    error: KbError | None = None


@dataclass(frozen=True)
class _Ready:
    """A draft that can be published. `approved`: somebody has said so, where the space asks for it."""

    draft: Draft
    article: Article
    prepared: Prepared
    approved: bool = False


class Publisher:
    """Publishes articles for an actor, who must be able to read what they write."""

    def __init__(
        self,
        database: Database,
        embedder: Embedder,
        *,
        chunk_tokens: int,
        analyzer: Analyzer | None = None,
        late_interaction: bool = True,
    ) -> None:
        self.database = database
        self.preparer = Preparer(
            database,
            embedder,
            analyzer or Analyzer(),
            chunk_tokens=chunk_tokens,
            late_interaction=late_interaction,
        )

    def put(
        self, drafts: Iterable[Draft], progress: Callable[[Outcome], None] | None = None, actor: Actor = OPERATOR
    ) -> list[Outcome]:
        """Publish drafts, a group at a time. A draft that cannot be published fails alone."""
        outcomes: list[Outcome] = []
        for outcome in self.each(drafts, actor):
            outcomes.append(outcome)
            if progress:
                progress(outcome)
        return outcomes

    def each(self, drafts: Iterable[Draft], actor: Actor = OPERATOR) -> Iterator[Outcome]:
        """The same, giving each outcome when it is there."""
        seen: dict[str, str] = {}
        waiting: list[_Ready] = []
        for draft, held in self._looked_up(drafts):
            ready = self._ready(draft, held, seen)
            if isinstance(ready, Outcome):
                yield ready
                continue
            waiting.append(ready)
            if sum(len(item.prepared.chunks) for item in waiting) >= AT_ONCE:
                yield from self._publish(waiting, actor)
                waiting = []
        yield from self._publish(waiting, actor)

    def put_one(self, draft: Draft, actor: Actor = OPERATOR) -> Outcome:
        """Publish one draft.

        Raises:
            ArticleError: it cannot be read.
            Stale: the article is not at the revision that was expected.
            Forbidden: the actor may not write there, or their texts must be approved first.
        """
        (outcome,) = self.put([draft], actor=actor)
        if outcome.error:
            raise outcome.error
        return outcome

    def renew(self, progress: Callable[[Outcome], None] | None = None) -> list[Outcome]:
        """Chunk, analyse and embed again what was prepared under other settings, or has lost what was prepared."""
        with self.database.read() as connection:
            lost = inspect.incomplete(connection)
        with self.database.write() as connection:
            inspect.prepare_again(connection, lost)
        with self.database.read() as connection:
            stale = store.unprepared(connection, self.preparer.fingerprint)
            texts = {article.id: article for article in store.many(connection, [r.id for r in stale], EVERYTHING)}
        drafts = [Draft(texts[r.id].markdown, r.source, r.id) for r in stale]
        return self.put(drafts, progress, _RENEWER)

    def _looked_up(self, drafts: Iterable[Draft]) -> Iterator[tuple[Draft, Record | None]]:
        """Drafts with what came from the same place before."""
        rest = iter(drafts)
        while some := list(islice(rest, _LOOK)):
            held: dict[str, dict[str, Record]] = {}
            with self.database.read() as connection:
                for folder in {draft.folder for draft in some}:
                    sources = [draft.source for draft in some if draft.folder == folder]
                    held[folder] = store.records_of(connection, folder, sources)
            yield from ((draft, held[draft.folder].get(draft.source)) for draft in some)

    def _ready(self, draft: Draft, held: Record | None, seen: dict[str, str]) -> _Ready | Outcome:
        """A draft with its chunks; the same text again is not even parsed."""
        try:
            if held and draft.expected is None and self._same(draft, held):
                seen[held.id] = draft.source
                return Outcome(held.id, draft.source, "unchanged", revision=held.revision, version=held.version)
            own = held.id if held and draft.folder else draft.id  # a file keeps the id that its article was moved to
            article = read(replace(draft, id=own))
            if article.id in seen:
                message = f"id {article.id!r} is already used by {seen[article.id]}; give one of them another `id:`"
                raise ArticleError(message, source=draft.source)
            seen[article.id] = draft.source
            live = article.metadata.state == "published"
            return _Ready(draft, article, self.preparer.chunked(article) if live else Prepared())
        except KbError as error:
            return failed(draft, error)

    def _same(self, draft: Draft, held: Record) -> bool:
        known = held.origin_hash if draft.folder else held.content_hash
        prepared = held.prepared == self.preparer.fingerprint or held.state != "published"
        return known == content_hash(draft.markdown) and prepared and (held.state == "published" or bool(draft.folder))

    def _publish(self, waiting: Sequence[_Ready], actor: Actor) -> list[Outcome]:
        if not waiting:
            return []
        prepared = [item.prepared for item in waiting]
        while True:  # until nothing that was found stored has been swept before the lock was ours
            computed = self.preparer.compute(prepared)
            with self.database.write() as connection:
                if self.preparer.store(connection, computed):
                    return self._placed(connection, waiting, actor)

    def _placed(self, connection: Connection, waiting: Sequence[_Ready], actor: Actor) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for item in waiting:
            try:
                outcomes.append(self._place(connection, item, actor))
            except KbError as error:  # raised before anything of this article is written
                outcomes.append(failed(item.draft, error))
        changes.append(connection, [o.id for o in outcomes if o.status in ("added", "updated")])
        return outcomes

    def _place(self, connection: Connection, item: _Ready, actor: Actor) -> Outcome:
        """Write one article in the state that its text names."""
        draft, article = item.draft, item.article
        held = store.record(connection, article.id)
        if held and not draft.folder:  # it stays where it came from
            article = replace(article, folder=held.folder, source=held.source)
        space = rules.check_write(connection, held, article, actor, folder=draft.folder, expected=draft.expected)
        if article.metadata.state == "published" and not item.approved and lifecycle.asks_review(actor, space):
            raise Forbidden(f"space {space.id!r} asks for a review: save {article.id!r} as a draft and submit it")
        fingerprint = self.preparer.fingerprint if item.prepared.chunks else ""
        if held and _unchanged(held, article, fingerprint):
            return Outcome(held.id, draft.source, "unchanged", revision=held.revision, version=held.version)
        article = replace(article, family=family_of(connection, article, held))
        followed = rules.source_version(connection, article, held, draft.source_version)
        kept = _held_number(connection, article, held)
        number = kept or versions.last(connection, article.id) + 1
        values = {
            **store.columns(article),
            "version": number,
            "state": article.metadata.state,
            "working": _working(article, held, number),
            "prepared": fingerprint,
            "verified_on": max(held.verified_on if held else "", str(article.metadata.reviewed or "")),
            "source_version": followed,
        }
        if draft.folder:
            values["origin_hash"] = article.content_hash
        if held and held.working == number:
            values["publish_at"] = ""
        revision = store.save(connection, article.id, held, values)
        state = _VERSION_STATE[article.metadata.state]
        if held and held.version != number:
            versions.set_state(connection, article.id, held.version, "past")
        if kept:
            versions.set_state(connection, article.id, kept, state)
        else:
            keep(connection, article, number, state, actor, draft.note)
        chunks.replace(connection, article.id, item.prepared.rows)
        redirects.remove(connection, article.id)
        action, audience = _VERB[article.metadata.state], article.metadata.audience
        audit.of_article(connection, actor, action, article.id, audience, version=number)
        status: Status = "updated" if held else "added"
        return Outcome(article.id, draft.source, status, len(item.prepared.chunks), revision=revision, version=number)

    def publish(self, article_id: str, actor: Actor, expected: int | None = None) -> Outcome:
        """Make the text that is worked on the live one.

        Raises:
            NotFound, Stale: it is gone, or changed.
            Conflict: nothing is worked on, or it must be approved first.
        """
        with self.database.read() as connection:
            held = rules.held(connection, article_id, actor, expected)
            working = lifecycle.publishable(held, rules.worked_on(connection, held), rules.space_of(connection, held))
        text = frontmatter.rewritten(working.markdown, {"state": None}, held.source)
        return self.go_live(Draft.of(held.id, text, held.revision, note=working.note), actor)

    def go_live(self, draft: Draft, actor: Actor) -> Outcome:
        """Publish a text that needs no approval, or has one.

        Raises:
            ArticleError, Stale, Forbidden.
        """
        article = read(draft)
        ready = _Ready(draft, article, self.preparer.chunked(article), approved=True)
        (outcome,) = self._publish([ready], actor)
        if outcome.error:
            raise outcome.error
        return outcome


def read(draft: Draft) -> Article:
    """A draft as an article.

    Raises:
        ArticleError: it cannot be read, or comes from no folder and names another id than its own.
    """
    article = read_article(draft.markdown, draft.source, draft.id, draft.folder, draft.changed)
    if not draft.folder and article.id != draft.id:
        message = f"front matter: id: {article.id!r} is not {draft.id!r}, the article that it is written to"
        raise ArticleError(message, source=draft.source, line=1)
    return article


def failed(draft: Draft, error: KbError) -> Outcome:
    """The outcome of a draft that an error stopped."""
    message, line = (error.message, error.line) if isinstance(error, ArticleError) else (str(error), 0)
    return Outcome(draft.id, draft.source, "failed", message=message, line=line, error=error)


def _unchanged(held: Record, article: Article, fingerprint: str) -> bool:
    same = (article.content_hash, article.metadata.state, fingerprint, article.folder, article.source)
    return same == (held.content_hash, held.state, held.prepared, held.folder, held.source) and (
        held.origin_hash in ("", article.content_hash)
    )


def _held_number(connection: Connection, article: Article, held: Record | None) -> int:
    """The version in use, or worked on, that has just this text; else 0."""
    if held is None:
        return 0
    if held.content_hash == article.content_hash:
        return held.version
    working = rules.worked_on(connection, held)
    return working.number if working and working.content_hash == article.content_hash else 0


def keep(connection: Connection, article: Article, number: int, state: VersionState, actor: Actor, note: str) -> None:
    """Keep a text as a version."""
    text, digest = article.markdown, article.content_hash
    versions.add(connection, article.id, number, text, digest, state, author=actor.name, note=note)


def _working(article: Article, held: Record | None, number: int) -> int | None:
    """What is worked on after a text took its place: the same as before, unless that is what took it."""
    if article.metadata.state == "draft":
        return number
    return None if held is None or held.working in (number, held.version) else held.working


def family_of(connection: Connection, article: Article, held: Record | None) -> str:
    """The name that translations share: the source's, where one is named, else the id without a locale's folder."""
    source = article.metadata.translation_of
    if held and held.metadata.translation_of == source:
        return held.family
    if not source:
        return family(article.id, article.metadata.locale)
    found = store.record(connection, redirects.resolve(connection, source) or source)
    return found.family if found else family(source)
