"""Lists of results with a factor beside each, the first of which is one: `50 GFLOPS (1x)`, `2 TFLOPS (40x)`."""

from collections.abc import Iterator
from typing import NamedTuple

from studykit.calculators.figures import rounded
from studykit.claims.finding import Finding, Report
from studykit.claims.reading.grids import cell_amount, plain_value
from studykit.claims.reading.labelled import dimension
from studykit.claims.reading.page import Page
from studykit.claims.reading.tokens import LONGEST
from studykit.vault.later import later

CALCULATOR = "change"
_FIRST = later(r"[（(] ?1(?:\.0+)? ?[x×倍] ?[)）]")
_ITEM = later(
    r"[:：=] *\**(?:约|~|≈)? ?(?P<amount>\d[\d,.]*\d?\s?[A-Za-zμ%/毫秒]{1,10})\**\s*[（(] ?(?:约|~"
    r"|≈)?(?P<factor>\d+(?:\.\d+)?) ?[x×倍] ?[)）]"
)
_FARTHEST = 24
_NEAR = 0.06


class Item(NamedTuple):
    """A result with its factor: its value in base units and the worth of half its last digit, as written."""

    line: int
    value: float
    reach: float
    kind: str
    factor: str


def check(page: Page) -> Report:
    """Every factor below a line that says `(1x)`, within its section or code block."""
    report = Report()
    for line in page.lines_with(_FIRST):
        base = _item(page, line)
        if base is not None and not page.quiet(line):
            judged = list(_judged(page, base))
            if judged.count(None) * 2 >= len(judged):
                report.take(judged)
    return report


def _item(page: Page, line: int) -> Item | None:
    found = _ITEM.search(page.plain(line)[:LONGEST])
    amount = cell_amount(found["amount"]) if found else None
    if not found or amount is None or not amount.literal:
        return None
    value = plain_value(amount)
    return Item(line, value, amount.step / 2 * value / amount.literal, dimension(amount), found["factor"])


def _judged(page: Page, base: Item) -> Iterator[Finding | None]:
    fence = page.fence(base.line)
    for line in range(base.line + 1, min(page.section_end(base.line), base.line + _FARTHEST)):
        if page.fence(line) is not fence:
            break
        item = _item(page, line) if page.lines[line].strip() else None
        if item is None or item.kind != base.kind or _FIRST.search(page.lines[line]):
            continue
        faster = item.value / base.value
        exact = faster if faster >= 1 else 1 / faster
        reach = exact * (item.reach / item.value + base.reach / base.value)
        stated = float(item.factor)
        step = 10.0 ** -len(item.factor.partition(".")[2])
        right = abs(stated - exact) <= max(step / 2, _NEAR * exact, min(reach, 0.15 * exact)) * (1 + 1e-9)
        yield None if right else _finding(page, line, item.factor, exact)


def _finding(page: Page, line: int, stated: str, value: float) -> Finding:
    shown = f"{rounded(value, 3)}x"
    return page.wrong(line, stated, value, CALCULATOR, shown, stated=f"{stated}x")
