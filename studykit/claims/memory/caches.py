"""The size of a KV cache whose model and length are spelled out on the line or in its block.

`2 · layers · KV heads · head dimension · bytes` for a token; with a length and a batch, the whole. Without KV heads it
is multi-head attention, of the heads or of the hidden size. What fits none of these is wrong.
"""

import re
from collections.abc import Iterator
from itertools import product

from studykit.calculators.figures import rounded
from studykit.claims.finding import Finding, Report, Severity
from studykit.claims.judging.formulas import cache_of_token
from studykit.claims.reading.page import Page
from studykit.claims.reading.tokens import LONGEST, plainly
from studykit.claims.wording import CLAIM
from studykit.locale import _
from studykit.vault.later import later

CALCULATOR = "kv-cache"
MENTION = later(r"KV[ -]?(?:[Cc]ache|缓存|占)|[Tt]oken[^\n]{0,20}\d ?[KMG]i?B|(?<=KV)[^\n]{0,30}\d ?[KMG]i?B")
_SIZE = later(
    r"(?<![\d.\-–~/A-Za-z])(?P<number>\d{1,6}(?:\.\d+)?) ?(?P<unit>[KMGT])i?B(?!/s|ps|[A-Za-z]|/ ?秒)(?!\s*[-–~]\s*\d)"
)
_IS = r"\s*(?:=|：|:|为|是|of)?\s*"
_END = r"(?![\w.])"
_INPUTS = {
    name: later(form.replace("IS", _IS).replace("END", _END), re.ASCII)
    for name, form in {
        "layers": r"(?:num_layers|n_layers|num_hidden_layers|layers|层数|\bL)IS(?P<number>\d{1,3})END"
        r"|(?P<other>\d{1,3}) ?(?:层(?!激)|layers)",
        "kv_heads": r"(?:num_(?:kv|key_value)_heads|n_kv(?:_heads)?|kv[_ ]heads|KV ?头数?)IS(?P<number>\d{1,3})END"
        r"|(?P<other>\d{1,3}) ?(?:个)? ?KV ?(?:头|heads)",
        "heads": r"(?<!kv_)(?<!value_)(?<!KV)(?<!KV )(?:num_heads|n_heads|num_attention_heads|注意力头数?|头数|\bheads)"
        r"IS(?P<number>\d{1,3})END"
        r"|(?P<other>\d{1,3}) ?(?:个)?(?:注意力头|attention heads|头(?!维))",
        "head_dim": r"(?:head_dim|d_head|head_size|head dim(?:ension)?|头维度?)IS(?P<number>\d{2,3})END",
        "hidden": r"(?:hidden(?:_size|_dim)?|d_model|hidden size|隐藏(?:层)?维度|\bH|\bh|\bd)IS(?P<number>\d{3,5})END",
        "sequence": r"(?:seq(?:_?len(?:gth)?)?|context(?:_len(?:gth)?)?|max_len|序列长度?|上下文(?:长度)?|\bS"
        r"|sequence length)IS(?P<number>\d{2,7})(?P<kilo>[Kk])?END",
        "batch": r"(?:batch(?:[_ ]?size)?|批(?:次)?大小|\bB|\bb)IS(?P<number>\d{1,5})END",
    }.items()
}
_WIDTHS = (
    (later(r"FP32|fp32|float32|4 ?(?:bytes|字节)"), 4),
    (later(r"INT8|FP8|int8|fp8|\b1 ?byte|1 ?字节"), 1),
    (later(r"INT4|int4|4-?bit"), 0.5),
)
_PER_TOKEN = later(r"(?:每|单)个? ?[Tt]oken|per[ -][Tt]oken|a token|/ ?[Tt]oken|[Tt]oken ?/", re.IGNORECASE)
_OTHERWISE = later(
    r"MLA|量化|压缩|→|->|降|减|block|块|page|页|窗口|window|层每|per layer|每层|prefix|前缀|节省|浪费"
    r"|vs|TP|PP|每卡|读|[Rr]ead|访存|带宽"
)
_BLOCK = 10


def check(page: Page) -> Report:
    """Every size of a KV cache on a line that names it."""
    report = Report()
    for line in page.lines_with(MENTION):
        plain = plainly(page.lines[line][:LONGEST], code=True)
        sizes = list(_SIZE.finditer(plain))
        if len(sizes) != 1 or "KV" not in plain or _OTHERWISE.search(plain) or page.quiet(line):
            continue
        inputs = _inputs(page, line, plain)
        exact = _exact(inputs, _PER_TOKEN.search(plain) is not None)
        if exact:
            right = _fits(sizes[0], exact)
            report.take([None if right else _finding(page, line, sizes[0], min(exact), inputs)])
    return report


def _inputs(page: Page, line: int, plain: str) -> dict[str, float]:
    """What the line gives, and for what it does not, the lines above in its block; a repeated input is unclear."""
    found: dict[str, float] = {}
    for above in range(line, max(page.section_start(line), line - _BLOCK) - 1, -1):
        text = plain if above == line else plainly(page.lines[above][:LONGEST], code=True)
        if not text.strip():
            break
        for name, pattern in _INPUTS.items():
            values = {_number(each) for each in pattern.finditer(text)}
            if values and name not in found:
                found[name] = values.pop() if len(values) == 1 else 0.0
        for pattern, width in _WIDTHS:
            if pattern.search(text):
                found.setdefault("bytes", width)
    return found


def _number(found: re.Match[str]) -> float:
    groups = found.groupdict()
    return float(groups["number"] or groups.get("other") or 0) * (1024 if groups.get("kilo") else 1)


def _exact(inputs: dict[str, float], per_token: bool) -> list[float]:
    """Every size in bytes that the inputs may mean; none where one that is needed is missing or unclear."""
    if not inputs.get("layers") or 0.0 in inputs.values():
        return []
    layers, width = inputs["layers"], inputs.get("bytes", 2)
    token = [cache_of_token(layers, width=width, **shape) for shape in _shapes(inputs)]
    if per_token:
        return token
    if not inputs.get("sequence"):
        return []
    return [size * inputs["sequence"] * inputs.get("batch", 1) for size in token]


def _shapes(inputs: dict[str, float]) -> Iterator[dict[str, float]]:
    """What may be cached of a token in a layer: the KV heads, else as many as there are heads, or the hidden size."""
    heads = inputs.get("kv_heads") or inputs.get("heads")
    if heads and inputs.get("head_dim"):
        yield {"kv_heads": heads, "head_dim": inputs["head_dim"]}
    if inputs.get("hidden") and not inputs.get("kv_heads"):
        yield {"hidden": inputs["hidden"]}


def _fits(size: re.Match[str], exact: list[float]) -> bool:
    """Within a tenth of one, in powers of 1000 or 1024."""
    power = "KMGT".index(size["unit"]) + 1
    stated = float(size["number"])
    return any(abs(stated * base**power / value - 1) < 0.1 for base, value in product((1000.0, 1024.0), exact))


def _finding(page: Page, line: int, size: re.Match[str], exact: float, inputs: dict[str, float]) -> Finding:
    power = "KMGT".index(size["unit"]) + 1
    value = f"{rounded(exact / 1024.0**power, 3)} {size['unit']}iB"
    message = _("{claim}: the KV cache is {value}").format(claim=CLAIM, value=value)
    return page.finding(
        line, size[0], Severity.WRONG, exact / 1024.0**power, CALCULATOR, message, suggestion=value, inputs=inputs
    )
