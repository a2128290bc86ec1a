"""What follows from what: a law names the parts of a sentence it needs, and gives what the last of them may be.

The parts must be those of the law and no others, but for some that may stand there too (`may`). `words` must be in the
sentence, and none of `unless`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from studykit.claims.laws.roles import Part, Told
from studykit.vault.later import later

Rights = list[float]


@dataclass(frozen=True, slots=True)
class Case:
    """The inputs by role, the first of each, with the widths and formulas of the sentence and the result itself."""

    given: Mapping[str, float]
    widths: frozenset[float]
    formulas: frozenset[str]
    result: Part
    told: Told

    def __getitem__(self, role: str) -> float:
        return self.given[role]

    def any_of(self, roles: Sequence[str], otherwise: float = 1.0) -> float:
        """The first of the roles that is given."""
        return next((self.given[role] for role in roles if role in self.given), otherwise)


class Law(NamedTuple):
    """`results` are the roles of which the last part is judged; `gives` lists what it may be, the best first.

    It lists nothing, or raises ValueError, where the numbers are none the law is about.
    `low` and `high` bound what is near enough, as shares of it; `inputs` are the calculator's names of the roles.
    """

    calculator: str
    results: tuple[str, ...]
    needs: tuple[str, ...]
    gives: Callable[[Case], Rights]
    words: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None
    may: tuple[str, ...] = ()
    low: float = 0.95
    high: float = 1.05
    inputs: tuple[tuple[str, str], ...] = ()


def law(
    calculator: str, results: str, needs: str, gives: Callable[[Case], Rights], *, words: str = "", unless: str = "",
    may: str = "", near: float = 0.05, high: float = 0.0, inputs: str = "",
) -> Law:  # fmt: skip
    """A law from its roles as words; `inputs` as `role=name` pairs, where `width` is the one format that is named."""
    pairs = tuple((role, name) for role, _, name in (pair.partition("=") for pair in inputs.split()))
    return Law(
        calculator, tuple(results.split()), tuple(sorted(needs.split())), gives,
        later(words) if words else None, later(unless) if unless else None, tuple(may.split()),
        1 - near, 1 + (high or near), pairs,
    )  # fmt: skip
