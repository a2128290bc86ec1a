"""Which new cards come next: in the order that the settings name, from all decks in turn."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from studykit.settings import Deck, Schedule
from studykit.spacing.orders import fraction
from studykit.store.cards import CardRow, select_cards
from studykit.store.database import Store
from studykit.store.due import met_lately
from studykit.store.words import under
from studykit.study.filters.condition import Condition

_LABELS = {"easy": 0, "medium": 1, "hard": 2}


class Candidate(NamedTuple):
    """What the choice needs of a new card."""

    id: str
    deck: str
    file: str
    line: int
    label: str
    rank: int


class DeckRoom:
    """What the decks' own limits leave for today. A deck's limit holds for the decks below it too."""

    def __init__(self, limits: Mapping[str, Deck], used: Mapping[str, int], field: str) -> None:
        self._left: dict[str, int] = {}
        for name, limit in limits.items():
            most = getattr(limit, field)
            if most is not None:
                self._left[name] = most - sum(count for deck, count in used.items() if under(deck, name.lower()))
        self._of: dict[str, list[str]] = {}

    def take(self, deck: str) -> bool:
        """Whether one more card of `deck` fits; it is counted if so."""
        if not self._left:
            return True
        over = self._of.setdefault(deck, [name for name in self._left if under(deck, name.lower())])
        if any(self._left[name] <= 0 for name in over):
            return False
        for name in over:
            self._left[name] -= 1
        return True


def next_new(
    store: Store,
    wanted: Condition,
    schedule: Schedule,
    today: str,
    room: DeckRoom,
    places: Mapping[str, int] = MappingProxyType({}),
) -> list[Candidate]:
    """All new cards that the filter `wanted` and the decks' limits leave, the next first.

    `places` are those of notes in the outlines, for the order `outline`.
    """
    rows = store.connection.execute(
        "SELECT id, deck, file, line, coalesce(label, 'medium'), rank FROM cards WHERE active = 1 AND suspended = 0"
        f" AND due IS NULL AND (buried IS NULL OR buried <= ?) AND {wanted.sql} ORDER BY rank, file, line, id",
        (today, *wanted.arguments),
    )
    found = [Candidate(*row) for row in rows]
    met = met_lately(store.connection, today)
    ordered = in_order(found, schedule.new_order, today, met, places)
    return [card for card in ordered if room.take(card.deck)]


def in_order(
    cards: Sequence[Candidate],
    name: str,
    today: str,
    met: Mapping[str, int],
    places: Mapping[str, int] = MappingProxyType({}),
) -> list[Candidate]:
    """`cards` (by rank, file and line) in the order of the setting `new_order`.

    `note`: what notes are about before their details; `label`: easy before hard; both from all decks in turn, whatever
    their size. `met` says how many cards each deck had introduced lately, so that the turns go on where they stopped.
    `random`: anew each day, and the same all day. `outline`: note by note as the outlines list them (`places`), then
    the notes that are in none.
    """
    if name == "random":
        return sorted(cards, key=lambda card: fraction(f"{today} {card.id}"))
    if name == "outline":
        listed = [card for card in cards if card.file in places]
        rest = [card for card in cards if card.file not in places]
        return [*sorted(listed, key=lambda card: places[card.file]), *in_order(rest, "note", today, met)]
    turns: dict[tuple[int, str], int] = {}
    placed = []
    for place, card in enumerate(cards):
        group = _LABELS.get(card.label, 1) if name == "label" else card.rank
        turn = turns.setdefault((group, card.deck), met.get(card.deck, 0))
        turns[group, card.deck] = turn + 1
        placed.append(((group, turn, card.deck, place), card))
    return [card for _key, card in sorted(placed)]


def introduced_by_deck(store: Store, today: str) -> list[tuple[str, int]]:
    """How many new cards each deck had today."""
    query = "SELECT deck, count(*) FROM cards WHERE introduced = ? AND imported = 0 GROUP BY deck"
    return store.connection.execute(query, (today,)).fetchall()


def reviewed_by_deck(store: Store, today: str) -> list[tuple[str, int]]:
    """How many cards that were not new each deck had today."""
    query = (
        "SELECT deck, count(*) FROM pasts JOIN cards ON cards.id = pasts.card"
        " WHERE pasts.last >= :day AND (coalesce(cards.introduced, '') <> :today OR cards.imported > 0)"
        " AND reviewed(pasts.days, pasts.ratings, :day, :day, 0) GROUP BY deck"
    )
    day = date.fromisoformat(today).toordinal()
    return store.connection.execute(query, {"day": day, "today": today}).fetchall()


def whole(store: Store, chosen: Sequence[Candidate]) -> list[CardRow]:
    """The chosen cards as they are asked, in their order."""
    import json

    ids = [card.id for card in chosen]
    rows = select_cards(store, "id IN (SELECT value FROM json_each(?))", (json.dumps(ids),))
    by_id = {row.id: row for row in rows}
    return [by_id[name] for name in ids]
