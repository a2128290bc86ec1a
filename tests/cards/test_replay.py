"""Histories of known truth: notes are edited, moved, renamed, split, merged, deleted and restored."""

import pytest

from tests.cards.history import MarkedWriter
from tests.cards.replay import Replay, replay


def check(stores: list[Replay]) -> None:
    """At most 1 % of all cards ever lose their history, and at most 0.2 % get another's."""
    seen = sum(len(store.seen) for store in stores)
    assert seen > 250 * len(stores)
    assert sum(len(store.lost) for store in stores) <= 0.01 * seen
    assert sum(len(store.wrong) for store in stores) <= 0.002 * seen


@pytest.mark.parametrize(
    "incremental", [True, pytest.param(False, marks=pytest.mark.slow)], ids=["changed files", "all files"]
)
def test_a_hundred_commits(incremental: bool) -> None:
    check([replay(seed, 100, incremental=incremental) for seed in ((1, 2, 3, 4) if incremental else (5,))])


def test_a_hundred_commits_to_notes_that_mark_their_cards() -> None:
    """Cards of one text are siblings, so an edit of it is one of them all, and each must stay itself."""
    check([replay(seed, 100, incremental=True, hand=MarkedWriter) for seed in (1, 2)])


def test_without_matching_the_same_histories_lose_cards() -> None:
    """The control: the edits do bite where only equal prompts are the same card."""
    store = replay(1, 100, incremental=True, threshold=1.01)
    assert len(store.lost) > 0.05 * len(store.seen)


@pytest.mark.slow
def test_six_thousand_commits() -> None:
    check([replay(seed, 300, incremental=True) for seed in range(10, 30)])


@pytest.mark.slow
def test_two_thousand_commits_to_notes_that_mark_their_cards() -> None:
    check([replay(seed, 200, incremental=True, hand=MarkedWriter) for seed in range(10, 20)])
