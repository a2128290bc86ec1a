"""The figures of `studykit stats` in terminal cells. Marks say everything; colour only repeats it."""

import shutil
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeAlias

from studykit.locale import _
from studykit.pipeline.draw.cells import cells, padded
from studykit.study.figures import stats_words as words
from studykit.study.figures.stats_cards import Topic, level_names

if TYPE_CHECKING:
    from studykit.study.figures.calibration import Calibration
    from studykit.study.figures.stats import Share, Stats

Line: TypeAlias = list[tuple[str, str]]
"""Runs of one line, each with a style of Rich; the text alone says it all."""

_MARKS = ".:+*#"
_SHADES = ("dim", "green", "green", "bright_green", "bold bright_green")
_TOPICS = 12
_DECK, _MONTH = 32, 12  # columns of a deck's name, and of a month
_HEIGHT = 5


def width() -> int:
    """Columns of the terminal, 80 where there is none, 120 at most."""
    return min(shutil.get_terminal_size((80, 24)).columns, 120)


def show(lines: Sequence[Line]) -> None:
    """Print, with colour where there is a terminal that wants it (NO_COLOR)."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True, width=width())
    for line in lines:
        console.print(Text.assemble(*line), no_wrap=True)


def page(found: "Stats") -> list[Line]:
    """Everything but calibration."""
    room = width()
    lines = [_plain(text) for text in words.summary(found)]
    lines += _titled(_("Reviews by day"), heat_map(found, room))
    lines += _titled(_("Due in the coming 30 days ({n} in 90)").format(n=sum(found.forecast)), _ahead(found, room))
    recall = _bars(words.tenths(), found.cards.recall, room // 2 - 2)
    stability = _bars(words.stability_names(), found.cards.stability, room // 2 - 2)
    lines += _side_by_side((_("Cards by recall today"), recall), (_("Cards by stability, days"), stability), room)
    if found.cards.difficulty:
        names = [str(number) for number in range(1, 11)]
        lines += _titled(_("Cards by difficulty"), _bars(names, found.cards.difficulty, room // 2 - 2))
    hours = [hour.reviews for hour in found.hours]
    hour_scale = "".join(padded(str(hour), 6) for hour in range(0, 24, 3)).rstrip()
    if any(hours):
        lines += _titled(_("Reviews by hour of the day, last 90 days"), _columns(hours, 2, hour_scale))
    lines += _titled(_("Decks"), _topics(found.cards.decks, room))
    lines += _titled(_("Tags"), _topics(found.cards.tags, room)) if found.cards.tags else []
    return lines


def calibration_page(found: "Stats", judged: "Calibration | None") -> list[Line]:
    """Predicted beside actual recall, and true retention by month and deck."""
    if judged is None:
        return [_plain(_("No review can be scored yet: that takes one at least a day after another of the same card."))]
    lines = [_plain(text) for text in words.calibration_text(judged)]
    head = f"{_pad(_('predicted'), 12)}{_pad(_('recalled'), 12)}{_pad('95 %', 14)}{_('reviews')}"
    rows = [[(head, "bold")]]
    for one in judged.bins:
        within = one.least <= one.predicted <= one.most
        text = f"{one.predicted * 100:6.1f} %    {one.recalled * 100:6.1f} %    "
        text += f"{one.least * 100:5.1f}-{one.most * 100:5.1f}   {one.reviews:7}"
        rows.append([(text, ""), ("" if within else "  " + _("off"), "bold red")])
    lines += _titled(_("Predicted and recalled"), rows)
    lines += _titled(_("True retention by month"), [_share(one.name, one) for one in found.months[-12:]])
    lines += _titled(_("True retention by deck"), [_share(one.name or "–", one) for one in judged.decks[:_TOPICS]])
    return lines + _titled(_("True retention by deck and month (reviews)"), _deck_months(judged))


def _deck_months(judged: "Calibration") -> list[Line]:
    room = width() - _DECK
    months, rows = words.retention_table(judged, _TOPICS, max(room // _MONTH, 1))
    head: Line = [(" " * _DECK + "".join(padded(month, _MONTH) for month in months).rstrip(), "bold")]
    return [head] + [
        _plain(padded(cut(name, _DECK - 2), _DECK) + "".join(padded(text, _MONTH) for text in texts).rstrip())
        for name, texts in rows
    ]


def heat_map(found: "Stats", room: int) -> list[Line]:
    """A column for each week, two cells wide, as many as fit; a row for each weekday."""
    counts = {day.day: day.reviews for day in found.days}
    names = words.weekdays()
    margin = max(map(cells, names)) + 1
    weeks = min((room - margin) // 2, 53)
    monday = found.today - timedelta(days=found.today.weekday() + 7 * (weeks - 1))
    edges = quartiles([count for count in counts.values() if count])
    lines: list[Line] = [[(" " * margin + _months_of(monday, weeks), "dim")]]
    for weekday, name in enumerate(names):
        line: Line = [(padded(name, margin), "dim")]
        for week in range(weeks):
            day = monday + timedelta(days=7 * week + weekday)
            level = shade(counts.get(day.isoformat(), 0), edges)
            line.append((f"{_MARKS[level]} " if day <= found.today else "  ", _SHADES[level]))
        lines.append(line)
    if not any(edges):
        return lines
    spans = [f"{_MARKS[0]} 0", *(f"{mark} <={edge}" for mark, edge in zip(_MARKS[1:], edges, strict=False))]
    lines.append([(" " * margin + "   ".join([*spans, f"{_MARKS[-1]} " + _("more")]), "dim")])
    return lines


def quartiles(values: Sequence[int]) -> tuple[int, int, int]:
    """Three values that part the days with reviews into quarters.

    >>> quartiles([1, 2, 3, 4, 5, 6, 7, 8])
    (2, 4, 6)
    """
    ordered = sorted(values) or [0]
    first, second, third = (ordered[max(len(ordered) * quarter // 4 - 1, 0)] for quarter in (1, 2, 3))
    return first, second, third


def shade(count: int, edges: Sequence[int]) -> int:
    """0 for nothing, 1 to 4 by the quarter in which the day lies."""
    return 0 if not count else 1 + sum(count > edge for edge in edges)


def _months_of(monday: date, weeks: int) -> str:
    """The number of each month above the week in which it begins."""
    text = ""
    for week in range(weeks):
        first = monday + timedelta(days=7 * week + 6)
        begins = first.day <= 7
        text = text.ljust(2 * week) + (f"{first.month}" if begins else "") if len(text) <= 2 * week else text
    return text


def _ahead(found: "Stats", room: int) -> list[Line]:
    wide = 2 if room >= 70 else 1
    scale = ""
    for place, mark in {0: _("today"), 7: "+7", 14: "+14", 21: "+21", 28: "+28"}.items():
        scale = padded(scale, wide * place) + mark
    return _columns(found.forecast[:30], wide, scale)


def _columns(values: Sequence[int], wide: int, scale: str) -> list[Line]:
    """Upright bars, the highest `_HEIGHT` rows high, with the highest value beside them."""
    most = max(values, default=0)
    margin = len(str(most)) + 1
    lines: list[Line] = []
    for row in range(_HEIGHT, 0, -1):
        least = most * (row - 0.5) / _HEIGHT
        bar = "".join(("#" if value and (value >= least or row == 1) else " ").ljust(wide) for value in values)
        side = str(most) if row == _HEIGHT else ""
        lines.append([(side.rjust(margin - 1) + " ", "dim"), (bar.rstrip(), "cyan")])
    lines.append([(" " * margin + scale, "dim")])
    return lines


def _bars(names: Sequence[str], values: Sequence[int], room: int) -> list[Line]:
    """A lying bar for each value, with its number."""
    margin = max((cells(name) for name in names), default=0) + 1
    most = max(values, default=0)
    number = len(str(most))
    length = max(room - margin - number - 2, 1)
    lines: list[Line] = []
    for name, value in zip(names, values, strict=True):
        filled = "#" * max(round(length * value / most), 1) if value else ""
        lines.append([(padded(name, margin), "dim"), (filled, "cyan"), (f" {value}" if value else "", "")])
    return lines


def _topics(topics: Sequence[Topic], room: int) -> list[Line]:
    names = level_names()
    heads = (_("cards"), _("new"), _("mature"), _("known"), _("mastery"))
    wide = [max(cells(head) + 2, 7) for head in heads]
    level = max(map(cells, names))
    most = max(room - sum(wide) - level - 3, 8)
    first = min(max((cells(topic.name) for topic in topics[:_TOPICS]), default=0), most)
    shown = "".join(_right(head, size) for head, size in zip(heads, wide, strict=True))
    lines: list[Line] = [[(" " * first + shown, "bold")]]
    for topic in topics[:_TOPICS]:
        figures = (topic.cards, topic.new, topic.mature, f"{topic.known:.0f}", f"{topic.mastery:.2f}")
        text = "".join(_right(str(value), size) for value, size in zip(figures, wide, strict=True))
        lines.append(
            [(padded(cut(topic.name or "–", first), first), ""), (text, ""), (f"  {names[topic.level]}", "green")]
        )
    if len(topics) > _TOPICS:
        lines.append([(_("and {n} more (--json, --html)").format(n=len(topics) - _TOPICS), "dim")])
    return lines


def cut(text: str, room: int) -> str:
    """The end of a text too long for `room` cells: in a path that is what tells one from another.

    >>> cut("推理/流水线并行", 9), cut("abc", 9)
    ('..线并行', 'abc')
    """
    if cells(text) <= room:
        return text
    while text and cells(text) > room - 2:
        text = text[1:]
    return ".." + text


def _share(name: str, one: "Share") -> Line:
    return [(padded(cut(name, _DECK - 2), _DECK), ""), (words.share_text(one), "")]


def _side_by_side(one: tuple[str, list[Line]], two: tuple[str, list[Line]], room: int) -> list[Line]:
    left, right = ([[(title, "bold")], *rows] for title, rows in (one, two))
    half = room // 2
    lines: list[Line] = [[]]
    for place in range(max(len(left), len(right))):
        first = left[place] if place < len(left) else []
        used = sum(cells(text) for text, _style in first)
        lines.append([*first, (" " * max(half - used, 1), ""), *(right[place] if place < len(right) else [])])
    return lines


def _titled(title: str, lines: Sequence[Line]) -> list[Line]:
    return [[], [(title, "bold")], *lines]


def _plain(text: str) -> Line:
    return [(text, "")]


def _right(text: str, size: int) -> str:
    return " " * (size - cells(text)) + text


def _pad(text: str, size: int) -> str:
    return padded(text, max(size, cells(text)))
