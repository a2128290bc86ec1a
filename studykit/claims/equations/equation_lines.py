"""The equations of a note, judged line by line."""

from functools import lru_cache

from studykit.calculators.figures import rounded
from studykit.claims.equations.equality import Outcome, judge
from studykit.claims.equations.equation import CANDIDATE, Equation, continues, equations, may_compute
from studykit.claims.equations.multiply_adds import clock_slip, parameter_slip
from studykit.claims.finding import Finding, Report, Severity
from studykit.claims.judging.agreement import Agreement
from studykit.claims.reading.amounts import amount_text
from studykit.claims.reading.named import COMMENTED, SYMBOLIC, filled
from studykit.claims.reading.page import Page
from studykit.claims.reading.tokens import LONGEST
from studykit.claims.wording import CLAIM, snippet
from studykit.locale import _
from studykit.vault.later import later

CALCULATOR = "arithmetic"
_OPERATOR = later(r"[×*/+÷^·−⋅%\\(⁰¹²³⁴-⁹⁻⌈⌊√-]")
_TIMES = later(r"[xX](?<=[\d ].)(?= ?\d)")
# A number stands somewhere before a sign of equality, which an assignment has not.
EQUATED = later(r"[^0-9０-９]*+[0-9０-９].*?(?:[=≈≃＝\\]|等于)")
_PRODUCT = later(r"[×*/+·⋅]")
_REACH = 10
_NEAR_SCALE = 0.08


def check(page: Page) -> Report:
    """Every equation of plain numbers in the note."""
    report = Report()
    wrong: list[tuple[int, float, float]] = []
    for line in page.numbered:
        source = page.lines[line]
        if not CANDIDATE.search(source):
            continue
        further = continues(source)
        if not further and not ((_OPERATOR.search(source) or _TIMES.search(source)) and EQUATED.match(source)):
            continue
        before = page.lines[line - 1] if line else ""
        if not may_compute(source, before) or page.quiet(line):
            continue
        fence = page.fence(line)
        python = fence is not None and fence.info.lstrip().lower().startswith("py")
        for equation, outcome in _judged(source, before if further else "", fence is not None, python):
            report.checked += 1
            found = _found(page, line, equation, outcome) or _inherited(page, line, equation, outcome, wrong)
            if found is not None:
                report.findings.append(found)
                if found.severity.alarming and found.value:
                    wrong.append((line, outcome.stated.literal, found.value / outcome.stated.literal))
    _judge_named(page, report)
    return report


def _judged(source: str, before: str, code: bool, python: bool) -> tuple[tuple[Equation, Outcome], ...]:
    """The equations of a line with what came of each; kept, as notes repeat their formulas and are checked again."""
    # What is longer than a line of prose comes once, and would only take up memory.
    return (_judged_once if len(source) <= 2 * LONGEST else _judged_once.__wrapped__)(source, before, code, python)


@lru_cache(maxsize=2048)
def _judged_once(source: str, before: str, code: bool, python: bool) -> tuple[tuple[Equation, Outcome], ...]:
    found = ((equation, judge(equation)) for equation in equations(source, before, code=code, python=python))
    return tuple((equation, outcome) for equation, outcome in found if outcome is not None)


def _judge_named(page: Page, report: Report) -> None:
    """The equations that are of plain numbers once the values of their names are put in."""
    results = page.lines_with(COMMENTED) if page.note.outline.fences and page.has("# ") else ()
    for lines, candidate in ((page.numbered, SYMBOLIC), (results, COMMENTED)):
        for line in lines:
            if not _PRODUCT.search(page.lines[line]) or not candidate.search(page.lines[line]) or page.quiet(line):
                continue
            text = filled(page, line)
            for equation, outcome in _judged(text.text, "", True, True) if text else ():
                if outcome.agreement is not Agreement.IMPRECISE:
                    report.checked += 1
                    if outcome.agreement is Agreement.WRONG and not _scaled(outcome):
                        report.findings.append(_finding(page, line, equation, outcome))


def _scaled(outcome: Outcome) -> bool:
    """Right but for a power of a thousand or 1024, or per cent: a name may stand for billions or for GB."""
    ratio = abs(outcome.value / outcome.stated.literal) if outcome.stated.literal else 0.0
    return ratio <= 0 or any(
        abs(ratio * base**power - 1) < _NEAR_SCALE for base in (1000.0, 1024.0, 1e2) for power in range(-4, 5)
    )


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
