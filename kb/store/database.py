"""Opens the database, brings its schema up to date, and hands out read and write transactions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from filelock import FileLock
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DatabaseError, OperationalError

from kb.errors import KbError

HEAD = "0008"
T = TypeVar("T")
_MIGRATIONS = Path(__file__).parent / "migrations"


def batches(ids: Iterable[T], size: int = 5_000) -> Iterator[list[T]]:
    """Some at a time: a statement takes 32,766 bound parameters in SQLite."""
    wanted = list(ids)
    for start in range(0, len(wanted), size):
        yield wanted[start : start + size]


class Database:
    """A SQLite database in WAL mode: readers never wait, writers take turns."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise KbError(f"home: {path.parent} cannot be a folder: {error.strerror}") from error
        self.engine = create_engine(f"sqlite:///{path}")
        event.listen(self.engine, "connect", _on_connect)
        event.listen(self.engine, "begin", _on_begin)
        try:
            self._migrate()
        except (DatabaseError, OperationalError) as error:
            raise KbError(f"{path}: not a database that can be opened: {error.__cause__}") from error

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one moment of the store."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that holds the write lock from its start to its commit."""
        with self.engine.connect().execution_options(kb_write=True) as connection, connection.begin():
            yield connection

    def close(self) -> None:
        self.engine.dispose()

    def _migrate(self) -> None:
        if self._version() == HEAD:
            return
        with FileLock(f"{self.path}.migrate.lock", timeout=60):
            if self._version() != HEAD:
                upgrade(self.engine)

    def _version(self) -> str | None:
        with self.read() as connection:
            tables = connection.execute(
                text("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'")
            ).scalar()
            if not tables:
                return None
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            return str(found)


def upgrade(engine: Engine) -> None:
    """Run every migration that the database has not seen.

    Raises:
        KbError: the database was written by a newer release.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    with engine.connect().execution_options(kb_write=True) as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise KbError(f"{engine.url.database}: {error}; it was written by a newer release") from error
        connection.commit()


def _on_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where we say, see _on_begin
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")


def _on_begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("kb_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
