"""What is wrong where a cluster of questions has no answer: six verdicts, each a small rule over evidence.

The rules are asked in an order in which the more certain comes first; what none of them explains is missing. Searching,
and reading what people did, is left to whoever brings the evidence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from statistics import fmean

import numpy as np

from articles.gaps.names import majority_language, name
from articles.gaps.nouns import Cluster, Evidence, Found, Probe, Proposal, Verdict
from indexer.language import base
from search.boosts import wilson
from search.confidence import ANSWER, MAYBE

UNHELPED = 0.3  # share of readers, at least, whom an article leaves without help before it is called unclear
MOST = 0.5  # of the representative questions: what is true of so many is true of the cluster
ACROSS = 0.45  # confidence in another language; none comes near ANSWER there, and so much is right every second time
LIKELY = 0.36  # mean P(answered) of a cluster from which an article is mostly there (bench/gaps.py)
CERTAIN = 0.9  # confidence from which one wording speaks for the others that find the same article first
LINKED = 2  # times that agents gave the same article, before that says something
FAR = 0.02  # share of answered questions that are no closer to a passage than one that is not ours to answer

_TELLING = 3  # words that a proposal is made of, at most
_WORDY = 2  # words more than which an article that lacks them needs a section

Rule = Callable[[Cluster, Evidence], Verdict | None]


def verdict(cluster: Cluster, evidence: Evidence) -> Verdict:
    """What is wrong, why, the nearest article, and for findability what would mend it."""
    rules: tuple[Rule, ...] = (unclear, internal_only, untranslated, findability, outside)
    found = (rule(cluster, evidence) for rule in rules)
    return next((said for said in found if said is not None), None) or _missing(evidence)


def unclear(cluster: Cluster, evidence: Evidence) -> Verdict | None:
    """An article is found with confidence, and too many of its readers here were not helped or wrote to a person."""
    for article, readers in sorted(evidence.served.items(), key=lambda item: (-item[1], item[0])):
        unhelped = min(evidence.unhelped.get(article, 0), readers)
        low, _ = wilson(unhelped, readers)
        if low >= UNHELPED:
            found = f"{unhelped} of {readers} who found “{_title(article, evidence)}”"
            why = f"{found} were not helped by it or wrote to a person"
            data = {"article": article, "readers": readers, "unhelped": unhelped, "at_least": round(low, 3)}
            return Verdict("unclear", why, data, (article, _confidence(article, evidence)))
    return None


def internal_only(cluster: Cluster, evidence: Evidence) -> Verdict | None:
    """What answers is for other readers than those who ask."""
    closed = [found for probe in evidence.probes if (found := _withheld(probe))]
    if not _holds_for_most(closed, evidence):
        return None
    best = _commonest(closed)
    asking = sorted({audience for question in cluster.questions for audience in question.audiences})
    why = f"“{best.title}” answers, but it is for {best.audience}; those who ask are {', '.join(asking)}"
    data = {"article": best.article, "audience": best.audience, "questions": len(closed), "of": len(evidence.probes)}
    return Verdict("internal_only", why, data, (best.article, best.confidence))


def _withheld(probe: Probe) -> Found | None:
    """The article that answers a question, and that whoever asked may not read."""
    if any(found.confidence >= ANSWER for found in probe.found):
        return None
    seen = {found.article for found in probe.found}
    sure = (found for found in probe.anywhere if found.confidence >= ANSWER and found.article not in seen)
    return next((found for found in sure if found.audience not in probe.question.audiences), None)


def untranslated(cluster: Cluster, evidence: Evidence) -> Verdict | None:
    """What answers is in another language, and nothing is in that of those who ask."""
    foreign = [found for probe in evidence.probes if (found := _foreign(probe))]
    if not _holds_for_most(foreign, evidence):
        return None
    best = _commonest(foreign)
    language = majority_language([probe.question for probe in evidence.probes])
    why = f"“{best.title}” answers in {base(best.locale)}; nothing does in {language}"
    data = {"article": best.article, "locale": best.locale, "language": language, "questions": len(foreign)}
    return Verdict("untranslated", why, data | {"of": len(evidence.probes)}, (best.article, best.confidence))


def _foreign(probe: Probe) -> Found | None:
    """The article in another language that is found first, if it is likely to answer and none in their own is."""
    own = base(probe.question.language)
    at_home = max((found.confidence for found in probe.found if base(found.locale) == own), default=0.0)
    best = next(iter(probe.found), None)
    if best is None or base(best.locale) == own or best.confidence < ACROSS or at_home >= ACROSS:
        return None
    return best


def findability(cluster: Cluster, evidence: Evidence) -> Verdict | None:
    """An article answers, but not for these words: agents gave it, or it is found with some of them."""
    for hint in (_given, _likely, _in_other_words):
        article, why, data = hint(evidence)
        if article:
            proposal = propose(cluster, evidence, article)
            nearest = (article, _confidence(article, evidence))
            return Verdict("findability", why, {"article": article, **data}, nearest, proposal)
    return None


Hint = tuple[str, str, Mapping[str, object]]
"""An article that answers, why that is thought, and the figures; "" for none."""

_NO_HINT: Hint = ("", "", {})


def _given(evidence: Evidence) -> Hint:
    """What agents gave for these questions, though search does not."""
    article = max(sorted(evidence.linked), key=lambda name: evidence.linked[name], default="")
    times = evidence.linked.get(article, 0)
    if times < LINKED or _at_top(article, evidence):
        return _NO_HINT
    why = f"agents gave “{_title(article, evidence)}” {times} times; search does not find it with confidence"
    return article, why, {"linked": times}


def _likely(evidence: Evidence) -> Hint:
    """What is found first, by questions that it answers more likely than not, and never surely enough to say so."""
    if not evidence.probes or fmean(probe.question.answerable for probe in evidence.probes) < LIKELY:
        return _NO_HINT
    nearest = _nearest(evidence)
    if nearest is None:
        return _NO_HINT
    likely = fmean(probe.question.answerable for probe in evidence.probes)
    why = f"“{_title(nearest[0], evidence)}” may answer ({likely:.2f}), and not surely enough to say so"
    return nearest[0], why, {"answerable": round(likely, 3)}


def _in_other_words(evidence: Evidence) -> Hint:
    """What most wordings find first, and most or one of them with confidence, when asked again, and others do not."""
    tops = [probe.found[0] for probe in evidence.probes if probe.found]
    best = _commonest(tops) if tops else None
    same = [found for found in tops if best and found.answer == best.answer]
    sure = [found for found in same if found.confidence >= ANSWER]
    most = MOST * len(evidence.probes)
    if best is None or len(same) <= most or (len(sure) <= most and best.confidence < CERTAIN):
        return _NO_HINT
    why = f"“{best.title}” is found first and surely for {len(sure)} of {len(evidence.probes)} wordings"
    return best.article, why, {"sure": len(sure), "of": len(evidence.probes)}


def propose(cluster: Cluster, evidence: Evidence, article: str) -> Proposal:
    """What would link the cluster's words to an article: a synonym for a word or two that it lacks, a section for more.

    Where it has all of them, they belong into its title.
    """
    held = evidence.words.get(article, frozenset())
    lacking = tuple(term for term in cluster.terms if term not in held)
    called, words = name(cluster), lacking[:_TELLING]
    before = _rank(article, evidence.probes[0]) if evidence.probes else None
    title = _title(article, evidence)
    if not lacking:
        return Proposal("title", article, cluster.terms[:_TELLING], f"say in the title of “{title}”: {called}", before)
    if len(lacking) > _WORDY:
        return Proposal("section", article, words, f"add to “{title}” a section “{called}”", before)
    return Proposal("synonym", article, words, f"let {', '.join(words)} also find “{title}”", before)


def outside(cluster: Cluster, evidence: Evidence) -> Verdict | None:
    """The questions are further from every passage than nearly all that the knowledge base answers."""
    if not evidence.probes or not evidence.usual:
        return None
    closeness = fmean(probe.closeness for probe in evidence.probes)
    usual = np.asarray(evidence.usual)
    edge = float(min(np.quantile(usual, FAR), usual.mean() - 3 * usual.std()))
    likely = max((found.confidence for probe in evidence.probes for found in probe.found[:1]), default=0.0)
    if closeness >= edge or likely >= MAYBE:
        return None
    why = "far from everything that the knowledge base is about"
    data = {"closeness": round(closeness, 3), "usual": round(float(usual.mean()), 3), "edge": round(edge, 3)}
    return Verdict("outside", why, data, _nearest(evidence))


def _missing(evidence: Evidence) -> Verdict:
    nearest = _nearest(evidence)
    if nearest is None:
        return Verdict("missing", "no article is found for it")
    why = f"no article surely answers it; the nearest is “{_title(nearest[0], evidence)}”"
    return Verdict("missing", why, {"confidence": round(nearest[1], 3)}, nearest)


# --- what the probes found -------------------------------------------------------------------------------------


def _holds_for_most(found: list[Found], evidence: Evidence) -> bool:
    return bool(found) and len(found) >= MOST * len(evidence.probes)


def _commonest(found: Iterable[Found]) -> Found:
    """The article found most often in any language, as it was found with most confidence."""
    best = sorted(found, key=lambda one: (-one.confidence, one.article))
    counts = Counter(one.answer for one in best)
    return max(best, key=lambda one: counts[one.answer])


def _all(evidence: Evidence) -> list[Found]:
    """Everything that was found, that which everybody who asked may read first."""
    readable = [found for probe in evidence.probes for found in probe.found]
    return readable + [found for probe in evidence.probes for found in probe.anywhere]


def _nearest(evidence: Evidence) -> tuple[str, float] | None:
    """The article that is first most often for those who asked, with its highest confidence."""
    firsts = [probe.found[0] for probe in evidence.probes if probe.found]
    if not firsts:
        return None
    best = _commonest(firsts)
    return best.article, best.confidence


def _title(article: str, evidence: Evidence) -> str:
    return next((found.title for found in _all(evidence) if found.article == article), article)


def _confidence(article: str, evidence: Evidence) -> float:
    return max((found.confidence for found in _all(evidence) if found.article == article), default=0.0)


def _rank(article: str, probe: Probe) -> int | None:
    return next((found.rank for found in probe.found if found.article == article), None)


def _at_top(article: str, evidence: Evidence) -> bool:
    """Whether most questions find it first, and with confidence."""
    tops = [probe.found[0] for probe in evidence.probes if probe.found]
    sure = [found for found in tops if found.article == article and found.confidence >= ANSWER]
    return _holds_for_most(sure, evidence)
