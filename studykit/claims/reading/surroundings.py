"""What a note says near a claim about the pipeline it is about: P, M, V, TP, DP … with their numbers."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from studykit.claims.reading.page import Page
from studykit.claims.reading.tokens import LONGEST
from studykit.vault.later import later

_END = r"(?![\d.]*\s*[-–~*×/+^·]\s*[\dA-Za-z(]|[\w.%]*[\w%])"
_WORKED = r"\d[\d /*×()+]{0,16}=\s*"
_NAMES = {
    "P": r"(?<![\w/])(?:PP(?:_?(?:size|depth|degree|stages))?|P|pp(?:_(?:size|depth|degree|stages))?"
         r"|p(?= ?=)|pipeline[_ ](?:depth|stages)|(?:num|n)_(?:pp_|pipeline_)?stages|stages|pipeline_"
         r"(?:model_)?parallel_size)"
         r"|流水线深度|流水线?级数|流水线并行度|级数|stage 个?数量?|阶段数量?",
    "M": r"(?<![\w/])(?:M|m|(?:[Nn]um|n|#)[_ ]?[Mm]icro[-_ ]?batch(?:es)?|[Mm]icro[_-]?batches"
         r"|[Mm]icro[_-]?batch ?(?:数量?|个数|count)|n_micro|num_mb|[Nn]_mb)"
         r"|微批次?(?:数量?|个数)",
    "M?": r"(?<![\w/])[Mm]icro-batch|微批次?",
    "V": r"(?<![\w/])(?:VPP?|vpp?(?:_size)?|[Vv]|num_(?:model_)?chunks|chunks|[Vv]irtual[_ ]stages(?: per \w+)?"
         r"|virtual_pipeline_(?:model_)?parallel_size)"
         r"|虚拟(?:流水线?)?(?:级数?|阶段数?|stage ?数)",
    "TP": r"(?<![\w/])(?:TP(?:_size)?|tp(?:_size)?|tensor_(?:model_)?parallel_size)|张量并行度?",
    "DP": r"(?<![\w/])(?:DP(?:_size)?|dp(?:_size)?|data_parallel_size)|数据并行度?",
    "EP": r"(?<![\w/])(?:EP(?:_size)?|ep(?:_size)?|expert_parallel_size)|专家并行度?",
    "CP": r"(?<![\w/])(?:CP(?:_size)?|cp(?:_size)?|context_parallel_size)|上下文并行度?",
}  # fmt: skip


def _group(symbol: str) -> str:
    """The name of a symbol's group; `M?` is a word that may mean the count or the size."""
    return symbol.replace("?", "_perhaps")


_GIVEN = "|".join(
    rf"(?P<{_group(symbol)}>(?:{names})\s*(?:=|：|:|为|是)\s*(?:{_WORKED})?(?P<{_group(symbol)}_value>\d{{1,6}}){_END})"
    for symbol, names in _NAMES.items()
)
_COUNTED = (
    r"(?P<P_counted>(?P<P_count>(?<![\w.\-])\d{1,4})[ -]?(?:个 ?)?"
    r"(?:(?:way|路|层|段|级|卡|阶段)?[ -]?(?:的)?(?:流水线?并?行?|[Pp]ipeline)(?: stages)?"
    r"|(?:pipeline[ -])?[Ss]tages?\b|级(?![别联])|流水级))"
    r"|(?P<M_counted>(?P<M_count>(?<![\w.\-])\d{1,6}) ?(?:个|份)? ?"
    r"(?:[Mm]icro-?\s?batch(?:es)?|微批次?)(?! ?size|大小|_))"
    r"|(?P<V_counted>(?P<V_count>(?<![\w.\-])\d{1,3}) ?(?:个)? ?"
    r"(?:model chunks?|(?:[Vv]irtual stages?|chunks?) (?:per|a|on each)|chunks?/))"
    r"|(?P<glued>(?<![A-Za-z])(?P<glued_name>PP|TP|DP)(?P<glued_value>\d{1,4})(?![\d.A-Za-z]*[A-Za-z]))"
)
_ANY = later(f"{_GIVEN}|{_COUNTED}", re.ASCII)
_FIRST_LINK = later(r"\s*[（(]?\s*(?:for|when|with|at|if|当|在|对于|若)?\s*")
_NEXT_LINK = later(r"\s*(?:[,，、和与]|and|with)?\s*")
_DIGIT = later(r"\d")
_LIKELY = later(
    r"[=:：为是级微流SsMmPpCcTD]"  # a set first is searched faster than alternatives
    r"(?:(?<=[=:：为是级微])|(?<=流)水|(?<=[Ss])tage|(?<=[Mm])icro|(?<=[Pp])ipeline|(?<=[Cc])hunk|(?<=[PTD])P)"
)
FARTHEST = 40
"""Lines that are looked back over."""


class Given(NamedTuple):
    """An input as stated: its symbol, its number, and where on its line."""

    symbol: str
    value: int
    start: int
    end: int


def given_on(line: str) -> list[Given]:
    """Every input stated on a line of plain text.

    >>> [(each.symbol, each.value) for each in given_on("PP=8, 16 个 micro-batch, 4-way流水线")]
    [('P', 8), ('M', 16), ('P', 4)]
    """
    return _read_line(line[: 4 * LONGEST])


@lru_cache(maxsize=2048)
def _read_line(line: str) -> list[Given]:
    """Kept, as notes repeat their lines and are checked again; nobody changes the list."""
    return [_given(found) for found in _ANY.finditer(line)]


def _given(found: re.Match[str]) -> Given:
    kind = str(found.lastgroup)
    for symbol in _NAMES:
        if found[_group(symbol)]:
            return Given(symbol, int(found[f"{_group(symbol)}_value"]), found.start(), found.end())
    if found["glued"]:
        name = found["glued_name"]
        return Given("P" if name == "PP" else name, int(found["glued_value"]), found.start(), found.end())
    for symbol in "PMV":
        if found[f"{symbol}_counted"]:
            return Given(symbol, int(found[f"{symbol}_count"]), found.start(), found.end())
    raise AssertionError(kind)


def nearest(page: Page, line: int, values: Callable[[str], set[float]], farthest: int) -> set[float]:
    """The values in the nearest text that has any: the line, those above it in its section, the headings.

    Several values of one line are unclear to who looks for one.
    """
    for number in range(line, max(page.section_start(line), line - farthest) - 1, -1):
        if found := values(page.lines[number][:LONGEST]):
            return found
    return next(filter(None, (values(heading.title) for heading in page.headings(line))), set())


class Surroundings:
    """The inputs near any line of a page, read once a line."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._lines: dict[int, tuple[str, list[Given]]] = {}
        self._blocks: dict[int, list[list[int]]] = {}

    def on(self, line: int) -> list[Given]:
        """The inputs on one line."""
        return self._read(line)[1]

    def _read(self, line: int) -> tuple[str, list[Given]]:
        if line not in self._lines:
            source = self.page.lines[line]
            if _DIGIT.search(source) and _LIKELY.search(source):
                plain = self.page.plain(line)
                self._lines[line] = plain, given_on(plain)
            else:
                self._lines[line] = source, []
        return self._lines[line]

    def near(self, line: int, column: int, end: int = 0, symbols: str = "P M V") -> Mapping[str, int]:
        """The inputs that hold at `column` of `line`: on the line itself, above in its block, or alone in its section.

        `end` is where the claim ends; what stands right behind it (`30% for P=8, M=16`) counts too.
        """
        found: dict[str, int] = {}
        reach: dict[str, int] = {}
        for symbol in symbols.split():
            value, reach[symbol] = self._value(symbol, line, column, end or column)
            if value:
                found[symbol] = value
        # A number of chunks from farther off than the stages and micro-batches is of another example.
        if "P" in found and "M" in found and reach.get("V", 0) > max(reach["P"], reach["M"]):
            found.pop("V", None)
        return found

    def _value(self, symbol: str, line: int, column: int, end: int) -> tuple[int | None, int]:
        """The value, and how many blocks away it stands."""
        plain, here = self._read(line)
        before = [given for given in here if given.symbol == symbol and given.end <= column]
        if before:
            return before[-1].value, 0
        behind = [given for given in _right_behind(plain, here, end) if given.symbol == symbol]
        if behind:
            return behind[0].value, 0
        if any(given.symbol == symbol for given in here):
            return None, 0
        away = 0
        for block in self._above(line):
            away += 1
            values = self._values(symbol, block) or (self._values("M?", block) if symbol == "M" else set())
            if values:
                return values.pop() if len(values) == 1 else None, away
        return self._in_headings(symbol, line), away + 1

    def _values(self, symbol: str, block: Sequence[int]) -> set[int]:
        """The values of a symbol in a block; where it has several, those of the line nearest to its end."""
        for above in block:
            given = self.on(above)
            if given and (values := {each.value for each in given if each.symbol == symbol}):
                return values
        return set()

    def _above(self, line: int) -> list[list[int]]:
        """The runs of lines above without a blank one, nearest first, back to the section's heading."""
        if line not in self._blocks:
            self._blocks[line] = list(self._blocks_above(line))
        return self._blocks[line]

    def _blocks_above(self, line: int) -> Iterator[list[int]]:
        start = max(self.page.section_start(line), line - FARTHEST)
        block: list[int] = []
        for above in range(line - 1, start - 1, -1):
            if self.page.lines[above].strip():
                block.append(above)
            elif block:
                yield block
                block = []
        if block:
            yield block

    def _in_headings(self, symbol: str, line: int) -> int | None:
        for heading in self.page.headings(line):
            values = {given.value for given in given_on(heading.title) if given.symbol == symbol}
            if values:
                return values.pop() if len(values) == 1 else None
        return None

    def layout(self, line: int) -> Mapping[str, int]:
        """The parallel degrees of the nearest block that gives any, so that two configurations are not mixed."""
        for block in ([line], *self._above(line)):
            found = {symbol: self._values(symbol, block) for symbol in ("P", "TP", "DP")}
            if any(found.values()):
                return {symbol: min(values) for symbol, values in found.items() if len(values) == 1}
        return {}

    def in_block(self, line: int, symbols: Sequence[str]) -> bool:
        """Whether all the symbols are given on the line or in the run of lines it ends."""
        block = next(iter(self._above(line)), []) if line and self.page.lines[line - 1].strip() else []
        known = {given.symbol.rstrip("?") for number in (line, *block) for given in self.on(number)}
        return known >= set(symbols)


def _right_behind(plain: str, here: list[Given], end: int) -> Iterator[Given]:
    """The inputs that follow a claim with no more than a linking word between: `30% for P=8, M=16`."""
    link = _FIRST_LINK
    for given in here:
        if given.start >= end:
            if not link.fullmatch(plain, end, given.start):
                return
            link, end = _NEXT_LINK, given.end
            yield given
