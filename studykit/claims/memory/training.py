"""What training keeps of each parameter: `7B 模型`, `梯度 (FP16): 14GB`, `优化器状态: 84GB`.

Weights and gradients take two or four bytes a parameter, the states of Adam four (two halves), eight (two singles) or
twelve (and a single copy of the weights), of SGD with momentum two or four (Rajbhandari et al. 2020, section 3.1). A
size that is none of these for the one model named nearby is wrong. Anything sharded, quantised or low-rank is left
alone.
"""

from studykit.calculators.figures import rounded
from studykit.claims.finding import Report, Severity
from studykit.claims.reading.labelled import Labelled, above, labelled
from studykit.claims.reading.page import Page
from studykit.claims.reading.surroundings import nearest
from studykit.claims.reading.tokens import LONGEST
from studykit.claims.wording import CLAIM
from studykit.locale import _
from studykit.vault.later import later

CALCULATOR = "training-memory"
_PARTS = (
    (
        later(r"^(?:Adam\w* ?)?(?:优化器(?:状态)?|[Oo]ptimi[sz]er(?: states?)?|Adam\w*(?: 状态| states)?)\b"),
        (2.0, 4.0, 8.0, 12.0),
    ),
    (later(r"^(?:梯度|[Gg]radients?)"), (2.0, 4.0)),
    (
        later(r"^(?:模型)?(?:参数|权重)(?!量|效率)|^(?:[Mm]odel )?(?:[Ww]eights|[Pp]arameters)\b"),
        (1.0, 2.0, 4.0, 0.5),
    ),
)
_NAMED = later(r"优化器|梯度|参数|权重|Adam|Optimi|optimi|Gradient|gradient|Weights|weights|Parameters|parameters")
_MENTION = later(r"优化器|梯度|[Oo]ptimi[sz]er|[Gg]radient")
_MODEL = later(r"(?<![\d.\-–~×x+/A-Za-z])(?P<number>\d{1,4}(?:\.\d+)?) ?B(?![A-Za-z/])")
_OTHERWISE = later(
    r"ZeRO|FSDP|LoRA|量化|[Qq]uanti|8-?bit|4-?bit|[Oo]ffload|卸载|每卡|/卡|/ ?GPU|per GPU|TP ?=|PP ?=|冻结|"
    r"[Ff]rozen|MoE|激活参数|分片|[Ss]hard"
)
_REMARK = later(r"[（(][^）)]*[）)]?")
_FORMATS = {"FP32": 4.0, "fp32": 4.0, "FP16": 2.0, "BF16": 2.0, "fp16": 2.0, "bf16": 2.0}
_FARTHEST = 12
_NEAR = 0.1


def check(page: Page) -> Report:
    """Every part of training memory below the one model it is of."""
    report = Report()
    for line in page.numbered:
        source = page.lines[line]
        if (
            "B" not in source
            or not _NAMED.search(source)
            or not (each := labelled(page, line))
            or each.dimension != "byte"
            or not each.value
        ):
            continue
        name = _REMARK.sub("", each.label).strip(" *`")
        widths = next((widths for pattern, widths in _PARTS if pattern.search(name)), ())
        billions = _model(page, line) if widths else 0.0
        if billions and _others(page, line):
            report.checked += 1
            _judge(page, each, billions, widths, report)
    return report


def _model(page: Page, line: int) -> float:
    """The one model of the line, its list or its heading; 0 where there is none, or where other rules hold."""
    start = max(page.section_start(line), line - _FARTHEST)
    scene = "\n".join([*(each.title for each in page.headings(line)[:2]), *page.lines[start : line + 6]])
    if _OTHERWISE.search(scene[: 6 * LONGEST]):
        return 0.0
    found = nearest(page, line, _models, _FARTHEST)
    return found.pop() if len(found) == 1 else 0.0


def _models(text: str) -> set[float]:
    return {float(each["number"]) for each in _MODEL.finditer(text)}


def _others(page: Page, line: int) -> bool:
    """Whether a list of parts it is: gradients or an optimizer stand on this line or right around it."""
    near = [page.lines[line], *(page.lines[each] for each in above(page, line, 3)), *page.lines[line + 1 : line + 4]]
    return any(_MENTION.search(text) for text in near)


def _judge(page: Page, each: Labelled, billions: float, widths: tuple[float, ...], report: Report) -> None:
    named = {width for name, width in _FORMATS.items() if name in each.label} if max(widths) <= 4.0 else set()
    allowed = tuple(named) if len(named) == 1 else widths
    parameters = billions * 1e9
    if any(abs(parameters * width / scale / each.value - 1) < _NEAR for width in allowed for scale in (1.0, 1.0737)):
        return
    width = min(allowed, key=lambda width: abs(parameters * width - each.value))
    value = parameters * width / 1e9
    shown = f"{rounded(value, 3)} GB"
    message = _("{claim}: {parameters} B parameters at {width} bytes are {value}").format(
        claim=CLAIM, parameters=rounded(billions, 3), width=rounded(width), value=shown
    )
    report.findings.append(page.finding(
        each.line, each.number, Severity.WRONG, value, CALCULATOR, message, suggestion=shown,
        inputs={"parameters": parameters, "bytes": width},
    ))  # fmt: skip
