"""Counts that follow from two others on the line: hops, blocks of a grid, layers of a stage, messages of all layers.

`m1 经过 4 个 GPU，通信 3 次`; `1000 个元素，block=256，需要 4 个 block`; `每层 2 次 All-Reduce，32 层共 64 次`.
"""

import re
from collections.abc import Callable, Iterator
from math import ceil
from typing import NamedTuple

from studykit.claims.finding import Finding, Report
from studykit.claims.reading.page import Page
from studykit.claims.reading.tokens import LONGEST
from studykit.vault.later import later

CALCULATOR = "count"
_N = r"(?<![\d.,\-–~×x*/+])(?P<{0}>\d{{1,9}})(?![\d.]*[-–~%\d])"


class Rule(NamedTuple):
    """`pattern` has the numbers `a`, `b` and what they give, `c`; `word` is sought before the pattern is tried."""

    word: str
    pattern: re.Pattern[str]
    gives: Callable[[int, int], int]


def _rule(word: str, text: str, gives: Callable[[int, int], int]) -> Rule:
    """Groups A, B, C in capitals stand for numbers."""
    for letter in "ABC":
        text = text.replace(letter * 2, _N.format(letter.lower()))
    return Rule(word, later(text), gives)


_IS = r" ?(?:=|为|：|:|of) ?"
_PLACE = r"(?:stage|阶段|级|卡|GPU|rank)"
_HOLDS = r"(?:上|有|放|分到|负责|是|为)?"
_NEEDS = r"(?:需要?|占用?|共|→|=|need(?:s|ed)?|gives) ?"


def _share(ways: int, whole: int) -> int:
    return ceil(whole / ways)


def _product(one: int, other: int) -> int:
    return one * other


def _blocks(whole: int, size: int) -> int:
    return ceil(whole / size)


_RULES = (
    _rule(
        "经过",
        rf"(?P<b>)经过 ?AA ?(?:个|张)? ?(?:{_PLACE}|节点)s?，?(?:需要?|共)?(?:通信|传输|发送) ?CC ?(?:次|跳)",
        lambda passed, _none: passed - 1,
    ),
    _rule(
        "每层",
        r"每层(?:需要?|有|做|进行)? ?AA ?次[^\d，,。；\n]{0,16}[，,] ?(?:共|一共)? ?BB ?层(?:模型)?,? ?"
        r"(?:一?共|总共|总计|合计|则)(?:需要?|有)? ?CC ?次",
        _product,
    ),
    _rule(
        "block",
        rf"AA ?个?(?:元素|数据|线程|elements|threads)[，,]? ?(?:每个? ?)?block(?:_?size|Dim|大小)?{_IS}BB"
        rf"[^\d\n]{{0,16}}?{_NEEDS}CC ?个? ?(?:block|线程块)s?",
        _blocks,
    ),
    _rule(
        "block_size",
        rf"(?:长度?|[Ll]ength)(?:{_IS}| )?AA(?: ?(?:个 ?)?tokens?)?[，,] ?block[_ ]size{_IS}BB"
        rf"[^\d\n]{{0,12}}?{_NEEDS}CC ?(?:个|blocks?)",
        _blocks,
    ),
    _rule(
        "每",
        rf"(?:PP|流水线并行度?|P){_IS}AA[，,] ?BB ?层(?:的?模型)?[^\d\n]{{0,6}}?每个? ?{_PLACE}{_HOLDS} ?CC ?层",
        _share,
    ),
    _rule(
        "每",
        rf"BB ?层(?:的?模型)?[^\d\n]{{0,10}}?(?:[分切]成|[均切]?分到|划分为|分为) ?AA ?(?:个|张)? ?{_PLACE}s?"
        rf"[^\d\n]{{0,6}}?每个? ?{_PLACE}?{_HOLDS} ?CC ?层",
        _share,
    ),
    _rule(
        "每",
        rf"(?:EP|专家并行度?(?: ?EP)?){_IS}AA[，,] ?BB ?个?专家[^\d\n]{{0,6}}?每(?:个|张)? ?{_PLACE}{_HOLDS} ?CC ?个",
        _share,
    ),
    _rule(
        "d_model",
        rf"d_model{_IS}BB[，,] ?AA ?个?(?:注意力)?(?:头|heads)[，,]? ?(?:每个?头的?(?:维度?)?|d_k|head_dim)"
        r"[^\d\n]{0,6}CC",
        _share,
    ),
    _rule(
        "layers",
        r"BB layers (?:over|across|on|split (?:over|into)) AA (?:stages|GPUs|ranks)"
        r"[^\d\n]{0,12}?CC layers (?:each|per|a)",
        _share,
    ),
)
_MENTIONS = {
    "经过": later(r"经过 ?\d"),
    "每层": later(r"每层[^\d\n]{0,6}\d+ ?次"),
    "block": later(r"block[^\d\n]{0,8}\d"),
    "block_size": later(r"block[_ ]size[^\d\n]{0,3}\d"),
    "每": later(r"每[个张]? ?(?:stage|阶段|级|卡|GPU|rank)[^\d\n]{0,4}\d"),
    "layers": later(r"layers (?:over|across|on|split)"),
    "d_model": later(r"d_model[^\d\n]{0,3}\d"),
}
"""Where a rule may hold, by its word: each begins with certain letters, which are searched fast."""


def check(page: Page) -> Report:
    """Every line with a count that follows from two others."""
    report = Report()
    held = page.held(_MENTIONS)
    for rule in _RULES:
        if rule.word in held:
            for line in page.lines_with(_MENTIONS[rule.word]):
                if len(page.lines[line]) <= LONGEST and not page.quiet(line):
                    report.take(_judge(page, line, rule))
    return report


def _judge(page: Page, line: int, rule: Rule) -> Iterator[Finding | None]:
    for found in rule.pattern.finditer(page.plain(line)):
        a, b, stated = int(found["a"]), int(found["b"] or 1), int(found["c"])
        if not a or not b:
            continue
        exact = rule.gives(a, b)
        yield None if exact == stated else page.wrong(line, found["c"], float(exact), CALCULATOR, str(exact))
