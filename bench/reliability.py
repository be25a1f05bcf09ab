"""Reliability diagrams of P(the first article answers).

`python bench/reliability.py [REPORT.json …] > docs/reliability.svg`

The first panels are what `kb tune` wrote into search/confidence.json: models that have not seen the set, by kind of
question and by language. Each REPORT is a file of `kb eval --save`, scored by the models in use, and gets a panel.
A dot is a tenth of the probabilities: across, what was said; up, how often it was right; its area, how many questions.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from search.judge.calibration import reliability

SIZE, GAP, TOP, COLUMNS = 180, 40, 44, 4
FITTED = Path(__file__).parents[1] / "search" / "confidence.json"
NAMES = {
    **{"all": "All questions", "questions": "Search: questions", "tickets": "Suggest: over 25 words"},
    **{"ko": "Korean", "en": "English", "ja": "Japanese", "de": "German", "zh": "Chinese"},
}


def panels(reports: list[str]) -> dict[str, dict[str, Any]]:
    groups = json.loads(FITTED.read_text(encoding="utf-8"))["left_out"].get("reliability", {})
    found = {name: groups[key] for key, name in NAMES.items() if key in groups}
    for path in reports:
        lines = [line for report in json.loads(Path(path).read_text(encoding="utf-8")) for line in report["per_query"]]
        found[Path(path).stem] = reliability([(line["first"], line["right"]) for line in lines])
    return found


def panel(name: str, found: dict[str, Any], x: int, y: int) -> str:
    title = f"{name}: {found['questions']:,}"
    parts = [
        f'<g transform="translate({x} {y})"><text y="-20" font-weight="bold">{escape(title)}</text>',
        f'<text y="-5">calibration error {found["calibration_error"]:.3f}</text>',
        f'<rect width="{SIZE}" height="{SIZE}" fill="none" stroke="#888"/>',
        f'<path d="M0 {SIZE}L{SIZE} 0" stroke="#888" stroke-dasharray="4 4"/>',
    ]
    for mean, share, count in found["bins"]:
        radius = 2 + 16 * (count / found["questions"]) ** 0.5
        parts.append(
            f'<circle cx="{mean * SIZE:.1f}" cy="{(1 - share) * SIZE:.1f}" r="{radius:.1f}" fill="#0b62c4" '
            f'fill-opacity="0.6"><title>said {mean:.2f}, right {share:.2f}, {count} questions</title></circle>'
        )
    return "".join([*parts, "</g>"])


def main(reports: list[str]) -> None:
    found = panels(reports)
    rows = -(-len(found) // COLUMNS)
    width, height = COLUMNS * (SIZE + GAP) + GAP, rows * (SIZE + TOP + GAP)
    print(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="sans-serif" font-size="13" role="img" aria-label="Reliability diagrams">'
        f'<rect width="{width}" height="{height}" fill="#fff"/>'
    )
    for place, (name, figures) in enumerate(found.items()):
        x, y = GAP + place % COLUMNS * (SIZE + GAP), TOP + place // COLUMNS * (SIZE + TOP + GAP)
        print(panel(name, figures, x, y))
    print("</svg>")


if __name__ == "__main__":
    main(sys.argv[1:])
