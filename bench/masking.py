"""How well personal data is found in real ticket sentences: `python bench/masking.py [FILE]`.

Prints precision and recall of spans for each kind and language, for the half that the patterns were written with
(dev) and the half that was put away before (held). A found span counts where it shares at least 80% of the
characters of both together with a labelled one of its kind.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.privacy import Span, spans

GOLDEN = Path(__file__).parents[1] / "tests" / "golden" / "masking.jsonl"
ALIKE = 0.8


@dataclass(frozen=True)
class Score:
    """`right` of `found` spans, of `labelled` ones; a share is None where there is nothing to share."""

    right: int
    found: int
    labelled: int

    @property
    def precision(self) -> float | None:
        return self.right / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        return self.right / self.labelled if self.labelled else None


def read(path: Path = GOLDEN) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def matched(found: Sequence[Span], labelled: Sequence[Span]) -> list[tuple[Span, Span]]:
    """Pairs of a found and a labelled span that are alike; each is in one pair at most."""
    left = list(labelled)
    pairs = []
    for span in found:
        partner = next((other for other in left if _alike(span, other)), None)
        if partner:
            left.remove(partner)
            pairs.append((span, partner))
    return pairs


def _alike(one: Span, other: Span) -> bool:
    shared = min(one[1], other[1]) - max(one[0], other[0])
    together = max(one[1], other[1]) - min(one[0], other[0])
    return one[2] == other[2] and shared / together >= ALIKE


def score(items: Iterable[dict[str, Any]], kind: str = "") -> Score:
    """Over some items, of one kind or all."""
    counts: Counter[str] = Counter()
    for item in items:
        found = [span for span in spans(item["text"]) if kind in ("", span[2])]
        labelled: list[Span] = [(a, b, name) for a, b, name in item["spans"] if kind in ("", name)]
        counts.update(right=len(matched(found, labelled)), found=len(found), labelled=len(labelled))
    return Score(counts["right"], counts["found"], counts["labelled"])


def misses(items: Iterable[dict[str, Any]]) -> Iterable[str]:
    """A line for each span that was found wrongly or not at all."""
    for item in items:
        found, labelled = spans(item["text"]), [tuple(span) for span in item["spans"]]
        pairs = matched(found, labelled)  # type: ignore[arg-type]
        for sign, some, place in (("+", found, 0), ("-", labelled, 1)):
            for start, end, kind in (span for span in some if span not in [pair[place] for pair in pairs]):
                yield f"{sign} {kind:16} {item['text'][start:end]!r} in {item['text']!r}"


def main() -> None:
    items = read(Path(sys.argv[1]) if len(sys.argv) > 1 else GOLDEN)
    kinds = sorted({kind for item in items for *_, kind in item["spans"]})
    for split in ("dev", "held"):
        half = [item for item in items if item["split"] == split]
        print(f"\n{split}: {len(half)} texts, {sum(not item['spans'] for item in half)} without personal data")
        for name, some, kind in [
            *((lang, [item for item in half if item["lang"] == lang], "") for lang in ("ko", "en", "mixed")),
            *((kind, half, kind) for kind in kinds),
            ("all", half, ""),
        ]:
            found = score(some, kind)
            print(f"  {name:16} precision {_share(found.precision)} recall {_share(found.recall)} of {found.labelled}")


def _share(value: float | None) -> str:
    return "     -" if value is None else f"{value:6.3f}"


if __name__ == "__main__":
    main()
