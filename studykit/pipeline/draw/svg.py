"""A timeline as one self-contained SVG: no font, script or image from elsewhere, light and dark in one file.

Few ops are drawn one by one with their labels; many are summed up by groups of ranks. Kinds differ in height as
well as in shade (a forward leaves the foot of its row free, a W the head), so colour is never alone.
"""

from collections.abc import Sequence

from studykit.pipeline.draw.cells import cells
from studykit.pipeline.draw.figures import figures
from studykit.pipeline.draw.groups import coverage, group_name, groups
from studykit.pipeline.draw.palette import HUES, style
from studykit.pipeline.draw.scene import KIND_LETTER, Bar, Scene, scene
from studykit.pipeline.draw.ticks import moment_label, moments
from studykit.pipeline.draw.words import ENGLISH, Words
from studykit.pipeline.plan import Plan

ROWS = 16
"""Beyond so many ranks, neighbours share a row."""
OPS = 4000
"""Beyond so many ops in a picture, they are summed up."""
FONTS = "system-ui,'Noto Sans CJK SC','Noto Sans SC','PingFang SC','Microsoft YaHei',sans-serif"
_LINE = 22
_BANDS = {"F": (0.0, 0.82), "W": (0.3, 0.7)}
"""Top and height of a kind's bar as shares of its row; whole for the others."""


class Sheet:
    """The elements drawn so far, and how far down the next ones go."""

    def __init__(self, width: int, margin: int, horizon: float) -> None:
        self.width, self.margin, self.horizon = width, margin, horizon
        self.plot = width - margin - 16
        self.top = 12.0
        self.parts: list[str] = []

    def x(self, moment: float) -> float:
        return self.margin + moment / self.horizon * self.plot

    def text(self, x: float, y: float, content: str, look: str = "", size: int = 12) -> None:
        kind = f' class="{look}"' if look else ""
        self.parts.append(f'<text x="{_n(x)}" y="{_n(y)}" font-size="{size}"{kind}>{_escaped(content)}</text>')

    def box(self, look: str, left: float, right: float, top: float, height: float, title: str = "") -> None:
        inner = f"><title>{_escaped(title)}</title></rect>" if title else "/>"
        area = f'x="{_n(left)}" y="{_n(top)}" width="{_n(right - left)}" height="{_n(height)}"'
        self.parts.append(f'<rect class="{look}" {area}{inner}')


def svg(plans: Sequence[Plan], width: int = 1000, words: Words = ENGLISH, theme: str = "auto") -> str:
    """Timelines of all plans on one time axis, with a legend and a table of their figures.

    `width` is in CSS pixels, `theme` `auto`, `light` or `dark`. Raises `ValueError` for another theme.
    """
    if theme not in ("auto", "light", "dark"):
        raise ValueError(f"no theme is called {theme!r}; known are auto, light, dark")
    drawn = [scene(plan) for plan in plans]
    horizon = max(one.makespan for one in drawn)
    sheet = Sheet(width, max(64, 14 + 7 * max(_name_cells(one.plan, words) for one in drawn)), horizon)
    for one in drawn:
        _plan(sheet, one, words)
    _axis(sheet, words)
    _legend(sheet, drawn, words)
    _table(sheet, figures(plans, words))
    return _wrapped(sheet, plans, theme)


def _name_cells(plan: Plan, words: Words) -> int:
    return cells(words.ranks.format(group_name(groups(plan.stages, ROWS)[-1])))


def _plan(sheet: Sheet, one: Scene, words: Words) -> None:
    plan = one.plan
    chunks = f", V = {plan.chunks}" if plan.chunks > 1 else ""
    sheet.text(
        sheet.margin, sheet.top + 14, f"{plan.schedule}: P = {plan.stages}, M = {plan.microbatches}{chunks}", size=14
    )
    sheet.top += 24
    parts = groups(plan.stages, ROWS)
    single = len(parts) == plan.stages and sum(map(len, one.rows)) <= OPS
    height = 26.0 if len(parts) <= 8 else 20.0
    first = sheet.top
    for members in parts:
        _row(sheet, one, members, height, words, single)
    _path(sheet, one, parts, first, height)
    sheet.top += 10


def _row(sheet: Sheet, one: Scene, members: range, height: float, words: Words, single: bool) -> None:
    name = group_name(members)
    sheet.text(8, sheet.top + height * 0.68, (words.ranks if "-" in name else words.rank).format(name), "soft")
    if single:
        busy = 0.0
        for bar in one.rows[members[0]]:
            _gap(sheet, busy, bar.start, height - 2)
            _bar(sheet, bar, height - 2)
            busy = bar.end
        _gap(sheet, busy, one.makespan, height - 2)
    else:
        _runs(sheet, one, members, height - 2)
    sheet.top += height


def _gap(sheet: Sheet, start: float, end: float, height: float) -> None:
    if end > start:
        sheet.box("bubble", sheet.x(start), sheet.x(end), sheet.top, height)


def _bar(sheet: Sheet, bar: Bar, height: float) -> None:
    top, share = _BANDS.get(bar.kind, (0.0, 1.0))
    left, right = sheet.x(bar.start), sheet.x(bar.end)
    look = f"{bar.kind}{bar.microbatch % len(HUES)}" + (" critical" if bar.critical else "")
    title = f"{bar.label}: {bar.start:.6g} - {bar.end:.6g}"
    sheet.box(look, left, right, sheet.top + top * height, share * height, title)
    for text in (bar.label, bar.label[1:]):
        if right - left >= 6.4 * len(text) + 3:
            sheet.text(left + 2.5, sheet.top + (top + share / 2) * height + 4, text, size=11)
            break


def _runs(sheet: Sheet, one: Scene, members: range, height: float) -> None:
    """A row of groups: neighbouring cells of one kind as one box."""
    columns = sheet.plot // 2
    row = coverage(one, members, columns, sheet.horizon)
    start = 0
    for at in range(1, len(row) + 1):
        if at == len(row) or row[at].kind != row[start].kind:
            kind = row[start].kind
            top, share = _BANDS.get(kind, (0.0, 1.0))
            left, right = (sheet.x(edge * sheet.horizon / columns) for edge in (start, at))
            sheet.box(f"g{kind}" if kind else "bubble", left, right, sheet.top + top * height, share * height)
            start = at


def _path(sheet: Sheet, one: Scene, parts: list[range], first: float, height: float) -> None:
    """One critical path as a line through the rows."""
    rows = {rank: at for at, members in enumerate(parts) for rank in members}
    points = []
    for bar in one.chain:
        y = first + (rows[bar.rank] + 1) * height - 3.5
        points += [f"{_n(sheet.x(bar.start))},{_n(y)}", f"{_n(sheet.x(bar.end))},{_n(y)}"]
    sheet.parts.append(f'<polyline class="path" points="{" ".join(points)}"/>')


def _axis(sheet: Sheet, words: Words) -> None:
    y = sheet.top
    ends = f'x1="{_n(sheet.x(0))}" x2="{_n(sheet.x(sheet.horizon))}" y1="{_n(y)}" y2="{_n(y)}"'
    sheet.parts.append(f'<line class="line" {ends}/>')
    sheet.text(8, y + 15, words.time, "soft")
    for moment in moments(sheet.horizon, 9):
        x, label = sheet.x(moment), moment_label(moment)
        sheet.parts.append(f'<line class="line" x1="{_n(x)}" x2="{_n(x)}" y1="{_n(y)}" y2="{_n(y + 4)}"/>')
        wide = 6.6 * len(label)
        shift = 0.0 if moment == 0 else wide if moment == sheet.horizon else wide / 2
        sheet.text(x - shift, y + 16, label, "soft", 11)
    sheet.top += 34


def _legend(sheet: Sheet, drawn: Sequence[Scene], words: Words) -> None:
    kinds = {bar.kind for one in drawn for row in one.rows for bar in row}
    grouped = any(one.plan.stages > ROWS or sum(map(len, one.rows)) > OPS for one in drawn)
    named = [
        ("F", words.forward),
        ("B", words.backward),
        ("I", words.input_gradient),
        ("W", words.weight_gradient),
        ("FB", words.fused),
    ]
    entries = [
        (f"g{kind}" if grouped else f"{kind}0", _BANDS.get(kind, (0.0, 1.0)), f"{KIND_LETTER[kind]}  {text}")
        for kind, text in named
        if kind in kinds
    ]
    entries += [("bubble", (0.0, 1.0), words.bubble), ("mark", (0.8, 0.12), words.critical)]
    if not grouped and any(one.plan.chunks > 1 for one in drawn):
        entries.append(("", (0.0, 0.0), words.later_chunk))
    left = 8.0
    for look, (top, share), text in entries:
        wide = 7 * cells(text) + 44
        if left + wide > sheet.width:
            left, sheet.top = 8.0, sheet.top + _LINE
        if look:
            sheet.box(look, left, left + 18, sheet.top + top * 14, share * 14)
        sheet.text(left + (24 if look else 0), sheet.top + 11.5, text)
        left += wide
    sheet.top += _LINE + 8


def _table(sheet: Sheet, rows: Sequence[Sequence[str]]) -> None:
    first = 24 + 7 * max(cells(row[0]) for row in rows)
    step = max(130.0, 24 + 7.5 * max(cells(text) for row in rows for text in row[1:]))
    for row in rows:
        sheet.text(8, sheet.top + 12, row[0], "soft")
        for at, text in enumerate(row[1:]):
            sheet.text(first + at * step, sheet.top + 12, text)
        sheet.top += _LINE - 3
    sheet.top += 6


def _wrapped(sheet: Sheet, plans: Sequence[Plan], theme: str) -> str:
    names = " / ".join(plan.schedule for plan in plans)
    height = _n(sheet.top)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {sheet.width} {height}" '
        f'width="{sheet.width}" height="{height}" font-family="{_escaped(FONTS)}">'
        f"<title>{_escaped(names)}</title>"
        f"<style>{style(theme)}.bubble{{fill:url(#bubble)}}.mark{{fill:none;stroke-width:2.5}}"
        ".critical{stroke-width:1.3}.path{fill:none;stroke-width:2}.line{stroke-width:1}</style>"
        '<defs><pattern id="bubble" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<line class="hatch" x1="0" y1="0" x2="0" y2="6" stroke-width="2"/></pattern></defs>'
        f'<rect class="ground" width="{sheet.width}" height="{height}"/>'
        + "".join(sheet.parts).replace('class="mark"', 'class="mark path"')
        + "</svg>\n"
    )


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
