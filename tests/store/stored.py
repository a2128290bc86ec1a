"""Reviews of a history straight into a store, as the fold would leave them, and out of it again."""

from collections.abc import Mapping, Sequence
from datetime import date

from studykit.store.database import Store
from studykit.store.events import Review
from studykit.store.fold import Folded
from studykit.store.past import Past
from studykit.store.pasts import replace_reviews
from studykit.store.reviews import Reviewed, reviews
from studykit.store.standing import Run

# The day, the grade, and the stability in days before it.
Graded = tuple[date, int, float]


def put_histories(store: Store, histories: Mapping[str, Sequence[Graded]], ms: int = 9000) -> None:
    """The reviews of each card, by day, in the place of all that the store held; inside `write()`."""
    made = sorted((day, card, turn) for card, own in histories.items() for turn, (day, _, _) in enumerate(own))
    places = {(card, turn): place for place, (_day, card, turn) in enumerate(made)}
    folded = Folded()
    for place, (day, card, turn) in enumerate(made):
        at = f"{day}T{8 + place % 10:02d}:00:00.000Z"
        folded.listed.append(
            Review(f"{place:032x}", at, day.isoformat(), "laptop-1a2b", card, histories[card][turn][1], ms)
        )
    for card, own in sorted(histories.items()):
        days, ratings, stabilities = zip(*own, strict=True)
        ordinals = [day.toordinal() for day in days]
        run = Run([places[card, turn] for turn in range(len(own))], ordinals, ratings)
        folded.pasts[card] = Past.of(run, None, stabilities)
    replace_reviews(store, folded)


def stored(store: Store) -> list[Reviewed]:
    """Every review of the store, by id."""
    return sorted(reviews(store), key=lambda each: each.review.id)


def sums(store: Store) -> list[tuple[object, ...]]:
    """What the store says of each day."""
    return store.connection.execute("SELECT * FROM days ORDER BY day").fetchall()
