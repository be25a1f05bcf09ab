"""The index follows the store: delta, snapshot and rebuild always find the same."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer import snapshot as files
from indexer.snapshot import Identity, open_snapshot
from kb.errors import IndexDamaged
from kb.store import articles, changes
from search.engine import Engine, Request
from search.home import Home
from search.live import Filters, LiveIndex
from tests.conftest import AGENT, CUSTOMER, Shop, TinyEmbedder

TEXTS = [
    "refund within 14 days",
    "reset your password",
    "환불은 14일 이내",
    "비밀번호를 재설정하세요",
    "delivery is late",
]
STEP = st.tuples(st.sampled_from(["put", "retire", "hide", "compact"]), st.integers(0, 3), st.sampled_from(TEXTS))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, min_size=1, max_size=10))
def test_whatever_happens_the_live_index_finds_what_a_rebuild_does(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, str]]
) -> None:
    shop = Shop(tmp_path_factory.mktemp("home"), TinyEmbedder())
    for action, number, text in steps:
        if action == "put":
            shop.put(f"a{number}", text, title=f"T{number}")
        elif action == "hide":
            shop.put(f"a{number}", text, title=f"T{number}", audience="internal")
        elif action == "retire":
            shop.library.retire([f"a{number}"])
        else:
            shop.home.index.compact()
        shop.home.index.view()
    fresh = LiveIndex(shop.home.database, shop.home.path / "rebuilt", shop.home.identity)
    fresh.compact()
    for reader in (CUSTOMER, AGENT):
        for query in ("refund password", "환불 비밀번호"):
            request = Request(query, reader)
            again = Engine(shop.home.database, fresh, shop.home.reading).search(request)
            assert {hit.id for hit in again.hits} == set(shop.ids(query, reader))
    shop.home.close()


def test_a_compacted_index_scores_as_its_delta_did(shop: Shop) -> None:
    for number, text in enumerate(TEXTS):
        shop.put(f"a{number}", text, title=f"T{number}")
    before = [(h.id, round(h.score, 5)) for h in shop.search("refund days 환불", AGENT).hits]
    shop.home.index.compact()
    assert shop.home.index.view().fresh_chunks == 0
    assert [(h.id, round(h.score, 5)) for h in shop.search("refund days 환불", AGENT).hits] == before


def test_another_process_sees_a_publish_and_a_deletion_at_once(shop: Shop) -> None:
    other = LiveIndex(shop.home.database, shop.home.index_folder, shop.home.identity)
    shop.put("a", "refund", title="A")
    assert [row.id for row in other.view().articles] == ["a"]
    shop.library.retire(["a"])
    view = other.view()
    assert not view.allowed(CUSTOMER, Filters()).any()


def test_a_reader_moves_to_the_newest_snapshot(shop: Shop) -> None:
    other = LiveIndex(shop.home.database, shop.home.index_folder, shop.home.identity)
    shop.put("a", "refund", title="A")
    shop.home.index.compact()
    other.reopen()
    assert other.view().base.generation == 1
    assert other.view().fresh_chunks == 0


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda folder: (folder / "vectors.npy").unlink(), "vectors.npy is missing"),
        (lambda folder: (folder / "owners.npy").write_bytes(b"x"), "owners.npy is 1:"),
        (lambda folder: (folder / "manifest.json").write_text("{"), "manifest.json cannot be read"),
        (lambda folder: _edit(folder, '"format": 4', '"format": 9'), "format is 9, expected 4"),
    ],
)
def test_a_damaged_snapshot_is_named_and_rebuilt(
    shop: Shop, caplog: pytest.LogCaptureFixture, damage: object, words: str
) -> None:
    shop.put("a", "refund within 14 days", title="A")
    shop.home.index.compact()
    (folder,) = files.generations(shop.home.index_folder)
    damage(folder)  # type: ignore[operator]
    with pytest.raises(IndexDamaged, match=words):
        open_snapshot(folder, shop.home.identity)
    again = LiveIndex(shop.home.database, shop.home.index_folder, shop.home.identity)
    assert words in caplog.text
    assert again.view().base.generation == 2
    assert len(again.view().base.chunks) == 1


def _edit(folder: Path, old: str, new: str) -> None:
    path = folder / "manifest.json"
    path.write_text(path.read_text().replace(old, new))


def test_an_index_of_another_model_is_refused_by_name(shop: Shop) -> None:
    shop.put("a", "refund", title="A")
    shop.home.index.compact()
    other = Identity("other:2", 64, shop.home.identity.analyzer)
    with pytest.raises(IndexDamaged, match="no vectors of model 'other:2'; run `kb index`"):
        LiveIndex(shop.home.database, shop.home.index_folder, other)


def test_the_index_is_rebuilt_from_the_store_without_embedding(shop: Shop) -> None:
    shop.put("a", "refund", title="A")
    shop.home.index.compact()
    embedded = len(shop.embedder.embedded)
    shutil.rmtree(shop.home.index_folder)
    again = LiveIndex(shop.home.database, shop.home.index_folder, shop.home.identity)
    assert len(again.view().chunks) == 1
    assert len(shop.embedder.embedded) == embedded


def test_change_numbers_have_no_holes_and_follow_commits(shop: Shop) -> None:
    shop.put("a", "one", title="A")
    shop.put("b", "two", title="B")
    with shop.home.database.read() as connection:
        assert changes.latest(connection) == 2
        assert changes.since(connection, 1) == {"b"}
        assert set(articles.published_rows(connection)) == {"a", "b"}


def test_arrays_are_mapped_not_read(shop: Shop) -> None:
    for number in range(30):
        shop.put(f"a{number}", f"refund number {number}", title="A")
    shop.home.index.compact()
    assert isinstance(shop.home.index.view().base.dense.vectors.base, np.memmap)


def test_a_snapshot_of_a_later_store_is_built_again(shop: Shop) -> None:
    """As after a backup was put back, beside the index of what it was a backup of."""
    shop.put("a", "refunds", title="A")
    shop.put("b", "refunds", title="B")
    shop.home.index.compact()
    with shop.home.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM changes WHERE article_id = 'b'")
        connection.exec_driver_sql("DELETE FROM articles WHERE id = 'b'")
    again = Home(shop.settings, shop.embedder)
    assert [row.id for row in again.index.view().articles] == ["a"]
    again.close()


def test_an_index_without_articles_has_no_rows(shop: Shop) -> None:
    assert shop.home.index.view().rows_of == {}
    shop.put("a", "refunds", title="A")
    shop.library.retire(["a"])
    assert shop.home.index.view().rows_of == {}
