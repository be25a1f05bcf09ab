"""The one write path. Whatever makes, changes or retires an article comes through here.

Each change is one transaction, which checks the writer's rights and the revision that they read, logs the change that
readers follow, and says in the audit log who did it. `articles.publish` has how a text goes live.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

from articles import frontmatter, lifecycle, rules
from articles.prepare import check_id
from articles.publish import Draft, Outcome, Publisher, Status, failed, family_of, keep, read
from kb.errors import Conflict, KbError, NotFound, Stale
from kb.models import EVERYTHING, OPERATOR, Actor
from kb.store import Connection, audit, changes, chunks, redirects, versions
from kb.store import articles as store
from kb.store.articles import Record
from search.home import Home

__all__ = ["Draft", "Library", "Outcome"]

_SCHEDULER = Actor("job:due", EVERYTHING)


class Library(Publisher):
    """Writes articles into a store, for an actor who must be able to read what they write."""

    @classmethod
    def of(cls, home: Home) -> Library:
        """The library of a home, under its settings."""
        return cls(
            home.database,
            home.embedder,
            chunk_tokens=home.settings.chunk_tokens,
            analyzer=home.analyzer,
            late_interaction=home.settings.late_interaction,
        )

    # --- the text that is worked on -------------------------------------------------------------------------

    def save(self, draft: Draft, actor: Actor) -> Outcome:
        """Keep a text as the one that is worked on. A live one stays as it is.

        Raises:
            ArticleError, Stale, Forbidden: as for `put_one`.
        """
        article = read(draft)
        with self.database.write() as connection:
            held = store.record(connection, article.id)
            rules.check_write(connection, held, article, actor, folder="", expected=draft.expected)
            number = versions.last(connection, article.id) + 1
            values: dict[str, Any] = {"working": number}
            if held is None or held.state == "draft":
                article = replace(article, family=family_of(connection, article, held))
                values |= {**store.columns(article), "version": number, "state": "draft"}
            revision = store.save(connection, article.id, held, values)
            if held and held.working:
                versions.set_state(connection, article.id, held.working, "past")
            keep(connection, article, number, "draft", actor, draft.note)
            redirects.remove(connection, article.id)
            audit.of_article(connection, actor, "save", article.id, article.metadata.audience, version=number)
        status: Status = "updated" if held else "added"
        return Outcome(article.id, draft.source, status, revision=revision, version=number)

    def take_step(
        self, article_id: str, step: lifecycle.Step, actor: Actor, expected: int | None = None, note: str = ""
    ) -> int:
        """Send the text that is worked on to review, approve it, send it back, or drop it; the revision.

        Raises:
            NotFound, Stale, Conflict, Forbidden.
        """
        with self._changing(article_id, actor, expected) as (connection, held):
            working = rules.worked_on(connection, held)
            state = lifecycle.after(step, working, actor, rules.space_of(connection, held))
            number = held.working or 0
            approved = actor.name if step == "approve" else None
            versions.set_state(connection, article_id, number, state, approved_by=approved, note=note or None)
            values: dict[str, Any] = {"working": None, "publish_at": ""} if step == "discard" else {}
            if step == "discard" and held.state == "draft":
                values["state"] = "archived"
            audit.of_article(connection, actor, step, held.id, held.audience, version=number, note=note)
            return store.save(connection, article_id, held, values)

    def describe(
        self, article_id: str, changed: Mapping[str, Any], actor: Actor, expected: int | None = None
    ) -> Outcome:
        """Change what the front matter says (`frontmatter.ALIASES`; None takes a key out), of the live text at once.

        The text that is worked on says the same: what is made internal stays so when that goes live.

        Raises:
            NotFound, Stale, Forbidden; ArticleError: a value that cannot be; Conflict: it is archived.
        """
        with self.database.read() as connection:
            held = rules.held(connection, article_id, actor, expected)
            live = versions.get(connection, held.id, held.version)
            working = rules.worked_on(connection, held)
        if held.state == "archived" or live is None:
            raise Conflict(f"{article_id!r} is archived: restore a version first")
        revision, outcome = held.revision, None
        if working:
            text = frontmatter.rewritten(working.markdown, changed, held.source)
            outcome = self.save(Draft.of(held.id, text, revision, note=working.note), actor)
            revision = outcome.revision
        if outcome and held.state == "draft":
            return outcome
        text = frontmatter.rewritten(live.markdown, changed, held.source)
        return self.go_live(Draft.of(held.id, text, revision), actor)

    def restore(self, article_id: str, number: int, actor: Actor, expected: int | None = None) -> Outcome:
        """Work on the text of an earlier version again.

        Raises:
            NotFound: there is no such version; Stale, Forbidden as for `save`.
        """
        with self.database.read() as connection:
            held = rules.held(connection, article_id, actor, expected)
            version = versions.get(connection, article_id, number)
        if version is None:
            raise NotFound(f"{article_id!r} has no version {number}")
        text = frontmatter.rewritten(version.markdown, {"state": None}, held.source)
        return self.save(Draft.of(held.id, text, held.revision, note=f"restored from version {number}"), actor)

    # --- what is decided beside the text --------------------------------------------------------------------

    def archive(self, article_id: str, actor: Actor, expected: int | None = None) -> int:
        """Take an article out of the index; its versions stay. The revision.

        Raises:
            NotFound, Stale; Conflict: it is archived already.
        """
        with self._changing(article_id, actor, expected) as (connection, held):
            if held.state == "archived":
                raise Conflict(f"{article_id!r} is archived already")
            return _archive(connection, held, actor)

    def retire(self, ids: Iterable[str], actor: Actor = OPERATOR) -> list[Outcome]:
        """Archive articles whose files are gone: should the same files come back, so do they."""
        with self.database.write() as connection:
            gone = [held for held in store.records(connection, list(ids)).values() if held.state != "archived"]
            for held in gone:
                _archive(connection, held, actor, origin_hash="")
            changes.append(connection, [held.id for held in gone])
        return [Outcome(held.id, held.source, "retired") for held in gone]

    def verify(self, article_id: str, actor: Actor, today: date, expected: int | None = None) -> int:
        """Say that an article is right as of today; the revision."""
        with self._changing(article_id, actor, expected) as (connection, held):
            audit.of_article(connection, actor, "verify", held.id, held.audience)
            return store.save(connection, article_id, held, {"verified_on": today.isoformat(), "doubted": False})

    def doubt(self, article_id: str, actor: Actor, expected: int | None = None, note: str = "") -> int:
        """Say that an article must be verified again; the revision."""
        with self._changing(article_id, actor, expected) as (connection, held):
            audit.of_article(connection, actor, "doubt", held.id, held.audience, note=note)
            verified = held.verified_on or held.created_at[:10]
            return store.save(connection, article_id, held, {"doubted": True, "verified_on": verified})

    def schedule(
        self,
        article_id: str,
        actor: Actor,
        expected: int | None = None,
        *,
        publish_at: str | None = None,
        archive_at: str | None = None,
    ) -> int:
        """Publish or archive later (`now()`'s form), "" for not at all; what is None stays. The revision.

        Raises:
            NotFound, Stale; Conflict: there is nothing that could be published then, or is live to be archived.
        """
        with self._changing(article_id, actor, expected) as (connection, held):
            if publish_at:
                lifecycle.publishable(held, rules.worked_on(connection, held), rules.space_of(connection, held))
            if archive_at and held.state == "archived":
                raise Conflict(f"{article_id!r} is archived already")
            times = {"publish_at": publish_at, "archive_at": archive_at}
            values = {name: value for name, value in times.items() if value is not None}
            audit.of_article(connection, actor, "schedule", held.id, held.audience, **values)
            return store.save(connection, article_id, held, values)

    def run_due(self, at: str) -> list[Outcome]:
        """Publish and archive what was scheduled until a time. What cannot be is no longer scheduled, and says why."""
        with self.database.read() as connection:
            found = store.due(connection, at)
        return [outcome for held in found for outcome in self._run_due(held, at)]

    def _run_due(self, held: Record, at: str) -> Iterator[Outcome]:
        try:
            if held.publish_at and held.publish_at <= at:
                yield self.publish(held.id, _SCHEDULER, held.revision)
            elif self.archive(held.id, _SCHEDULER, held.revision):
                yield Outcome(held.id, held.source, "retired")
        except Stale:  # somebody was quicker: looked at again
            return
        except KbError as error:
            self.schedule(held.id, _SCHEDULER, publish_at="", archive_at="")
            yield failed(Draft("", held.source, held.id), error)

    def move(
        self, article_id: str, new: str, actor: Actor, expected: int | None = None, source: str | None = None
    ) -> int:
        """Give an article another id; the old one leads to it. The revision. `source` is where its file is now.

        Raises:
            NotFound, Stale; Conflict: the new id is taken; ArticleError: it is none.
        """
        check_id(new, "move")
        with self._changing(article_id, actor, expected) as (connection, held):
            rules.check_free(connection, new)
            store.rename(connection, held, new)
            redirects.remove(connection, new)
            redirects.add(connection, article_id, new)
            changes.append(connection, [new])
            audit.of_article(connection, actor, "move", new, held.audience, was=article_id)
            values = {"source": source or (held.source if held.folder else f"{new}.md")}
            return store.save(connection, new, held, values | _renamed(connection, held, new, actor))

    def erase(self, article_id: str, actor: Actor, expected: int | None = None) -> None:
        """Delete an article with every version of it. Only the audit log says that it was there.

        Raises:
            NotFound, Stale.
        """
        with self._changing(article_id, actor, expected) as (connection, held):
            store.erase(connection, article_id)
            audit.of_article(connection, actor, "erase", held.id, held.audience)

    @contextmanager
    def _changing(self, article_id: str, actor: Actor, expected: int | None) -> Iterator[tuple[Connection, Record]]:
        """A transaction that changes an article, and says so to whoever follows."""
        with self.database.write() as connection:
            held = rules.held(connection, article_id, actor, expected)
            yield connection, held
            changes.append(connection, [article_id])


def _archive(connection: Connection, held: Record, actor: Actor, **values: str) -> int:
    chunks.replace(connection, held.id, [])
    if held.state == "published":
        versions.set_state(connection, held.id, held.version, "past")
    audit.of_article(connection, actor, "archive", held.id, held.audience)
    changed = {"state": "archived", "prepared": "", "publish_at": "", "archive_at": "", **values}
    return store.save(connection, held.id, held, changed)


def _renamed(connection: Connection, held: Record, new: str, actor: Actor) -> dict[str, Any]:
    """Texts in use that name their own id name the new one, as new versions; what that changes in the row."""
    values: dict[str, Any] = {}
    for number in dict.fromkeys(filter(None, (held.version, held.working))):
        version = versions.get(connection, new, number)
        if version is None or not frontmatter.names(version.markdown, "id"):
            continue
        text = frontmatter.rewritten(version.markdown, {"id": new}, held.source)
        versions.set_state(connection, new, number, "past")
        fresh = versions.last(connection, new) + 1
        keep(connection, read(Draft.of(new, text)), fresh, version.state, actor, version.note)
        values |= {column: fresh for column in ("version", "working") if getattr(held, column) == number}
    return values
