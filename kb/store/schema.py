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
    Column("version", Integer, nullable=False),  # the live one; of an article that is not live, the last or the first
    Column("working", Integer),  # the version that is worked on beside it
    Column("state", String, nullable=False),
    Column("revision", Integer, nullable=False),  # grows with every change: its ETag
    Column("space", String, nullable=False),
    Column("category", String, nullable=False),
    Column("owner", String, nullable=False),
    Column("audience", String, nullable=False),
    Column("locale", String, nullable=False),
    Column("product", String, nullable=False),
    Column("title", Text, nullable=False),
    Column("folder", Text, nullable=False),  # "" for an article that came through the API
    Column("source", Text, nullable=False),  # its path in that folder
    Column("origin_hash", String, nullable=False),  # of the file there when it was last read; "" without one
    Column("prepared", String, nullable=False),  # fingerprint of what chunked, analysed and embedded it
    Column("metadata", JSON, nullable=False),
    Column("verified_on", String, nullable=False),  # a day; "" where nobody verified it
    Column("doubted", Boolean, nullable=False),  # somebody says that it needs to be verified again
    Column("source_version", Integer),  # of a translation: the version of its source that it follows
    Column("publish_at", String, nullable=False),
    Column("archive_at", String, nullable=False),
    Column("created_at", String, nullable=False),
    Column("updated_at", String, nullable=False),
    Index("ix_articles_folder_source", "folder", "source"),
    Index("ix_articles_updated_at_id", "updated_at", "id"),
    Index("ix_articles_due", "publish_at", "archive_at"),
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
    Column("state", String, nullable=False),  # kb.models.VersionState
    Column("author", String, nullable=False),
    Column("note", Text, nullable=False),  # why, in the words of whoever made it or sent it back
    Column("approved_by", String, nullable=False),
    Column("published_at", String, nullable=False),
    UniqueConstraint("article_id", "number"),
)

redirects = Table(
    "redirects",
    metadata,
    Column("source", String, primary_key=True),  # an address at which no article is any more
    Column("target", String, nullable=False, index=True),  # never itself redirected: chains are cut when they are made
    Column("at", String, nullable=False),
)

edits = Table(
    "edits",  # what somebody who reads an article suggests to its owner
    metadata,
    Column("id", Integer, primary_key=True),
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("kind", String, nullable=False),  # flag or fix
    Column("author", String, nullable=False),
    Column("at", String, nullable=False),
    Column("note", Text, nullable=False),
    Column("quote", Text, nullable=False),  # the customer's own words, personal data masked
    Column("markdown", Text),  # of a fix
    Column("search_id", String, nullable=False),
    Column("state", String, nullable=False),  # open, accepted or declined
    Column("resolved_by", String, nullable=False),
    Column("resolved_at", String, nullable=False),
    Column("resolution", Text, nullable=False),
)

spaces = Table(
    "spaces",  # a brand or a help centre
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("locales", JSON, nullable=False),  # the first is the default; empty lists allow everything
    Column("products", JSON, nullable=False),
    Column("categories", JSON, nullable=False),
    Column("labels", JSON, nullable=False),
    Column("review", Boolean, nullable=False),  # another person than the author approves
    Column("verify_days", Integer),  # how long a verification holds where the article does not say
    Column("at", String, nullable=False),
)

media = Table(
    "media",
    metadata,
    Column("id", String, primary_key=True),  # SHA-256 of the data, in hex
    Column("name", String, nullable=False),
    Column("type", String, nullable=False),  # as its first bytes say
    Column("size", Integer, nullable=False),
    Column("audience", String, nullable=False),
    Column("space", String, nullable=False),
    Column("author", String, nullable=False),
    Column("at", String, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

users = Table(
    "users",
    metadata,
    Column("id", String, primary_key=True),  # what they sign in with
    Column("name", String, nullable=False),
    Column("role", String, nullable=False),
    Column("groups", JSON, nullable=False),
    Column("spaces", JSON),  # null: every space
    Column("password", String, nullable=False),  # argon2id; "" cannot sign in
    Column("disabled", Boolean, nullable=False),
    Column("at", String, nullable=False),
)

groups = Table(
    "groups",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("at", String, nullable=False),
)

keys = Table(
    "keys",
    metadata,
    Column("id", String, primary_key=True),  # the part of the key that may be shown
    Column("name", String, nullable=False),
    Column("hash", LargeBinary, nullable=False),  # SHA-256 of the secret part: it is random, so no slow hash is needed
    Column("role", String, nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("groups", JSON, nullable=False),
    Column("spaces", JSON),
    Column("origins", JSON, nullable=False),  # of a widget's key, which is public: the web pages that may use it
    Column("author", String, nullable=False),
    Column("at", String, nullable=False),
    Column("expires_at", String, nullable=False),  # "" never
    Column("last_used_at", String, nullable=False),
    Column("revoked_at", String, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("hash", LargeBinary, primary_key=True),  # SHA-256 of the cookie
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("csrf", LargeBinary, nullable=False),  # SHA-256 of the token that writes must carry
    Column("at", String, nullable=False),
    Column("expires_at", String, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", String, nullable=False, index=True),
    Column("actor", String, nullable=False),
    Column("action", String, nullable=False),  # article.publish, key.create …
    Column("object", String, nullable=False),
    Column("audience", String, nullable=False),  # of an article: who may know of it; "" for other things
    Column("address", String, nullable=False),
    Column("request_id", String, nullable=False),
    Column("details", JSON, nullable=False),
)

responses = Table(
    "responses",  # what was answered under an Idempotency-Key
    metadata,
    Column("key", LargeBinary, primary_key=True),  # SHA-256 of the key and of who sent it
    Column("fingerprint", LargeBinary, nullable=False),  # SHA-256 of the request
    Column("at", String, nullable=False, index=True),
    Column("status", Integer, nullable=False),  # 0: it is being answered
    Column("headers", JSON, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

tickets = Table(
    "tickets",
    metadata,
    Column("id", String, primary_key=True),  # the help desk's own
    Column("space", String, nullable=False),
    Column("state", String, nullable=False),  # open, pending, solved or closed
    Column("subject", Text, nullable=False),  # personal data masked, as in the messages
    Column("messages", JSON, nullable=False),  # [{"author", "text", "at"}]
    Column("locale", String, nullable=False),
    Column("product", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("person", String, nullable=False, index=True),  # a keyed hash of who wrote it; "" where that is not known
    Column("linked", JSON, nullable=False),  # ids of articles
    Column("search_ids", JSON, nullable=False),  # the suggestions that were shown for it
    Column("created_at", String, nullable=False),
    Column("updated_at", String, nullable=False),
    Column("closed_at", String, nullable=False),
    Index("ix_tickets_updated_at_id", "updated_at", "id"),
)

search_settings = Table(
    "search_settings",  # what people say about search; each change is a new row, the last is in effect
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("at", String, nullable=False),
    Column("author", String, nullable=False),
    Column("note", Text, nullable=False),
    Column("synonyms", JSON, nullable=False),
    Column("curations", JSON, nullable=False),
    Column("boosts", JSON, nullable=False),
)

jobs = Table(
    "jobs",
    metadata,
    Column("name", String, primary_key=True),
    Column("due_at", String, nullable=False),
    Column("runner", String, nullable=False),  # who runs it; "" nobody
    Column("leased_until", String, nullable=False),  # after it, another may take it
    Column("started_at", String, nullable=False),
    Column("finished_at", String, nullable=False),
    Column("progress", String, nullable=False),
    Column("error", String, nullable=False),
    Column("cancelled", Boolean, nullable=False),
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
    Column("space", String, nullable=False),  # that was searched; "" for all that the reader sees
    Column("person", String, nullable=False, index=True),  # a keyed hash of who asked; "" where that is not known
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
