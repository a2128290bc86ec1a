"""What a named GPU holds: `140GB → 单卡A100部署`, and a share of it: `KV Cache占用：18GB（45%总内存）` on 40 GB."""

from collections.abc import Iterator
from functools import cache

from studykit.calculators.figures import rounded
from studykit.claims.finding import Finding, Report, Severity
from studykit.claims.reading.page import Page
from studykit.claims.reading.tokens import LONGEST
from studykit.claims.wording import CLAIM
from studykit.locale import _, in_percent
from studykit.vault.later import later

CALCULATOR = "inference-memory"
_ON_ONE = later(
    r"(?<![\d.\-–~])(?P<size>\d{2,4}(?:\.\d+)?) ?GB\s*(?:显存|权重)?\s*(?:→|，|,|可|即可)\s*(?:可?在|能在|用)?(?:单卡"
    r"|单张|一张|1张|1 张)\s*"
    r"(?P<gpu>[AHVL]\d{2,4}|RTX ?\d0\d0|[34]090)(?:[ -]?(?P<own>\d{2,3}) ?GB)?\s*(?:即可|就能|上|可以?)?(?:部署|推理"
    r"|运行|放下|装下|容纳)"
)
_MENTION = later(r"单(?<=单)[卡张]|一张[AHVLR34]|1 ?张 ?[AHVLR34]")
_NOT = later(r"❌|✗|×|不|无法|量化|offload|卸载|[Oo]ffload|稀疏|剪枝")
_SHARE = later(
    r"[:：=为] *(?P<size>\d{1,3}(?:\.\d+)?) ?GB ?[（(](?:约|占)?(?P<figure>\d{1,2}(?:\.\d+)?) ?%(?:的)?(?:总(?:内存"
    r"|显存)|of (?:total )?(?:GPU )?memory)[)）]"
)
_SHARE_MENTION = later(r"%(?:的)?总[内显]存|% of (?:total |GPU )")
_DEVICE = later(r"(?<![A-Za-z])(?:[AHVL]\d{2,3}|RTX ?\d{4})[ -]?(?:\w{3,4} )?[（(]?(?P<size>\d{2,3}) ?GB(?!/)")
_MARGIN, _BACK = 1.03, 24


def check(page: Page) -> Report:
    """Every model put on one named GPU, and every share of a GPU's memory."""
    report = Report()
    for line in page.lines_with(_MENTION):
        if len(page.lines[line]) <= LONGEST and not page.quiet(line):
            report.take(_on_one(page, line))
    for line in page.lines_with(_SHARE_MENTION):
        if len(page.lines[line]) <= LONGEST and not page.quiet(line):
            report.take(_share(page, line))
    return report


def _on_one(page: Page, line: int) -> Iterator[Finding | None]:
    plain = page.plain(line)
    for found in _ON_ONE.finditer(plain):
        capacity = float(found["own"] or _capacity(found["gpu"].replace(" ", "").upper()))
        if not capacity or _NOT.search(plain):
            continue
        size = float(found["size"])
        if size <= capacity * _MARGIN:
            yield None
            continue
        shown = f"{rounded(capacity)} GB"
        message = _("{claim}: one {gpu} has {value}").format(claim=CLAIM, gpu=found["gpu"], value=shown)
        yield page.finding(
            line, found["size"], Severity.WRONG, capacity, CALCULATOR, message, stated=f"{found['size']}GB"
        )


@cache
def _capacity(name: str) -> float:
    """The most gigabytes that a published GPU of the name has; 0 for one that is not known."""
    from studykit.pipeline.published_hardware import hardware

    found = [gpu for each, gpu in hardware.items() if each.upper().startswith(name + " ")]
    if name in hardware:
        found.append(hardware[name])
    return max((gpu.memory / 1e9 for gpu in found), default=0.0)


def _share(page: Page, line: int) -> Iterator[Finding | None]:
    found = _SHARE.search(page.plain(line))
    if not found:
        return
    text = "\n".join(page.lines[max(0, line - _BACK) : line + 1])
    devices = {float(each["size"]) for each in _DEVICE.finditer(text)}
    if len(devices) != 1:
        return
    exact, stated = float(found["size"]) / devices.pop() * 100, float(found["figure"])
    if abs(exact - stated) <= max(1.5, 0.05 * exact):
        yield None
        return
    shown = in_percent(rounded(exact, 3))
    yield page.wrong(line, found["figure"], exact, "share", shown)
