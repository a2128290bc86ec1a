"""What one has, how many there are, and what all have: `64 个专家分到 16 张卡，每卡 4 个`, `每次 2ms，64 次共 128ms`.

Exactly these three quantities stand in the sentence, and it says what each one is of. Sums of parts (`前向 10ms，反向
20ms，合计 30ms`) and rates (`50 tok/s，500 个 token 需要 10s`) likewise.
"""

import re
from collections.abc import Iterator, Sequence
from math import ceil, floor

from studykit.calculators.figures import rounded
from studykit.claims.finding import Finding, Report
from studykit.claims.reading.hedges import LIMIT
from studykit.claims.reading.page import Page
from studykit.claims.reading.quantities import Quantity, held, sentences
from studykit.vault.later import later

CALCULATOR = "product"
_WORDS = ("每", "共", "总", "合计", "各", "就是", "耗时", "per ", "each ", "take")
_NEEDS = later(r"要[约 ]*\d")
_EACH = later(
    r"(?:每一?个?|单个?(?=请求|次|层|步)|各(?=[^\d]{0,3}\d)|\beach )"
    r"(?P<what>[张台块条次步层卡段]|[\u4e00-\u9fff]{2}|[A-Za-z-]{2,12})?"
)
_PER = later(r"\s*(?:per |/ ?|a )(?P<what>[A-Za-z-]{3,12})")
_ALL = later(r"共|总|合计|总计|就是|需要?|要|[Tt]otal|altogether|takes?\b")
_UNSURE = later(
    rf"{LIMIT}|[+~→]|->|左右|约|近|大概|about|nearly|(?<!layers )over |under"
    r"|at (?:least|most)|up to"
    r"|可用|预留|利用率|实际|实测|冗余|副本|备用|重叠|并行(?!度)|流水|剩|共享|其中|额外|如果|假设|平均(?!每)|分别|另|包括|复制"
    r"|但|而|不同|热|Flash|稀疏|压缩|量化|目标|故障|重复|每秒|层(?:时|次)"
)
_SUM = later(r"(?:合计|共计|总共|总计|一共|一步共|[，,] ?共|[Ii]n total|[Tt]otal(?: of)?)[^\d，,]{0,8}$")
_NOT_A_SUM = later(r"每|per |each|倍|重叠|其中|包括|→|->|单|从|由|比|max|最大|取|/|各|×|除|超|并")
_WHOLE = later(r"总显存|[，,] ?(?:总共|共|合计|总计)|显存(?:总|共)")
_NEEDED = later(r"权重|模型|需要|参数|KV|梯度|激活|可用")
_MOST = 192e9
"""Bytes of a GPU."""
_SENT = later(r"educe|ather|catter|[Aa]ll-?[Tt]o|发送|通信|接收|传")
_SPLIT = later(r"分|切|拆|均|放到|\bover\b|\bacross\b|共|总|留")
_NUMBERED = frozenset(
    ("gpu", "node", "layer", "expert", "request", "stage", "time of", "step", "token", "thread", "microbatch", "head",
     "parameter")
)  # fmt: skip
_NEAR, _BYTES = 0.06, 0.09
_SPARED = later(r"(?<![A-Za-z])(?:TP|PP|EP|SP|DP)\s*=")


def check(page: Page) -> Report:
    """Every sentence of a part, a number of them and the whole; sums; times by a rate."""
    report = Report()
    lines = {line for word in page.held(_WORDS) for line in page.lines_of(word)}
    lines.update(page.lines_with(_NEEDS))
    for line in sorted(lines.intersection(page.dense)):
        for sentence, found in sentences(page, line):
            if len(found) < 3 or _UNSURE.search(sentence):
                continue
            if len(found) == 3:
                report.take(_multiple(page, line, sentence, found))
                report.take(_by_rate(page, line, sentence, found))
                report.take(_all_of(page, line, sentence, found))
            report.take(_sum(page, line, sentence, found))
    return report


def _multiple(page: Page, line: int, text: str, found: Sequence[Quantity]) -> Iterator[Finding | None]:
    marks = [(mark.end(), mark["what"] or "") for mark in _EACH.finditer(text) if not text.startswith("秒", mark.end())]
    for index, part in enumerate(found):
        marked = [
            what for end, what in marks if end <= part.start and not re.search(r"[\d，,]", text[end : part.start])
        ]
        per = _PER.match(text, part.end)
        if per:
            marked.append(per["what"])
        others = [each for at, each in enumerate(found) if at != index]
        if len(marked) != 1 or len(marks) + bool(per) != 1:
            continue
        pairs = [(others[at], others[1 - at]) for at in (0, 1) if others[1 - at].kind == part.kind]
        if len(pairs) != 1:
            continue
        number, whole = pairs[0]
        tied = _tied(text, part, number, whole)
        if tied and _counts(number, marked[0], text) and number.kind != part.kind and part.value and number.value >= 2:
            yield _product(page, line, part, number, whole)


def _tied(text: str, part: Quantity, number: Quantity, whole: Quantity) -> bool:
    """Whether the whole is said to be one: `共 35GB` behind the part, what is split before it, things of one name."""
    if part.kind == "bytes" and _SENT.search(text):
        return False
    if whole.start > part.start:
        return (
            _ALL.search(text, max(part.end, number.end if number.start < whole.start else 0), whole.start) is not None
        )
    return part.kind not in ("bytes", "time") or number.kind == "way" or _SPLIT.search(text) is not None


def _all_of(page: Page, line: int, text: str, found: Sequence[Quantity]) -> Iterator[Finding | None]:
    """Judges `8 张 A100 80GB，总显存 640GB`: what so many GPUs have in all."""
    number, one, whole = found
    kinds = number.kind == "gpu" and one.kind == whole.kind == "bytes" and not _EACH.search(text)
    in_all = _WHOLE.search(text, one.end, whole.start)
    if kinds and _MOST >= one.value < whole.value and in_all and not _NEEDED.search(text):
        yield _product(page, line, one, number, whole)


def _counts(number: Quantity, what: str, text: str) -> bool:
    """Whether `number` is of what each has one part: `4 张卡 … 每卡`, `TP=8 … 每卡`."""
    if number.kind == "way":
        named = text[max(0, number.start - 14) : number.start]
        if "batch" in named:
            return held(what) == "request"
        return held(what) == "stage" if "PP" in named and held(what) != "gpu" else held(what) == "gpu"
    if number.kind not in _NUMBERED:
        return False
    if what in ("次", "步"):
        return number.kind == {"次": "time of", "步": "step"}[what]
    return not what or held(what) in ("", number.kind)


def _product(page: Page, line: int, part: Quantity, number: Quantity, whole: Quantity) -> Finding | None:
    near = _BYTES if part.kind == "bytes" else _NEAR
    exact = part.value * number.value
    rounding = part.step / 2 * number.value if "." in part.text else 0.0
    if abs(whole.value - exact) <= max(near * exact, whole.step, rounding) * (1 + 1e-9):
        return None
    if part.start > whole.start:
        share = whole.value / number.value
        whole_numbers = part.unit == "" and part.value in (ceil(share), floor(share))
        return None if whole_numbers else _finding(page, line, part, share)
    return _finding(page, line, whole, exact)


def _by_rate(page: Page, line: int, text: str, found: Sequence[Quantity]) -> Iterator[Finding | None]:
    """Tokens by tokens a second are a time; bytes by bytes a second are the least time."""
    kinds = {each.kind: each for each in found}
    for amount, rate in (("token", "rate"), ("request", "rate")):
        if kinds.keys() == {amount, rate, "time"} and found[-1].kind == "time" and _ALL.search(text[found[1].end :]):
            exact = kinds[amount].value / kinds[rate].value
            right = abs(kinds["time"].value - exact) <= max(_NEAR * exact, kinds["time"].step)
            yield None if right else _finding(page, line, kinds["time"], exact)
    if kinds.keys() == {"bytes", "speed", "time"} and found[-1].kind == "time" and kinds["speed"].value:
        exact = kinds["bytes"].value / kinds["speed"].value
        ratio = kinds["time"].value / exact if exact else 1.0
        slip = any(abs(ratio / power - 1) < 0.03 for power in (10, 100, 1000, 0.1, 0.01, 0.001, 0.5))
        if slip and not any(word in text for word in ("双向", "每卡", "通信", "educe", "ather")):
            yield _finding(page, line, kinds["time"], exact)


def _sum(page: Page, line: int, text: str, found: Sequence[Quantity]) -> Iterator[Finding | None]:
    """`前向 10ms，反向 20ms，合计 30ms`: all of one kind, the last said to be the whole."""
    last = found[-1]
    parts = [each for each in found[:-1] if each.kind == last.kind]
    others = [each for each in found[:-1] if each.kind != last.kind]
    if len(parts) < 2 or last.kind not in ("time", "bytes") or any(each.kind != "parameter" for each in others):
        return
    if not _SUM.search(text[: last.start]) or _NOT_A_SUM.search(text) or _SPARED.search(text):
        return
    exact = sum(each.value for each in parts)
    slack = sum(each.step for each in parts) / 2 + last.step
    right = abs(last.value - exact) <= max(slack, 0.02 * exact) * (1 + 1e-9)
    yield None if right else _finding(page, line, last, exact)


def _finding(page: Page, line: int, stated: Quantity, exact: float) -> Finding:
    value = exact / (stated.step / 10.0 ** -len(stated.text.partition(".")[2]))
    shown = f"{rounded(value, 4)} {stated.unit}".rstrip()
    return page.wrong(line, stated.text, value, CALCULATOR, shown)
