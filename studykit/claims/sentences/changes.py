"""Changes with a figure for them: `600ms → 400ms（-33%）`, `140GB → 18GB（压缩比 7.8×）`, `64×, 99.2% 减少`.

A percentage may be of the old value, of the new one, or in points; a factor may count the old value or not (提升 2 倍).
Only a figure that fits none of these is wrong.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from studykit.calculators.figures import rounded
from studykit.claims.bubbles.subject import SUBJECT, scenery
from studykit.claims.finding import Finding, Report, Severity
from studykit.claims.judging.agreement import Agreement, Tolerance, agree
from studykit.claims.reading.amounts import Amount
from studykit.claims.reading.grids import cell_amount, plain_value
from studykit.claims.reading.page import Page
from studykit.claims.reading.tokens import LONGEST, plainly
from studykit.claims.wording import snippet
from studykit.locale import _
from studykit.vault.later import later

CALCULATOR = "change"
# Each begins with one certain character, which is searched several times faster than a set or alternatives.
_MENTIONS = (
    later("→"),
    later("->"),
    later("到(?<=[低少缩小升高加降]到)"),
    later("至(?<=[低少减压缩小升高加降增]至)"),
    later(r"×[ \t]*[,，、(（ ].{0,24}%"),
    later(r"倍[ \t]*[,，、(（ ].{0,24}%"),
    later(r"x(?<=\dx)[ \t]*[,(（ ].{0,24}%"),
    later(r"o (?<= to )[~≈]?\d"),
)
_HAS_FIGURE = later(r"[%×倍％x](?:(?<=\d.)|(?<=\d\s.))")
_AMOUNT = r"\d[\d.,]*\d|\d"
_UNIT = r"(?: ?(?:%|(?:gen |total |output )?[A-Za-zµμ]{1,6}(?:/s)?|个?[万亿]|毫秒|微秒|秒|倍))?(?: ?\((?:CPU|GPU)\))?"
_TO = (
    r"\s*(?:→|->|降到|降至|降低到|减少到|减至|压缩到|压缩至|缩小到|提升到|提升至|提高到|增加到|增至|升到|升至|\bto\b)"
    r"\s*(?:约|~|≈)?\s*"
)
_ARROW = later(_TO)
_PAIR = (
    rf"(?<![\d.\-–×x*/+])(?<!\d~)(?<!\d ~)(?P<old>(?:{_AMOUNT}){_UNIT}){_TO}"
    rf"(?P<new>(?:{_AMOUNT}){_UNIT})(?![\d.]|\s*[-~–]\s*\d|\s*(?:→|->))"
)
_WORD = r"(?P<word>[^\d，,。；;：:（）()→]{0,14}?)"
_FIGURE = (
    r"(?P<about>约|~|≈)?\s*(?P<figure>[-+−]?\d+(?:\.\d+)?)\s*"
    r"(?P<unit>%|×|x(?![A-Za-z])|倍|个?百分点|percentage points)(?!\s*[-~–]\s*\d)"
)
_BEHIND = later(rf"{_PAIR}\s*(?:[（(=]|，|,|；|;|：)\s*{_WORD}{_FIGURE}")
_BEFORE = later(rf"(?P<word>减少|降低|下降|节省|提升|提高|增加|增长)了?\s*[:：]?\s*{_FIGURE}\s*[（(]\s*{_PAIR}\s*[)）]")
_BOTH = later(
    r"(?P<times>\d+(?:\.\d+)?) ?(?:×|x|倍)\s*(?:[（(,，、]|\s)\s*(?:即|也就是|or|i\.e\.,?)?\s*"
    r"(?P<first>减少|降低|节省|reduc\w*)?了?\s*(?:约|~)?"
    r"(?P<percent>\d+(?:\.\d+)?) ?% ?(?:的)?(?P<last>减少|降低|节省|reduction|smaller|less)?"
)
_ERRORS = later(r"错误|误差|失败|未命中|空闲|浪费|\berror|\bmiss|fail|idle", re.IGNORECASE)
_KEPT = later(r"保留|保持|remain|retain|相当于|剩|of the|占")
_LESS = later(r"减|降|省|少|reduc|sav|less|smaller|lower|压缩", re.IGNORECASE)
_MORE = later(r"提升|提高|增|加速|提速|快|improv|faster|increas|gain|higher|more|speed", re.IGNORECASE)
_RATE = later(r"效率|吞吐|速度|throughput|efficiency|speed|faster", re.IGNORECASE)
_FACTOR = later(
    r"压缩|加速|提速|提升|提高|比|快|慢|倍|增|涨|speed|faster|slower|smaller|ratio|降|减|缩|省|^\s*$", re.IGNORECASE
)
PLAIN_WORDS = later(
    r"减少|降低|下降|节省|节约|压缩比?|缩小|提升|提高|提速|增加|增长|加速比?|改善|优化|变化|整体|总体|大约|将近|接近|幅度|比例"
    r"|[了约达近为快慢升降省涨到至有就是可的个共即仅也又]"
    r"|\b(?:a|an|of|by|the|is|or|i\.e|about|reduction|improvement|speed-?up|faster|slower|smaller|less|more|down|up|which"
    r"|increase|decrease|savings?|saving|roughly|nearly|over|that|ratio|factor|compression|gain|giving)\b"
    r"|[\s:：=~≈+*-]", re.IGNORECASE,
)  # fmt: skip
# What is turned up to see something else change.
_CAUSE = later(
    r"batch|批|并发|序列|上下文|长度|context|sequence|GPU ?(?:数|从|由|:|：|=)|卡数|节点|线程数|并行度|专家数|层数"
    r"|concurren|[Tt]hreads"
    r"|(?<![A-Za-z])(?:TP|PP|DP|EP|M|P|B|K|N)(?![A-Za-z])[^，,。；;|]{0,8}$", re.IGNORECASE,
)  # fmt: skip
MEASURED_BY = {
    "second": later(r"(?:延迟|耗时|时间|用时|时延|latency|time)+", re.IGNORECASE),
    "byte": later(r"(?:显存|内存|存储|体积|大小|占用|memory|size)+", re.IGNORECASE),
}
"""What an amount of a kind of unit is called: such a subject is the change's own."""
_NEAR = Tolerance(0.08)


class Change(NamedTuple):
    """A change as written, the figure given for it, and the figures that would be right."""

    found: re.Match[str]
    figure: float
    step: float
    right: tuple[float, ...]
    note: str = ""


def check(page: Page) -> Report:
    """Every change of the note that has a figure for it."""
    report = Report()
    for line in sorted({line for pattern in _MENTIONS for line in page.lines_with(pattern)}):
        if not _HAS_FIGURE.search(page.lines[line]) or page.quiet(line):
            continue
        plain = plainly(page.lines[line][: 2 * LONGEST], code=page.fence(line) is not None)
        report.take(_finding(page, line, change) for change in _changes(page, line, plain))
    return report


def _changes(page: Page, line: int, plain: str) -> Iterator[Change]:
    for pattern in (_BEHIND, _BEFORE) if _ARROW.search(plain) else ():
        for found in pattern.finditer(plain):
            old, new = cell_amount(found["old"]), cell_amount(found["new"])
            if old and new and (change := _read(page, line, plain, found, old, new)):
                yield change
    for found in _BOTH.finditer(plain) if "%" in plain and ("倍" in plain or "×" in plain or "x" in plain) else ():
        if found["first"] or found["last"]:
            times = float(found["times"])
            if times > 1:
                yield Change(found, float(found["percent"]), _step(found["percent"]), ((1 - 1 / times) * 100,))


def _read(page: Page, line: int, plain: str, found: re.Match[str], old: Amount, new: Amount) -> Change | None:
    first, second = _values(old, new)
    if not first or not second or first == second:
        return None
    if _of_another(plain, found, old.unit.kind if old.unit else new.unit.kind if new.unit else ""):
        return None
    stated, word = abs(float(found["figure"].replace("−", "-"))), found["word"] + plain[found.end() : found.end() + 10]
    if "p" in found["unit"] or "点" in found["unit"]:
        points = old.percent and new.percent
        return Change(found, stated, _step(found["figure"]), (abs(second - first),)) if points else None
    if found["unit"] != "%":
        return _factor(page, line, plain, found, old, stated, max(first, second) / min(first, second), word)
    if old.percent and new.percent and _ERRORS.search(word):
        # `准确率 92% → 93%，错误率下降 12.5%`: of what is not right.
        rights: tuple[float, ...] = (*_percentages(100 - first, 100 - second), *_percentages(first, second))
    elif _KEPT.search(word):
        rights = (second / first * 100,)
    elif found["figure"][0] in "-−" or (_LESS.search(word) and not _MORE.search(word)):
        # What is saved is of the old value, or in points.
        rights = _percentages(first, second)[:: 2 if old.percent else 3]
    elif found["figure"][0] == "+" or _MORE.search(word):
        # Of a rate that grew, it is of the old one; of a time, of either, for what grew may be the speed.
        unit = old.unit or new.unit
        grew = second > first and unit is not None and unit.kind.endswith("/second")
        rights = _percentages(first, second)[: 1 if grew else 3]
    else:
        return None
    return Change(found, stated, _step(found["figure"]), rights)


def _of_another(plain: str, found: re.Match[str], kind: str) -> bool:
    """`序列从 2K 增加到 8K，计算量增加 16 倍`: a cause, or a figure with a subject that the change does not share.

    `kind` is that of the unit that changed: `从 200ms 降到 150ms，延迟降低 25%` is about that time.
    """
    if "%" in found["old"]:
        return False
    if _CAUSE.search(plain[max(0, found.start() - 24) : found.start()]):
        return True
    separator = plain[found.end("new") : found.start("word")].strip()
    if separator not in ("，", ",", "；", ";", "(", "（"):
        return False
    subject = PLAIN_WORDS.sub("", found["word"])
    if kind in MEASURED_BY and MEASURED_BY[kind].fullmatch(subject):
        return False
    return len(subject) >= 2 and subject not in plain[: found.start()]


def _values(old: Amount, new: Amount) -> tuple[float, float]:
    """Both in base units; a unit that only the new value has holds for both."""
    differ = old.percent != new.percent or (old.unit and new.unit and old.unit.kind != new.unit.kind)
    if differ and not (new.percent and old.unit is None):
        return 0.0, 0.0
    if old.unit is None or new.unit is None:
        return old.literal, new.literal
    return plain_value(old), plain_value(new)


def _percentages(first: float, second: float) -> tuple[float, ...]:
    """Of the old value; of the new one (faster by); in points, if these are percentages."""
    return abs(second - first) / first * 100, abs(second - first) / second * 100, abs(second - first)


def _factor(
    page: Page, line: int, plain: str, found: re.Match[str], old: Amount, stated: float, times: float, word: str
) -> Change | None:
    if found["word"].strip() and not _FACTOR.search(word):
        return None
    step = _step(found["figure"])
    fell = float(re.findall(r"[\d.]+", found["new"])[0]) < old.literal
    if old.percent and fell and _RATE.search(word) and SUBJECT.search(scenery(page, line, plain)):
        new = float(re.findall(r"[\d.]+", found["new"])[0])
        gain = (100 - new) / (100 - old.literal) if old.literal < 100 else 0.0
        note = _("{times} times less bubble, but only {gain} times the throughput").format(
            times=rounded(times, 2), gain=rounded(gain, 3)
        )
        return Change(found, stated, step, (gain, gain - 1), note)
    return Change(found, stated, step, (times, times - 1, (1 - 1 / times)))


def _step(figure: str) -> float:
    return float(10 ** -len(figure.partition(".")[2]))


def _agree(right: float, change: Change) -> Agreement:
    """Of a saving of more than half, what remains must fit too: 99.2% and 98.4% are not near, they differ twofold."""
    found = agree(right, change.figure, change.step, _NEAR)
    if found is Agreement.IMPRECISE and "percent" in change.found.groupdict() and change.figure > 50:
        return agree(100 - right, 100 - change.figure, change.step, Tolerance(0.3))
    if found is Agreement.IMPRECISE and _whole(right, change):
        return Agreement.WRONG
    return found


def _whole(right: float, change: Change) -> bool:
    """`100ms → 25ms，5x`: a factor that comes to a whole number rounds to no other."""
    groups = change.found.groupdict()
    factor = "unit" in groups and groups["unit"] != "%" and not groups["about"]
    return factor and right >= 2 and abs(right - round(right)) < 1e-9 and abs(right - change.figure) >= 1


def _finding(page: Page, line: int, change: Change) -> Finding | None:
    results = [_agree(right, change) for right in change.right]
    best = min(results, key=lambda each: each.value)
    if best is Agreement.RIGHT or best is Agreement.IMPRECISE:
        return None
    value = change.right[0]
    groups = change.found.groupdict()
    unit = "%" if "percent" in groups else groups.get("unit", "")
    shown = f"{rounded(value, 3)}{unit}"
    message = f"{snippet(change.found[0])}: " + (change.note or _("it is {value}").format(value=shown))
    stated = groups.get("figure") or groups.get("percent") or ""
    return page.finding(
        line, stated, Severity.WRONG, value, CALCULATOR, message, suggestion=shown, stated=f"{stated}{unit}"
    )
