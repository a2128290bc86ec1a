"""The log's events in the store, and the cards' schedules that follow from them.

`absorb` takes events in; `refold` then works out anew every card they touch, and only those: a card's state
depends on its own events, on undos of these, and on the events of the ids joined with it by aliases.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from studykit.spacing.presets import Presets
from studykit.spacing.scheduler import Scheduler
from studykit.store.blocks import all_reviews, not_there, place_of, put_reviews, reviews_at
from studykit.store.cards import AS_MADE, schedule_unindexed, set_histories
from studykit.store.columns import Columns
from studykit.store.database import Store
from studykit.store.events import FORM, Alias, Event, Pause, Review, Undo, decoder, encode
from studykit.store.fold import collector_paused, fold
from studykit.store.lineage import Lineage, undone
from studykit.store.log import Log
from studykit.store.log_read import Mark
from studykit.store.past import CardHistory
from studykit.store.pasts import (
    ONE_OF,
    add_sums,
    day_sums,
    loose,
    pasts,
    put_loose,
    put_pasts,
    replace_reviews,
    take_out,
)
from studykit.store.standing import Standing

if TYPE_CHECKING:
    from studykit.progress import Progress

_MANY = 500  # touched cards from which folding all at once is the faster way


class News(NamedTuple):
    """What the log holds beyond what the store has taken in: `events`, or the `whole` of it, to start over with."""

    events: list[Event]
    whole: Standing | None = None


def new_events(store: Store, log: Log, *, afresh: bool = False, progress: "Progress | None" = None) -> News:
    """What is new in the log. Inside `write()`: the marks are kept at once, and the reviews of a whole log too.

    With `afresh`, and after an update to a version that reads more than the last one did, everything.
    """
    rows = store.connection.execute("SELECT path, mark FROM logs").fetchall()
    known = {path: Mark(*json.loads(mark)) for path, mark in rows}
    if store.meta("log_form") != FORM:
        store.set_meta("log_form", FORM)
        afresh = True
    whole: Standing | None = None
    read = log.read_grown(known) if known and not afresh else None
    if read is None:
        from studykit.store.gather import gather  # late: a sync with little news needs nothing of it

        with collector_paused():
            read, whole = gather(store, log, {} if afresh else known, progress)
        if not (rows or whole.keys or whole.rest or whole.taken_back):
            whole = None  # of an empty log nothing is to be started over
    if read.offsets != known:
        store.connection.execute("DELETE FROM logs")
        store.connection.executemany(
            "INSERT INTO logs(path, mark) VALUES (?, ?)",
            [(path, json.dumps(mark)) for path, mark in read.offsets.items()],
        )
    return News(read.events, whole)


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
    if reviews and (fresh := not_there(store, reviews)):
        put_loose(store, dict(enumerate(fresh, put_reviews(store, fresh))))
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
        for card, further in store.connection.execute("SELECT card, target FROM events WHERE id = ?", (target,)):
            if card is not None:
                found.add(card)
            elif further is not None:
                waiting.append(further)
        if (place := place_of(store, target)) is not None:
            found.add(reviews_at(store, [place])[place].card)
    return found


def refold(store: Store, scheduler: Scheduler, cards: set[str]) -> None:
    """Work out the schedules of `cards` (ids as logged) and of all ids joined with them; inside `write()`."""
    if len(cards) > _MANY:
        _refold_all(store, scheduler)
    elif cards:
        _refold_some(store, scheduler, _joined(store, cards))


def _refold_all(store: Store, scheduler: Scheduler) -> None:
    events = [*all_reviews(store), *_other_events(store)]
    folded = fold(events, scheduler, labels(store), own_schedulers(scheduler, decks(store)))
    replace_reviews(store, folded)
    write_histories(store, folded.cards)


def _refold_some(store: Store, scheduler: Scheduler, ids: set[str]) -> None:
    held, free = take_out(store, ids)
    reviews = reviews_at(store, {*free, *chain.from_iterable(past.places for past in held.values())})
    places = {review.id: place for place, review in reviews.items()}
    events = [*reviews.values(), *_other_events(store, ids)]
    folded = fold(events, scheduler, labels(store, ids), own_schedulers(scheduler, decks(store, ids)))
    listed = [places[review.id] for review in folded.listed]
    made = {card: past.moved(listed.__getitem__) for card, past in folded.pasts.items()}
    put_pasts(store, made.items())
    put_loose(store, {listed[place]: review for place, review in folded.taken_back.items()})
    number = {place: n for n, place in enumerate(reviews)}
    before = [past.moved(number.__getitem__) for past in held.values()]
    add_sums(
        store,
        day_sums(Columns.of(folded.listed), folded.pasts.values(), folded.taken_back),
        day_sums(Columns.of(reviews.values()), before, {number[place]: reviews[place] for place in free}),
    )
    empty = CardHistory()
    set_histories(store, ((card, folded.cards.get(card, empty)) for card in sorted(ids)))


def write_histories(store: Store, histories: Mapping[str, CardHistory]) -> None:
    """The schedule of every card in the store: new where `histories` has none."""
    empty = CardHistory()
    rows = store.connection.execute(f"SELECT rowid, id, {AS_MADE} FROM cards ORDER BY rowid").fetchall()
    differing = ((row, histories.get(card, empty)) for row, card, as_made in rows if not as_made or card in histories)
    with schedule_unindexed(store):
        set_histories(store, differing, "rowid")


def events_of(store: Store, card: str) -> list[Event]:
    """What the store holds of a card and of every id joined with it, undos of anything included; in no order."""
    ids = _joined(store, {card})
    named = (json.dumps(sorted(ids)),)
    places = set(loose(store, ONE_OF, named))
    places.update(*(past.places for _card, past in pasts(store, ONE_OF, named)))
    return [*reviews_at(store, places).values(), *_other_events(store, ids)]


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


def files_of(store: Store, cards: set[str]) -> set[str]:
    """The notes whose cards' schedules follow from events of `cards` (ids as logged)."""
    query = "SELECT DISTINCT file FROM cards WHERE active = 1 AND id IN (SELECT value FROM json_each(?))"
    return {row[0] for row in store.connection.execute(query, (json.dumps(sorted(_joined(store, cards))),))}


def _other_events(store: Store, ids: set[str] | None = None) -> Iterator[Event]:
    """What is no review: all of it, or that of `ids` with every undo there is: undos are few, and reach anywhere."""
    where = "1" if ids is None else f"type = 'undo' OR {ONE_OF}"
    named = () if ids is None else (json.dumps(sorted(ids)),)
    for (body,) in store.connection.execute(f"SELECT body FROM events WHERE {where}", named):
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
        "SELECT EXISTS (SELECT 1 FROM pasts WHERE card = :card) OR EXISTS (SELECT 1 FROM loose WHERE card = :card)"
        " OR EXISTS (SELECT 1 FROM events WHERE card = :card OR target = :card)"
    )
    return bool(store.connection.execute(query, {"card": card}).fetchone()[0])


def lineage(store: Store) -> Lineage:
    """Which card holds what was recorded for an id."""
    aliases = [
        decoder.decode(row[0]) for row in store.connection.execute("SELECT body FROM events WHERE type = 'alias'")
    ]
    dead = undone(_undos(store))
    return Lineage(each for each in aliases if isinstance(each, Alias) and each.id not in dead)


def successors(store: Store) -> dict[str, str]:
    """For each id that an alias names, the id that holds new events of it."""
    return lineage(store).names


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
