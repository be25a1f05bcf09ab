"""What a test of leaks knows: readers, and articles whose every text has made-up words that stand nowhere else."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Who:
    """A reader: the audiences and spaces that are theirs, and the header by which they are known."""

    name: str
    audiences: frozenset[str]
    spaces: frozenset[str]
    author: bool
    headers: dict[str, str] = field(hash=False)

    def may(self, text: Text) -> bool:
        return text.audience in self.audiences and text.space in self.spaces


@dataclass(frozen=True)
class Text:
    """What a version says: for whom, and with which canaries."""

    audience: str
    space: str
    canaries: tuple[str, ...]


@dataclass
class Held:
    """An article as the model knows it. `names` are canaries of its ids, past ones too."""

    id: str
    names: list[str]
    live: Text | None
    working: Text | None
    past: list[Text]
    last: Text | None = None

    @property
    def now(self) -> Text:
        """The text that says for whom it is: the live one, else the last live one, else the one that is worked on."""
        return self.live or self.last or self.working or self.past[-1]
