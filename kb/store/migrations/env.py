"""Alembic's entry: migrations run on the connection that `kb.store.database` hands over."""

from alembic import context

from kb.store import schema_digests, schema_gaps, schema_health  # noqa: F401 - their tables
from kb.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=False)
context.run_migrations()
