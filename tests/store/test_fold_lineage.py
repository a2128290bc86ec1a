"""Aliases: history follows a card through edits, there and back, on several devices."""

import random
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.spacing.scheduler import scheduler
from studykit.store.events import Alias, Event, Pause, Review, Undo
from studykit.store.fold import fold
from studykit.store.lineage import families, undone
from tests.store.log_cases import histories, review, stamp

FSRS = scheduler("fsrs")


def alias(number: int, old: str, new: str, device: str = "laptop") -> Alias:
    return Alias(*stamp(f"alias {number} {device}", number, device=device), card=old, to=new)


def held(events: Iterable[Event]) -> dict[str, list[str]]:
    """Ids of the reviews that each card holds."""
    found: dict[str, list[str]] = {}
    for event, card, _, _ in fold(events, FSRS, {}).reviews:
        found.setdefault(card, []).append(event.id)
    return found


SCENES = [
    pytest.param(["r0 A", "A>B 1", "r2 B"], {"B": ["r0", "r2"]}, id="one edit"),
    pytest.param(["r0 A", "A>B 1", "B>C 2", "C>D 3", "r4 D"], {"D": ["r0", "r4"]}, id="a chain of edits"),
    pytest.param(["r0 A", "A>B 1", "r2 B", "B>A 3", "r4 A"], {"A": ["r0", "r2", "r4"]}, id="there and back"),
    pytest.param(["r0 A", "A>B 1", "B>A 2", "A>B 3", "B>A 4", "A>B 5"], {"B": ["r0"]}, id="there and back for ever"),
    pytest.param(["r0 A", "A>B 1", "B>C 2", "C>A 3", "r4 A"], {"A": ["r0", "r4"]}, id="a ring of three"),
    pytest.param(["r0 A", "A>B 1", "r2 A"], {"B": ["r0", "r2"]}, id="a device that had not heard of the edit"),
    pytest.param(["r0 A", "A>B 1", "A>B 2", "r3 B"], {"B": ["r0", "r3"]}, id="both devices saw the edit"),
    pytest.param(["r0 A", "A>B 1", "B>C 2", "A>B 3"], {"C": ["r0"]}, id="an old edit reported late"),
    pytest.param(["r0 A", "A>B 1", "A>C 2", "r3 B"], {"C": ["r0"], "B": ["r3"]}, id="two answers: the later holds"),
    pytest.param(["r0 A", "r0 B", "A>B 1"], {"B": ["r0", "r0"]}, id="two histories become one"),
    pytest.param(["r0 A", "A>B 1", "A>A 2", "r3 A"], {"B": ["r0"], "A": ["r3"]}, id="a new card has the old prompt"),
    pytest.param(["r0 A", "A>A 1", "r2 A"], {"A": ["r0", "r2"]}, id="named as itself, nothing happens"),
    pytest.param(
        ["r0 A", "A>B 1", "r1 X", "X>A 2", "r3 A"], {"B": ["r0"], "A": ["r1", "r3"]}, id="the old prompt from elsewhere"
    ),
]


def events_of(scene: list[str]) -> list[Event]:
    events: list[Event] = []
    for place, line in enumerate(scene):
        what, where = line.split()
        if ">" in what:
            old, new = what.split(">")
            events.append(alias(int(where), old, new))
        else:
            events.append(review(f"{what} {place}", int(what[1:]), 3, card=where, minute=30))
    return events


@pytest.mark.parametrize(("scene", "expected"), SCENES)
def test_history_follows_the_card(scene: list[str], expected: dict[str, list[str]]) -> None:
    events = events_of(scene)
    for order in (events, events[::-1]):
        assert {card: [name.split()[0] for name in names] for card, names in held(order).items()} == expected


def test_names_say_who_holds_new_events() -> None:
    folded = fold([alias(1, "A", "B"), alias(2, "B", "C"), alias(3, "X", "X")], FSRS, {})
    assert folded.names == {"A": "C", "B": "C", "C": "C", "X": "X"}


def test_an_undone_alias_joins_nothing() -> None:
    events: list[Event] = [
        review("r", 0, 3, card="A"),
        alias(1, "A", "B"),
        Undo(*stamp("u", 2), event="alias 1 laptop"),
    ]
    assert held(events) == {"A": ["r"]}


@given(histories(60), st.randoms(use_true_random=False))
def test_no_review_is_lost_or_counted_twice(history: list[Event], draw: random.Random) -> None:
    dead = undone(event for event in history if isinstance(event, Undo))
    standing = [event.id for event in history if isinstance(event, Review) and event.id not in dead]
    draw.shuffle(history)
    folded = fold(history, FSRS, {})
    assert sorted(event.id for event, *_ in folded.reviews) == sorted(standing)
    assert set(folded.names.values()) <= set(folded.names)
    assert all(folded.names[holder] == holder for holder in folded.names.values())


@given(histories(60))
def test_a_family_folds_alone_as_it_does_among_all(history: list[Event]) -> None:
    aliases = [event for event in history if isinstance(event, Alias)]
    undos = [event for event in history if isinstance(event, Undo)]
    everything = fold(history, FSRS, {})
    for family in set(families(aliases).values()):
        own = [e for e in history if not isinstance(e, Undo | Pause) and e.card in family]
        alone = fold([*own, *undos], FSRS, {})
        assert alone.cards == {card: each for card, each in everything.cards.items() if card in family}


def test_families_are_joined_over_any_number_of_steps() -> None:
    found = families([alias(1, "A", "B"), alias(2, "C", "D"), alias(3, "D", "B"), alias(4, "X", "X")])
    assert found == {**dict.fromkeys("ABCD", frozenset("ABCD")), "X": frozenset("X")}
