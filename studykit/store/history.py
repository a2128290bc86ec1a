"""The log's events in the store, and the cards' schedules that follow from them.

`absorb` takes events in; `refold` then works out anew every card they touch, and only those: a card's state
depends on its own events, on undos of these, and on the events of the ids joined with it by aliases.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from studykit.spacing.scheduler import Scheduler
from studykit.store.cards import set_histories
from studykit.store.database import Store
from studykit.store.events import Alias, Event, Pause, Review, Undo, continue_after, decoder, encode
from studykit.store.fold import CardHistory, Folded, fold
from studykit.store.lineage import Lineage, undone
from studykit.store.log import Log
from studykit.store.log_read import Mark, Read

_MANY = 500  # touched cards from which folding all at once is the faster way


class Done(NamedTuple):
    """An action that can be taken back: the event's id, its type and its card."""

    id: str
    type: str
    card: str


def new_events(store: Store, log: Log) -> Read:
    """What the log holds beyond what the store has taken in. Inside `write()`: the marks are kept at once."""
    rows = store.connection.execute("SELECT path, mark FROM logs").fetchall()
    known = {path: Mark(*json.loads(mark)) for path, mark in rows}
    read = log.read_new(known)
    if read.whole and known:
        forget_events(store)
    if read.offsets != known:
        store.connection.execute("DELETE FROM logs")
        store.connection.executemany(
            "INSERT INTO logs(path, mark) VALUES (?, ?)",
            [(path, json.dumps(mark)) for path, mark in read.offsets.items()],
        )
    return read


def forget_events(store: Store) -> None:
    """Drop every event, before all of them are absorbed again; every card is new until then."""
    store.connection.execute("DELETE FROM events")
    store.connection.execute("DELETE FROM reviews")
    everyone = store.connection.execute("SELECT id FROM cards").fetchall()
    set_histories(store, ((row[0], CardHistory()) for row in everyone))


def absorb(store: Store, events: Iterable[Event]) -> set[str]:
    """Take events in, each once; the ids of the cards they are about, as logged."""
    reviews: list[Review] = []
    others: list[tuple[str, str, str | None, str | None, str, str, str]] = []
    touched: set[str] = set()
    for event in events:
        if isinstance(event, Review):
            reviews.append(event)
            touched.add(event.card)
        else:
            card, target = _about(event)
            kind = str(event.__struct_config__.tag)
            others.append((event.id, kind, card, target, event.device, event.at, encode(event).decode()))
            touched |= {card} if card is not None else set()
    store.connection.executemany("INSERT OR IGNORE INTO events VALUES (?,?,?,?,?,?,?)", others)
    store.connection.executemany(
        "INSERT OR IGNORE INTO reviews(id, logged, day, at, device, rating, ms, fuzz, suggested, clock_back)"
        " VALUES (?,?,?,?,?,?,?,?,?,?)",
        [
            (r.id, r.card, r.day, r.at, r.device, r.rating, r.ms, r.fuzz, r.suggested, int(r.clock_back))
            for r in reviews
        ],
    )
    return touched | _undone_cards(store, [row[3] for row in others if row[1] == "undo"])


def _about(event: Event) -> tuple[str | None, str | None]:
    if isinstance(event, Undo):
        return None, event.event
    if isinstance(event, Alias):
        return event.card, event.to
    if isinstance(event, Pause):
        return None, None
    return event.card, None


def _undone_cards(store: Store, targets: list[str | None]) -> set[str]:
    """The cards whose events are taken back (or given back, where an undo was undone)."""
    found: set[str] = set()
    waiting = [target for target in targets if target]
    seen: set[str] = set()
    while waiting:
        target = waiting.pop()
        if target in seen:
            continue
        seen.add(target)
        query = "SELECT logged, NULL FROM reviews WHERE id = ? UNION ALL SELECT card, target FROM events WHERE id = ?"
        for card, further in store.connection.execute(query, (target, target)):
            if card is not None:
                found.add(card)
            elif further is not None:
                waiting.append(further)
    return found


def refold(store: Store, scheduler: Scheduler, cards: set[str], *, everything: bool = False) -> None:
    """Work out the schedules of `cards` (ids as logged) and of all ids joined with them; inside `write()`."""
    if not everything and not cards:
        return
    ids = None if everything or len(cards) > _MANY else _joined(store, cards)
    events = list(_events(store, ids))
    labels = (
        dict(store.connection.execute("SELECT id, label FROM cards").fetchall()) if ids is None else _labels(store, ids)
    )
    folded = fold(events, scheduler, labels)
    _write(store, folded, ids)


def _write(store: Store, folded: Folded, ids: set[str] | None) -> None:
    if ids is None:
        ids = {row[0] for row in store.connection.execute("SELECT id FROM cards")}
        store.connection.execute("UPDATE reviews SET card = NULL WHERE card IS NOT NULL")
    else:
        marks = json.dumps(sorted(ids))
        store.connection.execute(
            "UPDATE reviews SET card = NULL WHERE logged IN (SELECT value FROM json_each(?))", (marks,)
        )
    empty = CardHistory()
    set_histories(store, ((card, folded.cards.get(card, empty)) for card in sorted(ids)))
    store.connection.executemany(
        "UPDATE reviews SET card = ?, elapsed = ?, stability = ? WHERE id = ?",
        ((card, elapsed, stability, event.id) for event, card, elapsed, stability in folded.reviews),
    )


def _joined(store: Store, cards: set[str]) -> set[str]:
    """`cards` and every id that aliases join with them, over any number of steps."""
    joined: set[str] = set()
    waiting = list(cards)
    while waiting:
        card = waiting.pop()
        if card in joined:
            continue
        joined.add(card)
        query = (
            "SELECT target FROM events WHERE type = 'alias' AND card = :card"
            " UNION SELECT card FROM events WHERE type = 'alias' AND target = :card"
        )
        waiting += [row[0] for row in store.connection.execute(query, {"card": card})]
    return joined


def _events(store: Store, ids: set[str] | None) -> Iterator[Event]:
    """All events, or those of `ids` with every undo there is: undos are few, and reach anywhere."""
    where = "1" if ids is None else "{} IN (SELECT value FROM json_each(?))"
    arguments = () if ids is None else (json.dumps(sorted(ids)),)
    columns = "id, at, day, device, logged, rating, ms, fuzz, suggested, clock_back"
    for row in store.connection.execute(f"SELECT {columns} FROM reviews WHERE {where.format('logged')}", arguments):
        name, at, day, device, card, rating, ms, fuzz, suggested, back = row
        yield Review(name, at, day, device, card, rating, ms, fuzz, suggested=suggested, clock_back=bool(back))
    query = f"SELECT body FROM events WHERE type = 'undo' OR {where.format('card')}"
    for (body,) in store.connection.execute(query, arguments):
        yield decoder.decode(body)


def _labels(store: Store, ids: set[str]) -> Mapping[str, str]:
    query = "SELECT id, label FROM cards WHERE id IN (SELECT value FROM json_each(?))"
    return dict(store.connection.execute(query, (json.dumps(sorted(ids)),)).fetchall())


def has_events(store: Store, card: str) -> bool:
    """Whether the log knows anything of this id, by its own name or as the heir of another."""
    query = (
        "SELECT EXISTS (SELECT 1 FROM reviews WHERE logged = :card)"
        " OR EXISTS (SELECT 1 FROM events WHERE card = :card OR target = :card)"
    )
    return bool(store.connection.execute(query, {"card": card}).fetchone()[0])


def successors(store: Store) -> dict[str, str]:
    """For each id that an alias names, the id that holds new events of it."""
    aliases = [
        decoder.decode(row[0]) for row in store.connection.execute("SELECT body FROM events WHERE type = 'alias'")
    ]
    dead = undone(_undos(store))
    return Lineage(each for each in aliases if isinstance(each, Alias) and each.id not in dead).names


def standing_events(store: Store, kind: str) -> list[Event]:
    """The events of one type (no reviews, no undos) that nobody took back."""
    rows = store.connection.execute("SELECT body FROM events WHERE type = ?", (kind,)).fetchall()
    if not rows:
        return []
    dead = undone(_undos(store))
    return [event for event in (decoder.decode(body) for (body,) in rows) if event.id not in dead]


def _undos(store: Store) -> list[Undo]:
    found = [decoder.decode(row[0]) for row in store.connection.execute("SELECT body FROM events WHERE type = 'undo'")]
    return [each for each in found if isinstance(each, Undo)]


def continue_ids(store: Store, device: str) -> None:
    """New events of this device come after its stored ones, even if the clock was set back since."""
    for table in ("reviews", "events"):
        query = f"SELECT id FROM {table} WHERE device = ? ORDER BY id DESC LIMIT 1"  # from the end of the key's index
        for (name,) in store.connection.execute(query, (device,)):
            continue_after(name)


def last_undoable(store: Store, device: str) -> Done | None:
    """The latest thing that a person did on this device and that stands; None if there is none."""
    dead = undone(_undos(store))
    found = []
    # Ids are made in the order of time, so the last one is found by the key's own index.
    for query in (
        "SELECT id, 'review', card FROM reviews WHERE device = ? AND card IS NOT NULL ORDER BY id DESC",
        "SELECT id, type, coalesce(card, '') FROM events WHERE device = ?"
        " AND (type IN ('suspend', 'bury', 'flag', 'forget', 'pause')"
        " OR (type = 'alias' AND body LIKE '%\"by_hand\":true%')) ORDER BY id DESC",
    ):
        rows = (Done(*row) for row in store.connection.execute(query, (device,)))
        found += [next((done for done in rows if done.id not in dead), None)]
    return max((done for done in found if done), key=lambda done: done.id, default=None)
