"""A list of notes with ticks: each ticked note's due cards count as Good today, once.

Once: the list is of a day, and a card that was reviewed on that day or later has had its due. So taking a list twice,
or again next week, adds nothing, and the log alone knows it.
"""

import os
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime
from posixpath import dirname
from typing import Any, NamedTuple

from studykit.errors import Problem, VaultError
from studykit.locale import _, listed, ngettext
from studykit.spacing.day import counted_day
from studykit.store import events
from studykit.store.cards import RANKS, CardRow, select_cards
from studykit.store.database import Store, open_store
from studykit.store.events import is_day
from studykit.store.log import Log
from studykit.study.browsing.note_names import from_here, nearest
from studykit.study.sessions.actions import keep, opened
from studykit.study.sessions.choices import choices_for
from studykit.study.vault import Vault
from studykit.vault.links import Link, Targets, links_in
from studykit.vault.note import parse_note
from studykit.vault.rewrite import read_bytes

LIST_KEY = "review_list"
"""The frontmatter key by which a list that `studykit today` wrote says its day."""

GOOD = 3
_BOX = re.compile(r"(?:^|\s)[-*+]\s+\[(?P<mark>[ xX✓✔])\]\s+")
_OURS = re.compile(rf"^{LIST_KEY}:[ \t]*['\"]?(\d{{4}}-\d\d-\d\d)", re.MULTILINE)
_DAY = re.compile(r"(?<!\d)\d{4}-\d\d-\d\d(?!\d)")


class Entry(NamedTuple):
    """A line with a box: the file's line from 1, the link in it (None: there is none), whether it is ticked."""

    line: int
    text: str
    link: Link | None
    ticked: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A list as read. `day`: the one it is for, None where it does not say; `ours`: `studykit today` wrote it."""

    day: date | None
    ours: bool
    entries: tuple[Entry, ...]


@dataclass(slots=True)
class Taken:
    """What ticks came to: notes and their cards graded, ticked notes of which nothing was left to grade, problems."""

    notes: dict[str, int] = field(default_factory=dict)
    before: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The names that other programs build on."""
        return {
            "notes": [{"file": path, "cards": cards} for path, cards in self.notes.items()],
            "taken_before": self.before,
            "problems": [{"file": p.file, "line": p.line, "message": p.message} for p in self.problems],
        }

    def as_text(self) -> str:
        """One line."""
        cards, before = sum(self.notes.values()), len(self.before)
        told = [
            ngettext("{n} ticked note taken", "{n} ticked notes taken", len(self.notes)).format(n=len(self.notes)),
            ngettext("{n} card graded Good", "{n} cards graded Good", cards).format(n=cards),
        ]
        if before:
            said = ngettext("{n} note with nothing left to grade", "{n} notes with nothing left to grade", before)
            told.append(said.format(n=before))
        return listed(told)


def read_list(data: bytes) -> Listed:
    """The boxes of a Markdown file, those in code left out. Never raises."""
    note = parse_note("", data)
    hidden = {number for fence in note.outline.fences for number in range(fence.line, fence.end)}
    entries = tuple(_entries(note.outline.lines, hidden, note.body_line))
    head = note.text[: len(note.text) - len(note.body)]
    own = _OURS.search(head)
    first = entries[0].line - note.body_line if entries else len(note.outline.lines)
    above = _DAY.search("\n".join(note.outline.lines[:first]))
    day = own[1] if own else above[0] if above else ""
    return Listed(date.fromisoformat(day) if is_day(day) else None, own is not None, entries)


def _entries(lines: list[str], hidden: set[int], first: int) -> Iterator[Entry]:
    for number, line in enumerate(lines):
        box = _BOX.search(line) if number not in hidden else None
        if box:
            rest = line[box.end() :]
            yield Entry(number + first, rest.strip(), next(links_in(rest), None), box["mark"] != " ")


def take_ticked(vault: Vault, file: str, *, dry_run: bool = False) -> Taken:
    """Grade the due cards of the notes ticked in `file` as Good, today; `dry_run` only says which.

    A note none of whose cards is due but whose main cards are new gets those. Raises VaultError for a list that says
    no day, BusyError, LogError, StoreError.
    """
    listed = read_list(read_bytes(file)[0])
    day = _day_of(vault, file, listed)
    taken = Taken()
    if dry_run:
        if os.path.exists(vault.store_file):
            with closing(open_store(vault.store_file)) as store:
                _choose(vault, store, file, listed, day, taken)
        return taken
    with opened(vault) as store:
        cards = _choose(vault, store, file, listed, day, taken)
        if cards:
            now = datetime.now()  # one moment for all: by it they are taken back together
            made = [_good(vault, store, card, now) for card in cards]
            keep(vault, store, Log(vault.log_folder, vault.device), made)
            if vault.settings.notes.write_back != "never":
                from studykit.study.syncing.write_back import write_back

                taken.problems += write_back(vault, store, set(taken.notes))[1]
    return taken


def still_to_take(vault: Vault, file: str, listed: Listed) -> int:
    """How many ticked notes have cards that were not graded for this list yet."""
    if listed.day is None or not os.path.exists(vault.store_file):
        return 0
    taken = Taken()
    with closing(open_store(vault.store_file)) as store:
        _choose(vault, store, file, listed, listed.day, taken)
    return len(taken.notes)


def _day_of(vault: Vault, file: str, listed: Listed) -> date:
    if listed.day is not None:
        return min(listed.day, vault.day(datetime.now()))
    raise VaultError(
        _("{file} does not say which day it is for, so its ticks could count twice.").format(file=file),
        _("Write the day above the first entry, such as 2026-11-28, or make a list with `studykit today`."),
    )


def _choose(vault: Vault, store: Store, file: str, listed: Listed, day: date, taken: Taken) -> list[CardRow]:
    """The cards to grade, a note at a time; what each note came to is noted in `taken`."""
    titles = dict(store.connection.execute("SELECT path, title FROM notes").fetchall())
    targets = Targets(list(titles), vault.root)
    folder = dirname(from_here(vault, file))
    chosen: list[CardRow] = []
    seen: set[str] = set()
    for entry in listed.entries:
        if not entry.ticked:
            continue
        path = targets.find_leniently(entry.link, folder) if entry.link else None
        if path is None:
            taken.problems.append(Problem(file, entry.line, _unknown(entry, titles)))
        elif path not in seen:
            seen.add(path)
            cards = cards_to_take(store, path, day, vault.day(datetime.now()))
            if cards:
                taken.notes[path] = len(cards)
            else:
                taken.before.append(path)
            chosen += cards
    return chosen


def _unknown(entry: Entry, titles: dict[str, str]) -> str:
    if entry.link is None:
        return _("a ticked entry without a link: {text}").format(text=entry.text)
    near = nearest(entry.link.text, titles.items()) or nearest(entry.link.address, titles.items())
    hint = " " + _("Did you mean `{name}`?").format(name=near) if near else ""
    return _("no note stands at {address}.").format(address=entry.link.address) + hint


def cards_to_take(store: Store, path: str, day: date, today: date) -> list[CardRow]:
    """The note's cards that a tick in a list of `day` grades: those due, or else its new ones, the main ones first."""
    open_ = "file = ? AND active = 1 AND suspended = 0 AND (buried IS NULL OR buried <= ?)"
    cards = select_cards(store, open_, (path, today.isoformat()), "ORDER BY line, id")
    old = [card for card in cards if card.last is not None and card.last < day.isoformat()]
    if due := [card for card in old if card.due is not None and card.due <= today.isoformat()]:
        return due
    if any(card.last is not None and card.last >= day.isoformat() for card in cards):
        return []
    new = [card for card in cards if card.due is None]
    return [card for card in new if RANKS.get(card.rule) == 0] or new


def _good(vault: Vault, store: Store, card: CardRow, now: datetime) -> events.Event:
    day, back = counted_day(vault.day(now), date.fromisoformat(card.last) if card.last else None)
    fuzz = choices_for(vault, store, card, vault.day(now))[GOOD - 1].fuzz
    return events.Review(
        **vault.stamp(now, day),
        card=card.id,
        rating=GOOD,
        ms=0,
        fuzz=fuzz,
        file=card.file,
        suggested=None,
        answer=None,
        clock_back=back,
    )
