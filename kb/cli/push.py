"""Folders of Markdown to a server: `kb --server URL index FOLDER`. It publishes what is there, and retires nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kb.client import Client
from kb.errors import ArticleError
from kb.wire.articles import BulkIn, BulkOut

if TYPE_CHECKING:
    from articles.library import Outcome


def push(client: Client, folders: Sequence[Path]) -> list[Outcome]:
    """Publish every file of some folders, under the id that it would have here."""
    outcomes: list[Outcome] = []
    for folder in folders:
        sources: dict[str, str] = {}
        answers = client.bulk(_lines(folder.resolve(), sources, outcomes))
        outcomes += [_outcome(answer, sources.get(answer.id, answer.id)) for answer in answers]
    return outcomes


def _lines(root: Path, sources: dict[str, str], unreadable: list[Outcome]) -> Iterator[BulkIn]:
    from articles import folder as folders_
    from articles.library import Outcome
    from articles.prepare import read_article

    for draft in folders_.drafts(root, folders_.files(root)):
        if isinstance(draft, Outcome):
            unreadable.append(draft)
            continue
        try:
            article_id = read_article(draft.markdown, draft.source, draft.id).id
        except ArticleError as error:
            unreadable.append(Outcome(draft.id, draft.source, "failed", message=error.message, line=error.line))
            continue
        sources[article_id] = draft.source
        yield BulkIn(id=article_id, markdown=draft.markdown, revision=None)


def _outcome(answer: BulkOut, source: str) -> Outcome:
    from articles.library import Outcome

    message = str(answer.error["detail"]) if answer.error else ""
    return Outcome(answer.id, source, answer.status, answer.chunks, message)
