"""A plan as one SVG: minutes and knowledge over the days, and the price of recall; for light and dark screens."""

from collections.abc import Callable, Sequence
from html import escape

from studykit.locale import _
from studykit.study.planning.plan import Plan

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _PANEL = 720, 620, 64, 16, 40, 150
_STYLE = """
  svg { background: #fff; color: #1f2328; font: 12px system-ui, sans-serif }
  .axis { stroke: #8c959f; stroke-width: 1 } .grid { stroke: #d0d7de; stroke-width: .5 }
  .bar { fill: #218bff } .line { fill: none; stroke: #1a7f37; stroke-width: 2 } .dot { fill: #bc4c00 }
  text { fill: currentColor }
  @media (prefers-color-scheme: dark) {
    svg { background: #0d1117; color: #e6edf3 } .axis { stroke: #6e7681 } .grid { stroke: #30363d }
    .bar { fill: #58a6ff } .line { stroke: #3fb950 } .dot { fill: #f0883e }
  }"""
_LABEL = 40  # the width of a share such as 90%


def plan_svg(plan: Plan) -> str:
    """The three charts, one below the other; each with its title and its highest value."""
    days = [day.day.isoformat() for day in plan.days]
    minutes = [day.minutes for day in plan.days]
    known = [day.known for day in plan.days]
    parts = [
        _panel(0, _("Minutes a day"), minutes, (days[0], days[-1]), _bars),
        _panel(1, _("Cards known"), known, (days[0], days[-1]), _line),
        _exchange(plan),
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">'
    name = _("The days ahead, from {day}").format(day=days[0])
    title = f"<title>{escape(name)}</title>"
    return "\n".join([head, title, f"<style>{_STYLE}\n</style>", *parts, "</svg>\n"])


_Drawing = Callable[[Sequence[float], float, float, float], str]


def _panel(number: int, title: str, values: Sequence[float], ends: tuple[str, str], draw: _Drawing) -> str:
    top = _TOP + number * (_PANEL + 45)
    bottom, right = top + _PANEL - 20, _WIDTH - _RIGHT
    most = max(values, default=0.0) or 1.0
    lines = [
        f'<text x="{_LEFT}" y="{top - 8}" font-weight="600">{escape(title)}</text>',
        *(_rule(bottom - (bottom - top) * part, most * part) for part in (0.5, 1.0)),
        f'<line class="axis" x1="{_LEFT}" y1="{bottom}" x2="{right}" y2="{bottom}"/>',
        draw(values, most, float(top), float(bottom)),
        f'<text x="{_LEFT}" y="{bottom + 15}">{escape(ends[0])}</text>',
        f'<text x="{right}" y="{bottom + 15}" text-anchor="end">{escape(ends[1])}</text>',
    ]
    return "\n".join(lines)


def _rule(y: float, value: float) -> str:
    return (
        f'<line class="grid" x1="{_LEFT}" y1="{y:.1f}" x2="{_WIDTH - _RIGHT}" y2="{y:.1f}"/>'
        f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{value:.3g}</text>'
    )


def _places(values: Sequence[float], most: float, top: float, bottom: float) -> list[tuple[float, float]]:
    step = (_WIDTH - _LEFT - _RIGHT) / max(len(values), 1)
    return [
        (_LEFT + step * (index + 0.5), bottom - (bottom - top) * value / most) for index, value in enumerate(values)
    ]


def _bars(values: Sequence[float], most: float, top: float, bottom: float) -> str:
    wide = (_WIDTH - _LEFT - _RIGHT) / max(len(values), 1) * 0.8
    return "\n".join(
        f'<rect class="bar" x="{x - wide / 2:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{bottom - y:.1f}"/>'
        for x, y in _places(values, most, top, bottom)
    )


def _line(values: Sequence[float], most: float, top: float, bottom: float) -> str:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in _places(values, most, top, bottom))
    return f'<polyline class="line" points="{points}"/>'


def _exchange(plan: Plan) -> str:
    """Minutes a day against cards known after half a year, a point for each recall aimed at."""
    title, unit = _("Cards known, by minutes a day, for each recall aimed at"), _("min")
    longest = max((point.minutes for point in plan.curve), default=0.0) or 1.0
    known = [point.known for point in plan.curve]
    width = _WIDTH - _LEFT - _RIGHT - 40  # room for the last label

    def draw(values: Sequence[float], most: float, top: float, bottom: float) -> str:
        places = [
            (_LEFT + width * point.minutes / longest, bottom - (bottom - top) * value / most)
            for point, value in zip(plan.curve, values, strict=True)
        ]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        marks = []
        free = 0.0  # where the label before ends; one that would lie on it is left to the dot's tooltip
        for (x, y), point in sorted(zip(places, plan.curve, strict=True), key=lambda pair: pair[0]):
            share = f"{point.retention:.0%}"
            marks.append(f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="3.5"><title>{share}</title></circle>')
            if x >= free:
                marks.append(f'<text x="{x + 4:.1f}" y="{y + 16:.1f}">{share}</text>')
                free = x + _LABEL
        return f'<polyline class="line" points="{line}"/>\n' + "\n".join(marks)

    return _panel(2, title, known, (f"0 {unit}", f"{longest * (width + 40) / width:.1f} {unit}"), draw)
