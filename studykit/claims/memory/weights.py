"""Memory of weights, where the numbers it follows from stand on the line or near it.

A model's weights take parameters × bytes, and a GPU holds no less than its share of them. Only one parameter count, one
precision and one size make a claim: what is listed side by side is left alone.
"""

import re
from collections.abc import Iterator, Mapping
from math import prod

from studykit.calculators.figures import rounded
from studykit.claims.finding import Finding, Report, Severity
from studykit.claims.judging.formulas import weights
from studykit.claims.reading.page import Page
from studykit.claims.reading.surroundings import Surroundings
from studykit.claims.reading.tokens import LONGEST
from studykit.claims.wording import CLAIM
from studykit.locale import _
from studykit.vault.later import later

MENTION = later(r"G(?:i?B)\b", re.ASCII)
_SIZE = later(
    r"(?<![\d.\-–~/A-Za-z])(?P<number>\d{1,5}(?:\.\d+)?) ?(?P<unit>[GMT]i?B)(?!/?s\b|ps|/秒|[A-Za-z])(?!\s*[-–~]\s*\d)"
)
_PARAMETERS = later(r"(?<![\d.–~×xA-Za-z+])(?<![^A-Za-z]-)(?P<number>\d{1,4}(?:\.\d+)?) ?(?P<letter>[BM])(?![A-Za-z])")
_BYTES = {
    4.0: later(r"(?<![A-Za-z])(?:FP32|float32|fp32|F32|单精度)(?!\w)", re.ASCII),
    2.0: later(r"(?<![A-Za-z])(?:FP16|BF16|fp16|bf16|float16|bfloat16|F16|半精度|half)(?!\w)", re.ASCII),
    1.0: later(r"(?<![A-Za-z])(?:INT8|FP8|int8|fp8|W8A8|8-?bit|8位)(?!\w)", re.ASCII),
    0.5: later(r"(?<![A-Za-z])(?:INT4|FP4|int4|NF4|nf4|W4A16|4-?bit|4位|GPTQ|AWQ)(?!\w)", re.ASCII),
}  # fmt: skip
_NOT_WEIGHTS = later(
    r"训练|[Tt]rain|Adam|优化器|[Oo]ptimi[sz]er|梯度|[Gg]radient|KV|激活|[Aa]ctivation|[Cc]heckpoint|检查点|"
    r"数据集|微调|[Ff]ine-?tun|LoRA|带宽|"
    r"[Bb]andwidth|MoE|专家|[Ee]xpert|共享|缓存|[Cc]ache|→|->|vs|节省|减少|降|剩|saves?|offload|卸载|显卡|适合|"
    r"[Dd]ataset|tokens|词表|嵌入|每张?卡|单卡|每个? ?GPU|per GPU|each GPU|[TPE]P ?="
    r"|切分|均分|分片|[Ss]hard|可以|能[放装跑够]|[放装][得不]?[下入]|容纳|部署|足够|够用"
)
_DEVICE = later(r"(?:[AHVBLT]\d{2,4}|RTX ?\d{4}|[34]090|GPUs?|显卡|卡)\s*[-(]?\s*$")
_OF_A_DEVICE = later(r"^\s*(?:显存的|的)?\s*(?:[AHVB]\d{2,3}|GPU|HBM|显卡|卡\b)")
_STRICT = later(r"权重|[Ww]eights?|模型大小|[Mm]odel size|体积|参数(?:显存|占用|内存)")
_QUANTISED = later(
    r"INT8|INT4|FP8|FP4|int8|int4|fp8|NF4|量化|[Qq]uanti|ZeRO|FSDP|[Oo]ffload|卸载|4-?bit|8-?bit|AWQ|GPTQ|MoE|LoRA"
)
_PER_GPU = later(
    r"(?P<number>\d{1,4}(?:\.\d+)?) ?GB ?(?:/|每|per |a )\s*(?:GPU|卡|card|rank|device)"
    r"|(?:每卡|单卡|per GPU|每个?GPU)[^\d\n]{0,8}?(?P<other>\d{1,4}(?:\.\d+)?) ?GB"
)


def check(page: Page, around: Surroundings) -> Report:
    """Sizes of weights, whole and a GPU's share."""
    report = Report()
    for line in page.lines_with(MENTION):
        source = page.lines[line]
        if len(source) > LONGEST or page.quiet(line):
            continue
        plain = page.plain(line)
        report.take((*_weights(page, line, plain), *_shares(page, around, line, plain)))
    return report


def _weights(page: Page, line: int, plain: str) -> Iterator[Finding | None]:
    """Judges `70B FP32 模型，需要 280GB`; yields None for one that holds."""
    if _NOT_WEIGHTS.search(plain):
        return
    precisions = [size for size, name in _BYTES.items() if name.search(plain)]
    counts = {(found["number"], found["letter"]) for found in _PARAMETERS.finditer(plain)}
    sizes = [found for found in _SIZE.finditer(plain) if not _is_device(plain, found)]
    if len(precisions) != 1 or len(counts) != 1 or len(sizes) != 1 or re.search(r"\d ?[x×] ?\d", plain):
        return
    number, letter = counts.pop()
    parameters = float(number) * (1e9 if letter == "B" else 1e6)
    stated = _bytes(sizes[0])
    if parameters < 1e8 or not stated:
        return
    exact = weights(parameters, precisions[0])
    yield _weights_finding(page, line, plain, sizes[0], exact, stated / exact, parameters, precisions[0])


def _is_device(plain: str, found: re.Match[str]) -> bool:
    """`A100 80GB`, `80GB A100`: what a device has, not what a model needs."""
    return bool(
        _DEVICE.search(plain[max(0, found.start() - 12) : found.start()])
        or (_OF_A_DEVICE.search(plain[found.end() : found.end() + 8]) and not plain[found.end() :].startswith(")"))
    )


def _bytes(found: re.Match[str]) -> float:
    unit = found["unit"]
    return (
        float(found["number"])
        * {"G": 1e9, "M": 1e6, "T": 1e12}[unit[0]]
        * (1.0737 if "i" in unit and unit[0] == "G" else 1.0)
    )


def _weights_finding(
    page: Page, line: int, plain: str, size: re.Match[str], exact: float, ratio: float, parameters: float, width: float
) -> Finding | None:
    """Wrong if too small to hold the weights, or if it is what another precision takes; more may be working memory."""
    strict = bool(_STRICT.search(plain))
    another = any(abs(ratio - factor) < 0.04 * factor for factor in (2.0, 4.0, 8.0))
    if 0.88 <= ratio <= (1.2 if strict else 1.9):
        return None
    if not (ratio < 0.8 or another or (strict and ratio > 1.3)):
        return None
    value = f"{rounded(exact / 1e9, 3)} GB"
    message = _("{claim}: {parameters} B parameters at {width} bytes are {value}").format(
        claim=CLAIM, parameters=rounded(parameters / 1e9, 3), width=rounded(width), value=value
    )
    return _finding(page, line, size[0], exact, {"parameters": parameters, "weight_bytes": width}, message, value)


def _shares(page: Page, around: Surroundings, line: int, plain: str) -> Iterator[Finding | None]:
    """Judges `显存: 22GB/GPU` of a model that is named in the headings and split over the GPUs given above."""
    found = _PER_GPU.search(plain)
    if not found:
        return
    near = {symbol: ways for symbol, ways in around.layout(line).items() if symbol != "DP"}
    parameters = _named_model(page, line)
    if not near or not parameters or _QUANTISED.search(_section_text(page, line)):
        return
    ways = prod(near.values())
    if not ways:
        return
    exact = weights(parameters, 2) / ways
    stated = float(found["number"] or found["other"]) * 1e9
    if stated >= exact * 0.9 or ways > 4096:
        yield None
        return
    value = f"{rounded(exact / 1e9, 3)} GB"
    message = _("{claim}: the weights alone are {value} a GPU ({parameters} B × 2 bytes over {ways} GPUs)").format(
        claim=CLAIM, value=value, parameters=rounded(parameters / 1e9, 3), ways=ways
    )
    yield _finding(
        page, line, f"{found['number'] or found['other']}GB", exact, _layout(parameters, near), message, value
    )


def _layout(parameters: float, near: Mapping[str, int]) -> dict[str, object]:
    return {
        "parameters": parameters,
        "stages": near.get("P", 1),
        "tensor_parallel": near.get("TP", 1),
        "weight_bytes": 2,
    }


def _named_model(page: Page, line: int) -> float:
    """The parameters of the one model that the headings name; 0 if they name none or several."""
    for heading in page.headings(line):
        counts = {
            float(found["number"])
            for found in _PARAMETERS.finditer(heading.title.replace("-", " "))
            if found["letter"] == "B"
        }
        if counts:
            return counts.pop() * 1e9 if len(counts) == 1 else 0.0
    return 0.0


def _section_text(page: Page, line: int) -> str:
    titles = " ".join(heading.title for heading in page.headings(line))
    return titles + "\n".join(page.lines[page.section_start(line) : page.section_end(line)][:200])


def _finding(
    page: Page, line: int, stated: str, exact: float, inputs: Mapping[str, object], message: str, value: str
) -> Finding:
    return page.finding(
        line, stated, Severity.WRONG, exact / 1e9, "inference-memory", message, suggestion=value, inputs=inputs
    )
