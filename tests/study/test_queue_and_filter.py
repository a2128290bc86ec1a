"""What is asked, in what order, and what the words of a filter mean."""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import astuple, replace

from studykit.store.cards import CardRow, select_cards
from studykit.store.database import open_store
from studykit.store.words import ready_index
from studykit.study.filters.filter import FilterError, read_filter
from studykit.study.sessions.queue import siblings_apart, spread

CARD = CardRow(
    id="aa01", base="aa01", cloze=0, occurrence=0, rule="quiz", kind="numeric",
    deck="推理/流水线", file="推理/流水线/气泡.md", line=3,
    prompt="气泡占多少？", answer="(P-1)/(M+P-1)", title="流水线气泡", context="", label="hard", tags="gpu/并行\ndraft",
    active=1, stability=None, difficulty=None, last=None, due=None, reps=0, lapses=0, days=0, imported=0,
    introduced=None, suspended=0, buried=None, flagged=0,
)  # fmt: skip
TODAY = "2026-11-23"
SEEN = replace(CARD, due="2026-11-20", last="2026-11-10", stability=5.0, difficulty=5.0)

Fits = Callable[[str, CardRow], bool]


@pytest.fixture(scope="module")
def fits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fits]:
    """Whether a filter finds a card in a store that holds nothing else."""
    store = open_store(str(tmp_path_factory.mktemp("filter") / "store.db"))
    ready_index(store.connection)
    names = list(CardRow.__struct_fields__)
    into = f"INSERT INTO cards({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"

    def found(words: str, card: CardRow) -> bool:
        sql, bound = read_filter(words).condition(date.fromisoformat(TODAY))
        with store.write() as connection:
            connection.execute("DELETE FROM cards")
            connection.execute(into, astuple(card))
        return bool(select_cards(store, sql, bound))

    yield found
    store.close()


@pytest.mark.parametrize(
    ("words", "card", "expected"),
    [
        ("", CARD, True),
        ("气泡", CARD, True),
        ("ｐ-１", CARD, True),  # width and letter case do not matter
        ('"气泡占多少"', CARD, True),
        ("气泡 显存", CARD, False),
        ("-显存", CARD, True),
        ("deck:推理", CARD, True),
        ("deck:流水线", CARD, True),
        ("deck:推理/流", CARD, True),
        ("deck:水线", CARD, False),
        ("tag:gpu", CARD, True),
        ("tag:并行", CARD, True),
        ("-tag:draft", CARD, False),
        ("rule:quiz kind:numeric difficulty:hard", CARD, True),
        ("is:new", CARD, True),
        ("is:due", CARD, False),
        ("is:due", SEEN, True),
        ("is:review", SEEN, True),
        ("is:learning", replace(SEEN, due="2026-11-10"), True),
        ("is:suspended", replace(SEEN, suspended=1), True),
        ("is:due", replace(SEEN, suspended=1), False),
        ("is:buried", replace(SEEN, buried="2026-11-24"), True),
        ("is:buried", replace(SEEN, buried="2026-11-23"), False),
        ("is:flagged", replace(SEEN, flagged=1), True),
        ("is:orphaned", replace(SEEN, active=0), True),
        ("file:气泡.md id:aa", CARD, True),
    ],
)
def test_what_a_filter_means(fits: Fits, words: str, card: CardRow, expected: bool) -> None:
    assert fits(words, card) is expected


@pytest.mark.parametrize(("words", "at"), [("气泡 dek:x", 5), ("is:dew", 0), ("-is:dew", 0)])
def test_a_wrong_filter_points_at_the_part(words: str, at: int) -> None:
    with pytest.raises(FilterError) as caught:
        read_filter(words)
    assert f"\n  {words}\n  {' ' * at}^" in caught.value.message


@given(st.text())
def test_no_filter_breaks(fits: Fits, words: str) -> None:
    try:
        fits(words, CARD)
    except FilterError as error:
        if not error.hint:
            raise


def cards(*files: str) -> list[CardRow]:
    return [replace(CARD, id=f"{number:04}", file=file) for number, file in enumerate(files)]


def test_siblings_stand_apart_where_another_card_can_stand_between() -> None:
    apart = siblings_apart(cards("a", "a", "b", "a", "c"))
    assert [card.file for card in apart] == ["a", "b", "a", "c", "a"]


@given(st.lists(st.sampled_from("abc"), max_size=30))
def test_setting_siblings_apart_loses_no_card(files: list[str]) -> None:
    queue = cards(*files)
    apart = siblings_apart(queue)
    assert sorted(card.id for card in apart) == sorted(card.id for card in queue)

    def neighbours(some: list[CardRow]) -> int:
        return sum(one.file == other.file for one, other in pairwise(some))

    assert neighbours(apart) <= neighbours(queue)


@given(st.integers(0, 40), st.integers(0, 40))
def test_new_cards_are_spread_evenly_and_in_order(old: int, new: int) -> None:
    due, fresh = cards(*["o"] * old), [replace(card, id=f"n{card.id}") for card in cards(*["n"] * new)]
    queue = spread(due, fresh)
    assert [card for card in queue if card.file == "o"] == due
    assert [card for card in queue if card.file == "n"] == fresh
    if old:
        for place, _ in enumerate(queue, 1):
            met = sum(card.file == "n" for card in queue[:place])
            seen = place - met
            assert met <= new * seen // old + (new // old + 1)
