"""The write path: front matter, versions, folders, failures that lose nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from articles import frontmatter
from articles.folder import sync, sync_files
from articles.library import Outcome
from articles.prepare import read_article
from indexer.markdown import parse
from kb.errors import ArticleError, InvalidInput
from kb.models import Metadata
from kb.store import articles, redirects
from tests.conftest import CUSTOMER, Shop


def metadata(front: str, source: str = "a.md", body: str = "Words.") -> Metadata:
    return frontmatter.read(parse(f"---\n{front}\n---\n\n{body}\n"), source)


def test_known_keys_are_typed_and_the_rest_is_kept() -> None:
    found = metadata(
        "title: Refunds\nlocale: ko-KR\ntags: [a, b]\naudience: internal\nreviewed: 2026-10-01\n"
        "review_every: 6m\nowner: billing\nteam: {name: x, since: 2020-01-01}"
    )
    assert (found.title, found.locale, found.tags, found.audience) == ("Refunds", "ko-KR", ("a", "b"), "agents")
    assert (found.reviewed, found.review_days) == (date(2026, 10, 1), 180)
    assert found.extra == {"team": {"name": "x", "since": "2020-01-01"}}


@pytest.mark.parametrize(
    ("front", "day"),
    [
        ("ms.date: 10/23/2020", date(2020, 10, 23)),
        ("article-published-date: 2021-02-03T10:00:00Z", date(2021, 2, 3)),
        ("updated_at: 2026.11.02", date(2026, 11, 2)),
    ],
)
def test_other_systems_names_are_read(front: str, day: date) -> None:
    assert metadata(front).updated == day


@pytest.mark.parametrize(
    ("front", "words"),
    [
        ("reviewed: someday", "reviewed: 'someday' is not a date"),
        ("review_every: often", "review_every: 'often' is not an interval"),
        ("state: gone", "state: 'gone' is not one of"),
        ("locale: 한국어", "locale: '한국어' is not a locale"),
        ("audience: [a]", "audience: .* is not an audience"),
    ],
)
def test_a_bad_value_names_key_value_and_file(front: str, words: str) -> None:
    with pytest.raises(ArticleError, match=words) as caught:
        metadata(front)
    assert str(caught.value).startswith("a.md:")


def test_what_front_matter_leaves_out_comes_from_path_and_text() -> None:
    found = frontmatter.read(parse("# 환불 안내\n\n글\n"), "ko/refund-policy.md")
    assert (found.title, found.locale) == ("환불 안내", "ko")
    assert frontmatter.read(parse(""), "how-to.md").title == "how to"
    assert frontmatter.read(parse("환불 안내입니다."), "x.md").locale == "ko"


def test_translations_by_folder_are_one_family() -> None:
    korean = read_article("# 환불", "ko/refunds.md", "ko/refunds")
    english = read_article("# Refunds", "en/refunds.md", "en/refunds")
    assert korean.family == english.family == "refunds"


def test_every_change_is_a_version_and_the_same_text_is_none(shop: Shop) -> None:
    assert shop.put("a", "one", title="A").status == "added"
    assert shop.put("a", "one", title="A").status == "unchanged"
    assert shop.put("a", "two", title="A").status == "updated"
    with shop.home.database.read() as connection:
        found = articles.get(connection, "a", CUSTOMER)
    assert found is not None
    assert found.version == 2


def test_unchanged_passages_are_not_embedded_again(shop: Shop) -> None:
    long = "\n\n".join(f"## Part {n}\n\n" + f"words{n} " * 50 for n in range(4))
    shop.put("a", long, title="A")
    made = len(shop.embedder.embedded)
    shop.put("a", long + "\n\n## New\n\n" + "fresh " * 50, title="A")
    assert len(shop.embedder.embedded) == made + 1


# --- folders ------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "docs"
    (root / "en").mkdir(parents=True)
    (root / "en" / "refunds.md").write_text("# Refunds\n\nWithin 14 days.\n")
    (root / "en" / "login.md").write_text("# Login\n\nUse your e-mail.\n")
    return root


def statuses(found: list[Outcome]) -> dict[str, str]:
    return {outcome.source: outcome.status for outcome in found}


def test_a_folder_is_followed(shop: Shop, folder: Path) -> None:
    assert statuses(sync(shop.library, folder)) == {"en/login.md": "added", "en/refunds.md": "added"}
    (folder / "en" / "refunds.md").write_text("# Refunds\n\nWithin 30 days.\n")
    (folder / "en" / "login.md").unlink()
    assert statuses(sync(shop.library, folder)) == {"en/login.md": "retired", "en/refunds.md": "updated"}
    assert shop.ids("login e-mail") == ["en/refunds"]
    (folder / "en" / "login.md").write_text("# Login\n\nUse your e-mail.\n")
    assert statuses(sync(shop.library, folder))["en/login.md"] == "updated"
    assert "en/login" in shop.ids("login e-mail")


def test_a_renamed_file_takes_its_article_along(shop: Shop, folder: Path) -> None:
    sync(shop.library, folder)
    (folder / "en" / "login.md").rename(folder / "en" / "sign-in.md")
    assert statuses(sync(shop.library, folder))["en/sign-in.md"] == "unchanged"
    assert shop.ids("login e-mail")[0] == "en/sign-in"
    with shop.home.database.read() as connection:
        assert redirects.resolve(connection, "en/login") == "en/sign-in"


def test_a_file_renamed_to_the_name_of_another_article_is_read_as_any_other(shop: Shop, folder: Path) -> None:
    sync(shop.library, folder)
    shop.put("en/sign-in", "Another.", title="Sign in")
    (folder / "en" / "login.md").rename(folder / "en" / "sign-in.md")
    assert statuses(sync(shop.library, folder)) == {
        "en/login.md": "retired",
        "en/refunds.md": "unchanged",
        "en/sign-in.md": "updated",
    }


def test_single_files_are_followed(shop: Shop, folder: Path) -> None:
    sync(shop.library, folder)
    path = folder / "en" / "login.md"
    path.write_text("# Login\n\nChanged.\n")
    assert statuses(sync_files(shop.library, folder, [path, folder / "image.png"])) == {"en/login.md": "updated"}
    path.unlink()
    assert statuses(sync_files(shop.library, folder, [path])) == {"en/login.md": "retired"}


def test_a_malformed_file_is_reported_and_the_others_are_indexed(shop: Shop, folder: Path) -> None:
    sync(shop.library, folder)
    (folder / "en" / "login.md").write_text("---\ntitle: [\n---\nx")
    (folder / "bytes.md").write_bytes(b"ok\n\xff\xfe")
    (folder / "new.md").write_text("# New")
    found = {o.source: o for o in sync(shop.library, folder)}
    assert (found["en/login.md"].status, found["en/login.md"].line) == ("failed", 2)
    assert (found["bytes.md"].status, found["bytes.md"].line) == ("failed", 2)
    assert found["new.md"].status == "added"
    assert "en/login" in shop.ids("login")  # what was published before stays


def test_two_files_with_one_id_are_both_named(shop: Shop, folder: Path) -> None:
    for name in ("x.md", "y.md"):
        (folder / name).write_text("---\nid: same\n---\nwords")
    failed = [o for o in sync(shop.library, folder) if o.status == "failed"]
    assert [o.source for o in failed] == ["y.md"]
    assert "'same' is already used by x.md" in failed[0].message


def test_a_missing_folder_is_an_error_of_its_name(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="nowhere: no such folder"):
        sync(shop.library, tmp_path / "nowhere")


def test_other_settings_prepare_the_stored_articles_again(shop: Shop) -> None:
    shop.put("a", "words " * 100, title="A")
    shop.library.preparer.chunk_tokens = 30
    del shop.library.preparer.fingerprint
    (outcome,) = shop.library.renew()
    assert (outcome.status, outcome.chunks) == ("updated", 4)
    assert shop.library.renew() == []
    with shop.home.database.read() as connection:
        assert articles.records(connection)["a"].version == 1
