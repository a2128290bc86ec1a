"""What a session tells its faces: the question in front, what is left, and the figures at the end."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from studykit.spacing.state import LEECH


class Counts(NamedTuple):
    """Cards still to ask in this session."""

    new: int
    learning: int
    due: int


class Question(NamedTuple):
    """What the screen shows before the answer. `prompt` is Markdown, with drawn numbers put in."""

    card: str
    kind: str
    rule: str
    prompt: str
    context: str
    deck: str
    title: str
    file: str
    line: int
    is_new: bool
    flagged: bool
    lapses: int = 0
    calculator: str | None = None
    inputs: Mapping[str, Any] | None = None
    outputs: tuple[str, ...] = ()

    @property
    def leech(self) -> bool:
        """Whether it was forgotten so often that the note rather than the learner should change."""
        return self.lapses >= LEECH


class Summary(NamedTuple):
    """A session in figures. `retention` counts first answers to cards that were not new; None without any.

    `tomorrow`: all that will be due then, with what is left of today; `returning`: what comes due anew on each day.
    """

    reviewed: int
    again: int
    retention: float | None
    seconds: int
    tomorrow: int
    returning: tuple[tuple[date, int], ...]


class Waiting(NamedTuple):
    """Cards of the vault, those of them that are due and new though not asked, and whether a filter chose.

    `away`: the first day of study after the break that runs; None without one. `day_off`: by easy days or vacations.
    `unknown`: `deck` or `tag` and its name, where no card has what was asked for.
    """

    cards: int
    due: int
    new: int
    chosen: bool
    away: date | None = None
    day_off: bool = False
    unknown: tuple[str, str] = ("", "")
