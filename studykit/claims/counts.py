"""Counts that follow from two others on the line: hops, blocks of a grid, layers of a stage, messages of all layers.

`m1 经过 4 个 GPU，通信 3 次`; `1000 个元素，block=256，需要 4 个 block`; `每层 2 次 All-Reduce，32 层共 64 次`.
"""

import re
from collections.abc import Callable, Iterator
from math import ceil
from typing import NamedTuple

from studykit.claims.finding import Finding, Report, Severity
from studykit.claims.page import Page
from studykit.claims.tokens import LONGEST
from studykit.claims.wording import CLAIM
from studykit.locale import _

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
    return Rule(word, re.compile(text), gives)


_HOPS = r"(?:次|跳|hops?|transfers?|times)"
_RULES = (
    _rule("经过", rf"(?P<b>)经过 ?AA ?(?:个|张)? ?(?:GPU|stage|阶段|卡|节点|级)s?，?(?:需要?|共)?(?:通信|传输|发送) ?CC ?{_HOPS}",
          lambda a, _b: a - 1),
    _rule("每层", r"每层(?:需要?|有|做|进行)? ?AA ?次[^\d，,。；\n]{0,16}[，,] ?(?:共|一共)? ?BB ?层(?:模型)?,? ?(?:一?共|总共|总计|合计|则)(?:需要?|有)? ?CC ?次",
          lambda a, b: a * b),
    _rule("block", r"AA ?个?(?:元素|数据|线程|elements|threads)[，,]? ?(?:每个? ?)?block(?:_?size|Dim|大小)? ?(?:=|为|：|:|of) ?BB[^\d\n]{0,16}?"
          r"(?:需要?|共|→|=|need(?:s|ed)?|gives) ?CC ?个? ?(?:block|线程块)s?", lambda a, b: ceil(a / b)),
    _rule("block_size", r"(?:序列长度?|[Ss]equence length|长度)(?: ?(?:为|=|：|:|of))? ?AA(?: ?(?:个 ?)?tokens?)?[，,] ?block[_ ]size ?(?:=|为|：|:) ?BB[^\d\n]{0,12}?"
          r"(?:需要?|占用?|共|→|needs?) ?CC ?(?:个|blocks?)", lambda a, b: ceil(a / b)),
    _rule("层", r"(?:PP|流水线并行度?|P) ?(?:=|为|：|:) ?AA[，,] ?BB ?层(?:模型|的模型)?[^\d\n]{0,6}?每个? ?(?:stage|阶段|级|卡|GPU|rank)(?:上|有|分到|负责|是|为)? ?CC ?层",
          lambda a, b: ceil(b / a) if b % a else b // a),
    _rule("层", r"BB ?层(?:模型|的模型)?[^\d\n]{0,10}?(?:分成|分到|切成|均分到|划分为|分为) ?AA ?(?:个|张)? ?(?:stage|阶段|级|卡|GPU)s?[^\d\n]{0,6}?每个? ?(?:stage|阶段|级|卡|GPU)?(?:上|有|分到|负责|是|为)? ?CC ?层",
          lambda a, b: ceil(b / a) if b % a else b // a),
    _rule("layers", r"BB layers (?:over|across|on|split (?:over|into)) AA (?:stages|GPUs|ranks)[^\d\n]{0,12}?CC layers (?:each|per|a)",
          lambda a, b: ceil(b / a) if b % a else b // a),
)  # fmt: skip
_MENTIONS = tuple(re.compile(re.escape(word)) for word in sorted({rule.word for rule in _RULES}))


def check(page: Page) -> Report:
    """Every line with a count that follows from two others."""
    report = Report()
    text = page.numeric
    for rule in _RULES:
        if rule.word in text:
            for line in page.lines_with(_mention(rule.word)):
                if len(page.lines[line]) <= LONGEST and not page.quiet(line):
                    for found in _judge(page, line, rule):
                        report.checked += 1
                        if found:
                            report.findings.append(found)
    return report


def _mention(word: str) -> re.Pattern[str]:
    return next(pattern for pattern in _MENTIONS if pattern.pattern == re.escape(word))


def _judge(page: Page, line: int, rule: Rule) -> Iterator[Finding | None]:
    for found in rule.pattern.finditer(page.plain(line)):
        a, b, stated = int(found["a"]), int(found["b"] or 1), int(found["c"])
        if not a or not b:
            continue
        exact = rule.gives(a, b)
        yield None if exact == stated else page.finding(
            line, found["c"], Severity.WRONG, float(exact), CALCULATOR,
            _("{claim}: it is {value}").format(claim=CLAIM, value=exact), suggestion=str(exact),
        )  # fmt: skip
