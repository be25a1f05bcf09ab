"""The ranking of hand-judged questions on the starter articles, held as a file whose diff is read.

`pytest tests/test_relevance.py --update` renews the files. A line is a question's id, its nDCG@10 (- where nothing
answers it), the verdict, and the first three results.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from search.engine import Request
from search.home import Home
from search.judge import metrics
from search.judge.sets import read_jsonl
from tests.conftest import CUSTOMER

FOLDER = Path(__file__).parent / "golden" / "starter"
TODAY = date(2026, 11, 24)  # what is overdue or fresh moves near-ties
QUERIES = ("queries", "queries_unanswerable")

pytestmark = [pytest.mark.model, pytest.mark.relevance]


def answered(starter: Home, name: str) -> list[dict[str, Any]]:
    """Each question with its nDCG, verdict and results."""
    found = []
    for row in read_jsonl(FOLDER / f"{name}.jsonl"):
        results = starter.engine.search(Request(row["text"], CUSTOMER, limit=10, today=TODAY))
        ids = [hit.id for hit in results.hits]
        score = metrics.ndcg(ids, row["answers"]) if row["answers"] else None
        found.append({**row, "ndcg": score, "verdict": results.verdict, "ids": ids})
    return found


@pytest.mark.parametrize("name", QUERIES)
def test_rankings_are_the_golden_ones(starter: Home, name: str, update_golden: bool) -> None:
    lines = []
    for row in answered(starter, name):
        score = "-" if row["ndcg"] is None else f"{row['ndcg']:.2f}"
        lines.append("\t".join([row["id"], score, row["verdict"], *row["ids"][:3], row["text"]]))
    golden = FOLDER / f"{name}.golden.tsv"
    actual = golden.with_suffix(".actual.tsv")
    (golden if update_golden else actual).write_text("\n".join(lines) + "\n", encoding="utf-8")
    expected = golden.read_text(encoding="utf-8").splitlines()
    assert lines == expected, f"read the diff of {golden.name} and {actual.name}; --update accepts it"
    actual.unlink(missing_ok=True)


def test_every_judgement_names_a_public_article(starter: Home) -> None:
    with_rights = {row.id for row in starter.index.view().by_id.values() if row.audience == "public"}
    for name in QUERIES:
        for row in read_jsonl(FOLDER / f"{name}.jsonl"):
            assert set(row["answers"]) <= with_rights, row["id"]
            assert bool(row["answers"]) == (row["label"] == "answerable"), row["id"]
            json.dumps(row)
