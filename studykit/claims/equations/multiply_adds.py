"""Counts of operations that forget that a multiply-add is two.

`64 cores × 1.48 GHz = 94.7 GFLOPS` gives instructions, as each core finishes a fused multiply-add a cycle; and a
matrix of N parameters takes 2N operations a token, so the same expression cannot be both.
"""

from collections.abc import Iterator

from studykit.calculators.figures import rounded
from studykit.claims.equations.arithmetic import Expression
from studykit.claims.equations.equality import Outcome
from studykit.claims.equations.equation import Equation
from studykit.claims.finding import Finding, Severity
from studykit.claims.judging.agreement import Agreement
from studykit.claims.reading.page import Page
from studykit.claims.wording import CLAIM
from studykit.locale import _
from studykit.vault.later import later

_UNITS = later(r"[Cc]ores?\b|核心?|[Uu]nits?\b|\bSPs?\b|ALU")
_TWO_PER_PARAMETER = later(r"2\s*[×*·]?\s*(?:[Pp]aram|参数|N\b)")
_PARAMETERS = later(r"参数|[Pp]aram")
_OPERATIONS = later(r"计算量|FLOPs?\b|运算量")


def clock_slip(page: Page, line: int, equation: Equation, outcome: Outcome) -> Finding | None:
    """Cores times clock given as FLOPS, without the factor 2."""
    if outcome.agreement is not Agreement.RIGHT or "FLOP" not in outcome.stated.word:
        return None
    amounts = equation.left.amounts()
    clocked = any(amount.word.endswith("Hz") for amount in amounts)
    if (
        not clocked
        or not any(_UNITS.search(amount.word) for amount in amounts)
        or any(amount.literal == 2 for amount in amounts)
    ):
        return None
    value = outcome.stated.literal * 2
    shown = f"{rounded(value)} {outcome.stated.word}"
    message = _("{claim}: a core does a multiply-add, which is 2 FLOPs, in a cycle: {value}").format(
        claim=CLAIM, value=shown
    )
    return _finding(page, line, Severity.WRONG, outcome, value, message, shown)


def parameter_slip(page: Page, line: int, equation: Equation, outcome: Outcome) -> Finding | None:
    """The FLOPs of a layer equal to its parameters, by the expression given for those in the lines above."""
    if not _OPERATIONS.search(page.lines[line]) or outcome.agreement is not Agreement.RIGHT:
        return None
    expression = _written(equation, equation.left)
    for above in _above(page, line):
        source = page.lines[above]
        if _PARAMETERS.search(source) and not _OPERATIONS.search(source) and expression in source.replace(" ", ""):
            doubled = _TWO_PER_PARAMETER.search("\n".join(page.lines[max(0, above - 10) : line + 4]))
            severity = Severity.INCONSISTENT if doubled else Severity.CONVENTION
            value = outcome.stated.literal * 2
            shown = f"{rounded(value)} {outcome.stated.word}"
            message = _("{claim}: that is the number of parameters; a multiply-add is 2 FLOPs: {value} a token")
            return _finding(
                page,
                line,
                severity,
                outcome,
                value,
                message.format(claim=CLAIM, value=shown),
                shown,
            )
    return None


def _above(page: Page, line: int) -> Iterator[int]:
    for above in range(line - 1, max(page.section_start(line), line - 4) - 1, -1):
        if not page.lines[above].strip():
            return
        yield above


def _written(equation: Equation, side: Expression) -> str:
    tokens = equation.tokens
    return equation.text[tokens[side.start].start : tokens[side.stop - 1].end].replace(" ", "")


def _finding(
    page: Page, line: int, severity: Severity, outcome: Outcome, value: float, message: str, shown: str
) -> Finding:
    number = outcome.text[outcome.stated.start : outcome.stated.end]
    return page.finding(
        line, number, severity, value, "flops", message, suggestion=shown, cause="multiply-add counted once"
    )
