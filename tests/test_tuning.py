"""Fitting and comparing: weights that learn which signal tells, and a test that knows chance from change."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from articles.library import Draft
from kb.cli.judge import _fill
from kb.errors import InvalidInput
from search import confidence, fusion
from search.engine import Request
from search.fusion import SIGNALS, Fusion
from search.judge import calibration, compare, weights
from search.judge.samples import Sample
from search.judge.sets import JudgedQuery, read_set
from tests.conftest import CUSTOMER, Shop

START = Fusion({"cosine": 1.0, "words": 0.5, "late": 0.5}, {"cosine": 1.0, "late": 0.5})


def samples(count: int, telling: str, seed: int = 0) -> list[Sample]:
    """Questions with ten candidates, of which the one that answers stands out in one signal alone."""
    random = np.random.default_rng(seed)
    found = []
    for number in range(count):
        signals = random.random((10, len(SIGNALS))).astype(np.float32)
        signals[number % 10, SIGNALS.index(telling)] += 0.8
        articles = tuple(f"a{i}" for i in range(10))
        query = JudgedQuery(f"q{number}", "text", "en", "", {f"a{number % 10}": 1})
        row = tuple(map(float, random.random(len(confidence.FEATURES))))
        found.append(Sample(query, signals, np.zeros(10, bool), articles, "a0", (row[0] + 1, *row[1:]), row))
    return found


def test_a_fit_learns_which_signal_tells() -> None:
    data = {"a": samples(60, "title"), "b": samples(60, "title", 1)}
    fitted, held = weights.fit_checked(data, START)
    assert held["kept"] == "fitted"
    assert held["fitted"] > held["in_effect"]
    assert fitted.same["title"] > 1 == fitted.same["cosine"]
    assert weights.mean_ndcg(data, fitted) > 0.9


def test_meaning_counts_the_same_within_a_script_and_between_two() -> None:
    fitted = weights.fit({"a": samples(60, "late")}, START)
    sums = [side["cosine"] + side["late"] for side in (fitted.same, fitted.other)]
    assert sums[0] == pytest.approx(sums[1], abs=0.01)


def test_noise_does_not_replace_the_weights_in_effect() -> None:
    data = {"a": samples(40, "cosine")}
    best = weights.fit(data, START)
    kept, held = weights.fit_checked({"a": samples(40, "cosine", 5)}, best)
    assert weights.mean_ndcg(data, kept) >= weights.mean_ndcg(data, best) - 0.02
    assert held["kept"] in ("fitted", "in effect")


def test_tuning_needs_something_to_learn_from() -> None:
    with pytest.raises(InvalidInput, match="both right and wrong"):
        weights.fit({"a": []}, START)


def test_the_question_model_is_fitted_with_the_answers_taken_away() -> None:
    data = {"a": samples(50, "title"), "b": samples(50, "title", 1)}
    assert len(calibration.gone_rows(data["a"])) == 50
    model = calibration.fit(data, "question")
    asked, without = data["a"][0].asked, data["a"][0].without
    assert model.probability(asked) > 0.5 > model.probability(without)
    report = calibration.left_out(data)
    assert report["pooled"]["question_auroc"] > 0.95


@pytest.mark.parametrize("name", ["fusion.json", "confidence.json"])
def test_a_broken_file_of_weights_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text('{"same": 1}', encoding="utf-8")
    with pytest.raises(InvalidInput, match=name):
        (fusion if name.startswith("fusion") else confidence).load(tmp_path)


def test_a_folder_without_files_means_the_releases_own(tmp_path: Path) -> None:
    assert fusion.load(tmp_path) == fusion.load()
    assert confidence.load(tmp_path) == confidence.load()


def saved(path: Path, scores: list[float]) -> Path:
    lines = [
        {"id": f"q{i}", "text": f"question {i}", "ndcg_at_10": score, "results": ["a"]}
        for i, score in enumerate(scores)
    ]
    path.write_text(json.dumps([{"set": "s", "per_query": lines}]), encoding="utf-8")
    return path


def test_two_evaluations_are_compared_question_by_question(tmp_path: Path) -> None:
    before, after = saved(tmp_path / "a.json", [0.5] * 30), saved(tmp_path / "b.json", [0.9] * 20 + [0.4] + [0.5] * 9)
    (found,) = compare.compare(compare.read(before), compare.read(after))
    assert (found.wins, found.losses, found.ties) == (20, 1, 9)
    assert found.p < 0.01
    assert found.changes[0].after == 0.4
    (same,) = compare.compare(compare.read(before), compare.read(before))
    assert same.p == 1.0


def test_chance_is_not_called_a_change() -> None:
    random = np.random.default_rng(3)
    assert compare.randomization_test(random.standard_normal(40)) > 0.05


def test_what_is_no_evaluation_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{}")
    with pytest.raises(InvalidInput, match=r"x\.json: not a file of `kb eval --save`"):
        compare.read(tmp_path / "x.json")


def test_a_set_may_be_questions_over_a_folder_of_markdown(tmp_path: Path) -> None:
    (tmp_path / "articles" / "ko").mkdir(parents=True)
    (tmp_path / "articles" / "ko" / "a.md").write_text("# 환불\n\n14일", encoding="utf-8")
    line = {"id": "q", "text": "환불", "lang": "ko", "answers": {"ko/a": 2}}
    (tmp_path / "queries.jsonl").write_text(json.dumps(line, ensure_ascii=False) + "\n", encoding="utf-8")
    found = read_set(tmp_path, articles=tmp_path / "articles")
    assert [(d.id, d.source) for d in found.documents] == [("ko/a", "ko/a.md")]
    assert found.queries[0].grades == {"ko/a": 2}


def test_articles_that_name_their_own_ids_stay_in_the_index(shop: Shop) -> None:
    markdown = "---\nid: refunds\nlocale: en\n---\n\nWithin 14 days."
    engine, chunks = _fill(shop.home, [Draft(markdown, "en/money-back.md", "en/money-back", "documents")])
    assert chunks == 1
    assert engine.rank(Request("refund days", CUSTOMER)).ids == ["refunds"]
    assert _fill(shop.home, [Draft(markdown, "en/money-back.md", "en/money-back", "documents")])[1] == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"features": ["fused"]}, "made by another release, which did not agree on"),
        ({"hit": {"bias": 0.0, "weights": [1.0], "means": [0.0], "scales": [1.0]}}, "not models of `kb tune`"),
        ({"hit": {"bias": 0.0, **dict.fromkeys(("weights", "means", "scales"), [0.0] * 9)}}, "a scale is not positive"),
    ],
)
def test_models_of_another_kind_are_refused_with_the_reason(tmp_path: Path, change: object, words: str) -> None:
    shipped = json.loads(Path(confidence.__file__).with_name("confidence.json").read_text())
    (tmp_path / "confidence.json").write_text(json.dumps(shipped | change))
    with pytest.raises(InvalidInput, match=words):
        confidence.load(tmp_path)
