"""The life of articles, people and rights, tickets, search settings, jobs."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_TEXT: dict[str, Any] = {"nullable": False, "server_default": ""}


def upgrade() -> None:
    _articles()
    _beside_articles()
    _people()
    _logs()
    _rest()


def _articles() -> None:
    for name in ("category", "owner", "origin_hash", "verified_on", "publish_at", "archive_at"):
        op.add_column("articles", sa.Column(name, sa.String(), **_TEXT))
    for name in ("created_at", "updated_at"):
        op.add_column("articles", sa.Column(name, sa.String(), **_TEXT))
    op.add_column("articles", sa.Column("space", sa.String(), nullable=False, server_default="main"))
    op.add_column("articles", sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("articles", sa.Column("doubted", sa.Boolean(), nullable=False, server_default="0"))
    op.add_column("articles", sa.Column("working", sa.Integer()))
    op.add_column("articles", sa.Column("source_version", sa.Integer()))
    op.drop_index("ix_articles_folder", "articles")
    op.create_index("ix_articles_folder_source", "articles", ["folder", "source"])
    op.create_index("ix_articles_updated_at_id", "articles", ["updated_at", "id"])
    op.create_index("ix_articles_due", "articles", ["publish_at", "archive_at"])
    for name in ("author", "approved_by", "published_at"):
        op.add_column("versions", sa.Column(name, sa.String(), **_TEXT))
    op.add_column("versions", sa.Column("note", sa.Text(), **_TEXT))
    op.add_column("versions", sa.Column("state", sa.String(), nullable=False, server_default="past"))
    for name in ("space", "person"):
        op.add_column("searches", sa.Column(name, sa.String(), **_TEXT))
    op.create_index("ix_searches_person", "searches", ["person"])
    _fill()


def _fill() -> None:
    """What earlier releases kept elsewhere, or did not need."""
    live = "SELECT 1 FROM articles a WHERE a.id = versions.article_id AND a.version = versions.number"
    op.execute(
        f"UPDATE versions SET state = 'live', published_at = created_at WHERE EXISTS ({live} AND a.state = 'published')"
    )
    op.execute(f"UPDATE versions SET state = 'draft' WHERE EXISTS ({live} AND a.state = 'draft')")
    op.execute("UPDATE articles SET working = version WHERE state = 'draft'")
    times = "FROM versions v WHERE v.article_id = articles.id"
    op.execute(
        f"UPDATE articles SET created_at = (SELECT min(created_at) {times}), "
        f"updated_at = (SELECT max(created_at) {times})"
    )
    op.execute(
        "UPDATE articles SET owner = json_extract(metadata, '$.owner'), "
        "verified_on = coalesce(json_extract(metadata, '$.reviewed'), '')"
    )
    op.execute(
        "UPDATE articles SET origin_hash = (SELECT content_hash FROM versions v "
        "WHERE v.article_id = articles.id AND v.number = articles.version) WHERE folder <> ''"
    )


def _beside_articles() -> None:
    """What stands beside articles."""
    op.create_table(
        "redirects",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("source", name="pk_redirects"),
    )
    op.create_index("ix_redirects_target", "redirects", ["target"])
    op.create_table(
        "edits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("markdown", sa.Text()),
        sa.Column("search_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("resolved_by", sa.String(), nullable=False),
        sa.Column("resolved_at", sa.String(), nullable=False),
        sa.Column("resolution", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_edits_article_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_edits"),
    )
    op.create_index("ix_edits_article_id", "edits", ["article_id"])
    op.create_table(
        "spaces",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("locales", sa.JSON(), nullable=False),
        sa.Column("products", sa.JSON(), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("review", sa.Boolean(), nullable=False),
        sa.Column("verify_days", sa.Integer()),
        sa.Column("at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_spaces"),
    )
    op.create_table(
        "media",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("space", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_media"),
    )


def _people() -> None:
    """Who may do what."""
    op.create_table(
        "users",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("spaces", sa.JSON()),
        sa.Column("password", sa.String(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
    )
    op.create_table(
        "groups",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_groups"),
    )
    op.create_table(
        "keys",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("spaces", sa.JSON()),
        sa.Column("origins", sa.JSON(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("expires_at", sa.String(), nullable=False),
        sa.Column("last_used_at", sa.String(), nullable=False),
        sa.Column("revoked_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_keys"),
    )
    op.create_table(
        "sessions",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("csrf", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("expires_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_sessions_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("hash", name="pk_sessions"),
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])


def _logs() -> None:
    """What was done and what was answered."""
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("object", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_table(
        "responses",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_responses"),
    )
    op.create_index("ix_responses_at", "responses", ["at"])


def _rest() -> None:
    """What was asked for, how search is administered, and what runs beside."""
    op.create_table(
        "tickets",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("space", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("messages", sa.JSON(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("product", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("linked", sa.JSON(), nullable=False),
        sa.Column("search_ids", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("updated_at", sa.String(), nullable=False),
        sa.Column("closed_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tickets"),
    )
    op.create_index("ix_tickets_person", "tickets", ["person"])
    op.create_index("ix_tickets_updated_at_id", "tickets", ["updated_at", "id"])
    op.create_table(
        "search_settings",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("synonyms", sa.JSON(), nullable=False),
        sa.Column("curations", sa.JSON(), nullable=False),
        sa.Column("boosts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_search_settings"),
    )
    op.create_table(
        "jobs",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("due_at", sa.String(), nullable=False),
        sa.Column("runner", sa.String(), nullable=False),
        sa.Column("leased_until", sa.String(), nullable=False),
        sa.Column("started_at", sa.String(), nullable=False),
        sa.Column("finished_at", sa.String(), nullable=False),
        sa.Column("progress", sa.String(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_jobs"),
    )
