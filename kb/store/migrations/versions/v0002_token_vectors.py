"""Token vectors; anchors of a chunk's sections; terms by the hash of all that is analysed, more than the passage."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "token_vectors",
        sa.Column("passage_hash", sa.LargeBinary(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("codes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("passage_hash", "model", name=op.f("pk_token_vectors")),
    )
    op.drop_table("analyses")  # a cache: `kb index` fills it again
    op.create_table(
        "analyses",
        sa.Column("terms_hash", sa.LargeBinary(), nullable=False),
        sa.Column("analyzer", sa.String(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("terms_hash", "analyzer", name=op.f("pk_analyses")),
    )
    op.add_column("chunks", sa.Column("sections", sa.JSON(), nullable=False, server_default=sa.text("'[]'")))
    op.add_column("chunks", sa.Column("terms_hash", sa.LargeBinary(), nullable=False, server_default=sa.text("x''")))
