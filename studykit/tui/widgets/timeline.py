"""A schedule drawn in cells: a row a rank, time to the right, every piece of work with its letter."""

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from studykit.locale import _, ngettext
from studykit.tui.prose.symbols import symbols
from studykit.tui.prose.wrap import Line
from studykit.tui.widgets.lines import LineView

if TYPE_CHECKING:
    from studykit.pipeline.plan import Plan

KINDS = ("F", "B", "I", "W", "FB")
STYLES = {"F": "forward", "B": "backward", "I": "backward", "W": "weight", "FB": "backward"}
MOST_ROWS = 16
_GAP = " ~ "
Window = tuple[int, int]
"""First cell, cell after the last."""


class Timeline(LineView):
    """`show` takes a plan; None hides the widget."""

    plan: "Plan | None" = None

    def show(self, plan: "Plan | None") -> None:
        self.plan = plan
        self.display = plan is not None
        self.redraw()

    def lines_for(self, width: int) -> list[Line]:
        return timeline_lines(self.plan, width)


def timeline_lines(plan: "Plan | None", width: int) -> list[Line]:
    """The rows of a plan's timeline and its legend, in `width` cells; at most `MOST_ROWS` ranks are drawn.

    `·` is idle; colour repeats what the letter says. Where a cell for each of the shortest ops does not fit, the
    beginning and the end of the step are drawn, and `~` stands for the middle: how a pipe fills and drains is what
    a timeline is looked at for. Works on the clock's ticks and on what is in view, so that a slider keeps up.
    """
    if plan is None:
        return []
    ranks = plan.stages
    head = len(str(ranks - 1)) + 2
    space = max(width - head, 8)
    picture = _Picture(plan, space)
    lines = [[(f"{rank:>{head - 2}}  ", "dim"), *picture.row(rank)] for rank in range(min(ranks, MOST_ROWS))]
    if picture.length > space:
        lines.append([(f"{'':{head}}" + _("~ the middle of the step is left out"), "dim")])
    if ranks > MOST_ROWS:
        more = ranks - MOST_ROWS
        lines.append([(ngettext("and {n} rank more", "and {n} ranks more", more).format(n=more), "dim")])
    return [*lines, _legend(set(picture.kinds))]


class _Picture:
    """A plan on a grid of cells, of which `windows` are drawn."""

    def __init__(self, plan: "Plan", space: int) -> None:
        self.plan, tracks = plan, plan.tracks
        self._kind_of = [kind for kind in KINDS for _chunk in range(plan.chunks)]  # by an op's code
        lengths = {(code // plan.chunks, track.costs[code]) for track in tracks for code in set(track.order)}
        end = max(track.end for track in tracks)
        shortest = min(cost for _kind, cost in lengths if cost > 0)
        self.scale = max(int(space * shortest / end), 1) / shortest  # whole cells, so that equal ops look equal
        self.length = round(end * self.scale)
        self.windows = _windows(self.length, space)
        self.kinds = {KINDS[kind] for kind, _cost in lengths}
        digits = len(str(plan.microbatches))
        tight = {KINDS[k] for k, cost in lengths if int(cost * self.scale + 1e-9) < len(KINDS[k]) + digits}
        self.numbered = self.kinds - tight
        """The kinds whose every op has room for its letter and its micro-batch; mixed labels are hard to read."""

    def row(self, rank: int) -> Line:
        """One rank's cells."""
        line: Line = []
        dot = symbols().dot
        for first, last in self.windows:
            line += [(_GAP, "dim")] if line else []
            at = first
            for start, end, text, style in self._marks(rank, first, last):
                if start > at:
                    line.append((dot * (start - at), "idle"))
                if start < at or end > last or len(text) != end - start:
                    text = text.ljust(end - start)[max(at - start, 0) : last - start]
                line.append((text, style))
                at = min(end, last)
            if at < last:
                line.append((dot * (last - at), "idle"))
        return line

    def _marks(self, rank: int, first: int, last: int) -> list[tuple[int, int, str, str]]:
        """(first cell, cell after the last, label, style) of each of a rank's ops that is at least a cell, in view."""
        track, scale = self.plan.tracks[rank], self.scale
        starts, order, costs = track.starts, track.order, track.costs
        low = max(bisect_left(starts, (first - 1) / scale) - 1, 0)
        high = bisect_right(starts, (last + 1) / scale)
        numbers = self._numbers(rank)
        marks = []
        for at, begun in enumerate(starts[low:high], low):
            code = order[at]
            start, end = round(begun * scale), round((begun + costs[code]) * scale)
            if first < end and start < last and start < end:
                kind = self._kind_of[code]
                marks.append((start, end, f"{kind}{numbers[at]}" if kind in self.numbered else kind, STYLES[kind]))
        return marks

    def _numbers(self, rank: int) -> list[int]:
        """The micro-batch of each op, counted from 1, where it is shown."""
        return [label.microbatch + 1 for label in self.plan.track_labels(rank)] if self.numbered else []


def _windows(length: int, space: int) -> list[Window]:
    """What is drawn of `length` cells in `space`: all, or the two ends."""
    if length <= space:
        return [(0, length)]
    left = (space - len(_GAP)) // 2
    return [(0, left), (length - (space - len(_GAP) - left), length)]


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
