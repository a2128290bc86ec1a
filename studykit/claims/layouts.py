"""GPU counts: `TP=8, PP=4, DP=2 (64 GPUs)`, and nodes confused with GPUs."""

import re
from collections.abc import Iterator
from math import prod

from studykit.claims.finding import Finding, Report, Severity
from studykit.claims.page import Page
from studykit.claims.surroundings import Surroundings
from studykit.claims.tokens import LONGEST, plainly
from studykit.claims.wording import CLAIM
from studykit.locale import _

CALCULATOR = "layout"
MENTION = re.compile(r"P(?<=[TPD]P)\s*=?\s*\d")
_IN_CODE = re.compile(r"p_size(?<=[tpd]p_size)\s*=\s*\d")
_GPUS = re.compile(
    r"(?<![\d.\-–~×x*=/])(?P<number>\d{1,6})\s*(?:张|块|个|[x×] ?)?\s*(?:[A-Za-z]{0,7} )?"
    r"(?:GPUs?\b|卡(?!间)|[AHV]\d{3,4}s?\b|cards\b|ranks\b)"
)
_NODES = re.compile(
    r"(?:节点数|nodes?)\s*[=:：]\s*(?P<number>\d{1,6})|(?<![\d.])(?P<other>\d{1,6})\s*(?:个节点|nodes\b|台)"
)
_EACH = re.compile(r"(?:每|单|节点内|per|each|intra|一个?|用|节省)\s*(?:个|台|node|节点)?[^\d]{0,6}$")
_FACTORS = ("P", "TP", "DP", "CP")


def check(page: Page, around: Surroundings) -> Report:
    """Every line that gives parallel degrees and the number of GPUs they make."""
    report = Report()
    for line in sorted({*page.lines_with(MENTION), *page.lines_with(_IN_CODE)}):
        source = page.lines[line]
        if len(source) > LONGEST or page.quiet(line):
            continue
        degrees = _degrees(around, line)
        if degrees is None:
            continue
        plain = plainly(source, code=page.fence(line) is not None)
        for finding in (*_gpus(page, line, plain, degrees), *_nodes(page, line, plain, degrees)):
            report.checked += 1
            if finding:
                report.findings.append(finding)
    return report


def _degrees(around: Surroundings, line: int) -> dict[str, int] | None:
    """The parallel degrees of the line: two at least, each once, and no expert parallelism, which overlaps with DP."""
    given = around.on(line)
    found = {each.symbol: each.value for each in given if each.symbol in _FACTORS}
    repeated = len([each for each in given if each.symbol in _FACTORS]) != len(found)
    if len(found) < 2 or repeated or any(each.symbol == "EP" for each in given):
        return None
    return found


def _gpus(page: Page, line: int, plain: str, degrees: dict[str, int]) -> Iterator[Finding | None]:
    counts = [
        found for found in _GPUS.finditer(plain) if not _EACH.search(plain[max(0, found.start() - 16) : found.start()])
    ]
    if len(counts) != 1:
        return
    stated, made = int(counts[0]["number"]), prod(degrees.values())
    # Without DP the rest of the GPUs are replicas; with it the product is all there is.
    fits = stated == made or ("DP" not in degrees and made and stated % made == 0)
    yield None if fits else _finding(page, line, counts[0]["number"], made, degrees, _("{formula} = {value} GPUs"))


def _nodes(page: Page, line: int, plain: str, degrees: dict[str, int]) -> Iterator[Finding | None]:
    """Nodes equal to the product of the degrees are GPUs under the wrong name: tensor parallelism stays in a node."""
    for found in _NODES.finditer(plain):
        stated, made = int(found["number"] or found["other"]), prod(degrees.values())
        if degrees.get("TP", 1) >= 2 and made >= 16:
            wrong = stated == made
            message = _("{formula} = {value} GPUs, not nodes")
            yield _finding(page, line, str(stated), made, degrees, message) if wrong else None


def _finding(page: Page, line: int, stated: str, made: int, degrees: dict[str, int], form: str) -> Finding:
    names = {"P": "PP"}
    inputs = {names.get(symbol, symbol): value for symbol, value in degrees.items()}
    formula = " × ".join(f"{symbol}={value}" for symbol, value in inputs.items())
    message = f"{CLAIM}: " + form.format(formula=formula, value=made)
    return page.finding(
        line, stated, Severity.WRONG, float(made), CALCULATOR, message, suggestion=str(made), inputs=inputs
    )
