"""Events for the tests of the log and its fold: short makers, and random histories of a few cards."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from hypothesis import strategies as st

from studykit.store.events import Alias, Bury, Event, Flag, Import, Review, Suspend, Undo

START = date(2026, 1, 30)  # so that histories cross the end of a month
CARDS = ("aaaa", "bbbb", "cccc", "dddd")
LABELS = {"aaaa": "easy", "cccc": "hard"}


def day(number: int) -> str:
    return (START + timedelta(days=number)).isoformat()


def stamp(name: str, number: int, minute: int = 0, device: str = "laptop") -> tuple[str, str, str, str]:
    """id, at, day, device of an event on day `number`, `minute` minutes after eight."""
    return name, f"{day(number)}T{8 + minute // 60:02d}:{minute % 60:02d}:00.000Z", day(number), device


def review(name: str, number: int, rating: int, card: str = "aaaa", minute: int = 0, device: str = "laptop") -> Review:
    return Review(*stamp(name, number, minute, device), card=card, rating=rating, ms=4000)


def random_history(draw: random.Random, length: int, *, aliases: bool = True) -> list[Event]:
    """Events of two devices in the order in which they were made; undos name earlier events or an unknown one."""
    return list(_events(draw, length, aliases))


def _events(draw: random.Random, length: int, aliases: bool) -> Iterator[Event]:
    made = ["never seen"]
    number = minute = 0
    for index in range(length):
        number, minute = (number, minute + 1) if draw.random() < 0.5 else (number + draw.choice((1, 1, 2, 9, 40)), 0)
        name, card = f"id-{draw.getrandbits(30):08x}-{index}", draw.choice(CARDS)
        head = stamp(name, number, minute, draw.choice(("laptop", "phone")))
        kind = draw.random()
        if kind < 0.6:
            back = draw.random() < 0.1
            yield Review(*head, card, draw.choice((1, 2, 3, 3, 4)), 900, draw.choice((-1, 0, 2)), clock_back=back)
        elif kind < 0.75:
            yield Undo(*head, event=draw.choice(made[-5:]))
        elif kind < 0.8 and aliases:
            yield Alias(*head, card=card, to=draw.choice(CARDS))
        elif kind < 0.85:
            yield Suspend(*head, card=card, on=draw.random() < 0.5)
        elif kind < 0.9:
            yield Bury(*head, card=card, until=draw.choice(("", day(number + 1))))
        elif kind < 0.95:
            yield Flag(*head, card=card, on=draw.random() < 0.5)
        else:
            yield Import(*head, card=card, last=day(number - 10), interval=20, reps=4, label="hard")
        made.append(name)


def histories(length: int = 40, *, aliases: bool = True) -> st.SearchStrategy[list[Event]]:
    """Random histories; a failing one shrinks towards a short one."""
    return st.builds(
        lambda seed, size: random_history(random.Random(seed), size, aliases=aliases),
        st.integers(0, 2**32),
        st.integers(0, length),
    )
