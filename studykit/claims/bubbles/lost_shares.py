"""What bubbles and communication leave: `气泡占比: ~10%`, `通信占比: ~8%`, `效率: ~82%`, one below the other."""

from collections.abc import Iterator

from studykit.calculators.figures import rounded
from studykit.claims.finding import Finding, Report
from studykit.claims.reading.labelled import Labelled, above, labelled
from studykit.claims.reading.page import Page
from studykit.vault.later import later

CALCULATOR = "share"
_LOST = later(r"^(?:流水线)?(?:气泡|空闲|[Bb]ubble)[^\d，,]{0,8}$|^(?:通信|[Cc]ommunication|[Cc]omm)[^\d，,]{0,8}$")
_LEFT = later(r"^(?:总|整体|流水线|GPU ?)?(?:效率|利用率)$|^(?:[Oo]verall )?(?:[Ee]fficiency|[Uu]tili[sz]ation)$")
_BACK, _SLACK = 4, 4.0


def check(page: Page) -> Report:
    """Every efficiency right below the two shares that are lost."""
    report = Report()
    if page.about_bubbles:
        for line in page.percentages:
            if not page.quiet(line):
                report.take(_judge(page, line))
    return report


def _judge(page: Page, line: int) -> Iterator[Finding | None]:
    left = labelled(page, line)
    if left is None or left.dimension != "percent" or not _LEFT.match(left.label):
        return
    lost: list[Labelled] = []
    for number in above(page, line, _BACK):
        each = labelled(page, number)
        if each is None or each.dimension != "percent" or not _LOST.match(each.label):
            break
        lost.append(each)
    if len(lost) != 2 or lost[0].label[:1] == lost[1].label[:1]:
        return
    one, other = (each.amount.literal for each in lost)
    if one + other >= 100:
        return
    # Lost one after the other, side by side, or one within the other.
    least, most = 100 - one - other, 100 - max(one, other)
    if least - _SLACK <= left.amount.literal <= most + _SLACK:
        yield None
        return
    shown = f"{rounded(least, 3)}%"
    yield page.wrong(line, left.number, least, CALCULATOR, shown)
