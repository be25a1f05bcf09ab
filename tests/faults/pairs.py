"""Faults between articles: one written twice, and a claim that is told elsewhere with another value.

Only what is put in is looked for, among some other articles: a whole shelf takes seconds.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace

from articles.health.base import Demand, Shelf
from articles.health.pairs.claims import Claim, claims
from articles.health.pairs.contradictions import could_disagree, tells
from articles.health.pairs.look import with_pairs
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
    """The article says at its end what another one says, with another value."""
    others = [other for other in shelf.published if other.family != article.family and could_disagree(article, other)]
    rng.shuffle(others)
    for other in others[:30]:
        told = [claim for claim in _claims(other) if claim.values and len(claim.words) >= 5]
        if told:
            claim = rng.choice(told)
            language = base(article.metadata.locale)
            said = _PREFIX.get(language, "") + _otherwise(claim, rng)
            changed = f"{article.markdown.rstrip()}\n\n{said}\n"
            found = read_article(changed, article.source, article.id, article.folder)
            mine = replace(article, markdown=changed, content_hash=found.content_hash)
            return _among(shelf, rng, mine, other)
    return None


def _claims(article: Article) -> list[Claim]:
    text = "\n".join(
        block.text for block in parse(article.markdown, article.source).blocks if block.kind == "paragraph"
    )
    found = claims(text, article.metadata.locale, article.metadata.title)
    kinds = ("duration", "money", "percent", "business days")
    return [
        one for one in found if tells(one) and len(one.values) == 1 and one.values[0].kind.startswith(kinds)
        and one.values[0].low and _NUMBER.search(one.values[0].text)
    ]  # fmt: skip


def _otherwise(claim: Claim, rng: random.Random) -> str:
    """The claim with three or five times its value."""
    (start, end), factor = claim.values[0].span, rng.choice((3, 5))
    value = _NUMBER.sub(lambda match: f"{float(match.group().replace(',', '')) * factor:g}", claim.text[start:end])
    return claim.text[:start] + value + claim.text[end:]


def _parts(markdown: str) -> tuple[str, str]:
    match = re.match(r"\A---\n.*?\n---\n", markdown, re.DOTALL)
    return (match.group(), markdown[match.end() :]) if match else ("", markdown)


INJECT: dict[str, Inject] = {"near_duplicate": written_twice, "contradiction": told_otherwise}
