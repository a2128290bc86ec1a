"""A day's portion: how far it goes, what comes first, what waits, and which new cards come with it."""

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime, timedelta

import pytest
import time_machine

from studykit.reminders.message import compose
from studykit.spacing.learner import Learner
from studykit.store.database import open_store
from studykit.study.figures.habits import habits, habits_of, typical
from studykit.study.planning.counting import count_due
from studykit.study.sessions.new_cards import Candidate, in_order
from studykit.study.sessions.session import Session
from studykit.study.wording import foreword, why_nothing
from tests.study.conftest import FRONT, Notes

TODAY = date(2026, 11, 23)


def seen(days_ago: int, interval: int) -> str:
    """Frontmatter of a note reviewed `days_ago`, to return after `interval` days."""
    last = TODAY - timedelta(days=days_ago)
    return (
        FRONT.replace("last_reviewed: null", f"last_reviewed: '{last}'")
        .replace("next_review: '2026-10-19'", f"next_review: '{last + timedelta(days=interval)}'")
        .replace("review_count: 0", "review_count: 3")
    )


def settings(notes: Notes, text: str) -> None:
    place = notes.root / ".studykit" / "config.toml"
    place.parent.mkdir(exist_ok=True)
    place.write_text(text, encoding="utf-8")


def files(session: Session) -> list[str]:
    return [card.file for card in session.queue]


@pytest.fixture
def pile(notes: Notes) -> Notes:
    """Forty due notes, of which the later ones are the more overdue, and ten new ones."""
    for number in range(40):
        front = seen(5 + number, 5)
        notes.write(f"old/{number:02}.md", f"What is old {number}?", f"The **old** thing number {number}.", front)
    for number in range(10):
        notes.write(f"new/{number:02}.md", f"What is new {number}?", f"The **new** thing number {number}.")
    return notes


def test_minutes_end_a_portion_and_keep_new_cards_out_while_due_ones_wait(pile: Notes) -> None:
    session = pile.open(minutes=5)
    usual = Learner()
    assert 300 / usual.seconds_forgotten < len(session.queue) < 300 / usual.seconds_recalled + 1
    assert all(card.due for card in session.queue)
    session.finish()
    session = pile.open(minutes=60)
    assert Counter(bool(card.due) for card in session.queue) == {True: 40, False: 10}
    session.finish()


def test_the_setting_of_minutes_counts_what_was_studied_today(pile: Notes) -> None:
    settings(pile, "[schedule]\nminutes_per_day = 5\n")
    session = pile.open()
    first = len(session.queue)
    assert 0 < first < 30
    session.grade(3, 240_000)  # four of the five minutes
    session.finish()
    session = pile.open()
    assert 0 < len(session.queue) < first / 2
    session.grade(3, 240_000)
    session.finish()
    session = pile.open()
    assert session.question is None
    assert "limit is reached" in why_nothing(session.waiting())
    session.finish()


def test_a_limit_takes_due_cards_before_new_ones_unless_new_ones_are_asked_for(pile: Notes) -> None:
    session = pile.open(limit=10)
    assert [bool(card.due) for card in session.queue] == [True] * 10
    session.finish()
    session = pile.open(limit=10, new=3)
    assert Counter(bool(card.due) for card in session.queue) == {True: 7, False: 3}
    session.finish()


def test_a_day_that_holds_everything_asks_the_oldest_first_and_a_short_one_the_most_valuable(pile: Notes) -> None:
    settings(pile, "[schedule]\nminutes_per_day = 60\n")
    session = pile.open(new=0)
    assert files(session) == [f"old/{number:02}.md" for number in reversed(range(40))]
    whole = files(session)
    session.finish()
    settings(pile, "[schedule]\nbacklog_order = 'low-recall'\n")
    session = pile.open(limit=5)
    assert files(session) == whole[:5]  # equal stability: the longest overdue are the least known
    session.finish()
    settings(pile, "[schedule]\nbacklog_order = 'high-recall'\n")
    session = pile.open(limit=5)
    assert files(session) == whole[:-6:-1]
    session.finish()


def test_a_pile_is_met_with_a_day_on_which_it_is_gone(pile: Notes) -> None:
    settings(pile, "[schedule]\nminutes_per_day = 5\n")
    session = pile.open()
    assert session.outlook is not None
    assert (session.outlook.waiting, session.outlook.minutes) == (40, 5)
    assert session.outlook.clears
    assert TODAY < session.outlook.clears < TODAY + timedelta(days=20)
    assert "40 cards wait; 5 minutes a day clear them by" in foreword(session)
    session.grade(3, 1000)
    assert foreword(session) == ""
    session.finish()
    settings(pile, "[schedule]\nminutes_per_day = 60\n")
    session = pile.open()
    assert session.outlook is None
    session.finish()


def test_what_is_told_of_new_cards_is_what_a_session_asks(pile: Notes) -> None:
    for minutes, new in ((5, 0), (60, 10)):
        settings(pile, f"[schedule]\nminutes_per_day = {minutes}\n")
        pile.open().finish()
        vault = pile.vault
        with time_machine.travel(datetime(2026, 11, 23, 12), tick=False):
            counted = count_due(vault)
            with closing(open_store(vault.store_file)) as store:
                told = compose(vault, store, datetime.now()).line
        assert (sum(counted.due.values()), sum(counted.new.values())) == (40, new)
        assert told.startswith("40 cards due, 5 min of it today" if not new else "40 cards due and 10 new, about ")


def test_what_today_leaves_is_due_tomorrow(pile: Notes) -> None:
    session = pile.open(limit=3)
    session.grade(3, 1000)
    assert session.summary().tomorrow == 39
    assert session.summary().returning[0] == (TODAY + timedelta(days=1), 0)
    session.finish()


def test_ahead_asks_what_is_due_soon_after_what_is_due(notes: Notes) -> None:
    for number in range(4):
        front = seen(3, 2 + number)
        notes.write(f"{number}.md", f"What is {number}?", f"The **number** {number}, as such.", front)
    session = notes.open()
    assert files(session) == ["0.md", "1.md"]
    session.finish()
    session = notes.open(ahead=1)
    assert sorted(files(session)) == ["0.md", "1.md", "2.md"]
    session.finish()


def test_until_asks_what_the_day_needs_due_or_not(notes: Notes) -> None:
    notes.write("soon.md", "What is due?", "It **is** due today, after five days.", seen(5, 5))
    notes.write("later.md", "What is due later?", "It is **due** after the deadline only.", seen(10, 25))
    notes.write("firm.md", "What is firm?", "It was **seen** yesterday and holds for years.", seen(1, 3000))
    session = notes.open(until=TODAY + timedelta(days=14))
    assert sorted(files(session)) == ["later.md", "soon.md"]
    session.finish()


def test_decks_have_limits_of_their_own(notes: Notes) -> None:
    for number in range(6):
        notes.write(f"a/deep/{number}.md", f"What is a {number}?", f"The **a** number {number}, as such.")
        notes.write(f"b/{number}.md", f"What is b {number}?", f"The **b** number {number}, as such.")
    settings(notes, '[deck."a"]\nnew_per_day = 2\n')
    session = notes.open()
    assert Counter(card.deck for card in session.queue) == {"a/deep": 2, "b": 6}
    while session.question:
        session.grade(4, 100)
    session.finish()
    session = notes.open()
    assert session.question is None
    session.finish()


def test_new_cards_come_from_all_decks_in_turn(notes: Notes) -> None:
    for number in range(30):
        notes.write(f"large/{number:02}.md", f"What is large {number}?", f"The **large** one number {number}.")
    for number in range(3):
        notes.write(f"small/{number}.md", f"What is small {number}?", f"The **small** one number {number}.")
    settings(notes, "[schedule]\nnew_per_day = 6\n")
    session = notes.open()
    decks = Counter(card.deck for card in session.queue)
    assert decks == {"large": 3, "small": 3}
    session.finish()
    with time_machine.travel(datetime(2026, 11, 23, 21, 0), tick=False):
        assert count_due(notes.vault).new == decks


def candidate(name: str, deck: str, label: str = "medium", rank: int = 0) -> Candidate:
    return Candidate(name, deck, f"{deck}/{name}.md", 1, label, rank)


def test_orders_of_new_cards() -> None:
    cards = [candidate("a1", "a", "hard"), candidate("a2", "a"), candidate("b1", "b", "easy"), candidate("b2", "b")]

    def names(order: str, day: str = "2026-11-23", **met: int) -> list[str]:
        return [card.id for card in in_order(cards, order, day, met)]

    assert {tuple(sorted(names("note")[:2]))} == {("a1", "b1")}
    assert names("note", a=1)[0] == "b1"  # deck a had its turn
    assert names("label")[0] == "b1"
    assert names("label")[-1] == "a1"
    assert names("random") == names("random")
    assert len({tuple(names("random", f"2026-11-{day:02}")) for day in range(1, 20)}) > 5
    assert names("note") == ["a1", "b1", "a2", "b2"]


def test_new_cards_follow_the_outlines(notes: Notes) -> None:
    """First what the outline links to, in its order and over all decks; then what stands in none."""
    for name in ("gpu/one", "gpu/two", "net/three", "net/four"):
        notes.write(f"{name}.md", f"What is {name}?", f"The **{name}** itself, plainly said.")
    (notes.root / "outlines").mkdir()
    links = "- [four](../net/four.md)\n- [one](../gpu/one.md)\n- [gone](../gpu/nowhere.md)\n"
    (notes.root / "outlines" / "plan.md").write_text(f"# Plan\n\n## First\n\n{links}", encoding="utf-8")
    settings(notes, '[schedule]\nnew_order = "outline"\n[notes]\nexclude = ["outlines/**"]\n')
    session = notes.open()
    assert [card.file for card in session.queue][:2] == ["net/four.md", "gpu/one.md"]
    assert {card.file for card in session.queue[2:]} == {"gpu/two.md", "net/three.md"}
    session.finish()


def test_siblings_of_one_place_are_not_asked_on_one_day(notes: Notes) -> None:
    """Two gaps of one sentence: the second comes on another day, or when nothing else is left."""
    place = notes.root / "pair.md"
    place.write_text(FRONT + "# Pairs\n\nThe capital of {{c1::France}} is {{c2::Paris}}.\n", encoding="utf-8")
    session = notes.open()
    assert len(session.queue) == 1
    session.grade(3, 500)
    session.finish()
    settings(notes, "[schedule]\nbury_siblings = false\n")
    session = notes.open()
    assert len(session.queue) == 1  # the other one, since it was asked for
    session.grade(3, 500)
    session.finish()
    settings(notes, "")
    notes.pass_days(2)  # Good at first sight returns both after two days
    session = notes.open()
    assert len(session.queue) == 1
    session.finish()


@pytest.mark.parametrize(
    ("share", "asked"), [("easy_days = {mon = 0}", 0), ("vacations = ['2026-11-20..2026-11-25']", 0), ("", 2)]
)
def test_a_day_off_asks_nothing_by_itself(three: Notes, share: str, asked: int) -> None:
    settings(three, f"[schedule]\nnew_per_day = 2\n{share}\n")
    session = three.open()
    assert len(session.queue) == asked
    assert ("day off" in why_nothing(session.waiting())) == (asked == 0)
    session.finish()
    session = three.open(minutes=10)  # a Monday, but the person says so
    assert session.queue
    session.finish()


def test_vacations_are_avoided_by_intervals(three: Notes) -> None:
    settings(three, "[schedule]\nvacations = ['2026-12-01']\n")
    session = three.open()
    assert session.question
    grade: Callable[[], int] = lambda: session.choices()[3].days  # noqa: E731
    assert grade() == 8 - 1 or session.day + timedelta(days=grade()) != date(2026, 12, 1)
    session.finish()


def test_a_leech_is_named_with_what_helps(notes: Notes) -> None:
    notes.write("hard.md", "What is hard?", "It is **forgotten** time and again.", seen(5, 5))
    for _ in range(9):  # the first time it is new
        session = notes.open(minutes=30)
        session.grade(1, 500)
        session.grade(3, 500)
        session.finish()
        notes.pass_days(30)
    session = notes.open(minutes=30)
    assert session.question
    assert session.question.leech
    assert "Forgotten 8 times" in foreword(session)
    session.finish()


def test_habits_are_those_of_the_learner_in_the_end() -> None:
    """After many answers the averages of others are gone; one very long answer moves little."""
    answers = [(3, 40.0, 1, "recall")] * 400 + [(1, 60.0, 1, "recall")] * 40 + [(3, 500.0, 1, "recall")]
    found = habits(answers)
    assert found.learner.seconds[1][2] == pytest.approx(40, abs=1.5)
    assert found.learner.recalled[1] > 0.95
    assert found.learner.seconds[2][2] > 2 * Learner().seconds[2][2]  # slow there, slow here
    assert found.pace["recall"] == pytest.approx(1, abs=0.05)
    assert typical([10, 10, 10, 10_000]) == 17.5


def test_habits_come_from_the_log(three: Notes) -> None:
    session = three.open()
    for _ in range(3):
        session.grade(3, 60_000)
    found = habits_of(session.store)
    assert found.reviews == 3
    assert found.learner.seconds[0][2] > 1.5 * Learner().seconds[0][2]
    session.finish()


def test_a_deck_s_table_may_have_any_name(notes: Notes) -> None:
    settings(notes, '[deck."v1.2/推理"]\nnew_per_day = 5\n[schedule]\nnew_per_day = 7\n')
    vault = notes.vault
    assert vault.settings.deck["v1.2/推理"].new_per_day == 5
    assert vault.settings.schedule.new_per_day == 7
    assert vault.origins["schedule.new_per_day"].endswith("config.toml")
    assert vault.origins["schedule.minutes_per_day"] == "default"
