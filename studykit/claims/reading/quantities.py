"""A sentence as the quantities it holds: `140GB 的权重切到 4 张卡上，每张 35GB` is bytes, GPUs, bytes.

What judges such sentences wants to know that nothing else is in them: a number without a known unit spoils a sentence.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from studykit.claims.reading.page import Page
from studykit.claims.reading.tokens import SENTENCE_END
from studykit.vault.later import later

LONGEST = 240
_NAMES = later(
    r"(?=[A-Zbdfhitx\d >*-])(?:FP|BF|TF|INT|int|fp|bf|float|[AHVBLT]|RTX ?|ZeRO-|GPT-|[LQ]lama-?|LLaMA-?|Gen|HBM|W|GDDR"
    r"|PCIe ?(?=\d\.0)|x(?=16\b)"
    r"|NVLink ?(?=\d(?!\d))"
    r"|MI|Phi-|Qwen|Top-|top-|P(?=99|95|90|50))\d[\d.]*(?:A\d+)?(?:e|B(?![A-Za-z]))?"
    r"|\d-?bit|[34]090|\b[Dd]2[HD]\b|\b[Hh]2[Dd]\b|\bP2P\b|^[ >\-*]*\d{1,2}[.、)] "
)
_QUANTITY = later(
    r"(?:(?<![A-Za-z_-])(?P<way>TP|PP|EP|SP|DP|batch(?:[_ ]size)?)\s*=\s*|(?<![A-Za-z\d_.,#])(?<!\d[-–~])(?<!\d [-–~])"
    r"(?<![×*/÷+^<>≤≥-])(?<![×*/÷+^<>≤≥-] ))(?P<number>\d{1,9}(?:,\d{3})*(?:\.\d+)?)"
    r" ?(?P<multiplier>万亿|亿|万|[KMBT](?![A-Za-z/]))?"
    r" ?(?:(?P<percent>%)|(?P<factor>倍|[x×](?![A-Za-z\d ]*\d)(?![A-Za-z]))"
    r"|(?P<speed>[KMGT]B/s|[KMGT]B/秒)|(?P<bytes>[KMGT]i?B(?![A-Za-z/])|字节(?!/)|bytes(?![/A-Za-z]))"
    r"|(?P<flops>[GTP]FLOP[Ss]?(?![A-Za-z]))|(?P<time>(?:ms|us|μs|s|毫秒|微秒|秒)(?![A-Za-z/]))"
    r"|(?P<rate>(?:tokens?|tok|samples?|imgs?|images|req|requests)/(?:s|秒)|[QT]PS)"
    r"|(?:个|张|台|块|条)? ?(?P<noun>GPUs?(?![A-Za-z])|[A卡H#V]#{2,4}|卡|节点|服务器|机器|nodes?\b|layers?\b|层"
    r"|注意力头|heads?\b|头|experts?\b|专家|[Tt]okens?(?!/)\b|步|次|请求|并发|序列|requests?\b|线程|threads?\b|warps?\b"
    r"|寄存器|registers?\b|(?:pipeline )?stages?\b|阶段|micro-?batch(?:es)?|样本|samples?(?!/)\b)"
    r"|(?P<classifier>[张台块]))?"
)
_DIGIT = later(r"\d")
_SEVERAL = later(r"\d[\d.,]*[^\d.,\n][^\d\n]*\d")
_UNITS = {
    "K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12, "万": 1e4, "亿": 1e8, "万亿": 1e12, "ms": 1e-3, "毫秒": 1e-3, "us": 1e-6,
    "μs": 1e-6, "微秒": 1e-6, "G": 1e9, "P": 1e15,
}  # fmt: skip
_HOLDERS = {
    "gpu": ("GPU", "卡", "张", "块", "#"), "node": ("节点", "服务器", "机器", "node", "台"), "layer": ("层", "layer"),
    "head": ("注意力头", "头", "head"), "expert": ("专家", "expert"), "token": ("oken",),
    "request": ("请求", "并发", "序列", "request"), "thread": ("线程", "thread"), "register": ("寄存器", "register"),
    "stage": ("stage", "阶段", "段"), "parameter": ("参数", "param", "权重"), "microbatch": ("micro",),
    "sample": ("样本", "sample"),
}  # fmt: skip


class Quantity(NamedTuple):
    """`value` in base units, `step` the worth of its last digit; `kind` is a unit's, or what is counted."""

    kind: str
    value: float
    step: float
    text: str
    unit: str
    start: int
    end: int


def sentences(page: Page, line: int) -> list[tuple[str, list[Quantity]]]:
    """The sentences of a line with their quantities, read once; none of a line that is long, or of a table."""
    return page.once(_sentences, line)


def _sentences(page: Page, line: int) -> list[tuple[str, list[Quantity]]]:
    return list(_read_line(page, line))


def _read_line(page: Page, line: int) -> Iterator[tuple[str, list[Quantity]]]:
    source = page.lines[line]
    if len(source) > LONGEST or not _SEVERAL.search(source) or source.lstrip()[:1] == "|" or page.quiet(line):
        return
    plain = _NAMES.sub(_hidden, page.plain(line))
    for text in SENTENCE_END.split(plain):
        if _SEVERAL.search(text):
            found = read(text)
            if len(found) >= 2:
                yield text, found


def _hidden(name: re.Match[str]) -> str:
    return _DIGIT.sub("#", name[0])


def read(text: str) -> list[Quantity]:
    """The quantities of a sentence; empty where a digit stands in it that is none of them."""
    found: list[Quantity] = []
    at = 0
    for each in _QUANTITY.finditer(text):
        if _DIGIT.search(text, at, each.start()) or (quantity := _quantity(each)) is None:
            return []
        found.append(quantity)
        at = each.end()
    return [] if _DIGIT.search(text, at) else found


def _quantity(found: re.Match[str]) -> Quantity | None:
    groups = found.groupdict()
    kind = next((name for name in ("percent", "factor", "speed", "bytes", "flops", "time", "rate") if groups[name]), "")
    unit = groups[kind] if kind else ""
    scale = _UNITS.get(groups["multiplier"] or "", 1.0)
    if kind in ("bytes", "speed", "flops") and unit[0] in "KMGTP":
        binary = 1.024 ** ("KMGTP".index(unit[0]) + 1) if unit[1:2] == "i" else 1.0
        scale *= _UNITS[unit[0]] * binary
    elif kind == "time":
        scale *= _UNITS.get(unit, 1.0)
    kind = kind or _counted(groups)
    if not kind:
        return None
    digits = groups["number"].replace(",", "")
    step = 10.0 ** -len(digits.partition(".")[2]) * scale
    shown = (groups["multiplier"] or "") + unit
    return Quantity(kind, float(digits) * scale, step, groups["number"], shown, found.start("number"), found.end())


def _counted(groups: dict[str, str | None]) -> str:
    if groups["way"]:
        return "way"
    noun = groups["noun"] or groups["classifier"] or ""
    for kind, words in _HOLDERS.items():
        if noun and any(word in noun for word in words):
            return kind
    return {"步": "step", "次": "time of"}.get(noun, "parameter" if groups["multiplier"] in ("M", "B", "亿") else "")


def held(word: str) -> str:
    """The kind that a word behind 每 is of; empty for a classifier that may be of any."""
    return next((kind for kind, words in _HOLDERS.items() if any(each in word for each in words)), "")
