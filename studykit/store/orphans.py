"""Cards that have a history and no note: what the store knows of them, and which active cards are like them."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from studykit.cards.similarity import alike
from studykit.cards.similarity import tokens as compared
from studykit.store.blocks import reviews_at
from studykit.store.cards import CardRow, select_cards
from studykit.store.database import Store
from studykit.store.events import Forget, Import
from studykit.store.history import standing_events, successors
from studykit.store.pasts import pasts
from studykit.store.words import RANKED, ready_index, tokens

_CANDIDATES = 40  # active cards that share the most telling words
_ASKED = 60  # words of an orphan that are looked for
_LEAST = 0.2  # likeness under which a card is no help in deciding


class Orphan(NamedTuple):
    """A card without a note. `prompt` is None where the store was made anew after its note had gone: what the log
    keeps of it is not in the store. `last` is the local day of its latest review (None: never), `reviews` counts all.
    """

    id: str
    prompt: str | None
    answer: str
    file: str | None
    line: int | None
    last: str | None
    reviews: int
    hidden: bool


class Near(NamedTuple):
    """An active card, and how alike it is: 0 to 1, as a sync compares an edited card with what it was."""

    card: CardRow
    score: float


def orphans(store: Store) -> list[Orphan]:
    """Every one of them, those taken off the list too, the latest reviewed first."""
    hidden = _hidden(store)
    found = [
        Orphan(row.id, row.prompt, row.answer, row.file, row.line, row.last, row.reps, row.id in hidden)
        for row in select_cards(store, "active = 0")
    ]
    found += [Orphan(name, None, "", None, None, last, count, name in hidden) for name, last, count in _textless(store)]
    return sorted(sorted(found), key=lambda orphan: orphan.last or "", reverse=True)


def _textless(store: Store) -> Iterable[tuple[str, str, int]]:
    """Cards that only the log knows: id, day of the latest review, number of reviews."""
    known: dict[str, tuple[str, int]] = {
        row[0]: (date.fromordinal(row[1]).isoformat(), row[2])
        for row in store.connection.execute(
            "SELECT card, last, reviews FROM pasts WHERE NOT EXISTS (SELECT 1 FROM cards WHERE id = pasts.card)"
        )
    }
    names: dict[str, str] | None = None
    for event in standing_events(store, "import"):
        if not isinstance(event, Import):
            continue
        names = successors(store) if names is None else names
        holder = names.get(event.card, event.card)
        if not store.connection.execute("SELECT 1 FROM cards WHERE id = ?", (holder,)).fetchone():
            last, count = known.get(holder, ("", 0))
            known[holder] = (max(last, event.last), count + event.reps)
    return [(name, last, count) for name, (last, count) in known.items()]


def _hidden(store: Store) -> set[str]:
    """Cards taken off the list and not reviewed since."""
    forgotten = standing_events(store, "forget")
    names = successors(store) if forgotten else {}
    hidden = set()
    for event in forgotten:
        if not isinstance(event, Forget):
            continue
        holder = names.get(event.card, event.card)
        places = [place for _card, past in pasts(store, "card = ?", (holder,)) for place in past.places]
        if all(review.at <= event.at for review in reviews_at(store, places).values()):
            hidden.add(holder)
    return hidden


def nearest(store: Store, orphan: Orphan, most: int = 3) -> list[Near]:
    """The active cards most like an orphan, the best first; none where its text is not known."""
    asked = tokens(f"{orphan.prompt or ''}\n\n{orphan.answer}").split()[:_ASKED]
    if orphan.prompt is None or not asked:
        return []
    ready_index(store.connection)
    query = " OR ".join(f'"{word}"' for word in dict.fromkeys(asked))
    best = f"SELECT found FROM ({RANKED}) JOIN cards ON cards.rowid = found WHERE active = 1 ORDER BY score LIMIT ?"
    cards = select_cards(store, f"rowid IN ({best})", (query, _CANDIDATES))
    own = compared(orphan.prompt, orphan.answer)
    near = [Near(card, round(alike(own, compared(card.prompt, card.answer)), 2)) for card in cards]
    return sorted((each for each in near if each.score >= _LEAST), key=lambda each: (-each.score, each.card.id))[:most]
