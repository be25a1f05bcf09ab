"""The tables, as SQLAlchemy Core describes them. A change here needs a migration beside it.

Times are ISO 8601 strings in UTC, which sort as text. Vectors are float32, little-endian, L2-normalised.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

articles = Table(
    "articles",
    metadata,
    Column("id", String, primary_key=True),
    Column("family", String, nullable=False, index=True),  # translations share it
    Column("version", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("audience", String, nullable=False),
    Column("locale", String, nullable=False),
    Column("product", String, nullable=False),
    Column("title", Text, nullable=False),
    Column("folder", Text, nullable=False),  # "" for an article that came through the API
    Column("source", Text, nullable=False),  # its path in that folder
    Column("prepared", String, nullable=False),  # fingerprint of what chunked, analysed and embedded it
    Column("metadata", JSON, nullable=False),
    Index("ix_articles_folder", "folder"),
)

versions = Table(
    "versions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("markdown", Text, nullable=False),
    Column("content_hash", String, nullable=False),
    Column("created_at", String, nullable=False),
    UniqueConstraint("article_id", "number"),
)

chunks = Table(
    "chunks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("ordinal", Integer, nullable=False),
    Column("heading_path", JSON, nullable=False),
    Column("anchor", String, nullable=False),
    Column("first_line", Integer, nullable=False),
    Column("last_line", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("context", Text, nullable=False),
    Column("labels", JSON, nullable=False),
    Column("sections", JSON, nullable=False),  # [[where it begins in the text, its anchor, its heading]]
    Column("passage_hash", LargeBinary, nullable=False),
    Column("terms_hash", LargeBinary, nullable=False),
    UniqueConstraint("article_id", "ordinal"),
)

vectors = Table(
    "vectors",
    metadata,
    Column("passage_hash", LargeBinary, primary_key=True),
    Column("model", String, primary_key=True),
    Column("vector", LargeBinary, nullable=False),
)

token_vectors = Table(
    "token_vectors",
    metadata,
    Column("passage_hash", LargeBinary, primary_key=True),
    Column("model", String, primary_key=True),
    Column("codes", LargeBinary, nullable=False),  # `indexer.late.pack`: 4 bits a dimension, token after token
)

analyses = Table(
    "analyses",
    metadata,
    Column("terms_hash", LargeBinary, primary_key=True),
    Column("analyzer", String, primary_key=True),
    Column("terms", Text, nullable=False),  # a line for each field, terms parted by spaces
)

changes = Table(
    "changes",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("article_id", String, nullable=False),
    Column("at", String, nullable=False),
)

searches = Table(
    "searches",
    metadata,
    Column("id", String, primary_key=True),
    Column("at", String, nullable=False, index=True),
    Column("channel", String, nullable=False),  # search or suggest
    Column("query", Text, nullable=False),  # personal data masked
    Column("language", String, nullable=False),
    Column("audiences", JSON, nullable=False),
    Column("answerable", Float, nullable=False),
    Column("verdict", String, nullable=False),
    Column("hits", JSON, nullable=False),  # [{"id", "confidence"}] as shown, best first
    Column("model", String, nullable=False),
    Column("vector", LargeBinary, nullable=True),
    Column("settled", Boolean, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", String, nullable=False, index=True),
    Column("search_id", String, nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("article_id", String, nullable=False),
    Column("data", JSON, nullable=False),
)
