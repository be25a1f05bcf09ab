"""Health reports and gaps as plain JSON: the one shape that the command line prints and the API returns."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from articles.gaps import Gap
from articles.health import Report


def report_json(report: Report) -> dict[str, Any]:
    return {
        "id": report.article.id,
        "title": report.article.metadata.title,
        "source": report.article.source,
        "score": report.score,
        "needs_work": report.needs_work,
        "flags": [asdict(flag) for flag in report.flags],
    }


def gap_json(gap: Gap) -> dict[str, Any]:
    nearest = {"id": gap.nearest[0], "confidence": gap.nearest[1]} if gap.nearest else None
    return {**asdict(gap), "samples": list(gap.samples), "nearest": nearest}
