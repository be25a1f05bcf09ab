"""What people are told, and what jobs did."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    _subscriptions()
    _told()
    _jobs()


def _subscriptions() -> None:
    op.create_table(
        "subscriptions",
        _text("user_id"),
        _text("channel"),
        _text("address", sa.Text()),
        _text("secret"),
        _text("rhythm"),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        _text("zone"),
        _text("language"),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("rest", sa.Boolean(), nullable=False),
        _text("snoozed_until"),
        _text("handled_at"),
        _text("error", sa.Text()),
        sa.Column("refused", sa.Boolean(), nullable=False),
        _text("at"),
        _of_user("subscriptions"),
        sa.PrimaryKeyConstraint("user_id", name="pk_subscriptions"),
    )
    op.create_table(
        "deliveries",
        _text("id"),
        _text("user_id"),
        sa.Column("items", sa.JSON(), nullable=False),
        _text("state"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _text("retry_at"),
        _text("at"),
        _text("ended_at"),
        _text("error", sa.Text()),
        _of_user("deliveries"),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
    )
    op.create_index("ix_deliveries_user_id_state", "deliveries", ["user_id", "state"])


def _told() -> None:
    op.create_table(
        "told",
        _text("user_id"),
        _text("key"),
        _text("article"),
        _text("since"),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("hurts", sa.Float(), nullable=False),
        _text("at"),
        _of_user("told"),
        sa.PrimaryKeyConstraint("user_id", "key", name="pk_told"),
    )
    op.create_table(
        "snoozes",
        _text("user_id"),
        _text("what"),
        _text("until"),
        _of_user("snoozes"),
        sa.PrimaryKeyConstraint("user_id", "what", name="pk_snoozes"),
    )


def _jobs() -> None:
    op.create_table(
        "job_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        _text("name"),
        _text("runner"),
        _text("started_at"),
        _text("finished_at"),
        _text("state"),
        _text("progress"),
        sa.Column("done", sa.Integer()),
        sa.Column("total", sa.Integer()),
        _text("error"),
        sa.PrimaryKeyConstraint("id", name="pk_job_runs"),
    )
    op.create_index("ix_job_runs_name_id", "job_runs", ["name", "id"])
    op.create_table(
        "job_checkpoints",
        _text("name"),
        _text("text", sa.Text()),
        sa.PrimaryKeyConstraint("name", name="pk_job_checkpoints"),
    )


def _text(name: str, kind: sa.types.TypeEngine[str] | None = None) -> sa.Column[str]:
    return sa.Column(name, kind or sa.String(), nullable=False)


def _of_user(table: str) -> sa.Constraint:
    return sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=f"fk_{table}_user_id", ondelete="CASCADE")
