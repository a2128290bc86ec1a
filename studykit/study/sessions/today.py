"""What is to be reviewed today, by note: for people who review outside the terminal, as a list to tick."""

import os
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from studykit import places
from studykit.errors import VaultError
from studykit.locale import _, ngettext
from studykit.store.cards import CardRow
from studykit.store.database import Store, only_writer, open_store
from studykit.study.figures.habits import habits_of
from studykit.study.planning.breaks import latest_break
from studykit.study.sessions.checklist import LIST_KEY, read_list, still_to_take
from studykit.study.sessions.queue import Request
from studykit.study.sessions.todays_queue import todays_queue
from studykit.study.sync import synchronise
from studykit.study.vault import Vault
from studykit.study.wording import away_line
from studykit.vault.links import address_of, label_of
from studykit.vault.rewrite import read_bytes, replace_file


@dataclass(slots=True)
class NoteToday:
    """A note with cards to ask today: how many are due and new, the earliest due day, its reviews and label."""

    path: str
    title: str
    due: int = 0
    new: int = 0
    since: str | None = None
    reviews: int = 0
    label: str = "medium"

    def as_json(self) -> dict[str, Any]:
        """The names that other programs build on."""
        return {
            "file": self.path, "title": self.title, "due": self.due, "new": self.new, "since": self.since,
            "reviews": self.reviews, "difficulty": self.label,
        }  # fmt: skip


def notes_today(vault: Vault, words: str = "") -> list[NoteToday]:
    """The notes that a session would ask about now, in its order and within the day's limits; synced first."""
    day = vault.day(datetime.now())
    with only_writer(vault.store_file), closing(open_store(vault.store_file)) as store:
        synchronise(vault, store)
        return _by_note(store, todays_queue(vault, store, Request(filter=words), day, habits_of(store)))


def break_line(vault: Vault) -> str:
    """A word on the break that runs today; empty without one."""
    with closing(open_store(vault.store_file)) as store:
        away = latest_break(store)
        return away_line(away.end) if away and away.runs(vault.day(datetime.now())) else ""


def _by_note(store: Store, queue: list[CardRow]) -> list[NoteToday]:
    found: dict[str, NoteToday] = {}
    for card in queue:
        if card.file not in found:
            title, label, reviews = store.connection.execute(
                "SELECT title, label, (SELECT coalesce(max(days + imported), 0) FROM cards WHERE file = path)"
                " FROM notes WHERE path = ?", (card.file,),
            ).fetchone()  # fmt: skip
            found[card.file] = NoteToday(card.file, title, label=label, reviews=reviews)
        note = found[card.file]
        note.new += card.due is None
        if card.due is not None:
            note.due += 1
            note.since = min(note.since or card.due, card.due)
    return list(found.values())


def write_list(vault: Vault, file: str, notes: list[NoteToday], *, force: bool = False) -> None:
    """Write the list to `file`. A file that is no such list, or has ticks nobody took, is replaced only by `force`.

    Raises VaultError then, and where the file cannot be written.
    """
    place = os.path.abspath(os.path.expanduser(file))
    text = as_markdown(vault, notes, os.path.dirname(place), vault.day(datetime.now())).encode()
    if not os.path.exists(place):
        try:
            places.write_whole(place, text)
        except OSError as error:
            raise VaultError(
                _("{file} cannot be written: {why}.").format(file=file, why=error.strerror), _("Check the folder.")
            ) from error
        return
    data, seen = read_bytes(place)
    if not force:
        _may_be_replaced(vault, file, data)
    if data != text and not replace_file(place, text, seen):
        raise VaultError(_("{file} is being changed by another program.").format(file=file), _("Try again."))


def _may_be_replaced(vault: Vault, file: str, data: bytes) -> None:
    known = read_list(data)
    if not known.ours:
        raise VaultError(
            _("{file} is there already and was not written by this command.").format(file=file),
            _("Name another file, or replace it with --force."),
        )
    if waiting := still_to_take(vault, file, known):
        raise VaultError(
            ngettext(
                "{file} has {n} ticked entry that was not taken yet.",
                "{file} has {n} ticked entries that were not taken yet.",
                waiting,
            ).format(file=file, n=waiting),
            _("`studykit sync --checked FILE` takes them; --force drops them."),
        )


def as_markdown(vault: Vault, notes: list[NoteToday], folder: str, today: date) -> str:
    """The list with addresses that resolve from `folder` (absolute); its head keeps it from being studied."""
    overdue = [note for note in notes if note.since and note.since < today.isoformat()]
    due = [note for note in notes if note.since == today.isoformat()]
    new = [note for note in notes if not note.since]
    title = _("Review list")
    lines = ["---", "cards: false", f"{LIST_KEY}: {today.isoformat()}", "---", f"# {title}", ""]
    lines += [_("Tick what you have reviewed, then run `studykit sync --checked FILE`."), ""]
    for heading, listed in ((_("Overdue"), overdue), (_("Due today"), due), (_("New"), new)):
        if listed:
            lines += [f"## {heading}", "", *(line for note in listed for line in _entry(vault, note, folder)), ""]
    if not notes:
        lines += [_("Nothing is to be reviewed today."), ""]
    return "\n".join(lines)


def _entry(vault: Vault, note: NoteToday, folder: str) -> list[str]:
    address = address_of(os.path.join(vault.root, note.path).replace(os.sep, "/"), folder.replace(os.sep, "/"))
    told = _("reviewed: {n} | difficulty: {label}").format(n=note.reviews, label=note.label)
    return [f"- [ ] [{label_of(note.title)}]({address})", f"  - {told}"]
