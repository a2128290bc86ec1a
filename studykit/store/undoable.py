"""The latest things done on a device: what an undo takes back, and what new ids must come after."""

from collections.abc import Iterator
from itertools import islice
from operator import attrgetter
from typing import NamedTuple

from studykit.store.blocks import newest
from studykit.store.database import Store
from studykit.store.events import Review, continue_after, order
from studykit.store.history import lineage, successors, taken_back
from studykit.store.lineage import Lineage


class Done(NamedTuple):
    """An action that can be taken back: the event's id, its type and its card."""

    id: str
    type: str
    card: str


def continue_ids(store: Store, device: str) -> None:
    """New events of this device come after its stored ones, even if the clock was set back since."""
    query = "SELECT id FROM events WHERE device = ? ORDER BY id DESC LIMIT 1"  # from the end of the key's index
    for (name,) in store.connection.execute(query, (device,)):
        continue_after(name)
    for review in islice(_reviews(store, device), 1):
        continue_after(review.id)


def _reviews(store: Store, device: str) -> Iterator[Review]:
    """Those of a device, the greatest id first: ids are made in the order of time."""
    found = newest(store, "latest", attrgetter("id", "id"), "instr(body, ?)", (device.encode(),))
    return (review for _place, review in found if review.device == device)


def last_undoable(store: Store, device: str) -> Done | None:
    """The latest thing that a person did on this device and that stands; None if there is none.

    Its card is the one that holds it now; an alias made by hand names the card whose history it gave away.
    """
    dead = taken_back(store)
    query = (
        "SELECT id, type, coalesce(card, '') FROM events WHERE device = ?"
        " AND (type IN ('suspend', 'bury', 'flag', 'forget', 'pause')"
        " OR (type = 'alias' AND body LIKE '%\"by_hand\":true%')) ORDER BY id DESC"
    )
    others = (Done(*row) for row in store.connection.execute(query, (device,)))
    found = [next((done for done in others if done.id not in dead), None), _last_graded(store, device, dead)]
    last = max((done for done in found if done), key=lambda done: done.id, default=None)
    if last is None or last.type in ("review", "alias"):
        return last
    return last._replace(card=successors(store).get(last.card, last.card))


def _last_graded(store: Store, device: str, dead: set[str]) -> Done | None:
    standing = (review for review in _reviews(store, device) if review.id not in dead)
    return next((_done(review, lineage(store)) for review in standing), None)


def _done(review: Review, held: Lineage) -> Done:
    return Done(review.id, "review", held.holder(review.card, order(review)))


def together(store: Store, last: Done, device: str) -> list[Done]:
    """`last` and the reviews that were made with it in one stroke, as ticks of a list are; the latest first.

    They have one moment and no time to think. Reviews that a person gives card by card have neither in common.
    """
    found: list[Done] = []
    moment = None
    if last.type == "review":
        dead, held = taken_back(store), lineage(store)
        for review in _reviews(store, device):
            if review.id > last.id:
                continue
            if review.ms or review.at != (moment := moment or review.at):
                break
            if review.id not in dead:
                found.append(_done(review, held))
    return found or [last]
