"""Review values written back into the notes: only values of fields that are there, only their bytes.

A note is written when one of its cards was reviewed here and a value in the file differs from what the log says.
"""

import json
import os
import sqlite3
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from studykit.errors import Problem, StudyError
from studykit.locale import _
from studykit.spacing.forecast import mastery
from studykit.spacing.scheduler import Scheduler
from studykit.store import notes
from studykit.store.cards import select_cards
from studykit.store.database import Store
from studykit.store.packed import whole
from studykit.study.vault import Vault
from studykit.vault.scan import FileStat

if TYPE_CHECKING:
    from studykit.vault.patch import Value

# A review that was taken back has no past: a note with only such ones is as if it had never been reviewed here.
# The join is written out, or SQLite reads all cards first: nobody studied most of them.
_REVIEWED = """
SELECT cards.file, pasts.days FROM pasts CROSS JOIN cards ON cards.id = pasts.card WHERE cards.active = 1
UNION ALL SELECT cards.file, x'' FROM loose CROSS JOIN cards ON cards.id = loose.card WHERE cards.active = 1
"""
_REVIEWED_IN = """
SELECT cards.file, pasts.days FROM pasts JOIN cards ON cards.id = pasts.card WHERE cards.active = 1 {only}
UNION ALL SELECT cards.file, x'' FROM loose JOIN cards ON cards.id = loose.card WHERE cards.active = 1 {only}
""".format(only="AND cards.file IN (SELECT value FROM json_each(:files))")


_DONE = "written_back"  # in the store: its mark when every note said what it should


class _Past(msgspec.Struct, frozen=True):
    days: int
    last: str | None  # None: every review was taken back


def write_back(vault: Vault, store: Store, files: set[str] | None = None) -> tuple[int, list[Problem]]:
    """Renew the review fields of `files` (None: of every reviewed note); how many were written, and what was not.

    A file that changed since it was read is skipped with a problem; the next sync reads it and writes it then.
    """
    written, problems = 0, []
    reviewed = _reviewed(store, files)
    if not reviewed:  # a vault that nobody has studied yet needs no scheduler loaded
        return 0, []
    scheduler = vault.scheduler()
    for path, past in reviewed.items():
        row = notes.select_notes(store, "path = ?", (path,))[0]
        wanted = _changed(row, _values(path, past, store, scheduler))
        if wanted:
            problem = _write_one(vault, store, row, wanted)
            problems += [problem] if problem else []
            written += problem is None
    return written, problems


def is_written_back(store: Store) -> bool:
    """Whether every note said what it should when the store was last written, as `write_back_rest` found."""
    mark = store.mark()
    return bool(mark) and store.meta(_DONE) == mark


def write_back_rest(vault: Vault, store: Store, files: set[str] | None) -> tuple[int, list[Problem]]:
    """As `write_back`, where no note but `files` (None: any) can differ; nothing is done where none can.

    What could not be written is tried again by the next sync, which then looks at every reviewed note.
    """
    if is_written_back(store):
        return 0, []
    written, problems = write_back(vault, store, files)
    if not problems:
        with suppress(sqlite3.OperationalError):  # a full disk: the next sync looks at them all
            store.set_meta(_DONE, store.mark())  # outside `write()`, for this is no change to look at
    return written, problems


def _reviewed(store: Store, files: set[str] | None) -> dict[str, _Past]:
    query = _REVIEWED if files is None else _REVIEWED_IN
    days: dict[str, set[int]] = {}
    for file, packed in store.connection.execute(query, {"files": json.dumps([*(files or ())])}):
        days.setdefault(file, set()).update(whole(packed))
    return {file: _Past(len(own), _last(own)) for file, own in sorted(days.items())}


def _last(days: set[int]) -> str | None:
    return date.fromordinal(max(days)).isoformat() if days else None


def _values(path: str, past: _Past, store: Store, scheduler: Scheduler) -> "dict[str, Value]":
    cards = select_cards(store, "file = ? AND active = 1", (path,))
    scheduler = scheduler.for_deck(cards[0].deck)
    dues = [card.due for card in cards if card.due and not card.suspended]
    before = max(card.imported for card in cards)  # days on which the note was reviewed before studykit
    last = past.last or max((card.last for card in cards if card.last), default=None)
    day = _day(last)
    return {
        "last_reviewed": day,
        "next_review": date.fromisoformat(min(dues)) if dues else None,
        "review_count": before + past.days,
        # Thirty days from the last review, not from today: a value that moves every day would rewrite every note daily.
        "mastery_level": mastery([card.recall for card in cards], day, scheduler.for_deck(cards[0].deck))
        if day
        else 0.0,
    }


def _changed(row: notes.NoteRow, values: "dict[str, Value]") -> "dict[str, Value]":
    """Only fields that the file has and whose value differs there; a day is emptied only where no review stands."""
    stands: dict[str, Value] = {
        "last_reviewed": _day(row.last_reviewed),
        "next_review": _day(row.next_review),
        "review_count": row.review_count,
        "mastery_level": row.mastery,
    }
    keys = row.keys.split()
    emptied = {"last_reviewed"} if values["last_reviewed"] is None else set()
    wanted = {key: value for key, value in values.items() if value is not None or key in emptied}
    return {key: value for key, value in wanted.items() if key in keys and stands[key] != value}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _write_one(vault: Vault, store: Store, row: notes.NoteRow, wanted: "dict[str, Value]") -> Problem | None:
    # Late: most syncs write nothing.
    from studykit.vault.decode import digest
    from studykit.vault.patch import patch, write_patched

    place = os.path.join(vault.root, row.path)
    try:
        before = _read(place)
        if write_patched(place, row.digest, wanted) == "changed-since":
            message = _("was changed since it was read, so its review fields wait for the next sync")
            return Problem(row.path, 1, message)
        _remember(store, place, row, wanted, digest(patch(before, wanted)))
    except StudyError as error:  # the note cannot be written, or the store cannot remember it
        why = error.message.removeprefix(f"{place}: ")
    except OSError as error:
        why = error.strerror or str(error)
    else:
        return None
    message = _("its review fields cannot be written: {why}; the log keeps the reviews").format(why=why)
    return Problem(row.path, 1, message)


def _read(place: str) -> bytes:
    with open(place, "rb") as file:
        return file.read()


def _remember(store: Store, place: str, row: notes.NoteRow, wanted: "dict[str, Value]", now: str) -> None:
    """What the file says now, so that the next sync finds it unchanged.

    Whoever saved it in the moment since it was written is not overlooked: that text is left for the next sync to read.
    """
    from studykit.vault.decode import digest

    stat = os.stat(place)
    if digest(_read(place)) != now:
        return
    with store.write():
        notes.touch_note(store, FileStat(row.path, stat.st_mtime_ns, stat.st_size))
        notes.set_review_values(store, row.path, now, wanted)
