"""What the sentences of flags are made of."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("flags", sa.Column("said", sa.JSON(), nullable=False, server_default="{}"))
