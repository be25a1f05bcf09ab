"""How many true phrasings of a fault each check of wording finds, and how many look-alikes it flags.

`python -m bench.phrasings FILE.jsonl [--show PART]`: a line is {"check", "lang", "fault", "text", "part"}. Each text is
the body of a public article of its language. What is of the part `dev` may be tuned on; the other part is only counted.
`--show dev` prints what is judged otherwise than labelled.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from articles.health import CHECKS
from articles.health.base import Shelf
from articles.prepare import read_article

TODAY, UPDATED = date(2026, 11, 25), date(2025, 3, 1)
_TITLE = {"en": "Questions and answers", "ko": "자주 묻는 질문"}


def flagged(line: dict[str, Any]) -> bool:
    """Whether the line's check finds anything in its text."""
    language = line["lang"]
    front = f"---\ntitle: {_TITLE[language]}\nlocale: {language}\naudience: public\nupdated: {UPDATED}\n---\n"
    article = read_article(f"{front}\n# {_TITLE[language]}\n\n{line['text']}\n", "a.md", "a")
    return any(CHECKS[line["check"]].look(article, Shelf({article.id: article}, TODAY)))


def table(judged: Iterable[tuple[dict[str, Any], bool]]) -> str:
    """Of (line, flagged): a row for each check, part and language."""
    counts: Counter[tuple[str, str, str, bool, bool]] = Counter()
    for line, found in judged:
        for language in (line["lang"], "both"):
            for check in (line["check"], "all"):
                counts[check, line["part"], language, line["fault"], found] += 1
    rows = [f"{'check':20} {'part':5} {'lang':5} {'found':>10} {'recall':>7} {'flagged':>10} {'alarms':>7}"]
    order = sorted({key[:3] for key in counts}, key=lambda key: (key[0] == "all", key))
    for key in order:
        hits, missed = counts[*key, True, True], counts[*key, True, False]
        wrong, right = counts[*key, False, True], counts[*key, False, False]
        true, alike = hits + missed, wrong + right
        rows.append(
            f"{key[0]:20} {key[1]:5} {key[2]:5} {hits:4} of {true:3} {hits / (true or 1):7.3f}"
            f" {wrong:4} of {alike:3} {wrong / (alike or 1):7.3f}"
        )
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--show", default="", help="the part whose misses and false alarms are printed")
    given = parser.parse_args()
    lines = [json.loads(line) for line in given.file.read_text(encoding="utf-8").splitlines()]
    judged = [(line, flagged(line)) for line in lines]
    print(table(judged))
    for line, found in judged:
        if line["part"] == given.show and found != line["fault"]:
            print("alarm " if found else "missed", line["check"], line["lang"], "|", line["text"].replace("\n", " ⏎ "))


if __name__ == "__main__":
    main()
