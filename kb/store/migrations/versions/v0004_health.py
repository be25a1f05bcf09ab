"""What is wrong with articles, and what somebody said about that."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "flags",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.String(), nullable=False),
        *_texts("check", "key", "severity", "message"),
        sa.Column("line", sa.Integer(), nullable=False),
        *_texts("quote", "fix"),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("others", sa.JSON(), nullable=False),
        sa.Column("hurts", sa.Float(), nullable=False),
        *_texts("first_seen", "closed_at"),
        *_of_article("flags"),
        sa.PrimaryKeyConstraint("id", name="pk_flags"),
    )
    op.create_index("ix_flags_article_id_closed_at", "flags", ["article_id", "closed_at"])
    op.create_table(
        "estimates",
        sa.Column("article_id", sa.String(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("needs_work", sa.Float(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("readers", sa.Float(), nullable=False),
        *_of_article("estimates"),
        sa.PrimaryKeyConstraint("article_id", name="pk_estimates"),
    )
    op.create_table(
        "waivers",
        *_texts("article_id", "check", "reason", "author", "at", "expires_on"),
        *_of_article("waivers"),
        sa.PrimaryKeyConstraint("article_id", "check", name="pk_waivers"),
    )
    op.create_table(
        "check_settings",
        *_texts("check"),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        *_texts("author", "at"),
        sa.PrimaryKeyConstraint("check", name="pk_check_settings"),
    )
    op.create_table(
        "examined",
        *_texts("article_id", "digest"),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        *_of_article("examined"),
        sa.PrimaryKeyConstraint("article_id", name="pk_examined"),
    )
    _pairs()


def _pairs() -> None:
    op.create_table(
        "pairs",
        sa.Column("id", sa.Integer(), nullable=False),
        *_texts("article_id", "other_id", "kind"),
        sa.Column("alike", sa.JSON(), nullable=False),
        *_of_article("pairs"),
        sa.ForeignKeyConstraint(["other_id"], ["articles.id"], name="fk_pairs_other_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_pairs"),
    )
    op.create_index("ix_pairs_article_id", "pairs", ["article_id"])
    op.create_index("ix_pairs_other_id", "pairs", ["other_id"])
    op.create_table(
        "paired",
        *_texts("article_id", "content_hash"),
        *_of_article("paired"),
        sa.PrimaryKeyConstraint("article_id", name="pk_paired"),
    )
    op.create_table(
        "rarity",
        sa.Column("id", sa.Integer(), nullable=False),
        *_texts("model"),
        sa.Column("texts", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rarity"),
    )


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text() if name in _LONG else sa.String(), nullable=False) for name in names]


_LONG = {"message", "quote", "fix", "reason"}


def _of_article(table: str) -> list[sa.Constraint]:
    name = f"fk_{table}_article_id"
    return [sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=name, ondelete="CASCADE")]
