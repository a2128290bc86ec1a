"""Memory of training by ZeRO stage: `ZeRO-2：52 GB / GPU` for a model and a number of GPUs given nearby.

Bytes a parameter and GPU over N (Rajbhandari et al. 2020, section 3): 2+2+K, 4+K/N, 2+(2+K)/N, (4+K)/N with K = 12 for
mixed precision and Adam; the other usual sums of weights, gradients and states count, too. What none gives is wrong.
"""

import re
from collections.abc import Iterator
from functools import partial

from studykit.calculators.figures import rounded
from studykit.claims.finding import Finding, Report, Severity
from studykit.claims.judging.formulas import training_states
from studykit.claims.reading.page import Page
from studykit.claims.reading.surroundings import nearest
from studykit.claims.reading.tokens import LONGEST, plainly
from studykit.claims.wording import CLAIM
from studykit.locale import _
from studykit.vault.later import later

CALCULATOR = "training-memory"
_STAGE = later(
    r"(?P<none>无 ?ZeRO|不用 ?ZeRO|(?:[Nn]o|[Ww]ithout) ZeRO|朴素 ?DP|普通 ?DP|\bDDP\b)"
    r"|ZeRO(?:[- ]?(?:[Ss]tage|阶段))?[- ]?(?P<stage>[1-3])(?![\d+])"
)
_MENTION = later(r"R(?<=ZeR)O[^\n]{1,60}\d ?GB")
_SIZE = later(r"(?<![\d.\-–~/A-Za-z+×*])(?P<number>\d{1,5}(?:\.\d+)?) ?Gi?B(?!/s|ps|[A-Za-z])(?!\s*[-–~+×*]\s*\d)")
_MODEL = later(r"(?<![\d.\-–~×x+/A-Za-z])(?P<number>\d{1,4}(?:\.\d+)?) ?(?:B(?![A-Za-z])|(?P<yi>亿)(?:个)?参数)")
_WAYS = later(
    r"(?:\bN(?:_?d)?|DP(?:_size)?|数据并行度?|GPU ?数量?|world_size)\s*(?:=|：|:|为)\s*(?P<number>\d{1,5})(?![\d.])"
    r"|(?<![\d.\-–~×x])(?P<other>\d{1,5}) ?(?:张|块|个)? ?(?:[AHV]\d{2,3}|GPUs?|卡)(?![\w.])",
    re.ASCII,
)
_OTHERWISE = later(
    r"[Oo]ffload|卸载|LoRA|激活|[Aa]ctivation|→|->|节省 ?\d+(?:\.\d+)? ?GB|8-?bit|INT8|TP|PP|张量并行|"
    r"流水线并行|总共?\s*\d|每层|[×*]|装[得不]?下|放[得不]?下|\bfits?\b"
)
_PART = later(r"参数|权重|梯度|优化器|[Pp]aram|[Ww]eight|[Gg]rad|[Oo]ptim")
_WIDTHS = ((2, 2, 12), (2, 4, 12), (4, 4, 8), (2, 2, 8), (2, 4, 8), (2, 2, 4))
"""Bytes of weights, gradients and optimizer states."""
_FARTHEST = 12
_NEAR = 0.025


def check(page: Page) -> Report:
    """Every size with a ZeRO stage on its line whose model and number of GPUs stand nearby."""
    report = Report()
    for line in page.lines_with(_MENTION):
        plain = plainly(page.lines[line][:LONGEST], code=page.fence(line) is not None)
        stages = list(_STAGE.finditer(plain))
        sizes = list(_SIZE.finditer(plain))
        if len(stages) != 1 or len(sizes) != 1 or _OTHERWISE.search(plain) or page.quiet(line):
            continue
        models = nearest(page, line, partial(_values, _MODEL), _FARTHEST)
        ways = nearest(page, line, partial(_values, _WAYS), _FARTHEST)
        if len(models) == 1 and len(ways) == 1:
            if _PART.search(plain, sizes[0].end()):
                continue
            found = list(_judge(page, line, sizes[0], stages[0], models.pop(), ways.pop()))
            report.checked += 1
            report.findings += found
    return report


def _values(pattern: re.Pattern[str], text: str) -> set[float]:
    return {_value(each) for each in pattern.finditer(text)}


def _value(found: re.Match[str]) -> float:
    groups = found.groupdict()
    number = float(groups["number"] or groups.get("other") or 0)
    return number * 0.1 if groups.get("yi") else number


def _judge(
    page: Page, line: int, size: re.Match[str], stage: re.Match[str], billions: float, ways: float
) -> Iterator[Finding]:
    stated = float(size["number"])
    if billions < 0.1 or ways < 2 or not stated:
        return
    zero, gpus = int(stage["stage"] or 0), int(ways)
    exact = {training_states(billions, widths, zero=zero, gpus=gpus): widths for widths in _WIDTHS}
    if any(abs(each * scale / stated - 1) < _NEAR for each in exact for scale in (1, 1 / 1.0737)):
        return
    usual = min(exact, key=lambda each: abs(each - stated))
    shown = f"{rounded(usual, 3)} GB"
    message = _(
        "{claim}: {parameters} B parameters over {ways} GPUs, {weights} + {gradients} + {states} bytes each: {value}"
    ).format(
        claim=CLAIM, parameters=rounded(billions, 3), ways=rounded(ways), value=shown,
        **dict(zip(("weights", "gradients", "states"), exact[usual], strict=True)),
    )  # fmt: skip
    inputs = {"parameters": billions * 1e9, "zero": zero, "data_parallel": gpus}
    yield page.finding(line, size[0], Severity.WRONG, usual, CALCULATOR, message, suggestion=shown, inputs=inputs)
