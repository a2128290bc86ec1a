"""Times counted in slots: `总时间: 11个时间单位`, `气泡: 6个时间单位`, `浪费 12 GPU-时间单位`.

The total of a section tells what a slot is (a forward, or a forward and a backward); the bubble and what is wasted must
then follow, for one GPU or for all of them.
"""

from collections.abc import Iterator
from typing import NamedTuple

from studykit.claims.bubbles.subject import SUBJECT, scenery
from studykit.claims.finding import Finding, Report, Severity
from studykit.claims.judging.bubble import CALCULATOR, Size, makespan, size
from studykit.claims.reading.page import Page
from studykit.claims.reading.surroundings import Surroundings
from studykit.claims.reading.tokens import LONGEST, plainly
from studykit.claims.wording import CLAIM
from studykit.locale import _
from studykit.vault.later import later

MENTION = later(
    r"[单时\dTtSs](?:(?<=单)位|(?<=时)(?:间片|隙)|(?<=\d)T\b|(?<=[Tt])ime ?(?:slot|unit|step)|(?<=[Ss])lots?\b)"
)
_UNIT = r"(?:个)?(?:GPU[- ]?)?(?:时间单位|单位时间|时间片|时隙|单位|time ?(?:slots?|units?|steps?)|slots?|T\b)"
_LINK = r"\s*(?:时间|time)?\s*[:：=是为需要约了 ]{0,4}\s*"
_TOTAL = later(rf"(?:总时间|总耗时|[Tt]otal time|[Mm]akespan){_LINK}(\d+)\s*{_UNIT}")
_IDLE = later(rf"(?:气泡|空闲(?:时间)?|浪费了?|[Bb]ubble|[Ii]dle|[Ww]asted?){_LINK}(\d+)\s*{_UNIT}")
_WORDS = ("单位", "时间片", "时隙", "T", "lot", "ime unit", "ime step")
_SERIAL = later(
    r"无流水|不用流水|串行|[Ss]erial|[Ss]equential|[Nn]aive|朴素|1F1B|交错|[Ii]nterleav|ZB|Dual|前向\s*[:：=]|"
    r"[Bb]ackward"
)
_WORKS = (1, 2, 3)
"""Slots that a micro-batch takes on a stage: forward only, B = F, B = 2F."""


class Count(NamedTuple):
    """A number of slots as stated."""

    line: int
    kind: str
    value: int
    at: int
    end: int


def check(page: Page, around: Surroundings) -> Report:
    """Every total and bubble in slots whose pipeline stands nearby."""
    report = Report()
    if not page.said(_WORDS):
        return report
    known: dict[tuple[int, Size], int] = {}
    for count in _counts(page):
        case = _case(page, around, count)
        if case is None:
            continue
        section = page.section_start(count.line), case
        if count.kind == "total":
            slots = _work(case, count.value)
            if slots:
                known[section] = slots
                report.checked += 1
            elif not _otherwise(case, count.value) and not _SERIAL.search(scenery(page, count.line, "")):
                report.checked += 1
                report.findings.append(_total_finding(page, count, case))
            continue
        works = (known[section],) if section in known else _WORKS
        report.checked += 1
        if count.value not in _idle(case, works):
            report.findings.append(_finding(page, count, case, works))
    return report


def _counts(page: Page) -> Iterator[Count]:
    for line in page.lines_with(MENTION):
        plain = plainly(page.lines[line][:LONGEST], code=True)
        for kind, pattern in (("total", _TOTAL), ("idle", _IDLE)):
            for found in pattern.finditer(plain):
                yield Count(line, kind, int(found[1]), found.start(1), found.end())


def _case(page: Page, around: Surroundings, count: Count) -> Size | None:
    case = size(around.near(count.line, count.at))
    if case is None or case.chunks > 1:
        return None
    return case if SUBJECT.search(scenery(page, count.line, page.lines[count.line])) else None


def _work(case: Size, total: int) -> int:
    """Slots of a micro-batch on a stage if `total` is a pipelined step, else 0 (a serial run, or something else)."""
    steps = makespan(case)
    return total // steps if total % steps == 0 and total // steps in _WORKS else 0


def _otherwise(case: Size, total: int) -> bool:
    """Whether a total can be that of a serial run, of one micro-batch, or of some part."""
    stages, microbatches, _ = case
    whole = {stages * microbatches, stages, microbatches, stages + microbatches}
    return any(total in (work * each for each in whole) for work in _WORKS) or total < microbatches


def _idle(case: Size, works: tuple[int, ...]) -> set[int]:
    """The slots that are idle, on one GPU and on all of them."""
    waits = {work * (makespan(case) - case.microbatches) for work in works}
    return waits | {case.stages * wait for wait in waits}


def _total_finding(page: Page, count: Count, case: Size) -> Finding:
    total = makespan(case)
    message = _("{claim}: M + P - 1 = {value} for P={stages}, M={microbatches}").format(
        claim=CLAIM, value=total, stages=case.stages, microbatches=case.microbatches
    )
    return page.finding(
        count.line, str(count.value), Severity.WRONG, float(total), CALCULATOR, message,
        suggestion=str(total), inputs=case.inputs(),
    )  # fmt: skip


def _finding(page: Page, count: Count, case: Size, works: tuple[int, ...]) -> Finding:
    one = min(_idle(case, works[:1]))
    message = _("{claim}: {one} on each GPU, {all} on all {gpus}, for P={gpus}, M={microbatches}").format(
        claim=CLAIM, one=one, all=one * case.stages, gpus=case.stages, microbatches=case.microbatches
    )
    return page.finding(
        count.line, str(count.value), Severity.WRONG, float(one), CALCULATOR, message,
        suggestion=str(one), inputs=case.inputs(),
    )  # fmt: skip
