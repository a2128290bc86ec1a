"""Review values written back into the notes: only values of fields that are there, only their bytes.

A note is written when one of its cards was reviewed here and a value in the file differs from what the log says.
"""

import os
from dataclasses import dataclass
from datetime import date

from studykit.errors import Problem
from studykit.locale import _
from studykit.spacing.forecast import mastery
from studykit.spacing.scheduler import Scheduler
from studykit.store import notes
from studykit.store.cards import select_cards
from studykit.store.database import Store
from studykit.study.vault import Vault
from studykit.vault.patch import Value, write_patched
from studykit.vault.scan import FileStat

_REVIEWED = """
SELECT cards.file, count(DISTINCT reviews.day), max(reviews.day)
FROM reviews JOIN cards ON cards.id = reviews.card
WHERE cards.active = 1 {only} GROUP BY cards.file
"""


@dataclass(frozen=True, slots=True)
class _Past:
    days: int
    last: str


def write_back(vault: Vault, store: Store, files: set[str] | None = None) -> tuple[int, list[Problem]]:
    """Renew the review fields of `files` (None: of every reviewed note); how many were written, and what was not.

    A file that changed since it was read is skipped with a problem; the next sync reads it and writes it then.
    """
    written, problems = 0, []
    scheduler = vault.scheduler()
    for path, past in _reviewed(store, files).items():
        row = notes.select_notes(store, "path = ?", (path,))[0]
        wanted = _changed(row, _values(path, past, store, scheduler))
        if wanted:
            problem = _write_one(vault, store, row, wanted)
            problems += [problem] if problem else []
            written += problem is None
    return written, problems


def _reviewed(store: Store, files: set[str] | None) -> dict[str, _Past]:
    if files is None:
        rows = store.connection.execute(_REVIEWED.format(only="")).fetchall()
    else:
        query = _REVIEWED.format(only="AND cards.file = ?")
        rows = [row for file in sorted(files) for row in store.connection.execute(query, (file,))]
    return {file: _Past(days, last) for file, days, last in rows}


def _values(path: str, past: _Past, store: Store, scheduler: Scheduler) -> dict[str, Value]:
    cards = select_cards(store, "file = ? AND active = 1", (path,))
    dues = [card.due for card in cards if card.due and not card.suspended]
    before = max(card.imported for card in cards)  # days on which the note was reviewed before studykit
    day = date.fromisoformat(past.last)
    return {
        "last_reviewed": day,
        "next_review": date.fromisoformat(min(dues)) if dues else None,
        "review_count": before + past.days,
        # Thirty days from the last review, not from today: a value that moves every day would rewrite every note daily.
        "mastery_level": mastery([card.recall for card in cards], day, scheduler),
    }


def _changed(row: notes.NoteRow, values: dict[str, Value]) -> dict[str, Value]:
    """Only fields that the file has and whose value differs there."""
    stands: dict[str, Value] = {
        "last_reviewed": _day(row.last_reviewed),
        "next_review": _day(row.next_review),
        "review_count": row.review_count,
        "mastery_level": row.mastery,
    }
    keys = row.keys.split()
    return {key: value for key, value in values.items() if key in keys and value is not None and stands[key] != value}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _write_one(vault: Vault, store: Store, row: notes.NoteRow, wanted: dict[str, Value]) -> Problem | None:
    place = os.path.join(vault.root, row.path)
    try:
        outcome = write_patched(place, row.digest, wanted)
        if outcome == "changed-since":
            message = _("was changed since it was read, so its review fields wait for the next sync")
            return Problem(row.path, 1, message)
        _remember(store, place, row, wanted)
    except OSError as error:
        message = _("its review fields cannot be written: {why}; the log keeps the reviews").format(why=error.strerror)
        return Problem(row.path, 1, message)
    return None


def _remember(store: Store, place: str, row: notes.NoteRow, wanted: dict[str, Value]) -> None:
    """What the file says now, so that the next sync finds it unchanged."""
    from studykit.vault.decode import digest

    stat = os.stat(place)
    with open(place, "rb") as file:
        now = digest(file.read())
    with store.write():
        notes.touch_note(store, FileStat(row.path, stat.st_mtime_ns, stat.st_size))
        notes.set_review_values(store, row.path, now, wanted)
