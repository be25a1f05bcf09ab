"""P(needs work): what its features mean, that flags never lower it, its words, its file, and fitting it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.health.base import Demand, Flag, Severity, Shelf
from articles.health.staleness import Estimate, Model, estimates, fit, load, model, traits
from articles.health.staleness.base import FEATURES, NAMES, Table, rank
from articles.health.staleness.features import table
from articles.health.staleness.report import auroc, fit_own
from articles.history import Past
from kb.errors import InvalidInput
from kb.models import Article, Metadata

TODAY = date(2026, 11, 25)
SEVERITIES: dict[str, Severity] = {"broken": "high", "old": "medium", "alt": "low", "steps": "high"}
ROWS = len(FEATURES)


def article(name: str, text: str = "Text.", days: int | None = None, locale: str = "en", title: str = "") -> Article:
    updated = None if days is None else TODAY - timedelta(days=days)
    meta = Metadata(title or name, locale, id=name, updated=updated)
    return Article(name, name, 1, meta, "folder", f"{name}.md", text, name)


def shelf(*articles: Article, **rest: object) -> Shelf:
    return Shelf({one.id: one for one in articles}, TODAY, **rest)  # type: ignore[arg-type]


def of(found: Table, name: str) -> dict[str, float]:
    return dict(zip(found.ids, found.values[:, NAMES.index(name)].tolist(), strict=True))


def features(given_: Shelf, pasts: Mapping[str, Past] | None = None) -> Table:
    return table(given_, {}, SEVERITIES, pasts or {}, {})


def weighing(**weights: float) -> Model:
    """A model that looks at some features alone."""
    chosen = np.array([weights.get(name, 0.0) for name in NAMES])
    return Model(-2.0, chosen, np.zeros(ROWS), np.ones(ROWS))


def estimated(
    given_: Shelf, flags: Mapping[str, Sequence[Flag]] | None = None, using: Model | None = None
) -> dict[str, Estimate]:
    return estimates(given_, flags or {}, using or load(), SEVERITIES)


# --- features ------------------------------------------------------------------------------------------------


def test_age_is_among_all_and_among_siblings() -> None:
    found = features(shelf(article("a/1", days=400), article("a/2", days=100), article("b/1", days=10), article("b/2")))
    assert of(found, "age") == pytest.approx({"a/1": 5 / 6, "a/2": 0.5, "b/1": 1 / 6, "b/2": 0.5})
    assert of(found, "age_among_siblings") == {"a/1": 0.75, "a/2": 0.25, "b/1": 0.5, "b/2": 0.5}
    assert of(found, "age_to_siblings")["a/1"] > 0 > of(found, "age_to_siblings")["a/2"]


def test_an_old_base_looks_the_same_on_any_day() -> None:
    articles = [article(f"a/{n}", f"Since {2000 + n}.", days=n * 37 % 400) for n in range(12)]
    now = features(shelf(*articles))
    later = features(replace(shelf(*articles), today=TODAY + timedelta(days=2000)))
    assert np.array_equal(now.values, later.values)


def test_siblings_are_of_one_folder_and_one_language() -> None:
    found = features(shelf(*(article(f"a/{n}", days=9) for n in range(3)), article("a/ko", days=900, locale="ko")))
    assert len(set(of(found, "siblings").values())) == 2
    assert found.evidence[0]["siblings"] == 2
    assert found.evidence[-1]["siblings"] == 0


def test_an_article_that_rests_longer_than_it_used_to_is_overdue() -> None:
    often = [TODAY - timedelta(days=400 + 30 * n) for n in range(10)][::-1]
    seldom = [TODAY - timedelta(days=400), TODAY - timedelta(days=400 + 2000)][::-1]
    found = features(
        shelf(article("often"), article("seldom"), article("new"), article("now", days=0)),
        {"often": Past(tuple(often), 10), "seldom": Past(tuple(seldom), 2)},
    )
    overdue = of(found, "overdue")
    assert overdue["often"] > 2
    assert overdue["seldom"] < 0
    assert overdue["new"] == 0
    assert of(found, "changes")["often"] == pytest.approx(np.log(10))


def test_links_lead_to_what_changed_since() -> None:
    found = features(
        shelf(
            article("a", "See [b](b.md), [c](c.md) and [gone](gone.md).", days=100),
            article("b", "x", days=10),
            article("c", "x", days=200),
        )
    )
    assert of(found, "links_to")["a"] == pytest.approx(np.log(3))
    assert of(found, "linked_changed") == {"a": 0.5, "b": 0, "c": 0}
    assert of(found, "linked_from")["b"] == pytest.approx(np.log(2))


def test_a_twin_has_nearly_the_same_title_and_is_no_translation() -> None:
    articles = [
        article("a", title="Reset a forgotten password"),
        article("b", title="Reset the forgotten password"),
        article("c", title="Export invoices as spreadsheets"),
        article("d", title="Tax receipts by post"),
        replace(article("e", locale="ko", title="Export invoices as spreadsheets"), family="c"),
    ]
    twin = of(features(shelf(*articles)), "twin")
    assert twin["a"] > 0.5
    assert twin["b"] == pytest.approx(twin["a"])
    assert max(twin["c"], twin["d"], twin["e"]) == 0


def test_a_korean_twin_may_have_other_endings() -> None:
    titles = {"a": "비밀번호 재설정 방법", "b": "비밀번호를 재설정하는 방법", "c": "구독 해지", "d": "배송 지연 안내"}
    twin = of(features(shelf(*(article(name, locale="ko", title=title) for name, title in titles.items()))), "twin")
    assert twin["a"] > 0.5
    assert twin["c"] == 0


@pytest.mark.parametrize(
    ("text", "name", "count"),
    [
        ("Version 2.1 and v3, from 10.0.1 on.", "versions", 3),
        ("앱 버전 2.1 에서", "versions", 2),
        ("$5, 9,900원, 10 EUR", "prices", 3),
        ("원인: 3 원인", "prices", 0),
        ("1. Click **Save**.\n2. Tap it.\n", "steps", 2),
        ("Click **Save**, then tap.", "interface", 3),
        ("**저장** 버튼을 클릭하세요.", "interface", 3),
        ("It is currently in beta.", "preview", 2),
        ("현재 베타입니다", "preview", 2),
        ("더 이상 지원하지 않습니다", "past", 1),
        ("---\ntitle: v1 2019\n---\nNo such thing.", "versions", 0),
        ("From 2019 to 2023; code 20234.", "newest_year", 2023),
        ("From 2019 to 2023.", "oldest_year", 2019),
        ("No year.", "newest_year", 0),
    ],
)
def test_volatile_content(text: str, name: str, count: int) -> None:
    assert traits(text)[name] == count


@given(st.text())
def test_any_text_has_traits(text: str) -> None:
    assert all(value >= 0 for value in traits(text).values())
    json.dumps(traits(text))


def test_traits_that_are_known_are_not_counted_again() -> None:
    one = article("a", "Text.")
    known = {"a": {**traits("Text."), "prices": 7.0}}
    found = table(shelf(one), {}, SEVERITIES, {}, known)
    assert of(found, "prices")["a"] == pytest.approx(np.log(8))


def test_rank_puts_ties_in_their_middle_and_the_unknown_in_the_middle_of_all() -> None:
    assert rank([3.0, 1.0, 1.0, float("nan")]).tolist() == pytest.approx([5 / 6, 1 / 3, 1 / 3, 0.5])
    assert rank([float("nan")]).tolist() == [0.5]


# --- the estimate --------------------------------------------------------------------------------------------


def test_no_articles_and_one_article() -> None:
    assert estimated(shelf()) == {}
    assert 0 < estimated(shelf(article("a")))["a"].p < 1


@given(st.lists(st.sampled_from(sorted(SEVERITIES)), max_size=6), st.sampled_from(sorted(SEVERITIES)))
def test_a_flag_never_makes_an_article_look_sounder(fired: list[str], more: str) -> None:
    given_ = shelf(article("a/1", days=30), article("a/2", days=300), article("b/3"))
    flags = [Flag(name, "x") for name in fired]
    before = estimated(given_, {"a/1": flags})["a/1"].p
    assert estimated(given_, {"a/1": [*flags, Flag(more, "x")]})["a/1"].p >= before


def test_each_more_flag_counts_for_more() -> None:
    given_ = shelf(article("a"), article("b"))
    fired = [[Flag(name, "x") for name in names] for names in ([], ["broken"], ["broken", "steps"])]
    chances = [estimated(given_, {"a": flags})["a"].p for flags in fired]
    assert chances[0] < chances[1] < chances[2]


def test_readers_who_were_not_helped_raise_it_and_three_do_not_settle_it() -> None:
    def p(helped: int, not_helped: int) -> float:
        demand = {"a": Demand(views=500, helped=helped, not_helped=not_helped)}
        return estimated(shelf(article("a"), demand=demand))["a"].p

    assert p(10, 90) > p(33, 7) > p(0, 0)
    assert p(0, 3) < p(10, 90)


def test_reasons_say_what_is_so_the_strongest_first_and_name_no_other_article() -> None:
    given_ = shelf(
        article("a/secret", title="Refund a broken hub", days=5),
        article("a/1", "Read [this](secret.md). Currently in beta.", title="Refund a broken hub", days=800),
        demand={"a/1": Demand(views=100, helped=33, not_helped=7, edits=2)},
    )
    using = weighing(age=3.0, twin=0.5, preview=1.5, not_helped=6.0, edits=0.3, flags_high=1.2, linked_changed=0.7)
    found = estimated(given_, {"a/1": [Flag("broken", "'a/secret' is gone")] * 2}, using)["a/1"]
    assert [reason.message for reason in found.reasons] == [
        "last changed 26 months ago: longer than most",
        "says what is so for now 2 times: currently, beta, soon",
        "checks of high severity fire: broken (2)",
        "1 of 1 article it links to changed since",
        "7 of 40 readers said that it did not help",
        "another article has nearly the same title and description",
        "2 suggested edits are open",
    ]
    strengths = [reason.contribution for reason in found.reasons]
    assert strengths == sorted(strengths, reverse=True)
    assert min(strengths) >= 0.15
    said = json.dumps([reason.as_json() for reason in found.reasons])
    assert "secret" not in said
    assert found.reasons[4].evidence == {"not_helped": 7, "judged": 40}


def test_what_is_not_known_is_no_reason() -> None:
    assert estimated(shelf(article("a")), using=weighing(age=9.0, flags_high=9.0))["a"].reasons == ()


def test_every_feature_has_words_for_either_side() -> None:
    given_ = shelf(article("a/1", days=9), article("a/2", "[x](1.md)", days=90), demand={"a/1": Demand(views=9)})
    for name in NAMES:
        for weight in (3.0, -3.0):
            using = replace(weighing(**{name: weight}), means=np.full(ROWS, 0.7))
            for found in estimated(given_, {"a/1": [Flag("alt", "x")]}, using).values():
                assert all("{" not in reason.message for reason in found.reasons)


# --- the file ------------------------------------------------------------------------------------------------


def test_the_shipped_model_knows_no_teams_folders_and_flags_never_count_against() -> None:
    shipped = load()
    assert not shipped.products
    assert not shipped.categories
    assert all(weight >= 0 for weight, feature in zip(shipped.weights, FEATURES, strict=True) if feature.rising)


def test_a_home_without_a_model_has_the_shipped_one_and_one_with_a_model_its_own(tmp_path: Path) -> None:
    assert load(tmp_path) is load()
    own = replace(weighing(age=1.0), products={"앱": 0.5}, about={"made_by": "kb health fit"})
    (tmp_path / model.FILE).write_text(model.dump(own), encoding="utf-8")
    found = load(tmp_path)
    assert (found.bias, found.products, found.about) == (-2.0, {"앱": 0.5}, {"made_by": "kb health fit"})
    assert found.weights.tolist() == own.weights.tolist()


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("format", 9, "format: '9' is not 1"),
        ("bias", "much", "bias: 'much' is not a number"),
        ("bias", True, "bias: 'True' is not a number"),
        ("features", [], "features: '[]' is not a mapping"),
        ("features", {}, "features: 'age' is unknown or missing"),
        ("products", {"a": None}, "products: a: 'None' is not a number"),
    ],
)
def test_a_damaged_file_says_where(key: str, value: object, problem: str) -> None:
    said = {**json.loads(model.dump(weighing())), key: value}
    with pytest.raises(InvalidInput, match=f"^staleness.json: {problem.replace('[', chr(92) + '[')}"):
        model.parse(json.dumps(said), "staleness.json")


@pytest.mark.parametrize(
    ("name", "part", "value", "problem"),
    [
        ("age", "scale", 0, "age: scale: 0.0 is not above 0"),
        ("flags_high", "weight", -1, "flags_high: weight: -1.0 is below 0"),
        ("age", "weight", "NaN", "age: weight: 'NaN' is not a number"),
    ],
)
def test_a_damaged_feature_says_where(name: str, part: str, value: object, problem: str) -> None:
    said = json.loads(model.dump(weighing()))
    said["features"][name][part] = value
    with pytest.raises(InvalidInput, match=problem):
        model.parse(json.dumps(said), "staleness.json")


@given(st.text(max_size=60))
def test_no_text_is_read_as_a_model_by_accident(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"^staleness\.json: "):
        model.parse(text, "staleness.json")


def test_scoring_loads_neither_scipy_nor_scikit_learn() -> None:
    code = (
        "import sys; from articles.health.staleness import load, estimates; from articles.health.base import Shelf; "
        "from datetime import date; estimates(Shelf({}, date(2026, 1, 1)), {}, load(), {}); "
        "assert not {'scipy', 'sklearn', 'torch'} & set(sys.modules), sorted(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parent.parent)


# --- fitting -------------------------------------------------------------------------------------------------


def cases(rows: int = 400, **weights: float) -> fit.Cases:
    """Articles that need work by the weights of some features; the others are noise, or 0 where they have a prior."""
    random = np.random.default_rng(0)
    values = random.standard_normal((rows, ROWS))
    values[:, [bool(feature.prior) and feature.name not in weights for feature in FEATURES]] = 0.0
    logits = sum(weight * values[:, NAMES.index(name)] for name, weight in weights.items()) - 1.0
    labels = random.random(rows) < 1 / (1 + np.exp(-logits))
    names = tuple(f"a{number}" for number in range(rows))
    products = tuple(f"p{number % 4}" for number in range(rows))
    return fit.Cases(Table(names, values, products, products, ({},) * rows), labels, np.ones(rows))


def test_a_fit_finds_what_matters() -> None:
    found = fit.fit(cases(2000, age=1.5, twin=-1.0), fit.Terms())
    weights = dict(zip(NAMES, found.weights, strict=True))
    assert 0.7 < weights["age"] < 1.5
    assert -1.0 < weights["twin"] < -0.4
    assert abs(weights["code"]) < 0.1


def test_flags_keep_a_weight_of_0_or_more_even_where_the_history_says_otherwise() -> None:
    found = fit.fit(cases(2000, flags_high=-2.0, not_helped=-2.0), fit.Terms())
    assert found.weights[NAMES.index("flags_high")] == 0
    assert found.weights[NAMES.index("not_helped")] == 0


def test_what_nothing_is_learned_of_keeps_what_is_supposed_of_it() -> None:
    assert fit.fit(cases(200), fit.Terms()).weights[NAMES.index("edits")] == pytest.approx(0.7, abs=0.01)


def test_what_is_only_supposed_is_not_learned_whatever_the_history_says() -> None:
    known = cases(1000, flags_high=2.0)
    found = fit.fit(known, fit.Terms(supposed=["flags_high"]))
    at = NAMES.index("flags_high")
    assert found.weights[at] / found.scales[at] == pytest.approx(0.5)
    assert fit.fit(known, fit.Terms()).weights[at] > 1


def test_features_that_are_not_asked_for_get_no_weight() -> None:
    found = fit.fit(cases(age=1.0, twin=1.0), fit.Terms(["age"]))
    assert found.weights[NAMES.index("twin")] == 0
    assert found.weights[NAMES.index("age")] > 0.25


def test_a_product_that_often_needs_work_is_learned_and_one_that_is_new_is_as_any() -> None:
    known = cases(400)
    labels = np.array([product == "p1" for product in known.table.products])
    found = fit.fit(replace(known, labels=labels), fit.Terms(rates=True))
    assert found.products["p1"] > 1 > 0 > found.products["p0"]
    rated = found.rated(replace(known.table, products=("new",) * 400))
    assert rated[:, NAMES.index("product_rate")].tolist() == [0.0] * 400


def test_rates_do_not_give_an_articles_own_answer_away() -> None:
    known = cases(300)
    alone = replace(known.table, products=known.table.ids, categories=known.table.ids)  # each its own product
    found = fit.cross_validated(replace(known, table=alone), [str(n % 5) for n in range(300)], fit.Terms(rates=True))
    assert abs(auroc(known.labels, found) - 0.5) < 0.1


def test_too_little_history_is_refused_with_its_numbers() -> None:
    known = cases(100)
    few = replace(known, labels=np.arange(100) < 7)
    with pytest.raises(InvalidInput, match="too little history: 7 articles were rewritten or removed and 93 were not"):
        fit_own(few, TODAY, TODAY, TODAY)


def test_a_fit_to_own_history_says_how_well_it_foresees() -> None:
    found = fit_own(cases(600, twin=2.0), TODAY - timedelta(days=240), TODAY, TODAY)
    figures = found.about["cross_validated"]
    assert figures["auroc"] > 0.75 > figures["age_alone"] + 0.1
    assert figures["calibration_error"] < 0.12
    assert "twin" in found.about["strongest"]
    assert model.parse(model.dump(found), "x").about == found.about


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=2, max_size=40))
def test_auroc_is_that_of_all_pairs(pairs: list[tuple[bool, int]]) -> None:
    labels = np.array([label for label, _ in pairs])
    if labels.all() or not labels.any():
        return
    above = [(a > b) + (a == b) / 2 for one, a in pairs if one for other, b in pairs if not other]
    assert auroc(labels, [float(value) for _, value in pairs]) == pytest.approx(np.mean(above))
