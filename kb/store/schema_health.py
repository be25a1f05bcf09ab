"""The tables of upkeep: what is wrong with articles, and what somebody said about that. See `kb.store.schema`."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Text

from kb.store.schema import metadata

flags = Table(
    "flags",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    Column("check", String, nullable=False),
    Column("key", String, nullable=False),  # tells flags of one check and article apart, wherever their lines move
    Column("severity", String, nullable=False),
    Column("message", Text, nullable=False),
    Column("line", Integer, nullable=False),
    Column("quote", Text, nullable=False),
    Column("fix", Text, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("others", JSON, nullable=False),  # articles that it names
    Column("said", JSON, nullable=False),  # what message and fix are made of; nothing of a flag from before that
    Column("hurts", Float, nullable=False),  # readers in 90 days
    Column("first_seen", String, nullable=False),
    Column("closed_at", String, nullable=False),  # "" while it stands
    Index("ix_flags_article_id_closed_at", "article_id", "closed_at"),
)

estimates = Table(
    "estimates",  # of each published article
    metadata,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("score", Float, nullable=False),  # 0..100
    Column("needs_work", Float, nullable=False),  # 0..1
    Column("reasons", JSON, nullable=False),
    Column("readers", Float, nullable=False),  # in 90 days
)

waivers = Table(
    "waivers",
    metadata,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("check", String, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("author", String, nullable=False),
    Column("at", String, nullable=False),
    Column("expires_on", String, nullable=False),  # the last day that it holds; "" for ever
)

check_settings = Table(
    "check_settings",
    metadata,
    Column("check", String, primary_key=True),
    Column("enabled", Boolean, nullable=False),
    Column("options", JSON, nullable=False),
    Column("author", String, nullable=False),
    Column("at", String, nullable=False),
)

examined = Table(
    "examined",  # what was found in a text, until it, the day, or a check changes
    metadata,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("digest", String, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("flags", JSON, nullable=False),
)

pairs = Table(
    "pairs",  # passages that belong together: `kind` is `duplicate` or `contradiction`
    metadata,
    Column("id", Integer, primary_key=True),
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("other_id", ForeignKey("articles.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("alike", JSON, nullable=False),
)

paired = Table(
    "paired",  # the texts that pairs were looked for in
    metadata,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("content_hash", String, nullable=False),
)

rarity = Table(
    "rarity",  # one row: in how many of so many texts each word stood when pairs were last looked for in all
    metadata,
    Column("id", Integer, primary_key=True),
    Column("model", String, nullable=False),  # of the vectors, and of what compares them
    Column("texts", Integer, nullable=False),
    Column("counts", JSON, nullable=False),
)

looks = Table(
    "looks",  # one row: the look at the articles that was written last
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("at", String, nullable=False),  # the time of which it is
)
