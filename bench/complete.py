"""Completing a keystroke against a bare look-up, interleaved: `python bench/complete.py [PHRASES]`.

The look-up normalises what is typed, finds it in a dictionary that maps every prefix of the same phrases (normalised,
of any length) to its eight best, and makes a list. Phrases are the starter's titles and headings with numbered product
words; what is typed is every stroke of questions made of the same words, of initials and of slips. Prints the
p50 and p99 of both in microseconds and their ratios, for all strokes and by what was typed.
"""

from __future__ import annotations

import random
import re
import sys
import time
from collections.abc import Callable
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

from hangulpy import join_jamos

import articles
from indexer.analyze import normalise
from search.complete import Completions, Phrase
from search.hangul import initials, jamo, to_english_keys

PRODUCTS = {
    "ko": ("나루 허브", "나루 앱", "정기 배송", "요금제", "멤버십"),
    "en": ("Naru Hub", "Naru app", "Plan", "Box"),
}


@lru_cache
def texts(locale: str) -> tuple[str, ...]:
    found: list[str] = []
    for path in sorted((Path(articles.__file__).parent / "starter" / locale).glob("*.md")):
        found += re.findall(r"^(?:title:|#+) *(.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return tuple(dict.fromkeys(found))


def phrases(count: int, rng: random.Random) -> list[Phrase]:
    made: dict[str, Phrase] = {}
    while len(made) < count:
        locale = rng.choice(("ko", "en"))
        text, product = rng.choice(texts(locale)), f"{rng.choice(PRODUCTS[locale])} {rng.randrange(1, 400)}"
        text = rng.choice((f"{product} {text}", f"{text} {product}", f"{text} ({product})"))
        kind, weight = rng.choice((("title", 3.0), ("heading", 2.0), ("query", 1.0)))
        made[text] = Phrase(text, kind, f"a{len(made)}", "public", locale, weight + rng.random())
    return list(made.values())


def slip(text: str, rng: random.Random) -> str:
    strokes, at = jamo(text), rng.randrange(2, 7)
    return strokes[:at] + strokes[at + 1 : at + 2] + strokes[at : at + 1] + strokes[at + 2 :]


def strokes_of(text: str) -> list[str]:
    """What stands in the box after every stroke."""
    return [join_jamos(moment) for moment in accumulate(jamo(text))]


def typed(chosen: list[Phrase], rng: random.Random) -> list[tuple[str, str]]:
    """What was typed, by what it is: most of it beginnings and words, some of it initials, the wrong layout, slips."""
    rows: list[tuple[str, str]] = []
    for phrase in chosen:
        words = phrase.text.split()
        some = " ".join(rng.sample(words, min(len(words), 3)))
        way = rng.choices(("beginning", "words", "initials", "layout", "slip"), (45, 35, 8, 4, 8))[0]
        if way == "initials" and phrase.locale == "ko":
            moments = list(accumulate(initials(some)[:8]))
        elif way == "layout" and phrase.locale == "ko":
            moments = list(accumulate(to_english_keys(words[0])))
        elif way == "slip":
            moments = strokes_of(slip(some, rng))[:16]
        else:
            way = way if way in ("beginning", "words") else "words"
            moments = strokes_of(phrase.text if way == "beginning" else some)[:30]
        rows += [(way, moment) for moment in moments]
    return rows


def look_up(everything: list[Phrase]) -> Callable[[str], list[Phrase]]:
    best: dict[str, list[Phrase]] = {}
    for phrase in sorted(everything, key=lambda p: -p.weight):
        for prefix in accumulate(normalise(phrase.text)):
            found = best.setdefault(prefix, [])
            if len(found) < 8:
                found.append(phrase)
    frozen = {prefix: tuple(found) for prefix, found in best.items()}
    return lambda text: list(frozen.get(normalise(text), ()))


def microseconds(job: Callable[[], object]) -> float:
    started = time.perf_counter_ns()
    job()
    return (time.perf_counter_ns() - started) / 1000


def report(name: str, pairs: list[tuple[float, float]]) -> None:
    ours, bare = (sorted(times) for times in zip(*pairs, strict=True))
    at = len(pairs) // 2, len(pairs) * 99 // 100
    figures = [
        f"p{p} {ours[i]:.1f} / {bare[i]:.2f} = {ours[i] / bare[i]:.1f}" for p, i in zip((50, 99), at, strict=True)
    ]
    print(f"{name:10} {len(pairs):6} strokes: {', '.join(figures)}")


def main(count: int = 20_000) -> None:
    rng = random.Random(7)
    everything = phrases(count, rng)
    started = time.perf_counter()
    completions = Completions(everything)
    print(f"{count} phrases, built in {time.perf_counter() - started:.1f} s")
    bare = look_up(everything)
    rows = typed(rng.sample(everything, 1000), rng)
    times: dict[str, list[tuple[float, float]]] = {}
    for way, text in rows:
        one = microseconds(lambda text=text: completions.complete(text, lambda phrase: phrase.audience == "public"))
        times.setdefault(way, []).append((one, microseconds(lambda text=text: bare(text))))
    for way, pairs in sorted(times.items()):
        report(way, pairs)
    report("all", [pair for pairs in times.values() for pair in pairs])
    report("no slips", [pair for way, pairs in times.items() if way != "slip" for pair in pairs])


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
