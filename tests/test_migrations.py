"""Old homes are brought up to date, and migrations make the schema that the code describes."""

from __future__ import annotations

from kb.store import articles, versions
from kb.store.database import Database
from tests.conftest import Shop


def test_the_migrations_make_the_schema_that_the_code_describes(shop: Shop) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from kb.store.schema import metadata

    with shop.home.database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


LATER = (  # whoever names another goes before it
    *("flags", "estimates", "waivers", "check_settings", "examined", "pairs", "paired", "rarity", "looks"),
    *("gap_questions", "ticket_questions", "gaps"),
    *("told", "snoozes", "deliveries", "subscriptions", "job_runs", "job_checkpoints"),
)


def test_a_home_of_the_release_before_is_brought_up_to_date(shop: Shop, tmp_path: Shop) -> None:
    shop.put("refunds", "Within fourteen days.", title="Refunds", owner="kim", reviewed="2026-01-02")
    with shop.home.database.write() as connection:
        for table in ("edits", "redirects", "spaces", "media", "users", "sessions", "groups", "keys", "audit"):
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table}")
        for table in LATER:
            connection.exec_driver_sql(f"DROP TABLE {table}")
        for table in ("responses", "tickets", "search_settings", "jobs"):
            connection.exec_driver_sql(f"DROP TABLE {table}")
        for index in ("folder_source", "updated_at_id", "due"):
            connection.exec_driver_sql(f"DROP INDEX ix_articles_{index}")
        connection.exec_driver_sql("CREATE INDEX ix_articles_folder ON articles (folder)")
        connection.exec_driver_sql("DROP INDEX ix_searches_person")
        for name in ("space", "person"):
            connection.exec_driver_sql(f"ALTER TABLE searches DROP COLUMN {name}")
        for name in ("author", "approved_by", "published_at", "note", "state"):
            connection.exec_driver_sql(f"ALTER TABLE versions DROP COLUMN {name}")
        for name in (
            *(
                "category",
                "owner",
                "origin_hash",
                "verified_on",
                "publish_at",
                "archive_at",
                "created_at",
                "updated_at",
            ),
            *("space", "revision", "doubted", "working", "source_version"),
        ):
            connection.exec_driver_sql(f"ALTER TABLE articles DROP COLUMN {name}")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0002'")
    upgraded = Database(shop.home.database.path)
    with upgraded.read() as connection:
        found = articles.record(connection, "refunds")
        states = [(version.number, version.state) for version in versions.history(connection, "refunds")]
    assert found is not None
    assert (found.owner, found.verified_on, found.space, found.revision) == ("kim", "2026-01-02", "main", 1)
    assert (states, bool(found.created_at)) == ([(1, "live")], True)
    upgraded.close()
