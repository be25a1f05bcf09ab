"""An estimate in words: what makes an article likelier to need work than an average one, and by how much.

Each reason is a feature's weight × (its value - the mean), in log-odds. Its message is English; what else it carries
is enough to say it in another language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from articles.health.staleness.base import NAMES, Estimate, Model, Reason, Table
from articles.health.words import Said, Value, holes, say, speak

LEAST = 0.15
"""Log-odds, below which a reason is not worth a line: about 1.16 times the odds."""

# feature: what is said where it is more than the mean, and where it is less; "" where nothing can be said of it
WORDS: dict[str, tuple[str, str]] = {
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
    "changes": ("changed {changes|time/times} so far", "hardly ever changed so far"),
    "siblings_age": ("its siblings were not changed for long", "its siblings were changed lately"),
    "siblings_changed": (
        "{siblings_lately} of its {siblings|sibling/siblings} changed lately",
        "few of its siblings changed lately",
    ),
    "siblings": ("one of many of its kind", "few are of its kind: siblings {siblings}"),
    "twin": ("another article has nearly the same title and description", "no other article has a title like its own"),
    "similar_changed": (
        "{similar_lately} of the {similar|article/articles} most like it changed lately",
        "few of the articles most like it changed lately",
    ),
    "length": ("it is long: {words|word/words}", "it is short: {words|word/words}"),
    "external_links": ("{external_links|address/addresses} outside", "hardly any addresses outside"),
    "code": ("{code|fence/fences} of code", "no code in it"),
    "images": ("{images|picture/pictures}, which age with what they show", "no pictures"),
    "versions": ("versions are named {versions|time/times}", "no versions are named"),
    "prices": ("prices are named {prices|time/times}", "no prices are named"),
    "steps": ("{steps|numbered step/numbered steps}", "no numbered steps"),
    "interface": ("what is on a screen is named {interface|time/times}", "nothing on a screen is named"),
    "preview": (
        "says what is so for now {preview|time/times}: currently, beta, soon",
        "nothing in it is only so for now",
    ),
    "past": ("speaks of what is past {past|time/times}: legacy, deprecated, no longer", "nothing in it is of the past"),
    "newest_year": ("the latest year it names is {newest_year}", "the latest year it names is {newest_year}"),
    "oldest_year": ("the earliest year it names is {oldest_year}", "the earliest year it names is {oldest_year}"),
    "linked_from": ("{linked_from|article links/articles link} to it", "no article links to it"),
    "links_to": ("it links to {links_to|article/articles}", "it links to no article"),
    "linked_changed": (
        "{linked_newer} of {links_to|article/articles} it links to changed since",
        "what it links to did not change",
    ),
    "flags_high": ("checks of high severity fire: {fired}", ""),
    "flags_medium": ("checks of medium severity fire: {fired}", ""),
    "flags_low": ("checks of low severity fire: {fired}", ""),
    "readers": ("many read it", "few read it"),
    "not_helped": ("{not_helped} of {judged|reader/readers} said that it did not help", ""),
    "contacted": ("{contacted} of {views|view/views} were followed by a message to a person", ""),
    "edits": ("{edits|suggested edit is open/suggested edits are open}", ""),
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
    together = np.column_stack([parts[:, columns].sum(axis=1) for columns in _GROUPS])
    best = np.column_stack([np.array(columns)[parts[:, columns].argmax(axis=1)] for columns in _GROUPS])
    found: list[list[Reason]] = [[] for _ in table.ids]
    for row, group in np.argwhere(together >= LEAST).tolist():  # most of what could be said is not worth a line
        column, contribution = int(best[row, group]), float(together[row, group])
        value, mean = float(values[row, column]), float(model.means[column])
        reason = _reason(NAMES[column], value, mean, contribution, table.evidence[row])
        if reason:
            found[row].append(reason)
    chances = model.probabilities(values).tolist()
    return [Estimate(p, _strongest_first(reasons)) for p, reasons in zip(chances, found, strict=True)]


def _strongest_first(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    return tuple(sorted(reasons, key=lambda reason: -reason.contribution))


def _reason(name: str, value: float, mean: float, contribution: float, evidence: Mapping[str, Any]) -> Reason | None:
    """None where there are no words for it: a flag that does not fire is no reason, nor is what is not known."""
    above = value > mean
    template = WORDS[name][0 if above else 1]
    wanted = holes(template)
    named = {key: _known(key, name, evidence) for key in (*evidence, "fired", "judged") if key in wanted}
    if not template or any(value is None for value in named.values()):
        return None
    return Reason(name, _said(template, named), value, contribution, above, named)


def _known(key: str, name: str, evidence: Mapping[str, Any]) -> Any:
    """What fills a hole in the words of a feature."""
    if key == "judged":
        return evidence["helped"] + evidence["not_helped"]
    if key == "fired":
        fired = evidence["checks"].get(name.removeprefix("flags_"), {})
        return ", ".join(f"{check} ({count})" if count > 1 else check for check, count in fired.items())
    return evidence[key]


def _said(template: str, named: Mapping[str, Any]) -> Said:
    if named.get("siblings") == 0 and template == WORDS["siblings"][1]:
        return say("no other article is of its kind")
    return say(template, **{key: _value(key, value) for key, value in named.items()})


def _value(key: str, value: Any) -> Value:
    if key.endswith("months"):
        return say("{months|month/months}", months=value) if value else say("less than a month")
    return str(value) if key.endswith("year") else value  # a year is no count


def retold(reason: Mapping[str, Any], language: str) -> str:
    """A reason as the store has it, in a language. One that it has no more words for, or from before, stays English."""
    template = WORDS.get(reason["name"], ("", ""))[0 if reason.get("above") else 1]
    if "above" not in reason or not template or holes(template) != reason["evidence"].keys():
        return str(reason["message"])
    return speak(_said(template, reason["evidence"]), language)
