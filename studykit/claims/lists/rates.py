"""Rates that follow from a time: `batch=32`, `延迟: 85ms/token`, `吞吐: 376 tokens/s`; and times from a bandwidth.

The tokens a second of a batch are its size over the time of a token; sending takes the bytes over the bandwidth, as
often as the collective sends them. What is far from every such result is wrong; what is measured may be lower.
"""

import re
from collections.abc import Iterator

from studykit.calculators.figures import rounded
from studykit.claims.finding import Finding, Report, Severity
from studykit.claims.reading.grids import cell_amount, plain_value
from studykit.claims.reading.labelled import Labelled, above, labelled
from studykit.claims.reading.page import Page
from studykit.claims.reading.tokens import LONGEST
from studykit.claims.wording import CLAIM
from studykit.locale import _
from studykit.vault.later import later

CALCULATOR = "throughput"
_RATE = later(r"吞吐|Throughput|throughput|生成速度")
_EACH = later(r"TPOT|ITL|(?:ms|s) ?/ ?(?:token|tok)|每个? ?token|per token|per output token")
_BATCH = later(
    r"(?<![\w-])(?<!micro )(?:batch(?:[_ -]?size)?|批(?:次)?大小|并发(?:数|请求数?)?|concurrency|B)\s*(?:=|：|"
    r":|为)\s*(?P<number>\d{1,5})"
    r"(?![\d.\-–~]|\s*[-–~]\s*\d)",
    re.IGNORECASE,
)
_BACK, _FARTHEST = 14, 50
_SIZE = later(r"(?<![\d.\-–~])(?P<amount>\d+(?:\.\d+)? ?[KMGT]i?B)(?!/|ps|[A-Za-z])")
_SPEED = later(r"(?<![\d.\-–~])(?P<amount>\d+(?:\.\d+)? ?[KMGT]B)(?:/s|ps|/秒)")
_TIME = later(r"(?<![\d.\-–~])(?P<time>\d+(?:\.\d+)?) ?(?P<time_unit>ms|μs|us|µs|毫秒|微秒|秒|s\b)")
_MOMENT = later(r"\d ?(?:ms|μs|us|µs|毫秒|微秒|秒|s\b)")  # also one that is about, or the end of a range
_SENDING = later(
    r"传输|通信|加载|读取|搬运|拷贝|耗时|Transfer|transfer|Load|load|Read|read|Copy|copy|Send|send|Take|take"
    r"|Communicat|communicat"
)
_SENDS = later(r"传输|通信|加载|读取|发送|Transfer|transfer|Load|load|Communication|communication")
_SENT = later(
    r"[-*\s]*(?:传输|通信|加载|读取|发送|[Tt]ransfer|[Ll]oad(?:ing)?|[Cc]ommunication)(?:时间|耗时|延迟| time)?"
)
_UNSURE = later(
    r"[+→<>≤≥]|->|vs|至少|以上|以内|不到|超过|每层|per layer|\d ?层|\d+ ?(?:次|步|steps|tokens|个请求)|[=×]"
)
_GIVEN = (later(r"B(?<=[KMGT]B)/s"), later(r"Bps(?<=[KMGT]Bps)"), later("B/秒"))
_LINKS = later(r"PCIe ?(?:Gen ?)?\d(?:\.0)?(?: ?x\d{1,2})?(?!\d)|NVLink ?\d(?:\.0)?(?!\d)", re.IGNORECASE)
_POWERS = {"K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
_TIMES = {"ms": 1e-3, "毫秒": 1e-3, "s": 1.0, "秒": 1.0}


def check(page: Page) -> Report:
    """Every rate with its batch and time nearby, every time with its bytes and bandwidth on the line."""
    report = Report()
    if page.has("吞吐", "hroughput", "生成速度"):
        for line in page.numbered:
            if _RATE.search(page.lines[line]) and not page.quiet(line):
                report.take(_rates(page, line))
        for line in page.lines_with(_RATE):
            report.take(_one_line(page, line))
    if page.has("FLOPS") and page.has("%"):
        for line in page.percentages:
            if "FLOPS" in page.lines[line] and not _RATE.search(page.lines[line]):
                report.take(_one_line(page, line))
    if page.has("GB/s"):
        for line in page.numbered:
            if _SENDS.search(page.lines[line]) and not page.quiet(line):
                report.take(_listed(page, line))
    for line in sorted({line for pattern in _GIVEN for line in page.lines_with(pattern)}):
        if len(page.lines[line]) <= LONGEST and _SENDING.search(page.lines[line]) and not page.quiet(line):
            report.take(_times(page, line))
    return report


def _rates(page: Page, line: int) -> Iterator[Finding | None]:
    stated = labelled(page, line)
    if not stated or stated.dimension != "count/second" or not stated.amount.word.lower().startswith("tok"):
        return
    each = _time_of_a_token(page, line)
    batches = _batches(page, line)
    if each is None or len(batches) != 1:
        return
    batch = batches.pop()
    exact = batch / each.value
    # Of one request alone it may be meant; more than the batch gives there cannot be, and overheads take their share.
    fits = 0.7 <= stated.value / exact <= 1.08 or abs(stated.value * each.value - 1) < 0.1
    shown = f"{rounded(exact, 3)} {stated.amount.word}"
    message = _("{claim}: a batch of {batch} at {time} a token gives {value}").format(
        claim=CLAIM, batch=batch, time=each.number, value=shown
    )
    inputs = {"batch": batch, "tpot": each.value}
    yield (
        None
        if fits
        else page.finding(
            line, stated.number, Severity.WRONG, exact, CALCULATOR, message, suggestion=shown, inputs=inputs
        )
    )


def _time_of_a_token(page: Page, line: int) -> Labelled | None:
    """The nearest time of one token, right around the line: in its list."""
    for number in (*above(page, line, 4), line + 1):
        if number < len(page.lines) and _EACH.search(page.lines[number]):
            each = labelled(page, number)
            if each and each.dimension == "second" and each.value:
                return each
    return None


def _batches(page: Page, line: int) -> set[int]:
    """The batch of the nearest line that gives one, or of the headings."""
    for number in (line, *above(page, line, _BACK)):
        if found := {int(each["number"]) for each in _BATCH.finditer(page.lines[number][:LONGEST])}:
            return found
    fence = page.fence(line)
    before = range(fence.line - 1, max(page.section_start(fence.line), fence.line - _FARTHEST) - 1, -1) if fence else ()
    for text in (*(page.lines[number] for number in before), *(each.title for each in page.headings(line))):
        if found := {int(each["number"]) for each in _BATCH.finditer(text[:LONGEST])}:
            return found
    return set()


_ON_LINE = later(
    r"(?:TPOT|(?:每个? ?token|每步)(?:延迟|耗时|时间)?) ?(?:=|：|:|为|约)? ?(?P<time>\d+(?:\.\d+)?) ?ms[^\d\n]{0,16}?"
    r"(?:吞吐量?|[Tt]hroughput)[^\d\n]{0,6}(?P<rate>\d[\d,]*(?:\.\d+)?) ?(?P<unit>tok(?:en)?s?(?:/s|/秒))"
)
_SHARE_OF_PEAK = later(
    r"(?P<peak>\d+(?:\.\d+)?) ?(?P<unit>[TGP]FLOPS)[^\d\n。；;]{0,14}(?:利用率|效率|MFU|utili[sz]ation)[^\d\n]{0,4}"
    r"(?P<share>\d+(?:\.\d+)?) ?%[ ,，]*(?:→|->|=|≈|即|i\.e\.,?)\s*(?:约|~|≈)? ?(?P<rate>\d+(?:\.\d+)?) ?(?P=unit)"
)


def _one_line(page: Page, line: int) -> Iterator[Finding | None]:
    """Judges `batch=16，TPOT=40ms，吞吐量=400 tokens/s` and `312 TFLOPS，利用率 50% → 156 TFLOPS`."""
    plain = page.plain(line)[:LONGEST]
    for found in _ON_LINE.finditer(plain):
        batches = {int(each["number"]) for each in _BATCH.finditer(plain)}
        if len(batches) == 1:
            exact = batches.pop() / float(found["time"]) * 1000
            stated = float(found["rate"].replace(",", ""))
            fits = 0.7 <= stated / exact <= 1.08 or abs(stated * float(found["time"]) / 1000 - 1) < 0.1
            yield None if fits else _slip(page, line, found["rate"], exact, found["unit"])
    for found in _SHARE_OF_PEAK.finditer(plain):
        exact = float(found["peak"]) * float(found["share"]) / 100
        fits = abs(float(found["rate"]) / exact - 1) < 0.04 if exact else True
        yield None if fits else _slip(page, line, found["rate"], exact, found["unit"])


def _slip(page: Page, line: int, stated: str, value: float, unit: str) -> Finding:
    shown = f"{rounded(value, 3)} {unit}"
    return page.wrong(line, stated, value, CALCULATOR, shown)


def _listed(page: Page, line: int) -> Iterator[Finding | None]:
    """Judges `数据量: 64MB`, `带宽: 25GB/s`, `传输时间: 2.6ms`, one below the other."""
    stated = labelled(page, line)
    if not stated or stated.dimension != "second" or not stated.value or not _SENT.match(stated.label):
        return
    near = [each for number in above(page, line, 4) if (each := labelled(page, number))]
    sizes = [each for each in near if each.dimension == "byte" and each.value]
    speeds = [each for each in near if each.dimension == "byte/second" and each.value]
    if len(sizes) != 1 or len(speeds) != 1:
        return
    exact = sizes[0].value / speeds[0].value
    if 0.45 <= stated.value / exact <= 2.5 or abs(stated.value / exact / 8 - 1) < 0.1:
        yield None
        return
    scale = stated.value / stated.amount.literal
    yield _slip(page, line, stated.number, exact / scale, stated.amount.word)


def _times(page: Page, line: int) -> Iterator[Finding | None]:
    """Judges `通过 25 GB/s 的网络传输 1.6GB 约 64 ms` where the line holds one size, one bandwidth and one time."""
    plain = _LINKS.sub("", page.plain(line))
    sizes, speeds, times = (list(pattern.finditer(plain)) for pattern in (_SIZE, _SPEED, _TIME))
    if not len(sizes) == len(speeds) == len(times) == 1 or times[0].start() < max(sizes[0].start(), speeds[0].start()):
        return
    if _UNSURE.search(plain) or len(_MOMENT.findall(plain)) > 1 or len(re.findall(r"\d+(?:\.\d+)?", plain)) > 4:
        return
    found, size, speed = times[0], cell_amount(sizes[0]["amount"]), cell_amount(f"{speeds[0]['amount']}/s")
    if not size or not speed or not speed.literal or not size.literal:
        return
    scale = _TIMES.get(found["time_unit"], 1e-6)
    exact, stated = plain_value(size) / plain_value(speed), float(found["time"]) * scale
    # A collective sends up to twice the bytes, a link gives a part of its rate; eight are the bits of a byte.
    if 0.45 <= stated / exact <= 2.5 or abs(stated / exact / 8 - 1) < 0.1:
        yield None
        return
    shown = f"{rounded(exact / scale, 3)} {found['time_unit']}"
    message = _("{claim}: at this bandwidth it takes {value}").format(claim=CLAIM, value=shown)
    yield page.finding(
        line, found["time"], Severity.WRONG, exact / scale, "transfer", message, suggestion=shown,
        inputs={"bytes": plain_value(size), "bandwidth": plain_value(speed)},
    )  # fmt: skip
