"""Judged sets on disk.

A set is a folder: `corpus.jsonl` {id, title, text (Markdown), lang}, `queries.jsonl` {id, text, lang, label?},
`qrels.tsv` (query id, document id, grade, by tabs), and perhaps `gap/` with `heldout_docs.json` (ids that leave the
corpus) and `queries.jsonl` whose labels are `answerable`, `gap` or `out_of_scope`.

Grades may stand in the questions themselves, as `answers` {document id: grade}, and the documents may be a folder of
Markdown articles: then a set is a folder with `queries.jsonl` alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.errors import InvalidInput


@dataclass(frozen=True)
class Document:
    """A document of a set, as Markdown with front matter; `source` is the name of its file."""

    id: str
    markdown: str
    source: str


@dataclass(frozen=True)
class JudgedQuery:
    """A question, the grades of its documents, and its label or ""."""

    id: str
    text: str
    language: str
    label: str
    grades: Mapping[str, int]


@dataclass(frozen=True)
class JudgedSet:
    name: str
    documents: list[Document]
    queries: list[JudgedQuery]

    @property
    def home(self) -> str:
        """The name of its scratch home: one for all its query files."""
        return self.name.split("/", maxsplit=1)[0]


def read_set(folder: Path, queries: Path | None = None, articles: Path | None = None) -> JudgedSet:
    """Read a set; `queries` stands in for its `queries.jsonl`, a folder of Markdown for its `corpus.jsonl`.

    Raises:
        InvalidInput: a file is missing or malformed; with its line.
    """
    if articles:
        documents = list(_markdown(articles))
    else:
        documents = [_document(row) for row in read_jsonl(folder / "corpus.jsonl")]
    judgements = folder / "qrels.tsv"
    grades = _grades(judgements) if judgements.exists() or not articles else {}
    name = folder.name if queries is None else f"{folder.name}/{queries.name}"
    return JudgedSet(name, documents, _queries(queries or folder / "queries.jsonl", grades))


def _markdown(folder: Path) -> Iterator[Document]:
    paths = sorted(folder.rglob("*.md"))
    if not paths:
        raise InvalidInput(f"{folder}: no Markdown articles here")
    for path in paths:
        source = path.relative_to(folder).as_posix()
        yield Document(source.removesuffix(".md"), path.read_text(encoding="utf-8"), source)


def read_gap(folder: Path) -> JudgedSet | None:
    """The set with its held-out documents taken away, or None where it has none."""
    gap = folder / "gap"
    if not (gap / "heldout_docs.json").exists():
        return None
    held = set(json.loads((gap / "heldout_docs.json").read_text(encoding="utf-8")))
    documents = [_document(row) for row in read_jsonl(folder / "corpus.jsonl") if row["id"] not in held]
    local = gap / "qrels.tsv"
    grades = _grades(local if local.exists() else folder / "qrels.tsv")
    return JudgedSet(f"{folder.name}/gap", documents, _queries(gap / "queries.jsonl", grades))


def _queries(path: Path, grades: Mapping[str, Mapping[str, int]]) -> list[JudgedQuery]:
    return [
        JudgedQuery(row["id"], row["text"], row.get("lang") or "en", row.get("label") or "", _own(row, grades))
        for row in read_jsonl(path)
    ]


def _own(row: Mapping[str, Any], grades: Mapping[str, Mapping[str, int]]) -> Mapping[str, int]:
    """A question may name its documents itself: `answers` with their grades, or `gold`."""
    if row["id"] in grades:
        return grades[row["id"]]
    if isinstance(row.get("answers"), dict):
        return {str(key): int(value) for key, value in row["answers"].items()}
    gold = row.get("gold") or row.get("relevant") or []
    return dict.fromkeys([gold] if isinstance(gold, str) else gold, 1)


def _document(row: Mapping[str, Any]) -> Document:
    front = {"id": row["id"], "title": row.get("title") or " ", "locale": row.get("lang") or "en"}
    lines = [f"{key}: {json.dumps(str(value), ensure_ascii=False)}" for key, value in front.items()]
    markdown = "\n".join(["---", *lines, "---", "", row["text"].replace("\0", " ")])
    return Document(row["id"], markdown, f"{row['id']}.md")


def _grades(path: Path) -> dict[str, dict[str, int]]:
    grades: dict[str, dict[str, int]] = {}
    for number, line in enumerate(_lines(path), 1):
        parts = line.rstrip("\n").split("\t")
        if len(parts) == 3 and parts[2].isdigit():
            grades.setdefault(parts[0], {})[parts[1]] = int(parts[2])
        elif number > 1 and line.strip():
            raise InvalidInput(f"{path}:{number}: {line.strip()[:60]!r} is not query, document and grade")
    return grades


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    """Rows of a JSON Lines file.

    Raises:
        InvalidInput: a line is not a JSON object with an id and a text.
    """
    rows = []
    for number, line in enumerate(_lines(path), 1):
        try:
            row = json.loads(line)
        except ValueError as error:
            raise InvalidInput(f"{path}:{number}: not JSON: {error}") from error
        if not isinstance(row, dict) or not {"id", "text"} <= row.keys():
            raise InvalidInput(f"{path}:{number}: needs an object with `id` and `text`")
        rows.append(row)
    return rows


def _lines(path: Path) -> list[str]:
    try:
        return [line for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
    except OSError as error:
        raise InvalidInput(f"{path}: cannot be read: {error.strerror}") from error
