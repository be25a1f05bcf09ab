"""An article that speaks of a version as the present one, where others speak of a newer one."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from articles.health import choices, older_version
from articles.health.base import Flag, Shelf, facts_of
from articles.health.shelving import facts_from_json, facts_json
from articles.prepare import read_article
from kb.errors import InvalidInput
from kb.models import OPERATOR, Article
from tests.conftest import Shop

TODAY = date(2026, 11, 25)
SETS = [
    json.loads(line)
    for line in (Path(__file__).parent / "fixtures/versions.jsonl").read_text(encoding="utf-8").splitlines()
]


def written(name: str, text: str, *, product: str = "Naru Hub", front: str = "", audience: str = "public") -> Article:
    locale = "ko" if any("가" <= char <= "힣" for char in text) else "en"
    said = f"title: About {name}\nlocale: {locale}\naudience: {audience}\nproduct: {product}\n{front}"
    return read_article(f"---\n{said}---\n\n# About {name}\n\n{text}\n", f"{name}.md", name)


def look(article: Article, *others: Article, current: tuple[str, ...] = ()) -> list[Flag]:
    shelf = Shelf({one.id: one for one in (article, *others)}, TODAY, {"older_version": {"current": list(current)}})
    return list(older_version.CHECK.look(article, shelf))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The latest version is 4.8.", "Since version 6.1 the menu is on the left."),
        ("In app 4.8, open the menu.", "With app 6.1 you can swipe."),
        ("New in v4: dark mode.", "In v6, dark mode follows the system."),
        ("The current release is Naru Hub 4.", "Naru Hub 5 brings more."),
        ("Firmware 2.3 is the current one.", "Firmware 2.5 mends it."),
        ("현재 버전은 4.8입니다.", "6.1 버전에서는 메뉴가 왼쪽에 있습니다."),
        ("앱 4.8에서는 메뉴를 누르세요.", "With app 6.1 you can swipe."),
        ("최신 펌웨어(2.3)로 업데이트하세요.", "펌웨어 3.0부터 매터를 지원합니다."),
    ],
)
def test_an_older_version_is_told_with_the_newer_one(old: str, new: str) -> None:
    (flag,) = look(written("a", f"First.\n\n{old}"), written("b", new))
    assert flag.line == 12
    assert flag.quote == old
    assert flag.others == ("b",)
    assert "About b" in flag.message
    assert str(flag.evidence["newer"]) in flag.message


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("You need version 4.8 or later.", "Version 6.1 is out."),
        ("버전 3 이상이 필요합니다.", "버전 5가 최신입니다."),
        ("The latest version is 4.8.", "Version 4.9 mends it."),
        ("iOS 15 or later is needed.", "iOS 18 is supported."),
        ("The current Android app is 4.8.", "The current iPhone app is 6.1."),
        ("Version 4.8 was the latest in 2023.", "Version 6.1 is out."),
        ("The latest version is 4.8.", "Version 6.1 will come in spring."),
        ("The latest app is 4.8.", "The firmware 6.1 is out."),
        ("Windows 10 is current.", "Windows 11 is newer."),
        ("The latest price is 4.8.", "The price is 6.1."),
    ],
)
def test_what_stays_true_or_is_another_thing_is_no_fault(old: str, new: str) -> None:
    assert not look(written("a", old), written("b", new))


def test_only_articles_of_one_product_are_compared() -> None:
    old = written("a", "The latest version is 4.8.")
    assert not look(old, written("b", "Version 6.1 is out.", product="Naru Box"))
    assert not look(
        written("a", "The latest version is 4.8.", product="''"), written("b", "Version 6.1.", product="''")
    )


def test_an_article_that_tells_of_the_newer_version_too_is_no_fault() -> None:
    both = written("a", "The latest version is 4.8.\n\nIn version 6.1, open the menu.")
    assert not look(both, written("b", "Version 6.1 is out."))


def test_the_front_matter_says_a_version() -> None:
    old = written("a", "Words.", front='product_version: "4.8"\n')
    (flag,) = look(old, written("b", "Version 6.1 is out."))
    assert (flag.line, flag.quote) == (6, 'product_version: "4.8"')


def test_the_team_says_what_is_the_newest() -> None:
    old = written("a", "In app 4.8, open the menu.")
    (flag,) = look(old, current=("app 6.1",))
    assert flag.others == ()
    assert "app 6.1" in flag.message
    assert not look(old, written("b", "With app 6.1 you can swipe."), current=("app 4.9",))
    assert not look(old, current=("Naru Box 6.1", "no number"))


def test_a_public_article_is_named_before_one_for_agents() -> None:
    hidden, seen = written("b", "Version 9.0 is tested.", audience="internal"), written("c", "Version 6.1 is out.")
    (flag,) = look(written("a", "The latest version is 4.8."), hidden, seen)
    assert flag.others == ("c",)


def test_versions_are_kept_as_facts() -> None:
    facts = facts_of(written("a", "The latest version is 4.8, for Android."))
    (version,) = facts.versions
    assert (version.number, version.platforms, version.present) == ((4, 8), ("android",), True)
    assert facts_from_json(json.loads(json.dumps(facts_json(facts)))) == facts


def test_sets_of_articles_by_somebody_else() -> None:
    """No more than one false alarm, and more than half of the outdated versions."""
    alarms, found, true = [], 0, 0
    for one in SETS:
        articles = [written(a["id"], a["text"], product=a["product"]) for a in one["articles"]]
        shelf = Shelf({article.id: article for article in articles}, TODAY)
        flagged = {article.id for article in articles if list(older_version.CHECK.look(article, shelf))}
        alarms += flagged - set(one["old"])
        found, true = found + len(flagged & set(one["old"])), true + len(one["old"])
    assert len(alarms) <= 1
    assert found > true / 2


@pytest.mark.parametrize("text", ["app", "6.1", "v6", "앱"])
def test_a_newest_version_without_a_thing_or_a_number_is_refused(shop: Shop, text: str) -> None:
    database, now = shop.home.database, datetime(2026, 11, 25, tzinfo=UTC)
    with pytest.raises(InvalidInput, match=f"options.current: '{text}' .*such as \"app 6.1\""):
        choices.choose(database, OPERATOR, "older_version", now, options={"current": ["app 6.1", text]})
    kept = choices.choose(database, OPERATOR, "older_version", now, options={"current": ["app 6.1", "앱 6.1"]})
    assert kept.options == {"current": ["app 6.1", "앱 6.1"]}
