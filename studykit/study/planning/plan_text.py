"""A plan as text of at most 80 columns: a few sentences, the weeks as bars, the price of recall as a table."""

from datetime import date
from statistics import mean

from studykit.locale import _, ngettext
from studykit.study.planning.plan import Deadline, Plan, PlannedDay

_BAR = 28  # cells
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_ROWS = 14


def plan_text(plan: Plan) -> str:
    """The whole plan, lines joined."""
    parts = [_opening(plan)]
    if plan.deadline:
        parts.append(_deadline_lines(plan.deadline))
    parts += [_chart(plan), _curve(plan)]
    return "\n\n".join("\n".join(part) for part in parts)


def _opening(plan: Plan) -> list[str]:
    last = plan.days[-1]
    about = _("{cards} cards, {new} new; {minutes} minutes and {fresh} new cards a day; recall {retention}.")
    lines = [
        about.format(
            cards=plan.cards,
            new=plan.new_cards,
            minutes=plan.minutes,
            fresh=plan.new_per_day,
            retention=f"{plan.retention:.0%}",
        )
    ]
    if plan.reviews_seen:
        pace = ngettext(
            "Your pace, by {n} review: {due} s for a due card, {new} s for a new one.",
            "Your pace, by {n} reviews: {due} s for a due card, {new} s for a new one.",
            plan.reviews_seen,
        )
    else:
        pace = _("No reviews yet; other learners need {due} s for a due card, {new} s for a new one.")
    lines.append(pace.format(n=plan.reviews_seen, due=round(plan.seconds_due), new=round(plan.seconds_new)))
    lines += _backlog_lines(plan)
    lines.append(
        _("Known on {day}: {known} cards of {cards}, after {minutes} min a day on average.").format(
            day=last.day,
            known=round(last.known),
            cards=plan.cards,
            minutes=f"{mean(day.minutes for day in plan.days):.0f}",
        )
    )
    if plan.new_cards and plan.new_per_day:
        lines.append(
            _("New cards cost {minutes} minutes a day of it, their own reviews included.").format(
                minutes=f"{plan.new_minutes:.1f}"
            )
        )
    return lines


def _backlog_lines(plan: Plan) -> list[str]:
    backlog = plan.backlog
    if not backlog.waiting:
        return [_("Nothing waits today.")]
    if backlog.clears is None:
        said = ngettext(
            "{n} card waits, {minutes} min of study; at this pace some still wait on {day}.",
            "{n} cards wait, {minutes} min of study; at this pace some still wait on {day}.",
            backlog.waiting,
        )
    else:
        said = ngettext(
            "{n} card waits, {minutes} min of study; nothing is left over on {day}.",
            "{n} cards wait, {minutes} min of study; nothing is left over on {day}.",
            backlog.waiting,
        )
    day = backlog.clears or plan.days[-1].day
    return [said.format(n=backlog.waiting, minutes=round(backlog.minutes), day=day)]


def _deadline_lines(deadline: Deadline) -> list[str]:
    today = ngettext(
        "with today's session ({n} card, {minutes} min)",
        "with today's session ({n} cards, {minutes} min)",
        deadline.today_cards,
    ).format(n=deadline.today_cards, minutes=round(deadline.today_minutes))
    rows = [
        (_("without any more study"), deadline.without),
        (today, deadline.today_only),
        (_("with a session every day"), deadline.every_day),
    ]
    head = _("Recall to expect on {day}, over {n} cards").format(day=deadline.until, n=deadline.cards)
    return [head, *(f"  {bar(share, 1.0, 20)} {share:6.1%}  {words}" for words, share in rows)]


def _chart(plan: Plan) -> list[str]:
    """Some days together in each row: minutes a day as a bar, then reviews, new cards, what is known and what waits."""
    groups = _grouped(plan.days)
    most = max((mean(day.minutes for day in group) for group in groups), default=0.0) or 1.0
    columns = ((_("reviews"), 8), (_("new"), 6), (_("known"), 8), (_("waiting"), 9))
    head = _padded(_("from"), 13) + _padded(_("minutes a day"), _BAR + 7)
    lines = [head + "".join(_right(word, cells) for word, cells in columns)]
    for group in groups:
        minutes = mean(day.minutes for day in group)
        reviews, new = mean(day.reviews for day in group), mean(day.new for day in group)
        lines.append(
            f"{_day(group[0].day)}   {bar(minutes, most, _BAR)} {minutes:6.1f}{reviews:8.1f}{new:6.1f}"
            f"{group[-1].known:8.0f}{group[-1].waiting:9.0f}"
        )
    return lines


def _curve(plan: Plan) -> list[str]:
    most = max((point.minutes for point in plan.curve), default=0.0) or 1.0
    head = _("What aiming at more recall costs over half a year, with {n} new cards a day:")
    lines = [head.format(n=plan.new_per_day)]
    lines += [
        f"  {point.retention:4.0%}  {bar(point.minutes, most, _BAR)} "
        + _("{minutes} min a day, {known} known").format(minutes=f"{point.minutes:5.1f}", known=round(point.known))
        for point in plan.curve
    ]
    return lines


def _grouped(days: list[PlannedDay]) -> list[list[PlannedDay]]:
    size = max(-(-len(days) // _ROWS), 1)
    return [days[start : start + size] for start in range(0, len(days), size)]


def bar(value: float, most: float, cells: int) -> str:
    """A bar of `cells` cells, to an eighth of a cell.

    >>> bar(0.5, 1.0, 4), bar(1.0, 3.0, 2)
    ('██  ', '▋ ')
    """
    eighths = round(min(max(value / most, 0.0), 1.0) * cells * 8)
    whole, rest = divmod(eighths, 8)
    return ("█" * whole + (_EIGHTHS[rest] if rest else "")).ljust(cells)


def _day(day: date) -> str:
    return day.isoformat()


def _width(text: str) -> int:
    import unicodedata

    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _padded(text: str, cells: int) -> str:
    return text + " " * max(cells - _width(text), 0)


def _right(text: str, cells: int) -> str:
    return " " * max(cells - _width(text), 0) + text
