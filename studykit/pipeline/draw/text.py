"""A timeline as lines of text: rows of ranks, columns of time, and labels where they fit.

Every mark is plain ASCII, so that a column is a column in any terminal. What colour adds, the letters say too:
F, B, I, W and X are kinds, `.` is bubble, `=` fills ops on the critical path and `-` all others. A last row names the
rank on which one critical path is at each moment.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from studykit.pipeline.draw.cells import cells, padded
from studykit.pipeline.draw.groups import coverage, group_name, groups
from studykit.pipeline.draw.scene import KIND_LETTER, Bar, Scene, scene
from studykit.pipeline.draw.ticks import moment_label, moments
from studykit.pipeline.draw.words import ENGLISH, Words
from studykit.pipeline.plan import Plan

BUBBLE = "."
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class Run(NamedTuple):
    """Some text with one look: `kind` is F, B, I, W, FB, `bubble`, or empty for plain text."""

    text: str
    kind: str = ""
    microbatch: int = 0
    critical: bool = False


Line = list[Run]


def plain(lines: Sequence[Line]) -> str:
    """The lines as text without any look."""
    return "\n".join("".join(run.text for run in line).rstrip() for line in lines)


def timeline(plans: Sequence[Plan], width: int = 80, rows: int = 24, words: Words = ENGLISH) -> list[Line]:
    """Timelines of all plans on one time axis, `width` cells wide, each of at most `rows` rows of ranks.

    Ranks beyond that are grouped. Ops too narrow for their label show their letter alone; ops narrower than a cell
    are summed up: the cell shows what takes most of it.
    """
    drawn = [scene(plan) for plan in plans]
    margin = 1 + max(cells(_name(words, group_name(groups(one.stages, rows)[-1]))) for one in plans)
    horizon = max(one.makespan for one in drawn)
    columns = _columns(drawn, max(8, width - margin), horizon)
    lines: list[Line] = []
    for one in drawn:
        if len(drawn) > 1:
            lines.append([Run(_title(one.plan))])
        lines += _rows(one, margin, columns, horizon, rows, words)
    return [*lines, _axis(margin, columns, horizon), *_legend(drawn, width, words)]


def _title(plan: Plan) -> str:
    chunks = f", V = {plan.chunks}" if plan.chunks > 1 else ""
    return f"{plan.schedule}: P = {plan.stages}, M = {plan.microbatches}{chunks}"


def _columns(drawn: Sequence[Scene], room: int, horizon: float) -> int:
    """As many columns as fit; a whole number of them for the shortest op if all moments are multiples of it."""
    lengths = [bar.end - bar.start for one in drawn for bar in one.rows[0] if bar.end > bar.start]
    unit = min(lengths)
    per_unit = int(room * unit / horizon + 1e-9)
    moments = [bar.end / unit for one in drawn for row in one.rows for bar in row] if per_unit >= 2 else []
    regular = all(abs(moment - round(moment)) < 1e-6 for moment in moments)
    return round(per_unit * horizon / unit) if per_unit >= 2 and regular else room


def _name(words: Words, name: str) -> str:
    return (words.ranks if "-" in name else words.rank).format(name)


def _rows(one: Scene, margin: int, columns: int, horizon: float, rows: int, words: Words) -> list[Line]:
    parts = groups(one.plan.stages, rows)
    lines: list[Line] = []
    for members in parts:
        head = Run(padded(_name(words, group_name(members)), margin))
        end = int(one.makespan * columns / horizon + 0.5)
        row = (
            _labelled(one.rows[members[0]], columns, horizon, end)
            if _wide_enough(one, parts, columns, horizon)
            else None
        )
        lines.append([head, *(row or _summed(one, members, columns, horizon))])
    if one.plan.stages <= len(DIGITS):
        lines.append([Run(padded(words.path, margin)), Run(_path(one, columns, horizon), "path")])
    return lines


def _path(one: Scene, columns: int, horizon: float) -> str:
    """Under each column, the rank on which a critical path then is; blank while a result travels."""
    marks = [" "] * columns
    for bar in one.chain:
        first, last = _between(bar, columns, horizon)
        marks[first:last] = DIGITS[bar.rank] * (last - first)
    return "".join(marks)


def _between(bar: Bar, columns: int, horizon: float) -> tuple[int, int]:
    return int(bar.start * columns / horizon + 0.5), int(bar.end * columns / horizon + 0.5)


def _wide_enough(one: Scene, parts: list[range], columns: int, horizon: float) -> bool:
    """Whether ops can be drawn one by one: no groups, and most ops at least a cell wide."""
    widths = sorted(bar.end - bar.start for bar in one.rows[0])
    return len(parts) == one.plan.stages and widths[len(widths) // 2] * columns >= 0.75 * horizon


def _labelled(row: list[Bar], columns: int, horizon: float, end: int) -> Line:
    """A row with each op as its own run of cells, up to the column where the step ends."""
    runs: Line = []
    done = 0
    for bar in row:
        first, last = _between(bar, columns, horizon)
        if first > done:
            runs.append(Run(BUBBLE * (first - done), "bubble"))
            done = first
        if last > done:
            runs.append(Run(_cells(bar, last - done), bar.kind, bar.microbatch, bar.critical))
            done = last
    if done < end:
        runs.append(Run(BUBBLE * (end - done), "bubble"))
    return runs


def _cells(bar: Bar, width: int) -> str:
    filler = "=" if bar.critical else "-"
    text = bar.label if len(bar.label) <= width else _letter(bar)
    return text.ljust(width, filler)


def _letter(bar: Bar) -> str:
    letter = KIND_LETTER[bar.kind]
    return letter.lower() if bar.chunk and bar.kind != "FB" and bar.label[:1].islower() else letter


def _summed(one: Scene, members: range, columns: int, horizon: float) -> Line:
    """A row in which each cell shows what most of the group does most of the time."""
    runs: Line = []
    for cell in coverage(one, members, columns, horizon):
        kind = cell.kind or "bubble"
        mark = KIND_LETTER[cell.kind] if cell.kind else BUBBLE
        if runs and runs[-1].kind == kind:
            runs[-1] = runs[-1]._replace(text=runs[-1].text + mark)
        else:
            runs.append(Run(mark, kind))
    return runs


def _axis(margin: int, columns: int, horizon: float) -> Line:
    """Figures below the rows, each standing where its moment begins."""
    moments_named = moments(horizon, 5)[:-1] if columns >= 40 else [0.0]
    marks = [(round(columns * moment / horizon), moment_label(moment)) for moment in moments_named]
    line = ""
    for (column, text), (following, _) in pairwise([*marks, (columns, "")]):
        line += text[: max(0, following - column - 1)].ljust(following - column)
    end = moment_label(horizon)
    return [Run(" " * margin + line[: columns - len(end)] + end)]


def _legend(drawn: Sequence[Scene], width: int, words: Words) -> list[Line]:
    kinds = {bar.kind for one in drawn for row in one.rows for bar in row[:400] + row[-50:]}
    named = {
        "F": words.forward,
        "B": words.backward,
        "I": words.input_gradient,
        "W": words.weight_gradient,
        "FB": words.fused,
    }
    parts = [f"{KIND_LETTER[kind]} {text}" for kind, text in named.items() if kind in kinds]
    parts += [f"{BUBBLE} {words.bubble}", f"= {words.critical}"]
    if any(one.plan.chunks > 1 for one in drawn):
        parts.append(words.later_chunk)
    lines = [""]
    for part in parts:
        if lines[-1] and cells(lines[-1]) + 3 + cells(part) > width:
            lines.append("")
        lines[-1] += ("   " if lines[-1] else "") + part
    return [[Run(line)] for line in lines]
