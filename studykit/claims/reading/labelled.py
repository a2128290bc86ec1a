"""Lines that name an amount: `- 通信时间: 1.6 GB / 600 GB/s ≈ 2.7 ms`, `延迟降低：70%`, `FP16 = 14 GB`."""

from collections.abc import Iterator
from typing import NamedTuple

from studykit.claims.reading.amounts import Amount
from studykit.claims.reading.grids import cell_amount, plain_value
from studykit.claims.reading.page import Page
from studykit.claims.reading.tokens import LONGEST
from studykit.vault.later import later

_MARK = later(r"[:：=≈]")
_TAIL = later(
    r"[ \u4e00-\u9fffA-Za-z]{0,12}?(?<![A-Za-z])(?P<about>约|~|≈)?\s*(?P<amount>\d[\d.,]*\s?"
    r"(?:%|×|倍|[A-Za-zµμ]{1,8}(?:/[A-Za-z]{1,6})?(?: (?:FLOPs|params))?|[\u4e00-\u9fff]{1,4})?)(?: ?"
    r"per [A-Za-z]{2,9})?\s*"
    r"(?:$|[（(#✓✗✅❌，,。;；!！|].*)"
)
_BULLET = " \t-*+>•|│├└─#/"


class Labelled(NamedTuple):
    """An amount with what stands before the first mark of its line. `number` is the amount as written."""

    line: int
    label: str
    amount: Amount
    about: bool
    number: str
    source: str

    @property
    def value(self) -> float:
        """In base units, decimal."""
        return plain_value(self.amount)

    @property
    def step(self) -> float:
        """The worth of the last digit, in base units."""
        amount = self.amount
        return amount.step * (plain_value(amount) / amount.literal if amount.literal else 1.0)

    @property
    def dimension(self) -> str:
        return dimension(self.amount)


def dimension(amount: Amount) -> str:
    """What an amount measures: only amounts of one dimension are added or compared.

    >>> dimension(cell_amount("4 GB")), dimension(cell_amount("3 ms")), dimension(cell_amount("7B"))
    ('byte', 'second', 'number')
    """
    if amount.percent:
        return "percent"
    unit = amount.unit
    if unit is None or unit.kind == "billion":
        return "number"
    if unit.kind in ("byte", "bit"):
        return "byte"
    if unit.kind != "count":
        return unit.kind
    return "number" if unit.prefixed else amount.word


def labelled(page: Page, line: int) -> Labelled | None:
    """The amount that ends the line, where a label stands before it; the last of a chain of equations.

    Read once a line, as the lines below look back at it.
    """
    return page.once(_read, line)


def _read(page: Page, line: int) -> Labelled | None:
    source = page.lines[line]
    if len(source) > LONGEST // 2:
        return None
    plain = page.plain(line)
    marks = list(_MARK.finditer(plain))
    for mark in reversed(marks):
        found = _TAIL.match(plain, mark.end())
        amount = cell_amount(found["amount"]) if found else None
        if found and amount:
            label = plain[: marks[0].start()].strip(_BULLET)
            return Labelled(line, label, amount, bool(found["about"]), found["amount"].strip(), plain)
    return None


def indent(line: str) -> int:
    """How far a line is set in, with a list's mark."""
    return len(line) - len(line.lstrip())


def above(page: Page, line: int, most: int) -> Iterator[int]:
    """The lines above within the section, or within the code block, nearest first."""
    fence = page.fence(line)
    start = fence.line + 1 if fence else page.section_start(line)
    for number in range(line - 1, max(start, line - most) - 1, -1):
        if page.fence(number) is fence:
            yield number
