"""Contradictions between notes, and within one: the same quantity and the same inputs, two results."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from studykit.claims.finding import Finding, Severity, Statement
from studykit.claims.judging.agreement import PLAIN, Agreement, agree
from studykit.claims.judging.bubble import IDEAL, Size, ratio
from studykit.claims.wording import snippet
from studykit.locale import _


def contradictions(statements: Iterable[Statement]) -> list[Finding]:
    """What disagrees with another statement of the same quantity.

    Where the calculator agrees with one of them, the others are found. Where it agrees with none, each bubble that
    differs from the first: it is known what those mean, while of all else something may have been overlooked.
    """
    groups: dict[object, list[Statement]] = defaultdict(list)
    for statement in statements:
        groups[statement.calculator, statement.quantity, statement.inputs].append(statement)
    return [finding for group in groups.values() if len(group) > 1 for finding in _disagreeing(group)]


def _disagreeing(group: list[Statement]) -> Iterator[Finding]:
    reference = next((each for each in group if each.right), group[0])
    if not reference.right and reference.calculator != "bubble":
        return
    for each in group:
        if each is not reference and not each.right and not _same(each, reference):
            yield _finding(each, reference)


def _same(one: Statement, other: Statement) -> bool:
    """Whether both may be roundings of one value."""
    return abs(one.value - other.value) <= (one.step + other.step) / 2 * (1 + 1e-9) + 0.02 * abs(other.value)


def _by_another_convention(each: Statement) -> bool:
    """Whether a bubble is one of the useful time, or that of the plain schedule divided by V: no mistake by itself."""
    if each.calculator != "bubble":
        return False
    case = Size(**{name: dict(each.inputs)[symbol] for name, symbol in zip(Size._fields, "PMV", strict=True)})
    others = [ratio(case, IDEAL)]
    if case.chunks > 1:
        others += [ratio(case._replace(chunks=1)) / case.chunks, ratio(case._replace(chunks=1), IDEAL)]
    stated = 1 - each.value if each.quantity == "efficiency" else each.value
    return any(agree(other, stated, each.step, PLAIN) is Agreement.RIGHT for other in others)


def _finding(each: Statement, reference: Statement) -> Finding:
    message = _("{claim}: {file}:{line} says {value}").format(
        claim=snippet(each.text), file=reference.file, line=reference.line, value=reference.stated
    )
    severity, cause = Severity.INCONSISTENT, ""
    if _by_another_convention(each):
        severity, cause = Severity.CONVENTION, "another convention than another note's"
    return Finding(
        each.file, each.line, each.column, severity, each.text, each.stated, reference.value,
        each.calculator, dict(each.inputs), message, reference.stated, cause,
    )  # fmt: skip
