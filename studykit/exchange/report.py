"""The figures as one page of HTML: nothing is fetched, light and dark follow the reader, every chart has its table."""

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from studykit.exchange import charts
from studykit.exchange.charts import Chart
from studykit.exchange.report_style import STYLE
from studykit.locale import _, language
from studykit.study.figures import stats_words as words
from studykit.study.figures.stats_cards import Topic, level_names

if TYPE_CHECKING:
    from studykit.study.figures.calibration import Calibration
    from studykit.study.figures.stats import Share, Stats

_HALF = 420  # units of a chart that stands beside another
_DECKS, _MONTHS = 20, 12  # of the table that crosses them


def report(found: "Stats", judged: "Calibration | None") -> str:
    """The whole page as text. `judged` None: no review can be scored yet."""
    title = _("Study figures")
    parts = [f"<h1>{escape(title)}</h1>", f'<p class="faint">{escape(words.day_text(found.today))}</p>']
    parts += [f"<p>{escape(text)}</p>" for text in words.summary(found)]
    parts += [_days(found), _ahead(found), '<div class="two">', *_cards(found), "</div>", _hours(found)]
    parts += [_months(found), _calibration(judged), _topics(_("Decks"), found.cards.decks)]
    parts += [_topics(_("Tags"), found.cards.tags)]
    tongue = language().replace("_", "-")
    return (
        f'<!doctype html>\n<html lang="{tongue}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(part for part in parts if part)
        + "\n</main>\n</body>\n</html>\n"
    )


def _section(chart: Chart, picture: str) -> str:
    """A heading, the picture, and its numbers in a table that unfolds."""
    body = "".join(f"<tr><td>{escape(name)}</td><td>{escape(value)}</td></tr>" for name, value in chart.rows)
    head = "".join(f"<th>{escape(each)}</th>" for each in chart.head)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    unfold = escape(_("as a table"))
    shown = f"<details><summary>{unfold}</summary>{table}</details>" if chart.rows else ""
    return f"<section><h2>{escape(chart.title)}</h2>{picture}{shown}</section>"


def _days(found: "Stats") -> str:
    told = _("{told}.").format(told=words.reviewed_text(found))
    rows = [(day.day, f"{day.reviews} · {day.minutes:.0f} min") for day in reversed(found.days[-366:])]
    chart = Chart(_("Reviews by day"), told, (_("day"), _("reviews and minutes")), rows)
    counts = {day.day: day.reviews for day in found.days}
    return _section(chart, charts.heat(chart, counts, found.today, words.weekdays(), _("{day}: {n} reviews")))


def _ahead(found: "Stats") -> str:
    names = [str(ahead) for ahead in range(len(found.forecast))]
    told = _(
        "{now} cards are due today, {month} in 30 days, {all} in 90, without those that coming reviews bring back."
    )
    told = told.format(now=found.forecast[0], month=sum(found.forecast[:30]), all=sum(found.forecast))
    rows = list(zip(names, map(str, found.forecast), strict=True))
    chart = Chart(_("Due in the coming 90 days"), told, (_("days ahead"), _("cards")), rows)
    return _section(
        chart, f'{charts.columns(chart, names, found.forecast, every=10)}<p class="faint">{escape(told)}</p>'
    )


def _cards(found: "Stats") -> list[str]:
    kinds = [
        (_("Cards by recall today"), words.tenths(), found.cards.recall),
        (_("Cards by stability, days"), words.stability_names(), found.cards.stability),
        (_("Cards by difficulty"), [str(number) for number in range(1, 11)], found.cards.difficulty),
    ]
    return [_histogram(title, names, values) for title, names, values in kinds if values]


def _histogram(title: str, names: Sequence[str], values: Sequence[int]) -> str:
    most = max(range(len(values)), key=values.__getitem__)
    told = _("Most cards, {n} of {all}, lie at {where}.").format(n=values[most], all=sum(values), where=names[most])
    chart = Chart(title, told, ("", _("cards")), list(zip(names, map(str, values), strict=True)))
    every = 2 if max(map(len, names)) > 6 else 1
    return _section(chart, charts.columns(chart, names, values, every=every, wide=_HALF))


def _hours(found: "Stats") -> str:
    values = [hour.reviews for hour in found.hours]
    if not any(values):
        return ""
    told = _("Most reviews at {hour} o'clock.").format(hour=values.index(max(values)))
    rows = [(f"{hour.hour}:00", f"{hour.reviews} · {_recalled(hour.recalled, hour.scored)}") for hour in found.hours]
    chart = Chart(_("Reviews by hour of the day, last 90 days"), told, (_("hour"), _("reviews and recalled")), rows)
    return _section(chart, charts.columns(chart, [str(hour.hour) for hour in found.hours], values, every=3))


def _recalled(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "–"


def _months(found: "Stats") -> str:
    months = [month for month in found.months if month.share is not None][-24:]
    if not months:
        return ""
    return _shares(_("True retention by month"), months)


def _shares(title: str, shares: "Sequence[Share]") -> str:
    heads = (_("reviews"), _("recalled"), "95 %")
    rows = [
        (one.name or "–", str(one.whole), f"{one.share or 0:.1%}", f"{one.low:.0%}–{one.high:.0%}") for one in shares
    ]
    return _table(title, ("", *heads), rows)


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(each)}</td>" for each in row) + "</tr>" for row in rows)
    table = f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    return f"<section><h2>{escape(title)}</h2>{table}</section>"


def _calibration(judged: "Calibration | None") -> str:
    if judged is None:
        return ""
    said = words.calibration_text(judged)
    points = [(one.predicted, one.recalled, one.least, one.most, one.reviews) for one in judged.bins]
    rows = [
        (f"{one.predicted:.1%}", f"{one.recalled:.1%} ({one.least:.0%}–{one.most:.0%}), n={one.reviews}")
        for one in judged.bins
    ]
    chart = Chart(_("Predicted and recalled"), " ".join(said), (_("predicted"), _("recalled")), rows)
    labels = _("predicted recall"), _("recalled")
    picture = charts.calibration(chart, points, labels).replace("<svg ", '<svg class="square" ', 1)
    text = "".join(f"<p>{escape(each)}</p>" for each in said)
    months, cells = words.retention_table(judged, _DECKS, _MONTHS)
    crossed = _table(_("True retention by deck and month (reviews)"), ("", *months), [(n, *each) for n, each in cells])
    return _section(chart, picture + text) + _shares(_("True retention by deck"), judged.decks) + crossed


def _topics(title: str, topics: Sequence[Topic]) -> str:
    if not topics:
        return ""
    names = level_names()
    heads = ("", _("cards"), _("new"), _("mature"), _("known"), _("mastery"), _("level"))
    rows = [
        (each.name or "–", str(each.cards), str(each.new), str(each.mature), f"{each.known:.0f}", f"{each.mastery:.2f}",
         names[each.level])
        for each in topics
    ]  # fmt: skip
    return _table(title, heads, rows)
