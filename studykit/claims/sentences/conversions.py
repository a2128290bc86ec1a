"""One amount in two units: `175B（1750 亿）`, `100 Gb/s = 12.5 GB/s`, `16 KB = 16384 bytes`."""

from collections.abc import Iterator

from studykit.calculators.figures import rounded
from studykit.claims.finding import Finding, Report
from studykit.claims.reading.amounts import Amount, Reading, dotted
from studykit.claims.reading.grids import cell_amount
from studykit.claims.reading.page import Page
from studykit.claims.reading.tokens import LONGEST
from studykit.vault.later import later

CALCULATOR = "conversion"
_UNIT = (
    r"(?:[KMGTP]i?B/s|[KMGTP]bps|[KMGTP]b/s|[KMGTP]bit/s|[KMGTP]i?B|[Bb]ytes?|字节|bits?|ms|us|μs|毫秒|微秒|秒|s|小时|分钟|hours?|minutes?|seconds?"
    r"|[MGTP]FLOPS|万亿|亿|万|[KMBT])"
)
_NUMBER = r"\d[\d,]*(?:\.\d+)?"
_PAIR = later(
    rf"(?<![\d.,\-–~A-Za-z×*+/÷=^])(?<![×*+/÷=x-] )(?P<one>{_NUMBER} ?{_UNIT})(?![A-Za-z/\d])(?: ?个?参数|的?"
    rf"[\u4e00-\u9fff]{{0,6}}(?=，即|，相当于|，也就是))?"
    r"\s*(?P<link>=|≈|\(|，即|, i\.e\.,?|，也就是|，相当于|即)\s*(?:即|约|~|≈|=|i\.e\.,?|也就是)?\s*"
    rf"(?P<other>{_NUMBER} ?{_UNIT})(?![A-Za-z/\d])(?: ?个?(?:参数|字节))?\s*(?P<end>[)，,。;；]|$)"
)
_RATE = later(
    rf"(?<![\d.\-–~])(?:(?P<ms>{_NUMBER}) ?ms ?(?:/ ?token|每个? ?token|per token)|TPOT ?(?:=|：|:|为|约|is) ?"
    rf"(?P<tpot>{_NUMBER}) ?ms)\s*(?:=|≈|\(|，|,|→|即)\s*"
    rf"(?:即每秒|对应每秒|对应|即|约|~|≈|=|or)?\s*(?P<rate>{_NUMBER}) ?(?:tokens?|tok)(?:/s|/秒| per second)"
)
_MENTIONS = tuple(
    later(mark + r" ?[约~≈即=]{0,2} ?\d[\d.,]* ?[KMGTPBbmhuμst字毫微秒万亿个小分]")
    for mark in (r"\(", "（", "即", "对应", "每秒")
)
_UNITS = later(r"[=≈] ?[约~]? ?\d[\d.,]* ?(?:[KMGTP]i?B|[KMGTP]b|[Bb]yte|字节|m?s\b|[万亿小分]|hour|minute)")
_SLIPS = (8.0, 10.0, 100.0, 1e3, 1024.0, 1e4, 1e6, 1024.0**2, 1e9)
_NEAR = 0.12


def check(page: Page) -> Report:
    """Every amount of the note that is given twice."""
    report = Report()
    lines = {line for pattern in _MENTIONS for line in page.lines_with(pattern)}
    lines.update(page.lines_with(_UNITS))
    for line in sorted(lines):
        source = page.lines[line]
        if len(source) > LONGEST or page.quiet(line):
            continue
        plain = page.plain(line)
        report.take((*_pairs(page, line, plain), *_rates(page, line, plain)))
    return report


def _pairs(page: Page, line: int, plain: str) -> Iterator[Finding | None]:
    for found in _PAIR.finditer(plain):
        if found["link"] == "(" and found["end"] != ")":
            continue
        one, other = cell_amount(found["one"]), cell_amount(found["other"])
        if not one or not other or not _comparable(one, other):
            continue
        ratios = _ratios(one, other)
        if any(abs(ratio - 1) < _NEAR for ratio in ratios):
            yield None
        elif (found["link"] != "(" or _is_slip(ratios[0])) and not dotted((one, other), ratios[0]):
            yield _finding(page, line, found["other"], other.literal * ratios[0], other.word)


def _comparable(one: Amount, other: Amount) -> bool:
    """Of one kind and in different units; counts only where one is Chinese (`175B`, `1750亿`)."""
    if not one.unit or not other.unit or one.word == other.word or not one.literal or not other.literal:
        return False
    kinds = [each.unit.kind.replace("bit", "byte").replace("billion", "count") for each in (one, other) if each.unit]
    if kinds[0] != kinds[1]:
        return False
    chinese = [each.word[:1] in ("万", "亿") for each in (one, other)]
    return kinds[0] != "count" or (chinese[0] != chinese[1] and one.unit.prefixed and other.unit.prefixed)


def _ratios(one: Amount, other: Amount) -> list[float]:
    """The first amount over the second, by each reading of the units; the plain one first."""
    readings = (Reading(), Reading(binary=True))
    return [one.value(first) / other.value(second) for first in readings for second in readings]


def _is_slip(ratio: float) -> bool:
    """Whether the two differ by what a slip makes; other figures in parentheses may be about something else."""
    return any(abs(ratio * factor - 1) < 0.03 or abs(ratio / factor - 1) < 0.03 for factor in _SLIPS)


def _rates(page: Page, line: int, plain: str) -> Iterator[Finding | None]:
    """Judges `50 ms/token（20 tokens/s）` of one request; more of them in a batch give more, never less."""
    for found in _RATE.finditer(plain):
        each, stated = float((found["ms"] or found["tpot"]).replace(",", "")), float(found["rate"].replace(",", ""))
        if not each or not stated:
            continue
        exact = 1000 / each
        low = stated < exact * 0.85
        slip = stated / exact > 1.15 and _is_slip(stated / exact)
        yield _finding(page, line, found["rate"], exact, "tokens/s") if low or slip else None


def _finding(page: Page, line: int, stated: str, value: float, word: str) -> Finding:
    shown = f"{rounded(value, 4)} {word}"
    return page.wrong(line, stated, value, CALCULATOR, shown)
