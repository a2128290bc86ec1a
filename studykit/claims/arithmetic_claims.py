"""The equations of a note, judged line by line."""

from studykit.calculators.figures import rounded
from studykit.claims.agreement import Agreement
from studykit.claims.equality import Outcome, judge
from studykit.claims.equations import CANDIDATE, Equation, equations, may_compute
from studykit.claims.finding import Finding, Report, Severity
from studykit.claims.flops import clock_slip, parameter_slip
from studykit.claims.page import Page
from studykit.claims.wording import CLAIM, amount_text, snippet
from studykit.locale import _

CALCULATOR = "arithmetic"
_REACH = 10


def check(page: Page) -> Report:
    """Every equation of plain numbers in the note."""
    report = Report()
    wrong: list[tuple[int, float, float]] = []
    for line in page.lines_with(CANDIDATE):
        before = page.lines[line - 1] if line else ""
        if not may_compute(page.lines[line], before) or page.quiet(line):
            continue
        fence = page.fence(line)
        python = fence is not None and fence.info.lstrip().lower().startswith("py")
        for equation in equations(page.lines[line], before, code=fence is not None, python=python):
            outcome = judge(equation)
            if outcome is not None:
                report.checked += 1
                found = _found(page, line, equation, outcome) or _inherited(page, line, equation, outcome, wrong)
                if found is not None:
                    report.findings.append(found)
                    if found.severity.alarming and found.value:
                        wrong.append((line, outcome.stated.literal, found.value / outcome.stated.literal))
    return report


def _found(page: Page, line: int, equation: Equation, outcome: Outcome) -> Finding | None:
    if outcome.agreement is not Agreement.RIGHT:
        return _finding(page, line, equation, outcome)
    return clock_slip(page, line, equation, outcome) or parameter_slip(page, line, equation, outcome)


def _inherited(
    page: Page, line: int, equation: Equation, outcome: Outcome, wrong: list[tuple[int, float, float]]
) -> Finding | None:
    """A product that is right in itself but takes up a result that was wrong a few lines above."""
    if equation.left.operators() != {"*"}:
        return None
    for above, literal, factor in wrong:
        used = [amount for amount in equation.left.amounts() if amount.literal == literal and amount.digits > 1]
        if used and line - _REACH <= above < line and page.section_start(line) <= above:
            value = outcome.stated.literal * factor
            shown = amount_text(value, outcome.stated)
            message = _("{claim}: takes up {number} of line {line}, which is wrong; it would be {value}").format(
                claim=CLAIM, number=rounded(literal), line=page.file_line(above), value=shown
            )
            number = equation.text[outcome.stated.start : outcome.stated.end]
            return page.finding(line, number, Severity.WRONG, value, CALCULATOR, message, suggestion=shown)
    return None


def _finding(page: Page, line: int, equation: Equation, outcome: Outcome) -> Finding:
    tokens, stated = equation.tokens, outcome.stated
    written = equation.text[tokens[equation.left.start].start : _end(equation)]
    severity = Severity.WRONG if outcome.agreement is Agreement.WRONG else Severity.IMPRECISE
    number = equation.text[stated.start : stated.end]
    value = amount_text(outcome.value, stated)
    message = _("{claim}: it is {value}").format(claim=snippet(written), value=value)
    return page.finding(line, number, severity, outcome.value, CALCULATOR, message, suggestion=value)


def _end(equation: Equation) -> int:
    last = equation.right.amounts()[-1]
    return max(last.end, equation.tokens[equation.right.stop - 1].end)
