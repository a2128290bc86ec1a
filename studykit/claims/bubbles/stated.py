"""Stated bubble ratios and efficiencies whose inputs stand nearby: `PP=8, M=16 … 气泡 30%`.

Only a percentage that is tied to its label by an equals sign, a colon or a few plain words is taken; changes
(`减少 30%`) and targets are not results.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from studykit.claims.bubbles.subject import SUBJECT, scenery
from studykit.claims.finding import Finding, Report, Severity, Statement
from studykit.claims.judging.agreement import ABOUT, Agreement, agree, loose_step, tolerance
from studykit.claims.judging.bubble import CALCULATOR, IDEAL, TOTAL, Size, Verdict, compare, ratio, size
from studykit.claims.reading.amounts import figure
from studykit.claims.reading.hedges import MEASURED
from studykit.claims.reading.page import Page
from studykit.claims.reading.surroundings import Surroundings
from studykit.claims.reading.tokens import LONGEST
from studykit.claims.wording import CLAIM, percent, place
from studykit.locale import _
from studykit.vault.later import later

MENTION = later(r"气泡|空泡|[Bb]ubble|空闲|效率|利用率|[Ee]fficiency|[Uu]tili[sz]ation|浪费")
_LABEL = later(
    r"(?P<bubble>(?:气泡|空泡|[Bb]ubble|空闲|[Ii]dle)(?:[_ ]?(?:时间)?(?:率|占比|比例|比|开销|浪费|部分"
    r"|[Rr]atio|[Ff]raction|[Oo]verhead|[Rr]ate|[Ss]hare|[Pp]ct|[Tt]ime|[Pp]ercentage))?)"
    r"|(?P<efficiency>(?:流水线|资源|GPU ?|[Pp]ipeline )?(?:效率|利用率|[Ee]fficiency|[Uu]tili[sz]ation))"
)
_BEHIND = later(
    r"(?P<number>\d+(?:\.\d+)?) ?% ?(?:的)?(?:[A-Za-z的 ]{0,12})"
    r"(?P<bubble>气泡(?!减|降)|[Bb]ubble(?! reduc)|资源被浪费|空闲)"
)
_NUMBER = later(r"(\d+(?:\.\d+)?) ?%")
_LINKING = later(r"[\s=:≈~∼（）()\d.+\-*/×÷·,|_√A-Za-z约为是达到仅有只占大概在约高率比例的总时间]*")
_LINKING_WORDS = """
is of ratio about approximately around only rate fraction overhead with at for be a roughly P M V PP m p the share total
bubble convention by approx nearly just or so i e
"""
_WORDS = frozenset(_LINKING_WORDS.split())
_CHANGE = later(
    r"→|->|⇒|降|减|升|提高|增|节省|缩|改进|改善|损失|恢复|reduc|decreas|increas|improv|drop|cut|from|从|saves?|times"
)
_GIVES = later(r"(?<![A-Za-z])[PMNV] ?= ?\d+ ?(?:→|=>|⇒|->) ?(?=气|空|[Bb]ub|效)")
_BOUND = later(
    r"[<>≤≥≪≫]|小于|低于|大于|超过|不到|高于|至多|至少|以内"
    r"|under|below|less|over|above|more than|at (?:most|least)|within|up to|exceed"
)
_CAVEAT = later(r"理想口径|ideal|Megatron|有效(?:时间|计算)|口径|convention|useful|除以")
_OTHER_SCHEDULE = later(
    r"[Zz]ero.?[Bb]ubble|零气泡|\bZB|DualPipe|Chimera|异步|[Aa]sync|双向|稳态|[Ss]teady|PipeDream(?!-?[ ]?Flush)"
    r"|[Cc]ontinuous|连续|BFS|随机|自适应"
)
# `M = 4N` on the line: a rule for every size, not a result for the one above.
_SYMBOLIC = later(r"(?<![A-Za-z])[PMNmp]\s*(?:=|≥|>=|>|≈)\s*\d*(?:\.\d)?\s*[×*]?\s*[A-Z](?![A-Za-z])")
_DIVIDED = later(r"[VvK]P?P? ?[×*·] ?[（(] ?[MPmp] ?\+|[Vv][（(][MPmp] ?\+|\\frac ?\{1\} ?\{[vV]\}|1 ?/ ?[vV]\b")
_OF_PIPELINE = later(r"流水线效率|[Pp]ipeline efficiency")
_MEASURED = later(rf"{MEASURED}|测出|[Pp]rofil")
_QUOTIENT = later(r"(?<![\d.)])(\d{1,4}) ?/ ?(\d{1,5}) ?[=≈] ?[约~]? ?$")
_WORKING = 24
_CHUNKS_GIVEN = later(r"(?<![A-Za-z])(?:V|VP|VPP|v)\s*=\s*(\d{1,2})(?!\d)")
_INTERLEAVED = later(r"交错|[Ii]nterleav|虚拟|[Vv]irtual|VPP?\b")


class Stated(NamedTuple):
    """A percentage tied to its label. `number` as written, `at` and `end` its place in the plain line."""

    kind: str
    number: str
    at: int
    end: int
    sign: str
    about: bool


def stated_on(line: str) -> Iterator[Stated]:
    """The labelled percentages of a plain line, each once.

    >>> [(each.kind, each.number) for each in stated_on("气泡率 = 3/19 = 15.8%，效率: 84.2%")]
    [('bubble', '15.8'), ('efficiency', '84.2')]
    """
    labels = list(_LABEL.finditer(line))
    for index, label in enumerate(labels):
        end = labels[index + 1].start() if index + 1 < len(labels) else len(line)
        found = _last_linked(line, label.end(), min(end, label.end() + 90))
        if found and not _changed(line, label.start(), found):
            middle = line[label.end() : found.start()]
            yield Stated(str(label.lastgroup), found[1], found.start(), found.end(), _sign(middle), _about(middle))
    for found in _BEHIND.finditer(line):
        if not _CHANGE.search(line[max(0, found.start() - 8) : found.end() + 6]) and not _BOUND.search(
            line[max(0, found.start() - 6) : found.start()]
        ):
            middle = line[max(0, found.start() - 3) : found.start()]
            yield Stated("bubble", found["number"], found.start("number"), found.end("number"), "=", _about(middle))


def _last_linked(line: str, start: int, end: int) -> re.Match[str] | None:
    """The percentage that a label leads to: the last of `= 3/19 = 15.8%`, but the first of `27%，比 20% 高`."""
    found = _NUMBER.search(line, start, end)
    while found and _linked(line[start : found.start()]):
        more = _NUMBER.match(line, _past_relation(line, found.end()), end)
        if more is None:
            return found
        found = more
    return None


def _past_relation(line: str, at: int) -> int:
    while at < len(line) and line[at] in " =≈~":
        at += 1
    return at


def _linked(middle: str) -> bool:
    """Whether only arithmetic and plain linking words stand between a label and its number."""
    if _LINKING.fullmatch(middle) is None or ("," in middle.strip(" ,") and "=" not in middle):
        return False
    return all(word in _WORDS or len(word) == 1 for word in re.findall(r"[A-Za-z_][A-Za-z_\d]*", middle))


def _changed(line: str, start: int, found: re.Match[str]) -> bool:
    # `M=16 → 气泡 30%`: an arrow behind an input tells what follows from it.
    begin = start if _GIVES.search(line, max(0, start - 16), start) else max(0, start - 10)
    before, behind = line[begin : found.start()], line[found.end() : found.end() + 10]
    return bool(
        _CHANGE.search(before)
        or _CHANGE.search(behind)
        or re.match(r"\s*(?:[-–~+]\s*\d|\+|以[上下])", behind)
        or _BOUND.search(before)
    )


def _sign(middle: str) -> str:
    return "≈" if "≈" in middle else "="


def _about(middle: str) -> bool:
    return bool(re.search(r"[~∼约]|大概|about|around|approx|roughly|nearly", middle[-14:]))


class Judged(NamedTuple):
    """A stated ratio with the size it is about and how it compares."""

    line: int
    stated: Stated
    case: Size
    verdict: Verdict


def check(page: Page, around: Surroundings) -> Report:
    """Every stated ratio of the note whose inputs stand nearby."""
    report = Report()
    judged = list(_judged(page, around))
    total = _uses_total(judged)
    for each in judged:
        report.checked += 1
        if each.verdict.convention != IDEAL or _by_ideal(page, each, total)[1]:
            report.statements.append(_statement(page, each))
        if finding := _finding(page, each, total):
            report.findings.append(finding)
    return report


def _judged(page: Page, around: Surroundings) -> Iterator[Judged]:
    for line in page.percentages:
        source = page.lines[line]
        if len(source) > 4 * LONGEST or not MENTION.search(source) or page.quiet(line):
            continue
        plain = page.plain(line)
        for stated in stated_on(plain):
            case = _case(page, around, line, plain, stated)
            if case:
                verdict = _compare(case, stated)
                if verdict.convention == TOTAL and _divides_by_work(case, stated, plain):
                    verdict = verdict._replace(convention=IDEAL)
                yield Judged(line, stated, case, verdict)


def _divides_by_work(case: Size, stated: Stated, plain: str) -> bool:
    """Whether `3/128 = 2.3%` stands there: its digits fit both conventions, but not its working."""
    found = _QUOTIENT.search(plain, max(0, stated.at - _WORKING), stated.at)
    return found is not None and (int(found[1]), int(found[2])) == (case.stages - 1, case.microbatches * case.chunks)


def _case(page: Page, around: Surroundings, line: int, plain: str, stated: Stated) -> Size | None:
    """The size a ratio is about; None where the text is about a schedule with other rules."""
    scene = scenery(page, line, plain)
    if _SYMBOLIC.search(plain, 0, stated.at):
        return None
    if _MEASURED.search(plain, 0, stated.at):
        return None
    if (
        stated.kind == "efficiency" and not (SUBJECT.search(scene) or _OF_PIPELINE.search(plain, 0, stated.at))
    ) or _OTHER_SCHEDULE.search(scene):
        return None
    near = around.near(line, stated.at, stated.end)
    found = size(near)
    if found and _INTERLEAVED.search(scene) and not _sure_of_chunks(found, stated, plain):
        return None
    return found


def _sure_of_chunks(case: Size, stated: Stated, plain: str) -> bool:
    """Whether a mismatch of an interleaved schedule cannot come from another V than the one found.

    It cannot where the sentence itself gives V, once.
    """
    given = {int(found[1]) for found in _CHUNKS_GIVEN.finditer(plain)}
    if case.chunks > 1 and given == {case.chunks}:
        return True
    literal, step, _, _ = figure(stated.number)
    share = 1 - literal / 100 if stated.kind == "efficiency" else literal / 100
    if case.chunks > 1 and abs(ratio(case) - share) <= step / 200:
        return True
    others = (case._replace(chunks=chunks) for chunks in range(1, 13))
    return case.chunks > 1 and all(abs(ratio(each) - share) > step / 200 for each in others)


def _compare(case: Size, stated: Stated) -> Verdict:
    literal, step, _, _ = figure(stated.number)
    allowed = tolerance(stated.sign, stated.about)
    if allowed is ABOUT:
        step = loose_step(literal, step)
    return compare(case, literal / 100, step / 100, allowed, efficiency=stated.kind == "efficiency")


def _uses_total(judged: list[Judged]) -> Judged | None:
    """The first result of the note that follows the total convention and no other."""
    for each in judged:
        if each.verdict.agreement is Agreement.RIGHT and each.verdict.convention == "total":
            return each
    return None


def _statement(page: Page, each: Judged) -> Statement:
    literal, step, _, _ = figure(each.stated.number)
    inputs = tuple(zip(("P", "M", "V"), each.case, strict=True))
    plain = page.lines[each.line]
    return Statement(
        each.stated.kind, inputs, literal / 100, step / 100, page.file, page.file_line(each.line),
        place(plain, each.stated.number), plain.strip(), f"{each.stated.number}%",
        each.verdict.agreement is Agreement.RIGHT and each.verdict.convention == "total",
    )  # fmt: skip


def _finding(page: Page, each: Judged, total: Judged | None) -> Finding | None:
    verdict = each.verdict
    if verdict.agreement is Agreement.RIGHT and verdict.convention != IDEAL:
        return None
    cause = ""
    if verdict.convention == IDEAL:
        cause = "ideal convention"
        severity, message = _by_ideal(page, each, total)
    elif verdict.agreement is Agreement.IMPRECISE:
        severity, message = Severity.IMPRECISE, _off(each)
    elif _by_chunks(each):
        cause = "divided by V"
        severity, message = Severity.CONVENTION, _divided(page, each)
    else:
        severity, message = Severity.WRONG, _off(each)
    if not message:
        return None
    exact = compare_total(each)
    return page.finding(
        each.line, each.stated.number, severity, exact, CALCULATOR, message,
        suggestion=percent(exact), inputs=each.case.inputs(), stated=f"{each.stated.number}%", cause=cause,
    )  # fmt: skip


def _by_ideal(page: Page, each: Judged, total: Judged | None) -> tuple[Severity, str]:
    """A ratio of the useful time is no mistake by itself; it is one in a note that divides by the total elsewhere."""
    source = page.lines[each.line]
    if _CAVEAT.search(scenery(page, each.line, source)):
        return Severity.CONVENTION, ""
    shown = percent(compare_total(each))
    if total is None and _compare(each.case, each.stated).convention == TOTAL:
        return Severity.CONVENTION, ""
    if total is None:
        message = _("{claim}: by the ideal convention; {value} of the total time").format(claim=CLAIM, value=shown)
        return Severity.CONVENTION, message
    message = _("{claim}: idle over useful time, but line {line} divides by the total time, by which it is {value}")
    return Severity.INCONSISTENT, message.format(claim=CLAIM, line=page.file_line(total.line), value=shown)


def _by_chunks(each: Judged) -> bool:
    """Whether a ratio is that of plain 1F1B divided by V: `(P-1)/(V(M+P-1))`, of the plain step's time."""
    if each.case.chunks == 1 or each.stated.kind == "efficiency":
        return False
    literal, step, _, _ = figure(each.stated.number)
    plain = ratio(each.case._replace(chunks=1)) / each.case.chunks
    return agree(plain * 100, literal, step, tolerance(each.stated.sign, each.stated.about)) is Agreement.RIGHT


def _divided(page: Page, each: Judged) -> str:
    """Nothing to say where the note gives the formula or names a convention."""
    if _DIVIDED.search(page.text) or _CAVEAT.search(scenery(page, each.line, page.lines[each.line])):
        return ""
    message = _("{claim}: the plain ratio divided by V; {value} of the interleaved step's time")
    return message.format(claim=CLAIM, value=percent(compare_total(each)))


def compare_total(each: Judged) -> float:
    """What the stated result would be by the total convention."""
    value = ratio(each.case)
    return 1 - value if each.stated.kind == "efficiency" else value


def _off(each: Judged) -> str:
    inputs = ", ".join(
        f"{name}={value}" for name, value in zip("PMV", each.case, strict=True) if name != "V" or value > 1
    )
    return _("{claim}: {value} (total convention) for {inputs}").format(
        claim=CLAIM, value=percent(each.verdict.exact), inputs=inputs
    )
