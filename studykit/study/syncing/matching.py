"""Which card of the changed notes is which card of the store: identity settled for a whole vault."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from studykit.cards.card import Card, Draft, Known
from studykit.cards.identity import assign, base_of, by_base, match
from studykit.store import cards as card_rows
from studykit.store import events, history
from studykit.store.database import Store
from studykit.study.syncing.reading import Changes
from studykit.study.vault import Vault

_LOGGED = (
    "SELECT value FROM json_each(?) WHERE EXISTS (SELECT 1 FROM pasts WHERE card = value)"
    " OR EXISTS (SELECT 1 FROM loose WHERE card = value)"
    " OR EXISTS (SELECT 1 FROM events WHERE card = value) OR EXISTS (SELECT 1 FROM events WHERE target = value)"
)
NOWHERE = ""  # the file of a card that stands in none


class Matched(msgspec.Struct):
    """The cards of all notes that were read, and what became of those the store knew."""

    cards: list[Card] = msgspec.field(default_factory=list)
    new: set[str] = msgspec.field(default_factory=set)
    moved: set[str] = msgspec.field(default_factory=set)
    edited: set[str] = msgspec.field(default_factory=set)
    relabelled: set[str] = msgspec.field(default_factory=set)
    successors: dict[str, str] = msgspec.field(default_factory=dict)  # old id -> new id
    restored: set[str] = msgspec.field(default_factory=set)
    leaving: set[str] = msgspec.field(default_factory=set)

    def write(self, store: Store) -> None:
        """The cards as their notes now say; schedules are folded afterwards."""
        card_rows.put_cards(store, self.cards)

    def alias_events(self, store: Store, vault: Vault, now: datetime) -> list[events.Event]:
        """An `alias` for each edited card that has a history to hand over; call it before `write`."""
        pairs = [pair for pair in sorted(self.successors.items()) if history.has_events(store, pair[0])]
        if self.new:
            # A new question may have the wording that an edited card once had: its id must stand for itself again.
            names = history.successors(store)
            pairs += [(card, card) for card in sorted(self.new) if names.get(card, card) != card]
        made = {card.id: card for card in self.cards}
        return [_alias(vault, now, old, new, made.get(new)) for old, new in pairs]

    def to_fold(self, store: Store) -> set[str]:
        """Cards whose schedule may differ though no event is new: they come, come back, change their label or deck.

        Of those that come, the log knows few: a card that was deleted, or was studied on another device.
        """
        rows = store.connection.execute(_LOGGED, (json.dumps(sorted(self.new)),))
        return self.relabelled | self.restored | self.moved | {row[0] for row in rows}

    def departed(self) -> set[str]:
        """Cards that no note makes any more, those that have a successor among them."""
        return self.leaving | self.successors.keys()


def _alias(vault: Vault, now: datetime, old: str, new: str, card: Card | None) -> events.Alias:
    front, file = (events.front_of(card.prompt), card.file) if card and old != new else ("", "")
    return events.Alias(**vault.stamp(now), card=old, to=new, by_hand=False, file=file, front=front)


class _Row(NamedTuple):
    known: Known
    label: str
    active: int


def match_cards(store: Store, changes: Changes) -> Matched:
    """Settle ids of the drafts in `changes`: kept where the question stands, inherited where it was edited."""
    if not (changes.read or changes.gone or changes.moved):
        return Matched()
    files = changes.read | changes.gone | set(changes.moved.values())
    rows = {row.known.id: row for row in _candidates(store, files)}
    elsewhere = _same_questions(store, {base_of(draft) for draft in changes.drafts})
    known = by_base({card.id: card for card in [*elsewhere, *(row.known for row in rows.values())]}.values())
    for card in _holders(store, changes.drafts, files):
        known.setdefault(card.base, []).append(card)
    matched = Matched(cards=assign(changes.drafts, known, files | {NOWHERE}))
    made = {card.id: card for card in matched.cards}
    matched.leaving = {name for name, row in rows.items() if row.active and name not in made}
    fresh = [card for card in matched.cards if card.id not in rows]
    gone = [row.known for name, row in rows.items() if name not in made]
    for found in match(gone, fresh):
        matched.successors[found.old_id] = found.new_id
        (matched.moved if found.moved else matched.edited).add(found.new_id)
    heirs = set(matched.successors.values())
    matched.new = {card.id for card in fresh} - heirs
    matched.leaving -= matched.successors.keys()
    _compare(matched, made, rows)
    return matched


def _compare(matched: Matched, made: dict[str, Card], rows: dict[str, _Row]) -> None:
    """Cards whose id stands: did the file change, the text, the label?"""
    for name in made.keys() & rows.keys():
        card, row = made[name], rows[name]
        if not row.active:
            matched.restored.add(name)
            matched.moved.add(name)
        elif card.file != row.known.file:
            matched.moved.add(name)
        elif (card.prompt, card.answer) != (row.known.prompt, row.known.answer):
            matched.edited.add(name)
        if card.label != row.label:
            matched.relabelled.add(name)


def _candidates(store: Store, files: set[str]) -> list[_Row]:
    """Cards of the given files, and every orphan: they may turn up again anywhere."""
    rows = store.connection.execute(
        "SELECT id, base, occurrence, file, prompt, answer, cloze, label, active FROM cards"
        " WHERE rowid IN (SELECT rowid FROM cards WHERE active = 0"
        " UNION ALL SELECT rowid FROM cards WHERE file IN (SELECT value FROM json_each(?)))",
        (json.dumps(sorted(files)),),
    )
    return [_Row(_known(row[:7], files), row[7] or "medium", row[8]) for row in rows]


def _known(row: tuple[Any, ...], files: set[str]) -> Known:
    """A card for matching. An orphan whose file was not read stands nowhere, so no file's cards are mixed up in it."""
    card = Known(*row)
    return card if card.file in files else card._replace(file=NOWHERE)


def _holders(store: Store, drafts: Sequence[Draft], files: set[str]) -> list[Known]:
    """Cards of other files that have an id which a draft claims, by the claiming draft's base: they keep it."""
    claims = {draft.explicit_id: base_of(draft) for draft in drafts if draft.explicit_id}
    rows = store.connection.execute(
        "SELECT id, base, occurrence, file, prompt, answer, cloze FROM cards"
        " WHERE active = 1 AND id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(claims)),),
    )
    held = [Known(*row) for row in rows]
    return [card._replace(base=claims[card.id]) for card in held if card.file not in files]


def _same_questions(store: Store, bases: set[str]) -> list[Known]:
    """Cards of the whole vault that ask what a draft asks: they keep their place among equals."""
    rows = store.connection.execute(
        "SELECT id, base, occurrence, file, prompt, answer, cloze FROM cards"
        " WHERE active = 1 AND base IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(bases)),),
    )
    return [Known(*row) for row in rows]
