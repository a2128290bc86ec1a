"""Counts in CUDA notes: threads of a block, warps, and the bytes of arrays declared with their size in a comment."""

import re
from collections.abc import Iterator
from math import ceil, prod

from studykit.calculators.figures import rounded
from studykit.claims.finding import Finding, Report
from studykit.claims.reading.page import Page
from studykit.claims.reading.tokens import LONGEST
from studykit.vault.later import later

CALCULATOR = "cuda"
WARP = 32
MENTIONS = (later("dim3 "), later("__shared__ "), later(r"warp(?:(?<=[\d个]warp)|(?<=[\d个] warp))"))
_DIGIT = later(r"\d")
_BLOCK = later(
    r"dim3 \w*(?:[Bb]lock|[Tt]hreads)\w*\s*(?:=\s*dim3\s*)?"
    r"\(\s*(?P<sizes>\d+(?:\s*,\s*\d+){0,2})\s*\)\s*;?\s*(?://|#)\s*"
    r"(?:[\d ×x*=]*=\s*|每个? ?[Bb]lock\s*|共|总共|即)?\s*(?P<number>\d+)\s*(?:个)?(?:线程|threads)"
)
_ARRAY = later(
    r"__shared__ (?P<type>float|int|half|__half|double|char|float4|short) \w+(?P<sizes>(?:\[\d+\]){1,3})\s*;\s*//\s*"
    r"(?:约|~|≈|=)?\s*(?P<number>\d+(?:\.\d+)?) ?(?P<unit>KB|KiB|B|bytes|字节)(?![\w/])"
)
_BYTES = {"float": 4, "int": 4, "half": 2, "__half": 2, "double": 8, "char": 1, "float4": 16, "short": 2}
_WARPS = later(
    r"(?<![\d.,\-–~×x*/(])(?P<threads>\d{2,5}) ?(?:个)?(?:线程|threads)(?:/block|的[Bb]lock)?\s*"
    r"(?:=|\(|，|,|→|即|有|包含|分成|组成|are|is)\s*(?:即|也就是|共|=|有)?\s*(?P<number>\d{1,4}) ?(?:个)? ?warps?\b",
    re.IGNORECASE,
)
_BACK = later(
    r"(?<![\d.,\-–~×x*/])(?P<number>\d{1,3}) ?(?:个)? ?warps?\s*(?:=|\(|[，,]\s*(?=即|共|i\.e))\s*"
    r"(?:即|共|i\.e\.,?)?\s*(?P<threads>\d{2,5}) ?(?:个)?(?:线程|threads)",
    re.IGNORECASE,
)


def check(page: Page) -> Report:
    """Every declaration and every count of warps that can be worked out."""
    report = Report()
    for line in sorted({line for mention in MENTIONS for line in page.lines_with(mention)}):
        source = page.lines[line]
        if len(source) > LONGEST or not _DIGIT.search(source):
            continue
        report.take((*_declared(page, line, source), *_warps(page, line, source)))
    return report


def _declared(page: Page, line: int, source: str) -> Iterator[Finding | None]:
    if found := _BLOCK.search(source):
        made = prod(int(size) for size in re.findall(r"\d+", found["sizes"]))
        yield _judged(page, line, found["number"], float(made), 1.0, "threads")
    if found := _ARRAY.search(source):
        made = prod(int(size) for size in re.findall(r"\d+", found["sizes"])) * _BYTES[found["type"]]
        kilo = found["unit"][0] == "K"
        yield _judged(page, line, found["number"], made / (1024 if kilo else 1), 1.024 if kilo else 1.0, found["unit"])


def _warps(page: Page, line: int, source: str) -> Iterator[Finding | None]:
    plain = source.replace("（", "(").replace("*", "")
    for pattern in (_WARPS, _BACK):
        for found in pattern.finditer(plain):
            threads, warps = int(found["threads"]), int(found["number"])
            right = warps == ceil(threads / WARP)
            yield None if right else _finding(page, line, found["number"], float(ceil(threads / WARP)), "warps")


def _judged(page: Page, line: int, stated: str, exact: float, loose: float, unit: str) -> Finding | None:
    """`loose` is how much more a kilobyte may be than it should."""
    digits = len(stated.partition(".")[2])
    near = abs(float(stated) - exact) <= 0.5 * 10.0**-digits or 0.97 <= float(stated) / exact <= loose * 1.001
    return None if near else _finding(page, line, stated, exact, unit)


def _finding(page: Page, line: int, stated: str, value: float, unit: str) -> Finding:
    shown = f"{rounded(value, 4)} {unit}"
    return page.wrong(line, stated, value, CALCULATOR, shown)
