"""Sentences that both faces say the same way."""

from studykit.locale import _, ngettext
from studykit.study.session import Summary, Waiting


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
    if waiting.chosen:
        return _("None of the chosen cards is to be asked today. `--cram` asks them all the same, `--new N` new ones.")
    if waiting.due or waiting.new:
        return _(
            "The day's limit is reached; {due} due and {new} new cards wait. `studykit review --new 10` asks new ones."
        ).format(due=waiting.due, new=waiting.new)
    return _("All that was due is done. Come back tomorrow.")


def action_word(action: str) -> str:
    """What was undone, in words; `action` is an event's type."""
    words = {"review": _("grade"), "suspend": _("suspend"), "bury": _("bury"), "flag": _("flag"),
             "forget": _("forget"), "alias": _("restore")}  # fmt: skip
    return words.get(action, action)


def minutes(seconds: int) -> str:
    """A span of study as a person says it: `40 s`, `12 min`."""
    if seconds < 90:
        return _("{n} s").format(n=seconds)
    return _("{n} min").format(n=round(seconds / 60))
