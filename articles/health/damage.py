"""Whom a flag hurts: readers × the chance that the fault hurts one, so that what costs readers most is mended first.

Pure arithmetic over what readers did and what checks found. What the chance of work is, the estimate says
(`articles.health.staleness`).
"""

from __future__ import annotations

from collections.abc import Iterable

from articles.health.base import HARM, Demand, Flag, Severity

SUGGESTED = 0.25
"""Readers that one suggestion to an agent counts for: most are read over, a few are opened."""
INSERTED = 2.0
"""Readers that one insertion counts for: a customer is told to rely on it, and the agent answers for it."""
FLOOR = 0.05
"""Readers of an article that nobody read: enough to put the worse of two such articles first, and behind all that are
read."""


def readers(demand: Demand) -> float:
    """Readers of an article in `health.DAYS` days, with those that agents stood for."""
    return demand.views + SUGGESTED * demand.suggested + INSERTED * demand.inserted


def chance(severity: Severity, needs_work: float, measured: float | None = None) -> float:
    """P(a fault hurts whoever reads the article), 0..1.

    Args:
        severity: of the fault.
        needs_work: of its article, 0..1. A fault counts for half of its harm where the rest of the article is sound.
        measured: what readers themselves said, as Wilson's lower bound: it stands in for what severities suppose.
    """
    return measured if measured is not None else HARM[severity] * (1 + needs_work) / 2


def hurts(flag: Flag, severity: Severity, demand: Demand, needs_work: float) -> float:
    """Readers that a flag hurts in `health.DAYS` days; more than 0 always.

    A flag that was counted from readers says so in its evidence: `hurt_share`, Wilson's lower bound.
    """
    said = flag.evidence.get("hurt_share")
    measured = float(said) if isinstance(said, int | float) and 0 < said <= 1 else None
    return round((readers(demand) + FLOOR) * chance(severity, needs_work, measured), 6)


def together(hurt: Iterable[float], everybody: float) -> float:
    """Readers that at least one of some flags hurts, of so many: who meets two faults is one reader."""
    spared = 1.0
    for some in hurt:
        spared *= 1 - min(1.0, some / (everybody + FLOOR))
    return round((everybody + FLOOR) * (1 - spared), 6)
