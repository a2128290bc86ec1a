"""The log's events in the store, and the cards' schedules that follow from them.

`absorb` takes events in; `refold` then works out anew every card they touch, and only those: a card's state
depends on its own events, on undos of these, and on the events of the ids joined with it by aliases.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from studykit.spacing.presets import Presets
from studykit.spacing.scheduler import Scheduler
from studykit.store.cards import set_histories
from studykit.store.database import Store
from studykit.store.events import FORM, Alias, Event, Pause, Review, Undo, continue_after, decoder, encode
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


def new_events(store: Store, log: Log, *, afresh: bool = False) -> Read:
    """What the log holds beyond what the store has taken in. Inside `write()`: the marks are kept at once.

    With `afresh`, and after an update to a version that reads more than the last one did, everything.
    """
    rows = store.connection.execute("SELECT path, mark FROM logs").fetchall()
    known = {path: Mark(*json.loads(mark)) for path, mark in rows}
    if store.meta("log_form") != FORM:
        store.set_meta("log_form", FORM)
        afresh = True
    read = log.read_new({} if afresh else known)
    read.whole = read.whole and bool(read.events or rows)  # of an empty log nothing is to be started over
    if read.offsets != known:
        store.connection.execute("DELETE FROM logs")
        store.connection.executemany(
            "INSERT INTO logs(path, mark) VALUES (?, ?)",
            [(path, json.dumps(mark)) for path, mark in read.offsets.items()],
        )
    return read


def absorb(store: Store, events: Iterable[Event]) -> set[str]:
    """Take events in, each once; the ids of the cards they are about, as logged."""
    reviews: list[Review] = []
    others: list[Event] = []
    for event in events:
        if isinstance(event, Review):
            reviews.append(event)
        else:
            others.append(event)
    put_other_events(store, others)
    store.connection.executemany(
        "INSERT OR IGNORE INTO reviews(id, logged, day, at, device, rating, ms, fuzz, suggested, clock_back)"
        " VALUES (?,?,?,?,?,?,?,?,?,?)",
        [
            (r.id, r.card, r.day, r.at, r.device, r.rating, r.ms, r.fuzz, r.suggested, int(r.clock_back))
            for r in reviews
        ],
    )
    touched = {event.card for event in (*reviews, *others) if not isinstance(event, Undo | Pause)}
    return touched | _undone_cards(store, [event.event for event in others if isinstance(event, Undo)])


def put_other_events(store: Store, events: Iterable[Event]) -> None:
    """What is no review into the store's table of events, each once."""
    store.connection.executemany(
        "INSERT OR IGNORE INTO events VALUES (?,?,?,?,?,?,?)",
        (
            (event.id, str(event.__struct_config__.tag), *_about(event), event.device, event.at, encode(event).decode())
            for event in events
        ),
    )


def _about(event: Event) -> tuple[str | None, str | None]:
    if isinstance(event, Undo):
        return None, event.event
    if isinstance(event, Alias):
        return event.card, event.to
    if isinstance(event, Pause):
        return None, None
    return event.card, None


def _undone_cards(store: Store, targets: list[str]) -> set[str]:
    """The cards whose events are taken back (or given back, where an undo was undone)."""
    found: set[str] = set()
    waiting = list(targets)
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


def refold(store: Store, scheduler: Scheduler, cards: set[str]) -> None:
    """Work out the schedules of `cards` (ids as logged) and of all ids joined with them; inside `write()`."""
    if not cards:
        return
    ids = None if len(cards) > _MANY else _joined(store, cards)
    events = list(_events(store, ids))
    folded = fold(events, scheduler, labels(store, ids), own_schedulers(scheduler, decks(store, ids)))
    _write(store, folded, ids)


def _write(store: Store, folded: Folded, ids: set[str] | None) -> None:
    if ids is None:
        ids = {row[0] for row in store.connection.execute("SELECT id FROM cards")}
        store.connection.execute(
            "UPDATE reviews SET card = NULL, elapsed = NULL, stability = NULL WHERE card IS NOT NULL"
        )
    else:
        marks = json.dumps(sorted(ids))
        store.connection.execute(
            "UPDATE reviews SET card = NULL, elapsed = NULL, stability = NULL"
            " WHERE logged IN (SELECT value FROM json_each(?))",
            (marks,),
        )
    empty = CardHistory()
    set_histories(store, ((card, folded.cards.get(card, empty)) for card in sorted(ids)))
    store.connection.executemany(
        "UPDATE reviews SET card = ?, elapsed = ?, stability = ? WHERE id = ?",
        ((card, elapsed, stability, event.id) for event, card, elapsed, stability in folded.reviews),
    )


def events_of(store: Store, card: str) -> list[Event]:
    """What the store holds of a card and of every id joined with it, undos of anything included; in no order."""
    return list(_events(store, _joined(store, {card})))


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


def labels(store: Store, ids: set[str] | None = None) -> dict[str, str]:
    """The note's own easy, medium or hard, by card: of `ids`, or of all."""
    return _of_cards(store, "label", ids)


def decks(store: Store, ids: set[str] | None = None) -> dict[str, str]:
    """The deck of each card: of `ids`, or of all."""
    return _of_cards(store, "deck", ids)


def _of_cards(store: Store, column: str, ids: set[str] | None) -> dict[str, str]:
    query = f"SELECT id, {column} FROM cards"
    if ids is None:
        return dict(store.connection.execute(query).fetchall())
    query += " WHERE id IN (SELECT value FROM json_each(?))"
    return dict(store.connection.execute(query, (json.dumps(sorted(ids)),)).fetchall())


def own_schedulers(scheduler: Scheduler, decks: Mapping[str, str]) -> dict[str, Scheduler]:
    """The cards whose deck has a scheduler of its own, of those in `decks`."""
    if not isinstance(scheduler, Presets):
        return {}
    return {card: scheduler.for_deck(deck) for card, deck in decks.items()}


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


def taken_back(store: Store) -> set[str]:
    """Ids of the events that do not stand."""
    return undone(_undos(store))


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
    """The latest thing that a person did on this device and that stands; None if there is none.

    Its card is the one that holds it now; an alias made by hand names the card whose history it gave away.
    """
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
    last = max((done for done in found if done), key=lambda done: done.id, default=None)
    if last is None or last.type in ("review", "alias"):
        return last
    return last._replace(card=successors(store).get(last.card, last.card))


def together(store: Store, last: Done, device: str) -> list[Done]:
    """`last` and the reviews that were made with it in one stroke, as ticks of a list are; the latest first.

    They have one moment and no time to think. Reviews that a person gives card by card have neither in common.
    """
    query = "SELECT id, 'review', card, at, ms FROM reviews WHERE device = ? AND id <= ? ORDER BY id DESC"
    found: list[Done] = []
    moment = None
    if last.type == "review":
        for name, kind, card, at, ms in store.connection.execute(query, (device, last.id)):
            if ms or at != (moment := moment or at):
                break
            if card is not None:
                found.append(Done(name, kind, card))
    return found or [last]
