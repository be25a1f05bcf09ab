"""Clusters of questions, their names and their ids."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.gaps import linkage, names, stable
from articles.gaps.cluster import group
from articles.gaps.nouns import Cluster, Known, Question
from indexer.analyze import Analyzer
from indexer.embed import SentenceTransformerEmbedder
from kb.ports import Vectors
from tests.conftest import STARTER
from tests.questions import AXES, asked, cluster_of, near, split

# eight questions in twelve wordings each; every two neighbours look alike and have different answers
WORDINGS = """
change e-mail
How do I change the e-mail address of my account? | update my email address |
I have a new email and want to sign in with that one | replace the old e-mail on my profile with a new address |
can I switch my login email to another one? | my email address has changed, where do I enter the new one |
계정 이메일 주소를 바꾸고 싶어요 | 이메일 주소 변경은 어디서 하나요? |
로그인할 때 쓰는 이메일을 다른 걸로 바꾸려면? | 새 메일 주소로 변경하는 방법 |
회사를 옮겨서 이메일이 바뀌었는데 어떻게 수정하나요 | 프로필에 등록된 메일 주소 수정 방법 알려주세요

change password
How do I change my password? | I want to set a new password | where can I update my password |
choose a different password for my account | can I replace my current password with a stronger one? |
steps for changing the password | 비밀번호를 바꾸고 싶어요 | 비밀번호 변경은 어디서 하나요? |
새 비밀번호를 설정하려면 어떻게 해야 하나요 | 지금 쓰는 암호를 다른 암호로 바꾸려면? |
계정 비밀번호 변경 방법 알려주세요 | 패스워드 변경하는 법

cancel order
How can I cancel an order I just placed? | cancel my order before it ships |
I ordered the wrong thing, can I cancel the order? | stop an order that has not been sent yet |
is it possible to call off my purchase before shipping | want to cancel the order I made this morning |
방금 주문한 걸 취소하고 싶어요 | 배송 전에 주문 취소가 되나요? | 주문을 잘못했는데 취소할 수 있나요 |
아직 출고 안 된 주문 취소 방법 | 오늘 아침에 넣은 주문을 취소하려면? | 주문 취소는 어디서 하나요

cancel subscription
How do I cancel my subscription? | stop my subscription from renewing |
I no longer want to subscribe, how do I end it? | turn off automatic renewal of the membership |
end my monthly subscription | where can I unsubscribe from the paid plan | 구독을 해지하고 싶어요 |
정기 구독 취소는 어떻게 하나요? | 구독 자동 갱신을 끄려면? | 더 이상 구독하고 싶지 않아요, 해지 방법 알려주세요 |
유료 멤버십 구독 해지하는 곳 | 월 구독 그만하려면 어떻게 해야 하나요

export data
How do I export all my data? | download a copy of my data | can I get my records as a CSV file? |
export everything to a spreadsheet | I need a file with all of my data in it | where is the data export |
내 데이터를 전부 내보내고 싶어요 | 데이터 내보내기는 어디에 있나요? | 기록을 CSV 파일로 받을 수 있나요 |
전체 데이터를 엑셀로 내려받으려면? | 제 데이터 사본을 다운로드하는 방법 | 데이터를 파일로 추출하려면 어떻게 하나요

delete data
How do I delete all my data? | erase everything you have stored about me |
please remove my personal data from your servers | I want my records deleted for good |
can you wipe all of my data? | request deletion of my data | 내 데이터를 전부 삭제하고 싶어요 |
저장된 개인정보를 모두 지워 주세요 | 제 기록을 영구적으로 삭제하려면? | 데이터 삭제 요청은 어떻게 하나요 |
서버에 남은 제 데이터를 없애고 싶습니다 | 개인 데이터 완전 삭제 방법

parcel damaged
My parcel arrived damaged, what now? | the box was crushed and the item is broken |
received a broken product in the delivery | what do I do when the goods come damaged |
item was smashed when it was delivered | the package came torn open and the contents are damaged |
택배가 파손돼서 왔어요 | 받은 상품이 깨져 있어요 | 배송 중에 물건이 망가진 것 같아요, 어떻게 하나요 |
박스가 찌그러지고 제품이 부서져서 도착했습니다 | 파손된 상품을 받았을 때는? |
배송받은 물건이 파손되어 있는데 어떻게 해야 하나요

parcel late
My parcel has not arrived yet | the delivery is late, when will it come? |
order was due yesterday and still is not here | what do I do when a delivery is delayed |
how long until my late package arrives | still waiting for my parcel after a week | 택배가 아직 안 왔어요 |
배송이 늦어지고 있는데 언제 도착하나요? | 어제 온다던 주문이 아직도 안 왔습니다 | 배송 지연되면 어떻게 하나요 |
일주일째 물건을 못 받고 있어요 | 배송이 너무 늦는데 언제쯤 받을 수 있을까요
"""
GROUPS = {
    head: [text.strip() for text in " ".join(lines).split("|")]
    for head, *lines in (block.strip().splitlines() for block in WORDINGS.split("\n\n"))
}


# --- grouping --------------------------------------------------------------------------------------------------


def three_topics() -> list[Question]:
    texts = (
        "reset the router",
        "router restart",
        "restart my router",
        "pay by card",
        "card payment",
        "pay with a card",
    )
    found = [asked(f"q{i}", text, near(i // 3, 4 + i)) for i, text in enumerate(texts)]
    return [*found, asked("q6", "unicorns", near(2)), asked("q7", "  Unicorns ", near(2))]


def ids(clusters: Sequence[Cluster]) -> set[frozenset[str]]:
    return {frozenset(question.id for question in cluster.questions) for cluster in clusters}


def test_groups_join_what_is_alike_and_keep_single_questions() -> None:
    found = group(three_topics(), split, {})
    assert ids(found) == {frozenset({"q0", "q1", "q2"}), frozenset({"q3", "q4", "q5"}), frozenset({"q6", "q7"})}
    assert "router" in next(cluster for cluster in found if cluster.questions[0].id in {"q0", "q1", "q2"}).terms
    assert group([], split, {}) == []


def test_any_order_of_questions_makes_the_same_groups() -> None:
    questions = three_topics()
    first = group(questions, split, {})
    for order in list(permutations(questions))[:: 40320 // 7]:
        again = group(order, split, {})
        assert [[q.id for q in c.questions] for c in again] == [[q.id for q in c.questions] for c in first]
        assert [c.terms for c in again] == [c.terms for c in first]


def test_groups_stay_as_they_were_and_what_is_new_joins_one_or_makes_another() -> None:
    questions = three_topics()
    first = group(questions, split, {})
    homes = {question.id: str(place) for place, own in enumerate(first) for question in own.questions}
    assert ids(group(questions, split, {}, homes)) == ids(first)
    apart = {**homes, "q2": "alone"}  # as somebody put it, or as it came before what is like it
    assert frozenset({"q2"}) in ids(group(questions, split, {}, apart))
    new = [
        asked("n1", "restart router", near(0, 14)),
        asked("n2", "gift wrap", near(3)),
        asked("n3", "wrap", near(3, 4)),
    ]
    assert ids(group([*questions, *new], split, {}, homes)) == {
        *({frozenset({"q0", "q1", "q2", "n1"}), frozenset({"q3", "q4", "q5"})}),
        *({frozenset({"q6", "q7"}), frozenset({"n2", "n3"})}),
    }
    few = {"q0": "a", "q3": "a"}  # most is new: what was is no guide
    assert ids(group(questions, split, {}, few)) == ids(first)


def test_questions_without_a_vector_join_those_of_the_same_words_only() -> None:
    empty = np.zeros(0, np.float32)
    found = group([asked("a", "Refund", empty), asked("b", "refund ", empty), asked("c", "refunds", empty)], split, {})
    assert ids(found) == {frozenset({"a", "b"}), frozenset({"c"})}


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 40))
def test_linkage_is_average_linkage(seed: int, count: int) -> None:
    """As scikit-learn's, with all pairs in memory, makes it."""
    from sklearn.cluster import AgglomerativeClustering

    rows = linkage.unit(np.random.default_rng(seed).standard_normal((count, 8)).astype(np.float32))
    distances = np.maximum(0, 2 - rows @ rows.T)
    oracle = AgglomerativeClustering(None, metric="precomputed", linkage="average", distance_threshold=2 - 0.25)
    expected = oracle.fit_predict(distances)
    found = linkage.link(rows, 0.25)
    assert ((found[:, None] == found) == (expected[:, None] == expected)).all()


def test_a_question_that_is_close_to_none_of_its_group_leaves_it() -> None:
    """The fewer the others are, the closer it must be; less so where another language stands between."""

    def kept(likeness: float, others: int, spoken: tuple[str, str] = ("en", "en")) -> int:
        stranger = likeness * AXES[0] + float(np.sqrt(1 - likeness**2)) * AXES[1]
        rows = np.stack([*[AXES[0]] * others, stranger]).astype(np.float32)
        languages = np.array([*[spoken[0]] * others, spoken[1]])
        labels = linkage.release(rows, np.zeros(others + 1, np.int64), languages)
        assert set(labels[:others]) == {0}
        return int((labels == 0).sum())

    assert [kept(0.3, others) for others in (1, 2, 9)] == [1, 2, 10]
    assert [kept(0.4, others) for others in (1, 2, 9)] == [2, 3, 10]
    assert kept(0.2, 9) == 9
    assert kept(0.3, 1, ("en", "ko")) == 2


# --- names -----------------------------------------------------------------------------------------------------


def test_a_name_is_a_central_question_in_the_language_of_most() -> None:
    questions = (
        asked("a", "where is the login code", near(0, 1, 0.1)),
        asked("b", "login code does not come", near(0, 2, 0.9)),
        asked("c", "인증 번호가 안 와요", near(0, 1, 0.05), "ko"),
    )
    assert names.name(cluster_of(*questions)) == "where is the login code"
    korean = [replace(questions[2], id=f"k{i}") for i in range(3)]
    assert names.name(cluster_of(*questions, *korean)) == "인증 번호가 안 와요"


@given(st.text(min_size=1, max_size=300))
def test_no_name_is_longer_than_80_characters_or_has_two_lines(text: str) -> None:
    found = names.name(cluster_of(asked("a", text, near(0))))
    assert 0 < len(found) <= 80
    assert len(found.splitlines()) == 1


def test_a_ticket_is_named_by_its_subject() -> None:
    ticket = asked("t", "Login code missing\n\nHello, I have waited for an hour and " + "still " * 30, near(0))
    assert names.name(cluster_of(ticket)) == "Login code missing"


# --- ids -------------------------------------------------------------------------------------------------------


def known(gap: str, cluster: Cluster, **other: object) -> Known:
    return Known(gap, frozenset(q.id for q in cluster.questions), cluster.centroid, **other)  # type: ignore[arg-type]


def by_gap(found: Sequence[tuple[str, Cluster]]) -> dict[str, set[str]]:
    return {gap: {question.id for question in cluster.questions} for gap, cluster in found}


def test_ids_stay_when_questions_come_and_the_stream_is_shuffled() -> None:
    random_ = np.random.default_rng(1)
    axes = linkage.unit(random_.standard_normal((12, 64)).astype(np.float32))
    noise = linkage.unit(random_.standard_normal((220, 64)).astype(np.float32))
    vectors = linkage.unit(axes[np.arange(220) % 12] + 0.5 * noise)
    questions = [asked(f"q{i:03}", f"topic{i % 12} wording{i}", vectors[i]) for i in range(220)]
    before = stable.assign(group(questions[:120], split, {}), [])
    assert len(before) == 12
    more = random.Random(2).sample(questions, 220)
    after = by_gap(stable.assign(group(more, split, {}), [known(gap, cluster) for gap, cluster in before]))
    assert set(after) == {gap for gap, _ in before}
    assert all({q.id for q in cluster.questions} <= after[gap] for gap, cluster in before)


def test_a_gap_whose_questions_are_forgotten_is_known_by_its_centroid() -> None:
    old, new = cluster_of(asked("old", "code", near(0))), cluster_of(asked("new", "codes", near(0, lean=0.31)))
    far = cluster_of(asked("far", "card", near(1)))
    assert by_gap(stable.assign([new, far], [known("gap", old)]))["gap"] == {"new"}


def test_what_a_person_split_or_merged_stays_so() -> None:
    a, b, c = (asked(name, name, near(0, 1 + place, 0.2)) for place, name in enumerate("abc"))
    new = asked("n", "n", near(0, 1, 0.21))  # asks what `a` asks
    parent, split_off = cluster_of(b, c), known("split", cluster_of(a), pinned=frozenset({"a"}))
    assert by_gap(stable.assign([cluster_of(a, b, c, new)], [known("parent", parent), split_off])) == {
        "parent": {"b", "c"},
        "split": {"a", "n"},
    }
    merged = [known("one", cluster_of(a)), known("two", cluster_of(b), merged_into="one")]
    assert by_gap(stable.assign([cluster_of(b, c), cluster_of(a)], merged)) == {"one": {"a", "b", "c"}}
    ring = [known("one", cluster_of(a), merged_into="two"), known("two", cluster_of(b), merged_into="one")]
    assert len(stable.assign([cluster_of(a), cluster_of(b)], ring)) == 2  # and it ends


def test_a_new_gap_never_takes_the_id_of_one_that_is_there() -> None:
    a, b = asked("a", "a", near(0)), asked("b", "b", near(1))
    held = known(stable.new_id(a), cluster_of(b))
    found = by_gap(stable.assign([cluster_of(a), cluster_of(b)], [held]))
    assert found.pop(held.id) == {"b"}
    assert list(found.values()) == [{"a"}]


# --- with the real model ---------------------------------------------------------------------------------------


@cache
def embedded(model: SentenceTransformerEmbedder) -> tuple[list[Question], dict[str, str], dict[str, Vectors]]:
    """The questions of GROUPS and the titles of the starter articles, each topic's name, and the titles' vectors."""
    topics = {text: topic for topic, texts in GROUPS.items() for text in texts}
    titles = {
        re.findall(r"^title: *(.+)$", path.read_text(encoding="utf-8"), re.M)[0]: path.parent.name
        for path in sorted(STARTER.rglob("*.md"))
    }
    texts = [*topics, *titles]
    vectors = model.queries(texts).vectors
    spoken = [titles.get(text) or ("ko" if re.search("[가-힣]", text) else "en") for text in texts]
    questions = [asked(f"{i:03}", *item) for i, item in enumerate(zip(texts, vectors, spoken, strict=True))]
    background = {
        code: np.stack([q.vector for q in questions[len(topics) :] if q.language == code]) for code in ("en", "ko")
    }
    return questions, topics, background


def words(text: str, language: str) -> tuple[str, ...]:
    return Analyzer().question(text, language).fields[0]


@pytest.mark.model
def test_paraphrases_in_two_languages_are_one_gap_and_look_alikes_are_not(
    real_embedder: SentenceTransformerEmbedder,
) -> None:
    questions, topics, background = embedded(real_embedder)
    clusters = group(questions, words, background)
    counts = [Counter(topics.get(question.text, "") for question in cluster.questions) for cluster in clusters]
    largest = {topic: max(count[topic] for count in counts) for topic in GROUPS}
    assert sum(size >= 10 for size in largest.values()) >= 6, largest  # of twelve wordings
    assert sum(largest.values()) >= 80, largest
    for count in counts:
        assert len([topic for topic, size in count.items() if topic and size > 1]) <= 1, count
    both = [c for c in clusters if len(c.questions) >= 10]
    assert all({"en", "ko"} == {question.language for question in cluster.questions} for cluster in both)


@pytest.mark.model
@pytest.mark.parametrize("topic", list(GROUPS)[:6])
def test_a_topic_alone_is_one_gap(topic: str, real_embedder: SentenceTransformerEmbedder) -> None:
    questions, topics, background = embedded(real_embedder)
    own = [question for question in questions if topics.get(question.text) == topic]
    clusters = group(own, words, background)
    assert len(clusters[0].questions) >= 10
    assert names.name(clusters[0]) in GROUPS[topic]
