"""Numbers drawn for a question: the same for the same card and repetition, on every machine and Python.

The generator is blake2b in counter mode: the n-th number is `blake2b(key, n)` read as a big-endian integer of 64 bits,
and a number below `bound` is its remainder, the few values that would favour small remainders being skipped. Python's
own `random` promises no such stability. Repetitions go in blocks of 16, within which no draw comes twice while there
are others.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import blake2b
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any, overload

from studykit.calculators.expression import ExpressionError, evaluate
from studykit.calculators.inputs import InputError, parse_inputs
from studykit.errors import StudyError
from studykit.locale import _

if TYPE_CHECKING:
    from studykit.calculators.declare import Calculator

BLOCK = 16
TRIES = 2000
AGAIN = 200
LARGEST_SPACE = 20_000


class Stream:
    """A sequence of numbers that depends on `key` alone.

    >>> Stream("card").below(100) == Stream("card").below(100)
    True
    """

    def __init__(self, key: str) -> None:
        self._key = key.encode("utf-8", "surrogateescape")
        self._count = 0

    def below(self, bound: int) -> int:
        """A number from 0 to `bound` - 1, all equally likely."""
        fair = 2**64 - 2**64 % bound
        while (number := self._next()) >= fair:
            pass
        return number % bound

    def _next(self) -> int:
        digest = blake2b(self._key + b"\x1f" + str(self._count).encode(), digest_size=8).digest()
        self._count += 1
        return int.from_bytes(digest, "big")


@dataclass(frozen=True, slots=True)
class Steps(Sequence[Any]):
    """`low`, `low + step`, … (`size` of them), or with `factor` each the former times that."""

    low: Fraction
    step: Fraction
    size: int
    factor: bool = False

    def __len__(self) -> int:
        return self.size

    @overload
    def __getitem__(self, at: int) -> Any: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Any]: ...
    def __getitem__(self, at: int | slice) -> Any:
        if isinstance(at, slice):
            return [self[each] for each in range(*at.indices(self.size))]
        if not -self.size <= at < self.size:
            raise IndexError(at)
        at %= self.size
        value = self.low * self.step**at if self.factor else self.low + at * self.step
        return value.numerator if value.denominator == 1 else value


def draw_inputs(
    calculator: "Calculator",
    given: Mapping[str, Sequence[Any]],
    where: Sequence[str],
    key: str,
    repetition: int,
) -> dict[str, Any]:
    """Complete inputs drawn from `given` that satisfy `where` and that the calculator accepts.

    Raises StudyError if nothing fits, with the first reason met.
    """
    block, place = divmod(max(0, repetition), BLOCK)
    drawing = _Drawing(calculator, given, where, Stream(f"{key}\x1f{block}"))
    return [drawing.fresh() for _turn in range(place + 1)][-1]


class _Drawing:
    """The draws of one block; a combination is tried once, however often it is drawn."""

    def __init__(
        self, calculator: "Calculator", given: Mapping[str, Sequence[Any]], where: Sequence[str], stream: Stream
    ) -> None:
        self._calculator, self._given, self._where, self._stream = calculator, given, where, stream
        self._tried: dict[tuple[int, ...], dict[str, Any] | None] = {}
        self._used: set[tuple[int, ...]] = set()
        self._reason = ""

    def fresh(self) -> dict[str, Any]:
        """The next combination that fits, one not used yet if 200 draws find one."""
        repeated = None
        for turn in range(TRIES):
            places = tuple(self._stream.below(len(values)) for values in self._given.values())
            found = self._fitting(places)
            if found is not None and places not in self._used:
                self._used.add(places)
                return found
            repeated = found or repeated
            if repeated and turn >= AGAIN:
                return repeated
        return self._any()

    def _any(self) -> dict[str, Any]:
        """Where 2,000 draws found nothing: one combination after another, if there are not too many."""
        if prod(len(values) for values in self._given.values()) <= LARGEST_SPACE:
            for places in product(*(range(len(values)) for values in self._given.values())):
                found = self._fitting(places)
                if found is not None:
                    return found
        raise StudyError(_("No values fit: {reason}").format(reason=self._reason))

    def _fitting(self, places: tuple[int, ...]) -> dict[str, Any] | None:
        if places not in self._tried:
            self._tried[places] = self._try(places)
        return self._tried[places]

    def _try(self, places: tuple[int, ...]) -> dict[str, Any] | None:
        """Complete inputs if they satisfy every condition and the calculator answers for them."""
        drawn = {name: values[at] for (name, values), at in zip(self._given.items(), places, strict=True)}
        complete = parse_inputs(self._calculator, drawn)
        for condition in self._where:
            if not holds(self._calculator, condition, complete):
                self._reason = self._reason or condition
                return None
        try:
            self._calculator.compute(complete)
        except StudyError as error:
            self._reason = self._reason or error.message
            return None
        return complete


def holds(calculator: "Calculator", condition: str, complete: Mapping[str, Any]) -> bool:
    """Whether `condition`, over the inputs' names and symbols, is true; `and` binds closer than `or`.

    Raises StudyError if it is no condition. All parts are read, so that a mistake in a later one is found.
    """
    either = [re.split(r"\s+and\s+", part.strip()) for part in re.split(r"\s+or\s+", condition)]
    found = [[_true(calculator, part.strip(), complete) for part in parts] for parts in either]
    return any(all(parts) for parts in found)


def _true(calculator: "Calculator", condition: str, complete: Mapping[str, Any]) -> bool:
    names = {each.name: complete[each.name] for each in calculator.inputs if not isinstance(complete[each.name], tuple)}
    symbols = {each.symbol: names[each.name] for each in calculator.inputs if each.name in names}
    try:
        result = evaluate(condition, {**symbols, **names})
    except ExpressionError as error:
        raise InputError(
            _("The condition “{text}” cannot be read: {why}.").format(text=condition, why=error)
        ) from error
    if not isinstance(result, bool):
        raise InputError(_("“{text}” is no condition; expected one such as stages < 16.").format(text=condition))
    return result
