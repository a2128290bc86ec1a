"""Rates of matrix products: `4096×4096 GEMM`, `35 ms`, `3910 GFLOPS`: two operations for each of N³ multiply-adds."""

from studykit.calculators.figures import rounded
from studykit.claims.finding import Report
from studykit.claims.reading.grids import Grid, Row, cell_amount, markdown_grids, plain_value
from studykit.claims.reading.page import Page
from studykit.vault.later import later

CALCULATOR = "operations"
_WORDS = ("GFLOPS", "TFLOPS", "Gflops", "GFLOP/s", "TFLOP/s")
_RATE = later(r"(?P<prefix>[GT])(?:FLOPS|flops|FLOP/s)")
_TIME = later(r"[（(] ?(?P<unit>ms|s|us|μs) ?[)）]")
_SIZE = later(
    r"(?<![\d×x])(?P<a>\d{3,5}) ?[×x] ?(?P<b>\d{3,5})(?: ?[×x] ?(?P<c>\d{3,5}))?(?! ?[×x]? ?\d)[^"
    r"|\n]{0,16}(?:GEMM|矩阵|[Mm]atri|SGEMM|HGEMM|matmul)"
)
_SECONDS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "μs": 1e-6}
_BACK = 4


def check(page: Page) -> Report:
    """Every table of times and rates below a line that gives the matrices' size."""
    report = Report()
    for grid in markdown_grids(page, _WORDS):
        work = _work(page, grid.line)
        rates = [at for at, cell in enumerate(grid.header) if _RATE.search(cell)]
        times = [at for at, cell in enumerate(grid.header) if _TIME.search(cell)]
        if work and len(rates) == len(times) == 1:
            _judge(page, grid, work, times[0], rates[0], report)
    return report


def _work(page: Page, line: int) -> float:
    """The operations of the one product named above the table; 0 where none or several are."""
    for above in range(line - 1, max(page.section_start(line) - 1, line - _BACK - 1, -1), -1):
        found = list(_SIZE.finditer(page.plain(above)))
        if found:
            sizes = [int(each) for each in (found[0]["a"], found[0]["b"], found[0]["c"] or found[0]["a"])]
            square = found[0]["c"] or sizes[0] == sizes[1]
            return 2.0 * sizes[0] * sizes[1] * sizes[2] if len(found) == 1 and square else 0.0
    return 0.0


def _judge(page: Page, grid: Grid, work: float, time: int, rate: int, report: Report) -> None:
    scale = _SECONDS[(_TIME.search(grid.header[time]) or {"unit": "s"})["unit"]]
    unit = 1e9 if (_RATE.search(grid.header[rate]) or {"prefix": "G"})["prefix"] == "G" else 1e12
    wrong: list[tuple[Row, float]] = []
    right = 0
    for row in grid.rows:
        cells = [cell_amount(row.cells[at].strip("* ")) if at < len(row.cells) else None for at in (time, rate)]
        if not cells[0] or not cells[1] or not cells[0].literal or cells[0].unit or cells[1].unit:
            continue
        took, stated = cells[0], cells[1]
        exact = work / (plain_value(took) * scale) / unit
        near = max(0.06, took.step / 2 / took.literal)
        if abs(plain_value(stated) / exact - 1) <= near:
            right += 1
        else:
            wrong.append((row, exact))
    if right < 2 or len(wrong) > max(1, right // 2):
        return
    report.checked += right + len(wrong)
    for row, exact in wrong:
        shown = rounded(exact, 3)
        report.findings.append(page.wrong(row.line, row.cells[rate], exact, CALCULATOR, shown))
