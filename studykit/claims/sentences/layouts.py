"""GPU counts: `TP=8, PP=4, DP=2 (64 GPUs)`, and nodes confused with GPUs."""

import re
from collections.abc import Iterator, Sequence
from math import prod

from studykit.claims.finding import Finding, Report, Severity
from studykit.claims.reading.grids import Grid, markdown_grids
from studykit.claims.reading.page import Page
from studykit.claims.reading.surroundings import Surroundings
from studykit.claims.reading.tokens import LONGEST, plainly
from studykit.claims.wording import CLAIM
from studykit.locale import _
from studykit.vault.later import later

CALCULATOR = "layout"
MENTION = later(r"P(?<=[TPD]P)\s*=?\s*\d")
_IN_CODE = later(r"p_size(?<=[tpd]p_size)\s*=\s*\d")
_GPUS = later(
    r"(?<![\d.\-–~×x*=/])(?P<number>\d{1,6})\s*(?:张|块|个|[x×] ?)?\s*(?:[A-Za-z]{0,7} )?"
    r"(?:GPUs?\b|卡(?!间)|[AHV]\d{3,4}s?\b|cards\b|ranks\b)"
)
_NODES = later(r"(?:节点数|nodes?)\s*[=:：]\s*(?P<number>\d{1,6})|(?<![\d.])(?P<other>\d{1,6})\s*(?:个节点|nodes\b|台)")
_EACH = later(r"[×x*] ?$|(?:每|单|节点内|per|each|intra|一个?|用|节省)\s*(?:个|台|node|节点)?[^\d]{0,6}$")
_EACH_BEHIND = later(
    r"\s*(?:/ ?(?:node|host|server|machine|机|节点|台)|per[- ]|(?:on|in) (?:each|every|one|a)\b|each\b|on the same"
    r"|的? ?(?:[TPDEC]P\b|张量并行|流水线?并行|数据并行|tensor|pipeline|data)[- ]?)"
)
_SUM = later(
    r"(?:(?:总|共需?|合计)\s*(?:的)?\s*(?:GPUs?|卡|显卡)\s*(?:数量?|总数)?|(?:GPUs?|卡)\s*总数"
    r"|[Tt]otal(?: number of)? GPUs|world_size)"
    r"\s*[:：=]\s*(?:[\d ×x*A-Z]{1,24}=\s*)?(?P<number>\d{1,6})(?!\s*[×x*\d.%])|(?:^|[\s-])"
    r"(?:总计|共|总共)\s*[:：=]?\s*(?P<other>\d{1,6})\s*(?:张|块|个)?\s*(?:GPU|卡)"
)
_SUMMED = ("总", "共", "合计", "otal", "world_size")
_MACHINE = tuple(later(word + r"[^\d\n]{0,8}\d") for word in (r"机(?<=\d.)", r"机(?<=\d\s.)", "台", "节点", "nodes"))
_MACHINES = later(
    r"(?<![\d.\-–~/])(?P<nodes>\d{1,4}) ?(?:个)?(?:台机器|台服务器|机|台|节点|nodes)\s*[×x*,，、]?\s*"
    r"(?:每(?:机|台|节点|个节点))?\s*"
    r"(?P<each>\d{1,2}) ?(?:张|块|个)?(?:卡|GPUs?)(?:/节点| per node| each)?\s*(?:，?共计?|总共|，?总计|, ?|\()"
    r"\s*(?P<number>\d{1,5}) ?(?:张|块|个)?(?:卡|GPU)"
)
_PRODUCT = later(
    r"(?P<factors>[TPDC]P ?= ?\d+(?: ?[×x*] ?[TPDC]P ?= ?\d+)+) ?(?:=|→|即) ?(?P<number>\d{1,6})(?![\d.]| ?[×x*])"
)
_IN_ALL = later(r"(?:总 ?)?(?:GPUs?|卡)(?: ?总?数量?)?|#? ?GPUs?|Total(?: GPUs)?|总数|world_size")
_WHOLE = later(r"\d{1,6}")
_FAR = 8
_FACTORS = ("P", "TP", "DP", "CP")


def check(page: Page, around: Surroundings) -> Report:
    """Every line that gives parallel degrees and the number of GPUs they make."""
    report = Report()
    extra: list[Finding | None] = []
    if page.has("卡", "GPU"):
        summed = {line for word in page.held(_SUMMED) for line in page.lines_of(word)}.intersection(page.numbered)
        extra += _over_lines(page, around, [line for line in sorted(summed) if _SUM.search(page.lines[line])])
        for line in sorted({line for pattern in _MACHINE for line in page.lines_with(pattern)}):
            extra += _machines(page, line)
    for grid in markdown_grids(page, ("TP",)):
        extra += _table(page, grid)
    report.take(extra)
    for line in sorted({*page.lines_with(MENTION), *page.lines_with(_IN_CODE)}):
        source = page.lines[line]
        if len(source) > LONGEST or page.quiet(line):
            continue
        degrees = _degrees(around, line)
        plain = page.plain(line)
        if found := _PRODUCT.search(plain):
            report.take([_product(page, line, found)])
            continue
        if degrees is None:
            continue
        report.take((*_gpus(page, around, line, plain, degrees), *_nodes(page, line, plain, degrees)))
    return report


def _over_lines(page: Page, around: Surroundings, lines: Sequence[int]) -> Iterator[Finding | None]:
    """Judges `总 GPU 数: 64` below the lines that give TP, PP and DP one by one, in the same run of lines."""
    for line in lines:
        found = _SUM.search(plainly(page.lines[line][:LONGEST], code=page.fence(line) is not None))
        if not found or page.quiet(line) or any(each.symbol in _FACTORS for each in around.on(line)):
            continue
        degrees: dict[str, set[int]] = {}
        for number in _block(page, line):
            for each in around.on(number):
                degrees.setdefault(each.symbol, set()).add(each.value)
        one = {symbol: values.pop() for symbol, values in degrees.items() if symbol in _FACTORS and len(values) == 1}
        clear = len(one) == sum(symbol in _FACTORS for symbol in degrees) and not {"EP", "CP"} & set(degrees)
        if len(one) >= 2 and "DP" in one and clear:
            made, stated = prod(one.values()), int(found["number"] or found["other"])
            yield (
                None if stated == made else _finding(page, line, str(stated), made, one, _("{formula} = {value} GPUs"))
            )


def _block(page: Page, line: int) -> Iterator[int]:
    """The run of lines that the line is in, without the heading."""
    for step in (-1, 1):
        number = line + min(step, 0)
        while page.section_start(line) <= number < page.section_end(line) and abs(number - line) <= _FAR:
            if not page.lines[number].strip() or page.lines[number].lstrip().startswith("```"):
                break
            yield number
            number += step


def _machines(page: Page, line: int) -> Iterator[Finding | None]:
    """Judges `4 机 8 卡，共 32 卡` and `16 nodes × 8 GPUs = 128 GPUs`."""
    plain = plainly(page.lines[line][:LONGEST], code=page.fence(line) is not None)
    for found in _MACHINES.finditer(plain):
        made = int(found["nodes"]) * int(found["each"])
        inputs = {"nodes": int(found["nodes"]), "GPUs": int(found["each"])}
        right = int(found["number"]) == made
        yield None if right else _finding(page, line, found["number"], made, inputs, _("{formula} = {value} GPUs"))


def _table(page: Page, grid: Grid) -> Iterator[Finding | None]:
    """The GPUs of each row of a table with a column for each degree, where at least two other rows agree."""
    names = [cell.strip("* `") for cell in grid.header]
    degrees = [at for at, name in enumerate(names) if name in ("TP", "PP", "DP", "CP")]
    totals = [at for at, name in enumerate(names) if _IN_ALL.fullmatch(name)]
    if len(degrees) < 2 or "DP" not in names or len(totals) != 1 or "EP" in names:
        return
    rows: list[tuple[int, dict[str, int], int]] = []
    for row in grid.rows:
        cells = [row.cells[at].strip("* ") if at < len(row.cells) else "" for at in (*degrees, totals[0])]
        if all(_WHOLE.fullmatch(cell) for cell in cells):
            numbers = [int(cell) for cell in cells]
            rows.append((row.line, {names[at]: way for at, way in zip(degrees, numbers, strict=False)}, numbers[-1]))
    right = sum(prod(ways.values()) == total for _line, ways, total in rows)
    if right < 2 or len(rows) - right > right / 2:
        return
    for line, ways, total in rows:
        made = prod(ways.values())
        yield None if made == total else _finding(page, line, str(total), made, ways, _("{formula} = {value} GPUs"))


def _product(page: Page, line: int, found: re.Match[str]) -> Finding | None:
    """Judges `TP=4 × PP=2 × DP=8 = 64`."""
    degrees = {name: int(number) for name, number in re.findall(r"([A-Z]P) ?= ?(\d+)", found["factors"])}
    made = prod(degrees.values())
    right = int(found["number"]) == made
    return None if right else _finding(page, line, found["number"], made, degrees, _("{formula} = {value} GPUs"))


def _degrees(around: Surroundings, line: int) -> dict[str, int] | None:
    """The parallel degrees of the line: two at least, each once, and no expert parallelism, which overlaps with DP."""
    given = around.on(line)
    found = {each.symbol: each.value for each in given if each.symbol in _FACTORS}
    repeated = len([each for each in given if each.symbol in _FACTORS]) != len(found)
    if len(found) < 2 or repeated or any(each.symbol == "EP" for each in given):
        return None
    return found


def _gpus(page: Page, around: Surroundings, line: int, plain: str, degrees: dict[str, int]) -> Iterator[Finding | None]:
    counts = [
        found
        for found in _GPUS.finditer(plain)
        if not _EACH.search(plain[max(0, found.start() - 16) : found.start()])
        and not _EACH_BEHIND.match(plain, found.end())
    ]
    if len(counts) != 1:
        return
    stated, made = int(counts[0]["number"]), prod(degrees.values())
    given = around.on(line)
    before = {each.symbol: each.value for each in given if each.symbol in _FACTORS and each.end <= counts[0].start()}
    if 2 <= len(before) < len(degrees) and stated == prod(before.values()):
        yield None
        return
    # Without DP the rest of the GPUs are replicas; with it the product is all there is.
    fits = stated == made or ("DP" not in degrees and made and stated % made == 0)
    yield None if fits else _finding(page, line, counts[0]["number"], made, degrees, _("{formula} = {value} GPUs"))


def _nodes(page: Page, line: int, plain: str, degrees: dict[str, int]) -> Iterator[Finding | None]:
    """Nodes equal to the product of the degrees are GPUs under the wrong name: tensor parallelism stays in a node."""
    for found in _NODES.finditer(plain):
        stated, made = int(found["number"] or found["other"]), prod(degrees.values())
        if degrees.get("TP", 1) >= 2 and made >= 16:
            wrong = stated == made
            message = _("{formula} = {value} GPUs, not nodes")
            yield _finding(page, line, str(stated), made, degrees, message) if wrong else None


def _finding(page: Page, line: int, stated: str, made: int, degrees: dict[str, int], form: str) -> Finding:
    names = {"P": "PP"}
    inputs = {names.get(symbol, symbol): value for symbol, value in degrees.items()}
    formula = " × ".join(f"{symbol}={value}" for symbol, value in inputs.items())
    message = f"{CLAIM}: " + form.format(formula=formula, value=made)
    return page.finding(
        line, stated, Severity.WRONG, float(made), CALCULATOR, message, suggestion=str(made), inputs=inputs
    )
