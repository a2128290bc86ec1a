"""`calc … => value` lines that state something wrong, and quiz blocks that cannot draw."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from studykit.calculators.line import CalcLine
from studykit.claims.finding import Report, Severity
from studykit.claims.reading.page import Page
from studykit.errors import StudyError
from studykit.locale import _, language


class Trouble(NamedTuple):
    """What is wrong in a block, on its line counted from 1; `stated` is empty for a line that cannot be worked out."""

    line: int
    calculator: str
    message: str
    severity: Severity = Severity.WRONG
    stated: str = ""
    value: float | None = None
    suggestion: str = ""
    inputs: tuple[tuple[str, str], ...] = ()


class Verdict(NamedTuple):
    """How many numbers of a block were judged, and what is wrong."""

    judged: int
    troubles: tuple[Trouble, ...]


def check(page: Page) -> Report:
    """Every calc and quiz block of the note."""
    report = Report()
    for fence in page.note.outline.fences:
        name = fence.info.strip().lower().partition(" ")[0]
        if name in ("calc", "quiz"):
            verdict = _verdict(name, fence.content, language())
            report.checked += verdict.judged
            for trouble in verdict.troubles:
                line = min(fence.line + trouble.line, len(page.lines) - 1)
                number = trouble.stated or page.lines[line].strip()
                report.findings.append(page.finding(
                    line, number, trouble.severity, trouble.value, trouble.calculator, trouble.message,
                    suggestion=trouble.suggestion, inputs=dict(trouble.inputs),
                ))  # fmt: skip
    return report


@lru_cache(maxsize=1024)
def _verdict(name: str, content: str, _language: str) -> Verdict:
    """The verdict on a block; kept, as the same blocks stand in a note's translations and in its next version."""
    if name == "quiz":
        return Verdict(1, tuple(_quiz(content)))
    from studykit.calculators.line import parse_lines

    lines, errors = parse_lines(content)
    broken = [_broken(number, "calc", error.message) for number, error in errors]
    troubles = [trouble for line in lines for trouble in _calc(line)]
    return Verdict(len(errors) + sum(len(line.claims) for line in lines), (*broken, *troubles))


def _calc(line: CalcLine) -> Iterator[Trouble]:
    from studykit.calculators.line import verify

    try:
        judged = verify(line)
    except StudyError as error:
        yield _broken(line.line, line.calculator, error.message)
        return
    if judged is not None and (not judged.right or judged.imprecise):
        severity = Severity.IMPRECISE if judged.imprecise else Severity.WRONG
        stated = line.stated or ""
        given = tuple((str(key), str(value)) for key, value in (line.given or {}).items())
        message = f"=> {stated}: {judged.message}"
        yield Trouble(line.line, line.calculator, message, severity, stated, _exact(line), judged.correct, given)


def _exact(line: CalcLine) -> float | None:
    from studykit.calculators.registry import get

    values = get(line.calculator).compute(line.inputs).values
    name = line.claims[0][0] if line.claims else ""
    return float(values[name]) if name in values else None


def _quiz(content: str) -> Iterator[Trouble]:
    from studykit.calculators.quiz import draw, parse_quiz
    from studykit.calculators.quiz_block import QuizError

    try:
        draw(parse_quiz(content), "check", 0)
    except QuizError as error:
        yield _broken(error.line, "quiz", error.reason)
    except StudyError as error:
        yield _broken(1, "quiz", error.message)


def _broken(line: int, calculator: str, reason: str) -> Trouble:
    return Trouble(line, calculator, _("this cannot be worked out: {reason}").format(reason=reason))
