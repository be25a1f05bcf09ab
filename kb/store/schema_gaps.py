"""The tables of missing content. See `kb.store.schema`.

A gap holds no words of its own: they are read from the searches and tickets that its questions are. What was made of
their words (a name, a proposal) stands in the row of one question, and goes with it when that is erased.
"""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Integer, LargeBinary, String, Table, Text

from kb.store.schema import metadata

gaps = Table(
    "gaps",
    metadata,
    Column("id", String, primary_key=True),
    Column("state", String, nullable=False),  # open, assigned, ignored, merged, closed or reopened
    Column("revision", Integer, nullable=False),  # grows with every change that a person or a proof makes: its ETag
    Column("assignee", String, nullable=False),  # a user's id
    Column("given_name", JSON, nullable=False),  # what somebody said, and who may hear it: `kb.store.gaps.Said`
    Column("reason", JSON, nullable=False),
    Column("ignored_until", String, nullable=False),  # the last day; "" for ever
    Column("merged_into", String, nullable=False),
    Column("draft_id", String, nullable=False),  # an article
    Column("verdict", String, nullable=False),
    Column("nearest_id", String, nullable=False),  # an article
    Column("nearest_confidence", Float, nullable=False),
    Column("model", String, nullable=False),  # of the centroid
    Column("centroid", LargeBinary, nullable=False),
    Column("examined", String, nullable=False),  # of what the verdict was made, so that it is not made again
    Column("opened_at", String, nullable=False),
    Column("closed_at", String, nullable=False),
    Column("proof", JSON, nullable=False),  # {} without one
)

gap_questions = Table(
    "gap_questions",
    metadata,
    Column("id", String, primary_key=True),  # search:… or ticket:…
    Column("search_id", ForeignKey("searches.id", ondelete="CASCADE"), index=True),
    Column("ticket_id", ForeignKey("tickets.id", ondelete="CASCADE"), index=True),
    Column("gap_id", ForeignKey("gaps.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("pinned", Boolean, nullable=False),  # a person decided about it as a part of this gap
    Column("place", Integer, nullable=False),  # among the questions that stand for the gap, from 1; 0 for others
    Column("signals", JSON, nullable=False),
    Column("name", Text, nullable=False),  # of the gap, made of this question's words
    Column("explained", JSON, nullable=False),  # of the gap, made of the words of this and the next ones; {} if not
)

ticket_questions = Table(
    "ticket_questions",  # what a ticket asks, searched for once
    metadata,
    Column("ticket_id", ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True),
    Column("digest", String, nullable=False),  # of its words: it is searched for again when these change
    Column("model", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("language", String, nullable=False),
    Column("vector", LargeBinary, nullable=False),
    Column("answerable", Float, nullable=False),
    Column("hits", JSON, nullable=False),  # as of a search
)
