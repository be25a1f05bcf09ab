"""Faults between articles: one written twice, and a claim that is told elsewhere with another value.

Only what is put in is looked for, among some other articles: a whole shelf takes seconds.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace

from articles.health import translation
from articles.health.base import Demand, Shelf
from articles.health.pairs.claims import Claim, claims
from articles.health.pairs.contradictions import could_disagree, tells
from articles.health.pairs.look import with_pairs
from articles.health.pairs.quantities import agree, plain, quantities
from articles.prepare import read_article
from indexer.language import base
from indexer.markdown import parse
from kb.models import Article

Inject = Callable[[Shelf, Article, random.Random], Shelf | None]

_AMONG = 40  # other articles, so that what all of them say is known
_WORDS = {
    "en": (
        *(("click", "select"), ("make sure that", "check that"), ("issue", "problem"), ("occurs", "happens")),
        *(("to fix", "to resolve"), ("however", "but"), ("must", "have to"), ("you can", "it is possible to")),
        *(("open", "go to"), ("choose", "pick"), ("receive", "get"), ("because", "since"), ("also", "as well")),
    ),
    "ko": (
        *(
            ("합니다", "해요"),
            ("하세요", "해 주세요"),
            ("됩니다", "돼요"),
            ("누르세요", "눌러 주세요"),
            ("있습니다", "있어요"),
        ),
        *(("그리고", "또한"), ("하지만", "그러나"), ("바꾸", "변경하"), ("알려 드려요", "안내해 드립니다")),
    ),
}
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_OPPOSITES = (
    *(("cannot be", "can be"), ("can be", "cannot be"), ("You cannot", "You can"), ("You can ", "You cannot ")),
    *(
        ("수 없습니다", "수 있습니다"),
        ("수 있습니다", "수 없습니다"),
        ("수 없어요", "수 있어요"),
        ("수 있어요", "수 없어요"),
    ),
    *(
        ("불가합니다", "가능합니다"),
        ("가능합니다", "불가합니다"),
        ("지원하지 않습니다", "지원합니다"),
        ("안 됩니다", "됩니다"),
    ),
)
_POLARITY = re.compile(r"\bnot\b|n't\b|cannot|\bcan\b|수 [있없]|지 않|불가|가능|안 [되됩돼]")
_STEP = re.compile(r"( > )(?:[A-Z][\w-]*(?:(?: and|,)? [A-Z][\w-]*)*|[가-힣 ]+?(?=에서|으로| >|[을를.,;]|$))")
_STEPS = {"en": ("Preferences", "Overview", "Tools"), "ko": ("환경설정", "요약", "도구")}
_POINTS = re.compile(  # at what stands elsewhere: denied on another page it denies nothing
    r"\b(?:this|these|that|those|it|they|here|following|above|below|then|also|how many)\b"
    r"|(?:^|\s)(?:이|그|다음|아래|위)\s",
    re.IGNORECASE,
)
_PREFIX = {"en": "Keep in mind: ", "ko": "참고로 "}


def _among(shelf: Shelf, rng: random.Random, *articles: Article) -> Shelf:
    """The shelf with these articles in it, and the pairs that they are in."""
    others = [other for other in shelf.published if other.id not in {article.id for article in articles}]
    some = rng.sample(others, min(_AMONG, len(others)))
    small = replace(shelf, articles={article.id: article for article in (*some, *articles)})
    found = with_pairs(small)
    known = {name: facts for name, facts in shelf.known.items() if name not in {article.id for article in articles}}
    every = {**shelf.articles, **{article.id: article for article in articles}}
    return replace(shelf, articles=every, known=known, duplicates=found.duplicates, contradictions=found.contradictions)


def written_twice(shelf: Shelf, article: Article, rng: random.Random) -> Shelf | None:
    """Another article says the same in other words and another order, and is read more."""
    if len(article.markdown.split()) < 120:
        return None
    head, body = _parts(article.markdown)
    first, *sections = re.split(r"(?m)^(?=## )", body)
    rng.shuffle(sections)
    text = "".join((first, *sections))
    for word, other in _WORDS.get(base(article.metadata.locale), ()):
        text = re.sub(re.escape(word), other, text, flags=re.IGNORECASE)
    found = read_article(head + text, article.source, article.id, article.folder)
    name = f"{article.id}-copy"
    meta = replace(found.metadata, id=name, translation_of="", state="published")
    copy = replace(found, id=name, family=name, source=f"copy-of-{article.source}", metadata=meta)
    read = {**shelf.demand, copy.id: Demand(views=1_000)}
    return replace(_among(shelf, rng, article, copy), demand=read)


def told_otherwise(shelf: Shelf, article: Article, rng: random.Random) -> Shelf | None:
    """The article says at its end what another one says, with another value or menu, or denies it."""
    others = [other for other in shelf.published if other.family != article.family and could_disagree(article, other)]
    rng.shuffle(others)
    others.sort(key=lambda other: _folder(other) != _folder(article))  # pages about the same product first
    for other in others[:30]:
        told = [otherwise for claim in _claims(other) for otherwise in _otherwise(claim, rng)]
        if told:
            said = _PREFIX.get(base(article.metadata.locale), "") + rng.choice(told)
            changed = f"{article.markdown.rstrip()}\n\n{said}\n"
            found = read_article(changed, article.source, article.id, article.folder)
            mine = replace(article, markdown=changed, content_hash=found.content_hash)
            return _among(shelf, rng, mine, other)
    return None


def _folder(article: Article) -> str:
    return article.source.rpartition("/")[0]


def _claims(article: Article) -> list[Claim]:
    text = "\n".join(
        block.text for block in parse(article.markdown, article.source).blocks if block.kind == "paragraph"
    )
    found = claims(text, article.metadata.locale, article.metadata.title)
    return [claim for claim in found if tells(claim) and len(claim.words) >= 5]


def _otherwise(claim: Claim, rng: random.Random) -> list[str]:
    """The claim with three or five times its value, with the opposite, or with another second step of its menu."""
    text, found = claim.text, []
    kinds = ("duration", "money", "percent", "business days")
    if len(claim.values) == 1 and claim.values[0].kind.startswith(kinds) and claim.values[0].low:
        (start, end), factor = claim.values[0].span, rng.choice((3, 5))
        value = _NUMBER.sub(lambda match: f"{float(match.group().replace(',', '')) * factor:g}", text[start:end])
        found.append(text[:start] + value + text[end:])
    said = next((pair for pair in _OPPOSITES if pair[0] in text), None)
    sure = not claim.conditions and len(_POLARITY.findall(text)) == 1 and not _POINTS.search(text)
    found += [text.replace(*said, 1)] if said and sure else []
    if len(claim.paths) == 1:
        step = rng.choice(_STEPS[claim.language])
        found.append(_STEP.sub(rf"\g<1>{step}", text, count=1))
    return [one for one in found if one != text]


def _parts(markdown: str) -> tuple[str, str]:
    match = re.match(r"\A---\n.*?\n---\n", markdown, re.DOTALL)
    return (match.group(), markdown[match.end() :]) if match else ("", markdown)


def translated_otherwise(shelf: Shelf, article: Article, rng: random.Random) -> Shelf | None:
    """The translation says three times a quantity that it has in common with its source."""
    source = shelf.articles.get(article.metadata.translation_of)
    if source is None or any(translation.CHECK.look(article, shelf)):
        return None
    head, body = _parts(article.markdown)
    theirs = quantities(plain(_parts(source.markdown)[1]), base(source.metadata.locale))
    ours = quantities(plain(body), base(article.metadata.locale))
    kinds = ("duration", "money", "percent", "working days", "size")
    texts = [
        q.text for q in ours
        if q.kind.startswith(kinds) and _NUMBER.match(q.text) and body.count(q.text) == 1
        and any(q.kind == other.kind and agree(q, other) for other in theirs)
    ]  # fmt: skip
    if not texts:
        return None
    text = rng.choice(texts)
    other = _NUMBER.sub(lambda match: f"{float(match.group().replace(',', '')) * 3:,g}", text)
    changed = head + body.replace(text, other)
    found = read_article(changed, article.source, article.id, article.folder)
    mine = replace(article, markdown=changed, content_hash=found.content_hash)
    return replace(shelf, articles={**shelf.articles, article.id: mine})


INJECT: dict[str, Inject] = {
    "near_duplicate": written_twice,
    "contradiction": told_otherwise,
    "translation_differs": translated_otherwise,
}
