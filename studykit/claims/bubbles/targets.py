"""Bounds on a bubble: `M≥4P → <20%`, `气泡 <10% for P=64, M=256`, and the least M for a target.

For M = k·P the ratio grows with P from 1/(2k+1) at two stages towards 1/(k+1), so a bound can hold for all pipelines,
for none, or for some.
"""

import re
from collections.abc import Iterator
from fractions import Fraction

from studykit.claims.bubbles.subject import SUBJECT, scenery
from studykit.claims.finding import Finding, Report, Severity
from studykit.claims.judging.bubble import CALCULATOR, IDEAL, TOTAL, Size, least_microbatches, ratio, size
from studykit.claims.reading.page import Page
from studykit.claims.reading.surroundings import Surroundings
from studykit.claims.reading.tokens import LONGEST, plainly
from studykit.claims.wording import CLAIM, percent
from studykit.locale import _
from studykit.vault.later import later

_BELOW = r"(?:<=?|≤|≪|小于|低于|不到|不超过|至多|控制在|under|below|less than|at most)"
MENTION = later(_BELOW + r"|至少|at least|≥|>=|\\leq?|\\l[te]\b|\\geq?", re.IGNORECASE)
_BOUND = later(rf"(?P<below>{_BELOW})\s*(?P<number>\d+(?:\.\d+)?) ?%", re.IGNORECASE)
_MULTIPLE = later(r"\bM\s*(?P<sign>>=|≥|>|=|≈|取|为)\s*(?P<k>\d{1,3}(?:\.\d)?)\s*[×*·]?\s*P\b(?! ?[-+(])", re.ASCII)
_AS_MANY = later(
    r"\b(?P<k>\d{1,3}(?:\.\d)?) ?(?:×|x|times) (?:as many micro-?\s?batches as (?:there are )?|the (?:number of )?)"
    r"(?:pipeline )?(?:stages|ranks)\b",
    re.IGNORECASE,
)
_MANIFOLD = later(
    r"(?:[Mm]icro-?\s?batch(?:es)?|微批次?)[^\d\n。；;]{0,12}?(?:阶段|[Ss]tage|级)s? ?数?(?:量|目)?的 ?"
    r"(?P<k>\d{1,3}(?:\.\d)?) ?倍"
)
_LEAST = later(
    r"(?:至少|最少|at least|M\s*(?:>=|≥))\s*(?:需要|要|有)?\s*(?P<number>\d{1,6})(?!\s*[×*·(]|\s?P\b|[\d.%])\s*"
    r"(?P<unit>个 ?(?:[Mm]icro-?\s?batch|微批)|[Mm]icro-?\s?batch)?"
)
_TARGET = later(
    r"(?P<efficiency>\d+(?:\.\d+)?) ?%\s*(?:的)?(?:以上的?)?(?:效率|利用率|efficiency|utili[sz]ation)"
    rf"|(?:气泡|bubble)[^\d\n<≤]{{0,12}}{_BELOW}\s*(?P<bubble>\d+(?:\.\d+)?) ?%",
    re.IGNORECASE,
)
_OTHER = later(r"目标|要求|希望|target|goal|want|如何|怎样|\?|？|[Zz]ero.?[Bb]ubble|零气泡|\bZB|DualPipe|Chimera|异步")


def check(page: Page, around: Surroundings) -> Report:
    """Every bound on a bubble and every least M of the note that can be worked out."""
    report = Report()
    for line in page.percentages:
        source = page.lines[line]
        if len(source) > 2 * LONGEST or not MENTION.search(source) or page.quiet(line):
            continue
        plain = page.plain(line)
        report.take((*_bounds(page, around, line, plain), *_leasts(page, around, line, plain)))
    return report


def _bounds(page: Page, around: Surroundings, line: int, plain: str) -> Iterator[Finding | None]:
    """Judges `<10%` of a bubble; yields None for one that holds."""
    for found in _BOUND.finditer(plain):
        scene = _scene(page, line, plain, found.start())
        if not SUBJECT.search(scene) or _OTHER.search(scene) or "效率" in scene:
            continue
        limit = Fraction(found["number"]) / 100
        multiple = _multiple(page, line, plain)
        if multiple:
            yield _of_multiple(page, line, found, multiple, limit)
        elif case := size(around.near(line, found.start(), found.end())):
            yield _of_size(page, line, found, case, limit, given=around.in_block(line, ("P", "M")))


def _scene(page: Page, line: int, plain: str, at: int) -> str:
    """The line and the nearest heading: a bound is tied to its subject more closely than a result."""
    return plain[max(0, at - 40) : at + 40] + "".join(
        heading.title for heading in page.headings(line)[:1] if heading.level > 1
    )


def _multiple(page: Page, line: int, plain: str) -> re.Match[str] | None:
    """`M = 4P` on this line, also in words, or as the condition in the line right above."""
    here = _MULTIPLE.search(plain) or _AS_MANY.search(plain) or _MANIFOLD.search(plain)
    if here or line == 0:
        return here
    above = page.lines[line - 1].strip()
    return _MULTIPLE.search(plainly(above)) if above.endswith((":", "：", "时", ",", "，", "→")) else None


def _of_multiple(
    page: Page, line: int, found: re.Match[str], multiple: re.Match[str], limit: Fraction
) -> Finding | None:
    k = Fraction(multiple["k"])
    least, most = 1 / (2 * k + 1), 1 / (k + 1)
    if most <= limit * Fraction(101, 100):
        return None
    # Between the two it depends on P; pipelines of four and more stages are what such rules are made for.
    usual = Fraction(3) / (4 * k + 3)
    severity = Severity.WRONG if usual > limit * Fraction(105, 100) else Severity.CONVENTION
    message = _("{claim}: from {least} at P=2 to nearly {most} for large P (total convention)").format(
        claim=CLAIM, least=percent(float(least)), most=percent(float(most))
    )
    return _finding(page, line, found, severity, float(most), {"multiple": str(k)}, message)


def _of_size(
    page: Page, line: int, found: re.Match[str], case: Size, limit: Fraction, *, given: bool
) -> Finding | None:
    value = ratio(case)
    if value <= float(limit) * 1.01:
        return None
    sure = Severity.WRONG if given else Severity.CONVENTION
    severity = Severity.IMPRECISE if value <= float(limit) * 1.05 else sure
    message = _("{claim}: {value} (total convention)").format(claim=CLAIM, value=percent(value))
    chunks = next((v for v in (2, 3, 4, 6, 8) if case.chunks == 1 and ratio(case._replace(chunks=v)) <= limit), 0)
    if chunks:
        better = percent(ratio(case._replace(chunks=chunks)))
        message += "; " + _("interleaving V={chunks} would give {value}").format(chunks=chunks, value=better)
    return _finding(page, line, found, severity, value, case.inputs(), message)


def _leasts(page: Page, around: Surroundings, line: int, plain: str) -> Iterator[Finding | None]:
    """Judges `至少 27 个 micro-batch 达到 90% 效率` against the least M there is."""
    target, found = _TARGET.search(plain), _LEAST.search(plain)
    if not target or not found or not (found["unit"] or "M" in found[0]):
        return
    stages = around.near(line, found.start(), found.end(), symbols="P").get("P")
    if not stages or stages < 2 or _least_unclear(scenery(page, line, plain)):
        return
    efficiency = Fraction(target["efficiency"]) / 100 if target["efficiency"] else 1 - Fraction(target["bubble"]) / 100
    if 0 < efficiency < 1 and least_microbatches(stages, 1 - efficiency):
        yield _least(page, line, found, stages, efficiency)


def _least_unclear(scene: str) -> bool:
    return bool(re.search(r"[Zz]ero.?[Bb]ubble|零气泡|\bZB|DualPipe|交错|[Ii]nterleav|\bVP?P?\b *=", scene))


def _least(page: Page, line: int, found: re.Match[str], stages: int, efficiency: Fraction) -> Finding | None:
    stated = int(found["number"])
    exact, ideal = (least_microbatches(stages, 1 - efficiency, convention) for convention in (TOTAL, IDEAL))
    # A person rounds a least number up, to one more or to a round one; down is wrong.
    if exact <= stated <= max(exact + 1, exact * 1.1):
        return None
    severity = Severity.CONVENTION if stated in (ideal, ideal + 1) else Severity.WRONG
    message = _("{claim}: {value} micro-batches are enough for P={stages} (total convention)").format(
        claim=CLAIM, value=exact, stages=stages
    )
    return _finding(
        page,
        line,
        found,
        severity,
        float(exact),
        {"stages": stages, "target": str(1 - efficiency)},
        message,
        str(exact),
    )


def _finding(
    page: Page, line: int, found: re.Match[str], severity: Severity, value: float, inputs: dict[str, object],
    message: str, suggestion: str = "",
) -> Finding:  # fmt: skip
    calculator = CALCULATOR if not suggestion else "min-microbatches"
    return page.finding(
        line, found["number"], severity, value, calculator, message,
        suggestion=suggestion or percent(value), inputs=inputs, stated=found[0].strip(),
    )  # fmt: skip
