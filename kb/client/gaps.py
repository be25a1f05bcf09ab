"""What people who maintain the knowledge base ask of gaps. `revision` is what was read, None for whatever is there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kb.client.requests import at, get, of, post
from kb.client.transport import Call
from kb.wire.articles import WrittenOut
from kb.wire.gaps import GapDetailOut, GapsOut


def gaps(limit: int = 100, **wanted: Any) -> Call[GapsOut]:
    """`wanted` are the filters: state, verdict, space, locale, assignee."""
    return get("/v1/gaps", GapsOut, limit=limit, **wanted)


def gap(gap_id: str) -> Call[GapDetailOut]:
    return get(of("gaps", gap_id), GapDetailOut)


def change_gap(gap_id: str, revision: int | None = None, **changed: Any) -> Call[GapDetailOut]:
    """`changed` are the fields of `kb.wire.gaps.GapPatch`."""
    return Call("PATCH", of("gaps", gap_id), GapDetailOut, json=changed, headers=at(revision))


def merge_gap(gap_id: str, into: str, revision: int | None = None) -> Call[GapDetailOut]:
    """Make it a part of another, which is answered."""
    return post(of("gaps", gap_id) + "/merge", GapDetailOut, {"into": into}, at(revision))


def split_gap(gap_id: str, questions: Sequence[str], revision: int | None = None) -> Call[GapDetailOut]:
    """Make some of its questions a gap of their own, which is answered."""
    return post(of("gaps", gap_id) + "/split", GapDetailOut, {"questions": list(questions)}, at(revision))


def draft_gap(gap_id: str) -> Call[WrittenOut]:
    """Begin an article with what was asked, and what agents answered."""
    return Call("POST", of("gaps", gap_id) + "/draft", WrittenOut, once=True)
