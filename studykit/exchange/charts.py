"""Charts as SVG, written by us: they take the page's colours, and each says in words what it shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from zlib import crc32

_CELL = 12  # a day of the heat map, with its gap
_WIDE = 640
_HIGH = 170
_LEFT, _BOTTOM, _TOP = 44, 26, 14


@dataclass(frozen=True, slots=True)
class Chart:
    """A title, what it shows in one sentence, and the numbers behind it as (name, value) for the table below it."""

    title: str
    told: str
    head: tuple[str, str]
    rows: Sequence[tuple[str, str]]


def svg(chart: Chart, body: Iterable[str], wide: float, high: float) -> str:
    """A picture that a screen reader announces by title and sentence."""
    name = f"c{crc32((chart.title + chart.told).encode())}"
    return (
        f'<svg viewBox="0 0 {_n(wide)} {_n(high)}" role="img" aria-labelledby="{name}t {name}d">'
        f'<title id="{name}t">{escape(chart.title)}</title><desc id="{name}d">{escape(chart.told)}</desc>'
        f"{''.join(body)}</svg>"
    )


def heat(chart: Chart, counts: dict[str, int], today: date, weekdays: Sequence[str], told: str) -> str:
    """A year of days, a column a week; four shades by the quarters of the days studied. `told`: `{n}` and `{day}`."""
    monday = today - timedelta(days=today.weekday() + 7 * 52)
    edges = _quarters([count for count in counts.values() if count])
    left = 34
    body = [
        f'<text class="small" x="{left - 6}" y="{29 + row * _CELL}" text-anchor="end">{escape(weekdays[row])}</text>'
        for row in (0, 2, 4, 6)
    ]
    for week in range(53):
        for row in range(7):
            day = monday + timedelta(days=7 * week + row)
            if day > today:
                continue
            count = counts.get(day.isoformat(), 0)
            shade = 0 if not count else 1 + sum(count > edge for edge in edges)
            text = escape(told.format(n=count, day=day.isoformat()))
            body.append(
                f'<rect class="h{shade}" x="{left + week * _CELL}" y="{20 + row * _CELL}" width="10" height="10"'
                f' rx="2"><title>{text}</title></rect>'
            )
        first = monday + timedelta(days=7 * week + 6)
        if first.day <= 7:
            body.append(f'<text class="small" x="{left + week * _CELL}" y="12">{first.month}</text>')
    return svg(chart, body, left + 53 * _CELL + 4, 20 + 7 * _CELL + 4)


def _quarters(values: Sequence[int]) -> list[int]:
    ordered = sorted(values) or [0]
    return [ordered[max(len(ordered) * quarter // 4 - 1, 0)] for quarter in (1, 2, 3)]


def columns(chart: Chart, names: Sequence[str], values: Sequence[float], *, every: int = 1, wide: int = _WIDE) -> str:
    """Upright bars from zero; every so many names are written below. `wide`: in units of which text has ten."""
    most = max(values, default=0) or 1
    step = (wide - _LEFT) / max(len(values), 1)
    body = _grid(most, wide)
    for place, (name, value) in enumerate(zip(names, values, strict=True)):
        x, high = _LEFT + place * step, _HIGH * value / most
        shown = f"{value:g}"
        body.append(
            f'<rect class="bar" x="{_n(x + step * 0.1)}" y="{_n(_TOP + _HIGH - high)}" width="{_n(step * 0.8)}"'
            f' height="{_n(high)}"><title>{escape(name)}: {shown}</title></rect>'
        )
        if place % every == 0:
            body.append(
                f'<text class="small" x="{_n(x + step / 2)}" y="{_TOP + _HIGH + 16}" text-anchor="middle">'
                f"{escape(name)}</text>"
            )
    return svg(chart, body, wide, _TOP + _HIGH + _BOTTOM)


def _grid(most: float, wide: int) -> list[str]:
    """Three lines, at round values, with their numbers."""
    step = _round_step(most / 3)
    body, value = [], 0.0
    while value <= most:
        y = _n(_TOP + _HIGH - _HIGH * value / most)
        body.append(f'<line class="grid" x1="{_LEFT}" x2="{wide}" y1="{y}" y2="{y}"/>')
        body.append(f'<text class="small" x="{_LEFT - 6}" y="{y}" dy="4" text-anchor="end">{value:g}</text>')
        value += step
    return body


def _round_step(least: float) -> float:
    """The nearest of 1, 2, 5 times a power of ten that is not less.

    >>> _round_step(3.2), _round_step(40), _round_step(0.7)
    (5.0, 50.0, 1.0)
    """
    power = 1.0
    while power * 10 <= least:
        power *= 10
    return next((power * each for each in (1, 2, 5, 10) if power * each >= least), power)


def calibration(chart: Chart, points: Sequence[tuple[float, float, float, float, int]], labels: tuple[str, str]) -> str:
    """Recalled against predicted share, each point with its interval, beside the line on which both are equal.

    A point is (predicted, recalled, least, most, reviews), shares from 0 to 1; its area grows with the reviews.
    """
    size, left, top = 300, 52, 12
    most = max((point[4] for point in points), default=1)

    def at(x: float, y: float) -> tuple[str, str]:
        return _n(left + size * x), _n(top + size * (1 - y))

    body = []
    for tenth in range(0, 11, 2):
        share, (x, y) = tenth / 10, at(tenth / 10, tenth / 10)
        body.append(f'<line class="grid" x1="{left}" x2="{left + size}" y1="{y}" y2="{y}"/>')
        body.append(f'<text class="small" x="{left - 6}" y="{y}" dy="4" text-anchor="end">{share:.0%}</text>')
        body.append(f'<text class="small" x="{x}" y="{top + size + 16}" text-anchor="middle">{share:.0%}</text>')
    (x1, y1), (x2, y2) = at(0, 0), at(1, 1)
    body.append(f'<line class="ideal" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>')
    for predicted, recalled, least, highest, reviews in points:
        (x, y), (_x, low), (_x, high) = at(predicted, recalled), at(predicted, least), at(predicted, highest)
        radius = _n(2 + 6 * (reviews / most) ** 0.5)
        body.append(f'<line class="range" x1="{x}" x2="{x}" y1="{low}" y2="{high}"/>')
        text = f"{predicted:.1%} → {recalled:.1%} ({reviews})"
        body.append(f'<circle class="bar" cx="{x}" cy="{y}" r="{radius}"><title>{text}</title></circle>')
    middle = left + size / 2
    body.append(
        f'<text class="small" x="{middle}" y="{top + size + 34}" text-anchor="middle">{escape(labels[0])}</text>'
    )
    body.append(
        f'<text class="small" transform="translate(12 {top + size / 2}) rotate(-90)" text-anchor="middle">'
        f"{escape(labels[1])}</text>"
    )
    return svg(chart, body, left + size + 12, top + size + 42)


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
