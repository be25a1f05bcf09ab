"""Ranking and classification metrics. Definitions are in docs/design.md."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence


def ndcg(ranked: Sequence[str], grades: Mapping[str, int], k: int = 10) -> float:
    """Normalised discounted cumulative gain: gain 2^grade − 1, discount log2(rank + 1), ideal from the judgements."""
    ideal = sorted(grades.values(), reverse=True)[:k]
    best = sum((2**grade - 1) / math.log2(rank + 2) for rank, grade in enumerate(ideal))
    found = sum((2 ** grades.get(item, 0) - 1) / math.log2(rank + 2) for rank, item in enumerate(ranked[:k]))
    return found / best if best else 0.0


def recall(ranked: Sequence[str], grades: Mapping[str, int], k: int = 10) -> float:
    """Share of the relevant items among the first k."""
    relevant = {item for item, grade in grades.items() if grade > 0}
    return len(relevant & set(ranked[:k])) / len(relevant) if relevant else 0.0


def reciprocal_rank(ranked: Sequence[str], grades: Mapping[str, int], k: int = 10) -> float:
    """1 / rank of the first relevant item, 0 if none is among the first k."""
    return next((1 / rank for rank, item in enumerate(ranked[:k], 1) if grades.get(item, 0) > 0), 0.0)


def calibration_error(scored: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """Expected calibration error: |mean probability − share right| by equal-width bin, weighted by size."""
    total = sum(abs(mean - share) * count for mean, share, count in reliability(scored, bins))
    return total / len(scored) if scored else 0.0


def reliability(scored: Sequence[tuple[float, bool]], bins: int = 10) -> list[tuple[float, float, int]]:
    """(mean probability, share right, how many) of each equal-width bin that is not empty."""
    found = []
    for index in range(bins):
        inside = [(p, right) for p, right in scored if min(int(p * bins), bins - 1) == index]
        if inside:
            share = sum(right for _, right in inside) / len(inside)
            found.append((sum(p for p, _ in inside) / len(inside), share, len(inside)))
    return found


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> float | None:
    """P(a positive scores above a negative), ties counting half; None where one side is empty (Mann-Whitney)."""
    if not positives or not negatives:
        return None
    merged = sorted([(score, 1) for score in positives] + [(score, 0) for score in negatives])
    ranks = 0.0
    start = 0
    while start < len(merged):
        end = start
        while end < len(merged) and merged[end][0] == merged[start][0]:
            end += 1
        middle = (start + 1 + end) / 2
        ranks += middle * sum(label for _, label in merged[start:end])
        start = end
    count = len(positives)
    return (ranks - count * (count + 1) / 2) / (count * len(negatives))
