"""Results as plain JSON: the one shape that the command line prints and the API returns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from search.complete import Phrase
from search.engine import Results
from search.hits import Hit


def results_json(results: Results, why: Sequence[str] = ()) -> dict[str, Any]:
    """`why` adds a reason to each hit, in their order."""
    hits = [_hit(hit) for hit in results.hits]
    for hit, reason in zip(hits, why, strict=bool(why)):
        hit["why"] = reason
    return {
        "search_id": results.search_id,
        "query": results.query,
        "corrections": [list(pair) for pair in results.corrections],
        "language": results.language,
        "answerable": round(results.answerable, 4),
        "verdict": results.verdict,
        "hits": hits,
    }


def completion_json(phrase: Phrase) -> dict[str, str]:
    return {"text": phrase.text, "kind": phrase.kind, "article": phrase.article, "locale": phrase.locale}


def _hit(hit: Hit) -> dict[str, Any]:
    shown = {
        "id": hit.id,
        "title": hit.title,
        "locale": hit.locale,
        "audience": hit.audience,
        "product": hit.product,
        "score": round(hit.score, 4),
        "confidence": round(hit.confidence, 4),
        "heading_path": list(hit.heading_path),
        "anchor": hit.anchor,
        "snippet": hit.snippet,
        "highlights": [list(span) for span in hit.highlights],
        "source": hit.source,
        "lines": list(hit.lines),
        "also": list(hit.also),
    }
    if hit.explain is not None:
        shown["explain"] = hit.explain
    return shown
