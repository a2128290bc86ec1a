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

    A cell shows the op that ends last of those that reach its middle; `·` is idle. Colour repeats what the letter says.
    """
    if not ops:
        return []
    ranks = max(op.rank for op in ops) + 1
    head = len(str(ranks - 1)) + 2
    end = max(float(op.end) for op in ops)
    scale = _scale(end, max(width - head, 8))
    room = round(end * scale)
    rows: list[list[Span]] = [[] for _rank in range(ranks)]
    for op in ops:
        rows[op.rank].append((round(float(op.start) * scale), round(float(op.end) * scale), op))
    numbered = _numbered(rows)
    lines = [
        [(f"{rank:>{head - 2}}  ", "dim"), *_row(rows[rank], room, numbered)] for rank in range(min(ranks, MOST_ROWS))
    ]
    if ranks > MOST_ROWS:
        lines.append([(_("and {count} ranks more").format(count=ranks - MOST_ROWS), "dim")])
    return [*lines, _legend({op.kind for op in ops})]


def _scale(end: float, room: int) -> float:
    """Cells a unit of time: a whole number where one fits, so that equal ops look equal."""
    exact = room / end
    return float(int(exact)) if exact >= 1 and end == int(end) else exact


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
