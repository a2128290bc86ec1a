"""Results in the comments of a program: a working with its result on the next line, and the sum of a list.

`# t = (n * n * 2) / (624 * 10^12)` with `#   ≈ 0.05 us` below, where the program gives n; `sum([1500, 800])  # 2300`.
"""

import re
from collections.abc import Iterator

from studykit.claims.equations.equality import judge
from studykit.claims.equations.equation import equations
from studykit.claims.finding import Finding, Report, Severity
from studykit.claims.judging.agreement import Agreement
from studykit.claims.reading.amounts import amount_text
from studykit.claims.reading.page import Page
from studykit.claims.reading.tokens import LONGEST
from studykit.claims.wording import CLAIM
from studykit.locale import _
from studykit.vault.later import later
from studykit.vault.structure import Fence

_RESULT = later(
    r"^\s*(?:#|//)+ +(?P<result>[≈=]{1,2} *(?:约|~)? *\d[\d.,]*(?:e-?\d+)? *[A-Za-zμ%/]{0,8})\s*(?:$|[（(].*)"
)
_WORKING = later(r"^\s*(?:#|//)+ *(?:[A-Za-z_]\w* *= *)(?P<expression>[\w\s.()*/+×^-]{5,160})$")
_SUM = later(
    r"\bsum\(\[(?P<numbers>[\d., ]{3,200})\]\)\s*(?:#|//) *=? *(?P<total>\d[\d,]*(?:\.\d+)?)(?![\d.]*\s*[×*/+-])"
)
_SUM_MENTION = later(r"sum\(\[")
_MENTION = later(r"# *≈ *\d|# *= *\d|// *[≈=] *\d")
_VALUE = later(r"^\s*(?P<name>[A-Za-z_]\w*) *= *(?P<value>\d[\d_]*(?:\.\d+)?(?:e\d+)?) *(?:#.*)?$")
_NAME = later(r"[A-Za-z_]\w*")
_POWERS = tuple(1000.0**power for power in (-3, -2, -1, 1, 2, 3))


def check(page: Page) -> Report:
    """Every working of a comment with its result below, and every sum of a list with its total."""
    report = Report()
    for line in page.lines_with(_MENTION):
        fence = page.fence(line)
        if fence is not None and line > fence.line + 1 and not page.quiet(line):
            report.take(_worked(page, line, fence))
    for line in page.lines_with(_SUM_MENTION):
        report.take(_summed(page, line))
    return report


def _worked(page: Page, line: int, fence: Fence) -> Iterator[Finding | None]:
    result, working = _RESULT.match(page.lines[line][:LONGEST]), _WORKING.match(page.lines[line - 1][:LONGEST])
    if not result or not working:
        return
    known = _known(page, fence, line)
    expression = _NAME.sub(lambda found: known.get(found[0], found[0]), working["expression"])
    for equation in equations(f"{expression.strip()} {result['result'].strip()}"):
        outcome = judge(equation)
        if outcome is None:
            continue
        # A quotient of bare numbers may be in thousandths or thousands of the unit that is written.
        times = outcome.value / outcome.stated.literal if outcome.stated.literal else 1.0
        scaled = outcome.stated.unit is not None and any(0.9 <= times * power <= 1.1 for power in _POWERS)
        if outcome.agreement is not Agreement.WRONG or scaled:
            yield None
            continue
        shown = amount_text(outcome.value, outcome.stated)
        message = _("{claim}: {working} is {value}").format(claim=CLAIM, working=expression.strip(), value=shown)
        number = re.findall(r"\d[\d.,]*", result["result"])[0]
        yield page.finding(line, number, Severity.WRONG, outcome.value, "arithmetic", message, suggestion=shown)


def _known(page: Page, fence: Fence, line: int) -> dict[str, str]:
    """The names that the program gives one plain number, above the line."""
    values: dict[str, str] = {}
    unclear: set[str] = set()
    for number in range(fence.line + 1, line):
        found = _VALUE.match(page.lines[number])
        if found and values.setdefault(found["name"], found["value"]) != found["value"]:
            unclear.add(found["name"])
    return {name: value for name, value in values.items() if name not in unclear}


def _summed(page: Page, line: int) -> Iterator[Finding | None]:
    found = _SUM.search(page.lines[line][:LONGEST])
    if not found:
        return
    numbers = [float(each) for each in re.split(r"[, ]+", found["numbers"].strip(", ")) if each.strip(".")]
    exact, stated = sum(numbers), float(found["total"].replace(",", ""))
    if abs(exact - stated) <= 0.01 * abs(exact):
        yield None
        return
    shown = f"{exact:g}"
    yield page.wrong(line, found["total"], exact, "sum", shown)
