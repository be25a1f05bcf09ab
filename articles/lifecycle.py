"""The life of an article: which step may follow which, and who may take it. Pure; `articles.library` carries it out.

A text is a draft, is sent to review, is approved, and goes live; the live text before it is past. Beside it an
article is published, or archived, or not yet published, and verified or not.
"""

from __future__ import annotations

from typing import Literal, get_args

from kb.errors import Conflict, Forbidden
from kb.models import Actor, VersionState
from kb.store.articles import Record
from kb.store.spaces import Space
from kb.store.versions import Version

Step = Literal["submit", "approve", "decline", "discard"]
"""What becomes of the text that is worked on, short of going live."""

Action = Literal["submit", "approve", "decline", "discard", "publish", "archive", "unschedule", "verify", "doubt"]
ACTIONS: tuple[Action, ...] = get_args(Action)

STEPS: dict[Step, tuple[tuple[VersionState, ...], VersionState]] = {
    "submit": (("draft",), "in_review"),
    "approve": (("in_review",), "approved"),
    "decline": (("in_review", "approved"), "draft"),
    "discard": (("draft", "in_review", "approved"), "past"),
}


def after(step: Step, working: Version | None, actor: Actor, space: Space) -> VersionState:
    """The state of the text after a step.

    Raises:
        Conflict: nothing is worked on, or it is not in a state for that.
        Forbidden: the space asks for another person.
    """
    states, following = STEPS[step]
    if working is None:
        raise Conflict(f"{step}: there is no draft; only the text that is live")
    if working.state not in states:
        raise Conflict(f"{step}: version {working.number} is {working.state!r}, not {' or '.join(map(repr, states))}")
    if step == "approve" and space.review and actor.name == working.author:
        raise Forbidden(f"approve: space {space.id!r} asks for another person than {working.author!r}, its author")
    return following


def publishable(record: Record, working: Version | None, space: Space) -> Version:
    """The text that is worked on, which may go live: whoever asks, and also when a plan does.

    Raises:
        Conflict: there is none, or the space asks for an approval that it does not have.
    """
    if working is None:
        raise Conflict(f"publish: {record.id!r} has no draft; its live text is version {record.version}")
    if space.review and working.state != "approved":
        raise Conflict(f"publish: space {space.id!r} asks for a review; version {working.number} is {working.state!r}")
    return working


def asks_review(actor: Actor, space: Space) -> bool:
    """Whether a text of this actor's must be approved. Files of a folder were reviewed where they are kept."""
    return space.review and actor.reader.audiences is not None
