"""An estimate in words: what makes an article likelier to need work than an average one, and by how much.

Each reason is a feature's weight × (its value - the mean), in log-odds. The words are English; a reason also carries
its name and what it names, so that they can be said in another language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from articles.health.staleness.base import NAMES, Estimate, Model, Reason, Table

LEAST = 0.15
"""Log-odds, below which a reason is not worth a line: about 1.16 times the odds."""

# feature: what is said where it is more than the mean, and where it is less; "" where nothing can be said of it
_WORDS: dict[str, tuple[str, str]] = {
    "age": (
        "last changed {months} ago: longer than most",
        "among the last that were changed, {months} ago: such articles often change again",
    ),
    "age_among_siblings": ("older than most of its siblings", "newer than most of its siblings"),
    "age_to_siblings": (
        "not changed for {months}; its siblings for {siblings_months}",
        "changed {months} ago, its siblings {siblings_months} ago: it is what is being worked on",
    ),
    "untouched": ("not touched for {untouched_months}", "touched {untouched_months} ago"),
    "overdue": (
        "not changed for {untouched_months}; it used to change every {gap_months}",
        "it used to change every {gap_months}, and was changed {untouched_months} ago",
    ),
    "changes": ("changed {changes} times so far", "hardly ever changed so far"),
    "siblings_age": ("its siblings were not changed for long", "its siblings were changed lately"),
    "siblings_changed": (
        "{siblings_lately} of its {siblings} siblings changed lately",
        "few of its siblings changed lately",
    ),
    "siblings": ("one of many of its kind", "few are of its kind: siblings {siblings}"),
    "twin": ("another article has nearly the same title and description", "no other article has a title like its own"),
    "similar_changed": (
        "{similar_lately} of the {similar} articles most like it changed lately",
        "few of the articles most like it changed lately",
    ),
    "length": ("it is long: {words} words", "it is short: {words} words"),
    "external_links": ("{external_links} addresses outside", "hardly any addresses outside"),
    "code": ("{code} fences of code", "no code in it"),
    "images": ("{images} pictures, which age with what they show", "no pictures"),
    "versions": ("versions are named {versions} times", "no versions are named"),
    "prices": ("prices are named {prices} times", "no prices are named"),
    "steps": ("{steps} numbered steps", "no numbered steps"),
    "interface": ("what is on a screen is named {interface} times", "nothing on a screen is named"),
    "preview": ("says what is so for now {preview} times: currently, beta, soon", "nothing in it is only so for now"),
    "past": ("speaks of what is past {past} times: legacy, deprecated, no longer", "nothing in it is of the past"),
    "newest_year": ("the latest year it names is {newest_year}", "the latest year it names is {newest_year}"),
    "oldest_year": ("the earliest year it names is {oldest_year}", "the earliest year it names is {oldest_year}"),
    "linked_from": ("{linked_from} articles link to it", "no article links to it"),
    "links_to": ("it links to {links_to} articles", "it links to no article"),
    "linked_changed": (
        "{linked_newer} of the {links_to} articles it links to changed since",
        "what it links to did not change",
    ),
    "flags_high": ("checks of high severity fire: {fired}", ""),
    "flags_medium": ("checks of medium severity fire: {fired}", ""),
    "flags_low": ("checks of low severity fire: {fired}", ""),
    "readers": ("many read it", "few read it"),
    "not_helped": ("{not_helped} of {judged} readers said that it did not help", ""),
    "contacted": ("{contacted} of {views} readers wrote to a person after it", ""),
    "edits": ("{edits} suggested edits are open", ""),
    "product_rate": ("articles of its product often need work", "articles of its product seldom need work"),
    "category_rate": ("articles of its category often need work", "articles of its category seldom need work"),
}


# features that say nearly the same: one reason, in the words of the strongest, with what they contribute together
_TOGETHER = (
    ("age", "age_among_siblings", "age_to_siblings", "untouched"),
    ("siblings_age", "siblings_changed", "similar_changed"),
    ("newest_year", "oldest_year"),
)
_LED = {name: together[0] for together in _TOGETHER for name in together}
_LEADERS = [_LED.get(name, name) for name in NAMES]
_GROUPS = [[at for at, led in enumerate(_LEADERS) if led == leader] for leader in dict.fromkeys(_LEADERS)]


def explain(table: Table, model: Model) -> list[Estimate]:
    """The estimate of each article of a table, in its order."""
    values = model.rated(table)
    parts = model.contributions(values)
    chances = model.probabilities(values)
    means = model.means.tolist()
    return [
        Estimate(float(p), _reasons(own, means, part, evidence))
        for p, own, part, evidence in zip(chances, values.tolist(), parts.tolist(), table.evidence, strict=True)
    ]


def _reasons(
    values: Sequence[float], means: Sequence[float], parts: Sequence[float], evidence: Mapping[str, Any]
) -> tuple[Reason, ...]:
    """What raises the log-odds, the strongest first."""
    found = []
    for columns in _GROUPS:
        together = sum(parts[column] for column in columns)
        best = max(columns, key=parts.__getitem__)
        if together >= LEAST and (reason := _reason(NAMES[best], values[best], means[best], together, evidence)):
            found.append(reason)
    return tuple(sorted(found, key=lambda reason: -reason.contribution))


def _reason(name: str, value: float, mean: float, contribution: float, evidence: Mapping[str, Any]) -> Reason | None:
    """None where there are no words for it: a flag that does not fire is no reason, nor is what is not known."""
    words = _WORDS[name][0 if value > mean else 1]
    known = _evidence(name, evidence)
    named = {key: known[key] for key in known if f"{{{key}}}" in words}
    if not words or any(value is None for value in named.values()):
        return None
    spoken = {key: _spoken(value) if key.endswith("months") else value for key, value in named.items()}
    return Reason(name, words.format(**spoken), value, contribution, named)


def _evidence(name: str, evidence: Mapping[str, Any]) -> dict[str, Any]:
    fired = evidence["checks"].get(name.removeprefix("flags_"), {})
    shown = ", ".join(f"{check} ({count})" if count > 1 else check for check, count in fired.items())
    return {**evidence, "fired": shown, "judged": evidence["helped"] + evidence["not_helped"]}


def _spoken(months: int) -> str:
    return {0: "less than a month", 1: "1 month"}.get(months, f"{months} months")
