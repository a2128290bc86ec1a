"""A schedule drawn in cells: a row a rank, time to the right, every piece of work with its letter."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from studykit.locale import _
from studykit.tui.prose.symbols import symbols
from studykit.tui.prose.wrap import Line
from studykit.tui.widgets.lines import LineView

if TYPE_CHECKING:
    from studykit.pipeline.plan import Op

STYLES = {"F": "forward", "B": "backward", "I": "backward", "W": "weight", "FB": "backward"}
MOST_ROWS = 16
_GAP = " ~ "


Span = tuple[int, int, "Op"]
"""First cell, cell after the last, op."""


class Timeline(LineView):
    """`show` takes a plan's timeline; an empty one hides the widget."""

    ops: "Sequence[Op]" = ()

    def show(self, ops: "Sequence[Op]") -> None:
        self.ops = ops
        self.display = bool(ops)
        self.redraw()

    def lines_for(self, width: int) -> list[Line]:
        return timeline_lines(self.ops, width)


def timeline_lines(ops: "Sequence[Op]", width: int) -> list[Line]:
    """The rows of a timeline and its legend, in `width` cells; at most `MOST_ROWS` ranks are drawn.

    `·` is idle; colour repeats what the letter says. Where a cell for each of the shortest ops does not fit, the
    beginning and the end of the step are drawn, and `~` stands for the middle: how a pipe fills and drains is what
    a timeline is looked at for.
    """
    if not ops:
        return []
    ranks = max(op.rank for op in ops) + 1
    head = len(str(ranks - 1)) + 2
    end = max(float(op.end) for op in ops)
    space = max(width - head, 8)
    scale = _scale(end, min(float(op.end - op.start) for op in ops if op.end > op.start), space)
    room = round(end * scale)
    rows: list[list[Span]] = [[] for _rank in range(ranks)]
    for op in ops:
        rows[op.rank].append((round(float(op.start) * scale), round(float(op.end) * scale), op))
    numbered = _numbered(rows)
    lines = [
        [(f"{rank:>{head - 2}}  ", "dim"), *_cut(_row(rows[rank], room, numbered), room, space)]
        for rank in range(min(ranks, MOST_ROWS))
    ]
    if room > space:
        lines.append([(f"{'':{head}}" + _("~ the middle of the step is left out"), "dim")])
    if ranks > MOST_ROWS:
        lines.append([(_("and {count} ranks more").format(count=ranks - MOST_ROWS), "dim")])
    return [*lines, _legend({op.kind for op in ops})]


def _scale(end: float, shortest: float, room: int) -> float:
    """Cells a unit of time: a whole number of them for the shortest op, so that equal ops look equal."""
    return max(int(room * shortest / end), 1) / shortest


def _cut(line: Line, length: int, room: int) -> Line:
    """A row of `length` cells in `room`: whole, or its two ends."""
    if length <= room:
        return line
    left = (room - len(_GAP)) // 2
    right = room - len(_GAP) - left
    return [*_between(line, 0, left), (_GAP, "dim"), *_between(line, length - right, length)]


def _between(line: Line, first: int, last: int) -> Line:
    """The cells `first` to before `last` of a row of one-cell characters."""
    kept: Line = []
    at = 0
    for text, style in line:
        piece = text[max(first - at, 0) : max(last - at, 0)]
        kept += [(piece, style)] if piece else []
        at += len(text)
    return kept


def _numbered(rows: list[list[Span]]) -> set[str]:
    """The kinds whose every op has room for its letter and its micro-batch; mixed labels would be hard to read."""
    tight = {
        op.kind for row in rows for start, end, op in row if end - start < len(op.kind) + len(str(op.microbatch + 1))
    }
    return {op.kind for row in rows for _start, _end, op in row} - tight


def _row(spans: list[Span], room: int, numbered: set[str]) -> Line:
    line: Line = []
    at = 0
    for start, end, op in spans:
        start, end = max(start, at), min(end, room)
        if end <= start:
            continue
        if start > at:
            line.append((symbols().dot * (start - at), "idle"))
        label = f"{op.kind}{op.microbatch + 1}" if op.kind in numbered else op.kind
        line.append((label[: end - start].ljust(end - start), STYLES.get(op.kind, "forward")))
        at = end
    if at < room:
        line.append((symbols().dot * (room - at), "idle"))
    return line


def _legend(kinds: set[str]) -> Line:
    words = {
        "F": _("forward"),
        "B": _("backward"),
        "I": _("input gradient"),
        "W": _("weight gradient"),
        "FB": _("both"),
    }
    line: Line = []
    for kind, word in words.items():
        if kind in kinds:
            line += [(kind, STYLES[kind]), (f" {word}  ", "dim")]
    return [*line, (symbols().dot, "idle"), (" " + _("idle"), "dim")]
