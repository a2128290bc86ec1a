"""Sentences that both faces say the same way."""

from datetime import date
from typing import TYPE_CHECKING

from studykit.locale import _, ngettext
from studykit.study.planning.outlook import Outlook
from studykit.study.sessions.session import Session, Summary, Waiting

if TYPE_CHECKING:
    from studykit.study.browsing.search import Found


def summary_lines(summary: Summary) -> list[str]:
    """A finished session in a few lines."""
    if not summary.reviewed:
        return [_("Nothing was reviewed.")]
    lines = [
        ngettext("{n} review in {time}.", "{n} reviews in {time}.", summary.reviewed).format(
            n=summary.reviewed, time=minutes(summary.seconds)
        )
    ]
    if summary.retention is not None:
        lines.append(_("Recalled at the first try: {share}.").format(share=f"{summary.retention:.0%}"))
    lines.append(
        ngettext("Tomorrow {n} card returns.", "Tomorrow {n} cards return.", summary.tomorrow).format(
            n=summary.tomorrow
        )
    )
    return lines


def why_nothing(waiting: Waiting) -> str:
    """A session with nothing to ask, explained: what there is, and how to get at it."""
    if not waiting.cards:
        return _("No note here makes a card yet. `studykit doctor` looks at them; `studykit init DIR` names others.")
    if waiting.away:
        return away_line(waiting.away)
    field, name = waiting.unknown
    if field == "deck":
        return _("There is no deck {deck!r}.").format(deck=name) + " " + _("`studykit due` lists the decks.")
    if field == "tag":
        return _("No note has the tag {tag!r}.").format(tag=name)
    if waiting.chosen:
        return _("None of the chosen cards is to be asked today. `--cram` asks them all the same, `--new N` new ones.")
    if waiting.day_off:
        return _("Today is a day off, by your settings. `studykit review --minutes 10` studies a little.")
    if waiting.due or waiting.new:
        return _(
            "The day's limit is reached; {due} due and {new} new cards wait. `studykit review --minutes 10` goes on,"
            " `--new 10` asks new ones."
        ).format(due=waiting.due, new=waiting.new)
    return _("All that was due is done. Come back tomorrow.")


def foreword(session: Session) -> str:
    """What is to be said along with the card in front, a line each; mostly nothing."""
    question, lines = session.question, []
    if session.outlook and not session.graded:
        lines.append(outlook_line(session.outlook))
    if session.request.cram and not session.graded:
        lines.append(_("Nothing is scheduled by this session; the grades stay out of the log."))
    if question and question.leech:
        lines.append(leech_line(question.lapses))
    return "\n\n".join(lines)


def outlook_line(outlook: Outlook) -> str:
    """A pile of due cards, said kindly: not what is missing, but when it is gone."""
    if outlook.clears is None:
        return ngettext(
            "{n} card waits. {minutes} minutes a day keep what matters most; `studykit plan` shows what more would do.",
            "{n} cards wait. {minutes} minutes a day keep what matters most; `studykit plan` shows what more would do.",
            outlook.waiting,
        ).format(n=outlook.waiting, minutes=outlook.minutes)
    return ngettext(
        "{n} card waits; {minutes} minutes a day clear it by {day}. Today's portion is what gains most.",
        "{n} cards wait; {minutes} minutes a day clear them by {day}. Today's portion is what gains most.",
        outlook.waiting,
    ).format(n=outlook.waiting, minutes=outlook.minutes, day=outlook.clears)


def away_line(until: date) -> str:
    """A break is no guilt."""
    line = _("On a break until {day}. `studykit resume` ends it; `studykit review --minutes 10` studies a little.")
    return line.format(day=until)


def leech_line(lapses: int) -> str:
    """What to do about a card that is forgotten again and again."""
    return ngettext(
        "Forgotten {n} time. It may ask two things at once: split it in its note, or reword it.",
        "Forgotten {n} times. It may ask two things at once: split it in its note, or reword it.",
        lapses,
    ).format(n=lapses)


def count_line(found: "Found") -> str:
    """How many cards a search found, and whether all are shown."""
    told = ngettext("{n} card", "{n} cards", found.total).format(n=found.total)
    if found.total > len(found.hits):
        return _("the first {shown} of {all}").format(shown=len(found.hits), all=told)
    return told if found.hits else _("No card fits.")


def action_word(action: str) -> str:
    """What was undone, in words; `action` is an event's type."""
    words = {"review": _("grade"), "suspend": _("suspend"), "bury": _("bury"), "flag": _("flag"),
             "forget": _("forget"), "alias": _("restore"), "pause": _("break")}  # fmt: skip
    return words.get(action, action)


def minutes(seconds: int) -> str:
    """A span of study as a person says it: `40 s`, `12 min`."""
    if seconds < 90:
        return _("{n} s").format(n=seconds)
    return _("{n} min").format(n=round(seconds / 60))
