"""Rows of tables that show their working: `| Gradients | 15.5 GB | 124 GB / 8 GPUs |`.

A cell that is an expression and the only other cell that is an amount are the sides of an equation.
"""

from studykit.claims.equations.equality import judge
from studykit.claims.equations.equation import equations
from studykit.claims.finding import Report, Severity
from studykit.claims.judging.agreement import Agreement
from studykit.claims.reading.amounts import amount_text
from studykit.claims.reading.grids import Row, cell_amount, markdown_grids
from studykit.claims.reading.page import Page
from studykit.claims.reading.tokens import LONGEST
from studykit.claims.wording import CLAIM
from studykit.locale import _
from studykit.vault.later import later

_WORDS = (
    "计算",
    "公式",
    "算式",
    "推导",
    "过程",
    "说明",
    "备注",
    "依据",
    "alculat",
    "ormula",
    "Note",
    "orking",
    "How",
    "Why",
)
_HEADER = later(
    r"计算(?:方式|公式|过程|方法)?$|公式|算式|推导|过程|说明|备注|依据|^[Cc]alculat|[Ff]ormula|^Notes?$|"
    r"[Ww]orking|^How|^Why"
)
_EXPRESSION = later(r"\d[^=≈<>~|]{0,12}?[×*/÷][^=≈<>~|]{0,4}\d")
_PLAIN = later(r"[=≈→<>~|]")


def check(page: Page) -> Report:
    """Every row with one expression in a column of workings and one amount."""
    report = Report()
    for grid in markdown_grids(page, _WORDS):
        for column, header in enumerate(grid.header):
            if column and _HEADER.search(header):
                for row in grid.rows:
                    _judge(page, row, column, report)
    return report


def _judge(page: Page, row: Row, column: int, report: Report) -> None:
    working = row.cells[column] if column < len(row.cells) else ""
    if not _EXPRESSION.search(working) or _PLAIN.search(working) or len(working) > LONGEST // 4:
        return
    others = [(cell, cell_amount(cell)) for at, cell in enumerate(row.cells) if 0 < at != column]
    amounts = [(cell, amount) for cell, amount in others if amount]
    if len(amounts) != 1 or any(_PLAIN.search(cell[1:]) or "-" in cell[1:] for cell, _found in amounts):
        return
    cell, amount = amounts[0]
    about = cell[:1] in "~约≈"
    for equation in equations(f"{working} {'≈' if about else '='} {cell.strip('~约≈ ')}"):
        outcome = judge(equation)
        if outcome is not None:
            report.checked += 1
            if outcome.agreement is Agreement.WRONG:
                shown = amount_text(outcome.value, amount)
                message = _("{claim}: {working} is {value}").format(claim=CLAIM, working=working, value=shown)
                report.findings.append(page.finding(
                    row.line, cell, Severity.WRONG, outcome.value, "arithmetic", message, suggestion=shown
                ))  # fmt: skip
