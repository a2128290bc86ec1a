"""Making a folder of notes a vault: its settings file, and its place as the known vault."""

import os
from collections import Counter
from dataclasses import dataclass

import msgspec

from studykit import places, settings
from studykit.cards.formats.detect import formats_in
from studykit.cards.formats.plugins import read_plugins
from studykit.errors import VaultError
from studykit.locale import _
from studykit.study.syncing.prose import PROGRAMS, rests
from studykit.study.vault import notes_folder
from studykit.vault.scan import scan


@dataclass(frozen=True, slots=True)
class Initialised:
    """What `initialise` did. `written` is False where a settings file stood already.

    `formats` names the formats of other programs that notes are written in, each with the number of those notes.
    `prose_rests`: those are the vault's own way, so the settings file lets no prose make cards.
    """

    root: str
    config_file: str
    notes: int
    written: bool
    formats: tuple[tuple[str, int], ...] = ()
    prose_rests: bool = False


def initialise(folder: str, *, force: bool = False) -> Initialised:
    """Write the vault's settings and remember it. Raises VaultError when `folder` is none or cannot be written."""
    root = notes_folder(folder, _("Give the folder that holds your Markdown notes."))
    file = places.vault_config_file(root)
    written = force or not os.path.exists(file)
    noted = (settings.Settings() if written else settings.load(root).settings).notes
    found_files = scan(root, noted.include, noted.exclude, None).files
    formats = formats_in(root, found_files, read_plugins(root))
    marked = Counter({name: formats.notes.get(name, 0) for name in PROGRAMS})
    resting = rests(root, marked, len(found_files), reviewed=formats.reviewed, own=formats.own)
    if written:
        _write(file, template(("off" if resting else "on") if found_files else ""))
    chosen = settings.load(root).settings.rules.prose
    places.remember_vault(root)
    resting = resting if chosen == "auto" else chosen == "off"
    return Initialised(root, file, len(found_files), written, tuple(formats.notes.items()), resting)


def _write(file: str, text: str) -> None:
    try:
        places.write_whole(file, text.encode())
    except OSError as error:
        raise VaultError(
            _("{file} cannot be written: {why}.").format(file=file, why=error.strerror),
            _("Check the folder's permissions."),
        ) from error


def template(prose: str = "") -> str:
    """Every setting at its default, commented out, with what it means: a file to uncomment from.

    `prose` is what was found right for this vault, and so that setting alone is in force; '' leaves it open.
    """
    head = _("Settings of this vault; they travel with the notes. Uncomment what you want to change.")
    lines, meanings = [f"# {head}", ""], _explained()
    table = ""
    for key, value in settings.flatten(msgspec.to_builtins(settings.Settings())):
        name = key.rpartition(".")
        if name[0] != table:
            table = name[0]
            lines += ["", f"[{table}]"]
        explained = meanings.get(key, _("a rule that makes cards, on or off") if table == "rules" else "")
        comment = f"  # {explained}" if explained else ""
        if prose and key == "rules.prose":
            lines.append(f"{name[2]} = {settings.as_toml(prose)}{comment}")
        else:
            lines.append(f"# {name[2]} = {settings.as_toml(value)}{comment}")
    return "\n".join(lines) + "\n"


def _explained() -> dict[str, str]:
    """What each setting means, for the comment behind it."""
    return {
        "language": _("auto, en or zh_CN: the language of messages"),
        "editor": _("the command that opens a note; empty: $VISUAL or $EDITOR"),
        "deck": _("limits of a deck and the decks below it, for example {example}").format(
            example='{ "a/b" = { new_per_day = 5, reviews_per_day = 50 } }'
        ),
        "schedule.rollover_hour": _("the local hour, 0 to 23, at which a study day begins"),
        "schedule.desired_retention": _("the recall aimed at, 0.70 to 0.99; higher means more reviews"),
        "schedule.new_per_day": _("new cards a day"),
        "schedule.reviews_per_day": _("reviews a day"),
        "schedule.minutes_per_day": _("a day ends after so many minutes by your own pace; 0: no such limit"),
        "schedule.backlog_order": _(
            "where a day is too short for all that is due: value, due, high-stability, low-recall, high-recall, random"
        ),
        "schedule.new_order": _("new cards by note, outline, label (easy ones first), or random"),
        "schedule.bury_siblings": _("of cards from one place of a note, one a day"),
        "schedule.easy_days": _("shares of a usual day, for example {example}").format(
            example="{ sat = 0.5, sun = 0 }"
        ),
        "schedule.vacations": _("days that intervals avoid, for example {example}").format(
            example='["2026-12-24..2027-01-02"]'
        ),
        "schedule.maximum_interval": _("no card waits longer, in days"),
        "schedule.scheduler": _("fsrs, ladder or sm2"),
        "schedule.parameters": _("what `studykit optimize` fitted, or Anki's; none: FSRS's defaults"),
        "schedule.parameters_version": _("FSRS-4.5 (17 numbers), FSRS-5 (19), FSRS-6 (21); auto goes by the count"),
        "schedule.presets": _("decks with parameters of their own"),
        "schedule.ladder.easy": _("the ladder's intervals in days for notes labelled easy"),
        "schedule.ladder.medium": _("the same for medium"),
        "schedule.ladder.hard": _("the same for hard"),
        "notes.include": _("which files are notes"),
        "notes.exclude": _("which of them are none after all"),
        "notes.answer_headings": _("headings whose section answers the note's title"),
        "rules.prose": _(
            "do notes make cards that mark none: on, off, or auto (not where another program's cards are)"
        ),
        "notes.write_back": _("when review fields are renewed in notes: session (and sync), sync, never"),
        "remind.threshold": _("a reminder waits until so many cards are due"),
        "remind.quiet_hours": _("no reminder between these two local times; [] for none"),
        "remind.hours_between": _("hours that lie between two reminders at least"),
        "remind.after_review": _("true: remind even on a day on which something was reviewed"),
        "remind.streak": _("true: a reminder names the days in a row that are at stake"),
        "remind.channels": _("where a reminder goes: desktop, bell, text, or names of addresses that are kept apart"),
    }
