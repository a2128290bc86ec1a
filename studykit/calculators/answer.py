"""Judging what was typed: right, right but imprecise, a slip with a name, or wrong.

Right is the exact value rounded to the digits typed (two at least), or within the card's tolerance; a fraction or
arithmetic is exact. One digit that fits two is right but imprecise. A slip is named when its figure, and not the right
one, rounds to what was typed. pint, yaml and simpleeval are imported only when an answer needs them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain
from math import isfinite
from typing import TYPE_CHECKING, Any

from studykit.calculators.figures import Number, shown, unit_word
from studykit.calculators.reading import AnswerError, Reading, read_answer
from studykit.calculators.units import factor_to
from studykit.locale import _

if TYPE_CHECKING:
    from studykit.calculators.declare import Slip

__all__ = ["AnswerError", "Judgement", "Reading", "judge", "read_answer"]

AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4
FAST_SECONDS = 10.0
NOISE = Fraction(1, 10**9)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What to tell the learner.

    `value` is the typed number in the expected unit (None if it could not be read or is of another kind) and
    `suggested` the grade, 1 to 4, which the learner may overrule; None means: ask again, nothing was judged.
    `used` and `correct` are the formula of the slip and the right one, worked, for showing side by side.
    `output` is the name of what was asked, `named` the same in the learner's words.
    """

    right: bool
    imprecise: bool
    value: Number | None
    slip: "Slip | None"
    message: str
    suggested: int | None
    used: str = ""
    correct: str = ""
    output: str = ""
    named: str = ""


def judge(
    text: str,
    exact: Number,
    *,
    unit: str = "",
    tolerance: Number | None = None,
    slips: Iterable[tuple["Slip", Number | None]] = (),
    percent: bool | None = None,
    formula: str = "",
    symbols: Mapping[str, Any] | None = None,
    formula_of: Callable[["Slip"], str] | None = None,
    hinted: bool = False,
    seconds: float | None = None,
) -> Judgement:
    """Judge `text` against `exact`, which is in `unit` ('' for a ratio or factor).

    Args:
        tolerance: relative to the exact value: 0.02 accepts 2 % to either side.
        slips: recognised wrong answers with their figures in `unit`; only asked for when the answer is not right.
        percent: whether a ratio is shown as a percentage; None: where it lies between 0 and 1.
        formula: the right formula, and `symbols` its numbers, to show beside a slip's.
        formula_of: a slip's formula; asked for the one slip that is named.
        hinted: a hint was shown, so right is worth `hard`. `seconds`: under 10 and right is worth `easy`.

    >>> judge("30.4%", Fraction(7, 23)).right, judge("0.3", Fraction(7, 23)).imprecise
    (True, True)
    """
    wanted = _Wanted(_fraction(exact), unit, bool(not unit and 0 < exact < 1) if percent is None else percent)
    try:
        reading = read_answer(text)
    except AnswerError as error:
        return Judgement(False, False, None, None, str(error), None)
    factor = factor_to(reading, unit)
    if factor is None:
        return _of_another_kind(reading, wanted)
    typed = _Typed(_fraction(reading.value * factor), _step(reading, factor), reading.digits, reading)
    if _right(typed, wanted.exact, tolerance):
        return _praise(typed, wanted, hinted, seconds)
    found = _slip(typed, wanted, slips, formula)
    if found:
        slip = replace(found[0], formula=formula_of(found[0])) if formula_of else found[0]
        return _named(typed, wanted, slip, found[1], formula, symbols or {})
    return _wrong(typed, wanted)


@dataclass(frozen=True, slots=True)
class _Wanted:
    exact: Fraction
    unit: str
    percent: bool

    def show(self, value: Number) -> str:
        return shown(value, self.unit, percent=self.percent)


@dataclass(frozen=True, slots=True)
class _Typed:
    """The typed number in the wanted unit; `step` is the worth of its last digit there."""

    value: Fraction
    step: Fraction | None
    digits: int | None
    reading: Reading

    def coarse(self) -> bool:
        return self.digits is not None and self.digits < 2

    def divided(self, by: int) -> "_Typed":
        return _Typed(self.value / by, self.step / by if self.step else None, self.digits, self.reading)


def _fraction(value: Number) -> Fraction:
    if isinstance(value, float):
        return Fraction(repr(value)) if isfinite(value) else Fraction(10**300)
    return Fraction(value)


def _step(reading: Reading, factor: Number) -> Fraction | None:
    return None if reading.step is None else reading.step * _fraction(factor)


def _rounds_to(typed: _Typed, exact: Fraction) -> bool:
    """Whether `exact`, rounded to the digits typed but to two at least, is what was typed."""
    distance = abs(typed.value - exact)
    if distance <= abs(exact) * NOISE:
        return True
    if typed.step is None or not typed.value:
        return False
    step = typed.step / 10 if typed.coarse() else typed.step
    return distance <= step / 2 * (1 + NOISE)


def _right(typed: _Typed, exact: Fraction, tolerance: Number | None) -> bool:
    if tolerance is not None and abs(typed.value - exact) <= abs(exact) * _fraction(tolerance):
        return True
    return _rounds_to(typed, exact)


def _praise(typed: _Typed, wanted: _Wanted, hinted: bool, seconds: float | None) -> Judgement:
    imprecise = typed.coarse() and typed.value != wanted.exact
    grade = HARD if hinted else EASY if seconds is not None and seconds < FAST_SECONDS else GOOD
    answer = wanted.show(wanted.exact)
    if imprecise:
        message = _("Right, but imprecise: it is {answer}. Give two digits at least.").format(answer=answer)
        grade = min(grade, GOOD)
    else:
        message = _("Right: {answer}.").format(answer=answer)
    return Judgement(True, imprecise, typed.value, None, message, grade)


def _slip(
    typed: _Typed, wanted: _Wanted, declared: Iterable[tuple["Slip", Number | None]], formula: str
) -> tuple["Slip", Fraction] | None:
    """The first slip whose figure rounds to what was typed, as it stands or, last, as a percentage without its sign."""
    from studykit.calculators.unit_slips import unit_slips

    built_in = unit_slips(wanted.exact, wanted.unit, typed.reading.percent, formula)
    passed: list[tuple[Slip, Fraction]] = []
    for slip, value in chain(built_in[:1], declared, built_in[1:]):
        if value is None or (isinstance(value, float) and not isfinite(value)) or _fraction(value) == wanted.exact:
            continue
        if _rounds_to(typed, _fraction(value)):
            return slip, _fraction(value)
        passed.append((slip, _fraction(value)))
    if wanted.percent and not typed.reading.percent and typed.value > 1:
        return next((found for found in passed if _rounds_to(typed.divided(100), found[1])), None)
    return None


def _named(
    typed: _Typed, wanted: _Wanted, slip: "Slip", figure: Fraction, formula: str, symbols: Mapping[str, Any]
) -> Judgement:
    from studykit.calculators.steps import worked

    unit = wanted.unit if slip.unit is None else slip.unit
    percent = wanted.percent if slip.unit is None else unit == "" and 0 < figure < 1
    used = worked(slip.formula if isinstance(slip.formula, str) else "", symbols, figure, unit, percent=percent)
    correct = worked(formula, symbols, wanted.exact, wanted.unit, percent=wanted.percent)
    message = _("Not right: {explain} ({used}). Right is {correct}.").format(
        explain=slip.describe(), used=used, correct=correct
    )
    return Judgement(False, False, typed.value, slip, message, AGAIN, used, correct)


def _wrong(typed: _Typed, wanted: _Wanted) -> Judgement:
    answer = wanted.show(wanted.exact)
    if _near(typed, wanted.exact):
        message = _("Near, but not precise: it is {answer}.").format(answer=answer)
        return Judgement(False, True, typed.value, None, message, HARD)
    message = _("Not right: it is {answer}.").format(answer=answer)
    return Judgement(False, False, typed.value, None, message, AGAIN)


def _near(typed: _Typed, exact: Fraction) -> bool:
    """Rounded too coarsely, cut off instead of rounded, or within 1 % of a figure that is no whole number."""
    distance = abs(typed.value - exact)
    if typed.coarse() and typed.step and typed.value:
        return distance <= typed.step / 2
    return exact.denominator != 1 and distance * 100 <= abs(exact)


def _of_another_kind(reading: Reading, wanted: _Wanted) -> Judgement:
    found = reading.unit or "%"
    expected = unit_word(wanted.unit) or _("a ratio")
    message = _("Not right: {found} is no unit of what is asked; it is {answer} (expected {expected}).").format(
        found=found, answer=wanted.show(wanted.exact), expected=expected
    )
    return Judgement(False, False, None, None, message, AGAIN)
