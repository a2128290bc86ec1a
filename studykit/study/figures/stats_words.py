"""The words of the figures, the same in the terminal and in the report."""

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from studykit.locale import _, in_percent, language, listed, ngettext
from studykit.study.figures.stats_cards import STABILITY_EDGES

if TYPE_CHECKING:
    from studykit.study.figures.calibration import Calibration
    from studykit.study.figures.stats import Share, Stats


def summary(found: "Stats") -> list[str]:
    """The figures that are said first: cards by state, all reviews, the streak, and true retention."""
    cards = found.cards
    states = [
        (cards.new, _("new")),
        (cards.learning, _("learning")),
        (cards.young, _("young")),
        (cards.mature, _("mature")),
        (cards.suspended, _("suspended")),
    ]
    shown = listed(f"{count} {word}" for count, word in states if count)
    count = ngettext("{n} card", "{n} cards", cards.cards).format(n=cards.cards)
    lines = [_("{cards}: {states}").format(cards=count, states=shown)]
    known = _("You would answer about {known} of them today.").format(known=round(cards.known))
    reviewed = reviewed_text(found)
    if found.minutes < 60:
        done = _("{reviewed}, {minutes} min in all").format(reviewed=reviewed, minutes=round(found.minutes))
    else:
        done = _("{reviewed}, {hours} h in all").format(reviewed=reviewed, hours=f"{found.minutes / 60:.1f}")
    lines += [known, done, streak_text(found)]
    return [*lines, _("True retention: {shares}").format(shares=retention_text(found))]


def reviewed_text(found: "Stats") -> str:
    """How many reviews on how many days."""
    reviews = ngettext("{n} review", "{n} reviews", found.reviews).format(n=found.reviews)
    days = len(found.days)
    return ngettext("{reviews} on {n} day", "{reviews} on {n} days", days).format(reviews=reviews, n=days)


def streak_text(found: "Stats") -> str:
    """Days in a row, and what a pause has to do with it."""
    one = found.streak
    text = ngettext("{n} day in a row", "{n} days in a row", one.current).format(n=one.current)
    text += _("; longest {n}").format(n=one.longest)
    pause = ngettext("; {n} day of pause within it", "; {n} days of pause within it", one.paused)
    return text + (pause.format(n=one.paused) if one.paused else "")


def retention_text(found: "Stats") -> str:
    """Shares of the last 30 and 90 days and of all time, with how many reviews stand behind each."""
    names = {"30": _("30 days"), "90": _("90 days"), "all": _("all")}
    shown = [_("{when} {share}").format(when=names[one.name], share=share_text(one)) for one in found.retention]
    return _("{shares}; aimed at {aim} %").format(shares=listed(shown), aim=round(found.desired_retention * 100))


def share_text(one: "Share") -> str:
    """`87 % (80-92, n=123)`: the share, its 95 % interval, and what it stands on."""
    if one.share is None:
        return "-"
    return f"{in_percent(str(round(one.share * 100)))} ({one.low * 100:.0f}-{one.high * 100:.0f}, n={one.whole})"


def stability_names() -> list[str]:
    """The bins of stability, in days."""
    edges = STABILITY_EDGES
    inner = [f"{low}-{high}" for low, high in pairwise(edges)]
    return [f"<{edges[0]}", *inner, f">{edges[-1]}"]


def tenths() -> list[str]:
    """The bins of recall, in per cent."""
    return [in_percent(f"{low}-{low + 10}") for low in range(0, 100, 10)]


def retention_table(found: "Calibration", decks: int, months: int) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """The latest `months` with a scored review, and for each of the first `decks` its true retention in them."""
    names = sorted({one.month for one in found.months})[-months:]
    cells = {
        (one.deck, one.month): f"{in_percent(str(round(one.share * 100)))} ({one.reviews})" for one in found.months
    }
    listed = [deck.name for deck in found.decks[:decks]]
    return names, [(deck or "–", [cells.get((deck, month), "") for month in names]) for deck in listed]


def calibration_text(found: "Calibration") -> list[str]:
    """What a calibration says, in sentences."""
    lines = [
        ngettext(
            "{n} scored review: recall predicted at {predicted} %, in truth {recalled} %.",
            "{n} scored reviews: recall predicted at {predicted} %, in truth {recalled} %.",
            found.reviews,
        ).format(n=found.reviews, predicted=f"{found.predicted * 100:.1f}", recalled=f"{found.recalled * 100:.1f}"),
        _("Log loss {loss}; the plain average would score {average}. Mean gap over the bins {gap} points.").format(
            loss=f"{found.log_loss:.4f}", average=f"{found.average:.4f}", gap=f"{found.gap * 100:.1f}"
        ),
    ]
    if found.by != "fsrs":
        lines.append(_("{name} predicts nothing itself: FSRS's curve is laid on its intervals.").format(name=found.by))
    elif found.log_loss >= found.average:
        lines.append(_("The predictions are no better than that average; `studykit optimize` may help."))
    if found.seen:
        lines.append(
            _("The parameters may have been fitted to these reviews; `studykit optimize` judges on unseen ones.")
        )
    return lines


def day_text(day: date) -> str:
    """A day as people here write it."""
    return f"{day.year}年{day.month}月{day.day}日" if language() == "zh_CN" else day.strftime("%d %b %Y").lstrip("0")


def weekdays() -> list[str]:
    """Monday to Sunday, short."""
    return [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]
