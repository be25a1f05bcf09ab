"""What readers ask and no article answers."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "gaps",
        *_texts("id", "state"),
        sa.Column("revision", sa.Integer(), nullable=False),
        *_texts("assignee"),
        *_json("given_name", "reason"),
        *_texts("ignored_until", "merged_into", "draft_id", "verdict", "nearest_id"),
        sa.Column("nearest_confidence", sa.Float(), nullable=False),
        *_texts("model"),
        sa.Column("centroid", sa.LargeBinary(), nullable=False),
        *_texts("examined", "opened_at", "closed_at"),
        *_json("proof"),
        sa.PrimaryKeyConstraint("id", name="pk_gaps"),
    )
    op.create_table(
        "gap_questions",
        *_texts("id"),
        sa.Column("search_id", sa.String()),
        sa.Column("ticket_id", sa.String()),
        *_texts("gap_id"),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        *_json("signals"),
        sa.Column("name", sa.Text(), nullable=False),
        *_json("explained"),
        *(_of(table, f"{noun}_id", "gap_questions") for noun, table in _NOUNS.items()),
        sa.PrimaryKeyConstraint("id", name="pk_gap_questions"),
    )
    for noun in _NOUNS:
        op.create_index(f"ix_gap_questions_{noun}_id", "gap_questions", [f"{noun}_id"])
    op.create_table(
        "ticket_questions",
        *_texts("ticket_id", "digest", "model"),
        sa.Column("text", sa.Text(), nullable=False),
        *_texts("language"),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("answerable", sa.Float(), nullable=False),
        *_json("hits"),
        _of("tickets", "ticket_id", "ticket_questions"),
        sa.PrimaryKeyConstraint("ticket_id", name="pk_ticket_questions"),
    )


_NOUNS = {"search": "searches", "ticket": "tickets", "gap": "gaps"}


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _json(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.JSON(), nullable=False) for name in names]


def _of(table: str, column: str, owner: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=f"fk_{owner}_{column}", ondelete="CASCADE")
