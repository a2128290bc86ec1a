"""The size of attention matrices: `当 N=64K 时，注意力矩阵需要 16GB (FP16)` is N² numbers for each head.

Heads and batch may be counted in; with none of them given, a size that is right for none of the usual widths is wrong.
"""

import re
from itertools import product

from studykit.calculators.figures import rounded
from studykit.claims.finding import Finding, Report, Severity
from studykit.claims.reading.page import Page
from studykit.claims.reading.tokens import LONGEST, plainly
from studykit.claims.wording import CLAIM
from studykit.locale import _
from studykit.vault.later import later

MENTION = later(
    r"[注aA](?:意力(?:分数|得分|权重)?矩阵|ttention (?:score |weight )?(?:matrix|matrices|scores)"
    r"|ttention[^\n]{0,40}O\([NnLS](?:²|\^2))"
)
_LENGTH = later(
    r"(?<![A-Za-z])(?:N|n|L|S|seq(?:_?len)?|序列长度|sequence length)\s*(?:=|:|：|为|of)\s*"
    r"(?P<number>\d{2,7})(?P<kilo>[Kk])?(?![\w.])",
    re.ASCII,
)
_SIZE = later(
    r"(?<![\d.\-–~/A-Za-z])(?P<number>\d{1,5}(?:\.\d+)?) ?(?P<unit>[GMT])i?B(?!/|ps|[A-Za-z])(?!\s*[-–~]\s*\d)"
)
_HEADS = later(
    r"(?P<number>\d{1,3})\s*(?:个)?(?:注意力)?(?:heads?\b|头)|(?:num_heads|n_heads|heads?|头数|h)\s*[=:：]\s*"
    r"(?P<other>\d{1,3})\b"
)
_BATCH = later(r"(?:batch(?:_?size)?|批大?小?|B)\s*[=:：为]\s*(?P<number>\d{1,5})\b")
_WIDTHS = {"FP32": 4, "fp32": 4, "float32": 4, "FP16": 2, "fp16": 2, "BF16": 2, "bf16": 2, "float16": 2}
_LAYERS = later(r"层|layer|KV|缓存|cache", re.IGNORECASE)


def check(page: Page) -> Report:
    """Every size of an attention matrix whose length stands on the line or at the head of its block."""
    report = Report()
    for line in page.lines_with(MENTION):
        plain = plainly(page.lines[line][:LONGEST], code=True)
        sizes = list(_SIZE.finditer(plain))
        if len(sizes) != 1 or _LAYERS.search(plain):
            continue
        lengths = _lengths(page, line, plain)
        if len(lengths) == 1:
            report.take([_judge(page, line, plain, sizes[0], lengths.pop())])
    return report


def _lengths(page: Page, line: int, plain: str) -> set[tuple[int, bool]]:
    """The sequence lengths of the line, else of the block it stands in."""
    here = _found_lengths(plain)
    if here:
        return here
    for above in range(line - 1, max(page.section_start(line), line - 8) - 1, -1):
        if not page.lines[above].strip():
            break
        if found := _found_lengths(plainly(page.lines[above][:LONGEST], code=True)):
            return found
    return set()


def _found_lengths(text: str) -> set[tuple[int, bool]]:
    return {(int(found["number"]), bool(found["kilo"])) for found in _LENGTH.finditer(text)}


def _judge(page: Page, line: int, plain: str, size: re.Match[str], length: tuple[int, bool]) -> Finding | None:
    widths = {width for name, width in _WIDTHS.items() if name in plain} or {2, 4}
    power = {"M": 2, "G": 3, "T": 4}[size["unit"]]
    stated = float(size["number"])
    scene = "\n".join(page.lines[page.section_start(line) : page.section_end(line)][:120])
    copies = _copies(scene)
    if not copies:
        return None
    for unit, number in product((1000.0**power, 1024.0**power), _tokens(length)):
        for width, copy in product(widths, copies):
            exact = number * number * width * copy / unit
            if exact and abs(exact - stated) / exact < 0.08:
                return None
    width = min(widths)
    exact = _tokens(length)[0] ** 2 * width / 1024.0**power
    value = f"{rounded(exact, 3)} {size['unit']}iB"
    message = _("{claim}: N² × {width} bytes are {value} a head").format(claim=CLAIM, width=width, value=value)
    inputs = {"sequence": _tokens(length)[0], "bytes": width}
    return page.finding(
        line, size[0], Severity.WRONG, exact, "attention-matrix", message, suggestion=value, inputs=inputs
    )


def _tokens(length: tuple[int, bool]) -> list[float]:
    number, kilo = length
    return [number * 1024.0, number * 1000.0] if kilo else [float(number)]


def _copies(scene: str) -> list[int]:
    """How often the matrix may be counted: once, for each head, each of a batch, or both."""
    heads = {int(found["number"] or found["other"]) for found in _HEADS.finditer(scene)}
    batches = {int(found["number"]) for found in _BATCH.finditer(scene)}
    if re.search(r"多头|multi-?head|batch|批", scene, re.IGNORECASE) and not heads | batches:
        return []
    return sorted({head * batch for head in {1, *heads} for batch in {1, *batches}})
