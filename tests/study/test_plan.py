"""The plan: figures that hang together, and the way they move when a choice is changed."""

import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from unicodedata import east_asian_width

import pytest
import time_machine
from click.testing import CliRunner

from studykit.cli.app import studykit
from studykit.errors import NotFoundError
from studykit.locale import set_language
from studykit.study.planning.pause import pause
from studykit.study.planning.plan import Plan, Question, make_plan
from studykit.study.planning.plan_svg import plan_svg
from studykit.study.planning.plan_text import plan_text
from studykit.study.sync import sync
from tests.study.conftest import Notes
from tests.study.test_portion import TODAY, seen, settings


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 23, 20, 0), tick=False):
        yield


@pytest.fixture
def pile(notes: Notes) -> Notes:
    """Sixty overdue notes and twenty new ones."""
    for number in range(60):
        front = seen(8 + number % 20, 5)
        notes.write(f"old/{number:02}.md", f"What is old {number}?", f"The **old** {number}, as such.", front)
    for number in range(20):
        notes.write(f"new/{number:02}.md", f"What is new {number}?", f"The **new** {number}, as such.")
    sync(notes.vault)
    return notes


def total(plan: Plan) -> float:
    return sum(day.minutes for day in plan.days)


def test_the_figures_of_a_plan_hang_together(pile: Notes) -> None:
    plan = make_plan(pile.vault, Question(minutes=5, new=2))
    assert (plan.cards, plan.new_cards, plan.backlog.waiting, len(plan.days)) == (80, 20, 60, 90)
    assert [day.day for day in plan.days] == [TODAY + timedelta(days=ahead) for ahead in range(90)]
    assert all(day.minutes < 5 + 2 and 0 <= day.known <= 80 for day in plan.days)
    assert sum(day.new for day in plan.days) == pytest.approx(20)
    first = next(day.day for day in plan.days if day.waiting == 0)
    assert plan.backlog.clears is not None
    assert abs((plan.backlog.clears - first).days) <= 2
    assert all(day.new == 0 for day in plan.days if day.day < first - timedelta(days=3))  # new ones wait for the pile
    assert 5 < plan.backlog.minutes < 60 * 0.6
    minutes = [point.minutes for point in plan.curve]
    known = [point.known for point in plan.curve]
    assert minutes[-1] > 1.5 * minutes[0]
    assert known[-1] > known[0]


def test_a_plan_keeps_to_the_limits_of_decks(pile: Notes) -> None:
    settings(pile, "[schedule]\nminutes_per_day = 60\nnew_per_day = 9\n[deck.old]\nreviews_per_day = 7\n"
                   "[deck.new]\nnew_per_day = 2\n")  # fmt: skip
    plan = make_plan(pile.vault, Question())
    assert [day.new for day in plan.days[:10]] == [2.0] * 10
    assert sum(day.new for day in plan.days) == 20
    assert plan.days[0].reviews == 7
    assert plan.days[0].waiting == 53
    assert plan.backlog.clears is not None
    assert plan.backlog.clears > TODAY + timedelta(days=7)


def test_a_plan_reckons_with_what_today_has_had(pile: Notes) -> None:
    settings(pile, "[schedule]\nnew_per_day = 3\nreviews_per_day = 9\n[deck.old]\nreviews_per_day = 7\n")
    before = make_plan(pile.vault, Question(minutes=60)).days
    assert before[0].reviews == 7
    session = pile.open(deck="old")
    for _ in range(2):
        session.grade(3, 4000)
    session.finish()
    after = make_plan(pile.vault, Question(minutes=60)).days
    assert after[0].reviews == 5
    assert after[1].reviews >= 7  # and the next day is whole


def test_a_plan_for_some_notes_brings_new_ones_in_their_order(pile: Notes) -> None:
    plan = make_plan(pile.vault, Question(until=TODAY + timedelta(days=20), files=("new/07.md", "old/01.md")))
    assert (plan.cards, plan.new_cards) == (2, 1)
    assert plan.deadline is not None
    assert plan.deadline.cards == 2
    session = pile.open(files=("new/07.md", "old/01.md"), until=TODAY + timedelta(days=20))
    assert {card.file for card in session.queue} == {"new/07.md", "old/01.md"}


def test_what_more_minutes_fewer_new_cards_and_less_recall_do(pile: Notes) -> None:
    small, large = (make_plan(pile.vault, Question(minutes=minutes)) for minutes in (3, 30))
    assert large.backlog.clears == TODAY
    assert small.backlog.clears is None or small.backlog.clears > TODAY + timedelta(days=5)
    none = make_plan(pile.vault, Question(minutes=30, new=0))
    assert none.new_minutes == 0 < large.new_minutes
    assert total(none) < total(large)
    loose = make_plan(pile.vault, Question(minutes=30, retention=0.75))
    assert total(loose) < total(large)
    assert loose.days[-1].known < large.days[-1].known


def test_a_deadline_shows_what_today_is_worth(pile: Notes) -> None:
    plan = make_plan(pile.vault, Question(minutes=10, until=date(2026, 12, 20)))
    found = plan.deadline
    assert found is not None
    assert found.cards == 80
    assert 0 < found.without < found.today_only < found.every_day < 1
    assert 0 < found.today_cards < 60
    assert found.today_minutes == pytest.approx(10, abs=0.7)
    only_old = make_plan(pile.vault, Question(minutes=10, until=date(2026, 12, 20), filter="deck:old"))
    assert only_old.deadline is not None
    assert only_old.deadline.cards == 60
    assert only_old.deadline.without == pytest.approx(
        found.without * 80 / 60, rel=0.01
    )  # new cards are known by nobody


def test_a_break_and_days_off_are_days_off(pile: Notes) -> None:
    settings(pile, "[schedule]\neasy_days = {sun = 0}\n")
    pause(pile.vault, TODAY + timedelta(days=4))
    plan = make_plan(pile.vault, Question(minutes=10, days=14))
    idle = [day.day for day in plan.days if day.minutes == 0]
    assert {TODAY + timedelta(days=ahead) for ahead in range(4)} <= set(idle)
    assert {day.day for day in plan.days if day.day.weekday() == 6} <= set(idle)
    assert plan.days[4].minutes > 5


def test_other_schedulers_have_plans_too(pile: Notes) -> None:
    settings(pile, "[schedule]\nscheduler = 'ladder'\n")
    plan = make_plan(pile.vault, Question(minutes=10, days=10))
    assert plan.days[-1].known > plan.days[0].known * 0.8


def test_nothing_to_plan(notes: Notes) -> None:
    sync(notes.vault)
    with pytest.raises(NotFoundError):
        make_plan(notes.vault, Question())


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_text_and_chart_keep_to_their_sizes(pile: Notes, language: str) -> None:
    plan = make_plan(pile.vault, Question(minutes=10, until=date(2027, 3, 20)))
    set_language(language)
    try:
        text, svg = plan_text(plan), plan_svg(plan)
    finally:
        set_language("en")
    for line in text.splitlines():
        assert sum(2 if east_asian_width(letter) in "WF" else 1 for letter in line) <= 80, line
    tree = ElementTree.fromstring(svg)
    assert len(tree.findall(".//{http://www.w3.org/2000/svg}rect")) == len(plan.days)
    labels = [each for each in tree.iter("{http://www.w3.org/2000/svg}text") if (each.text or "").endswith("%")]
    places = sorted(float(each.attrib["x"]) for each in labels)
    assert all(right - left >= 40 for left, right in pairwise(places))
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")  # nothing is fetched


def test_the_command(pile: Notes, tmp_path: object) -> None:
    place = pile.root.parent / "plan.svg"
    words = ["plan", "--vault", str(pile.root), "--minutes", "10", "--json", "--svg", str(place)]
    done = CliRunner().invoke(studykit, words)
    assert done.exit_code == 0
    answer = json.loads(done.stdout)
    assert answer["backlog"]["waiting"] == 60
    assert answer["days"][0]["day"] == "2026-11-23"
    assert len(answer["curve"]) == 8
    assert place.read_text(encoding="utf-8").startswith("<svg")
    assert "Charts written" in done.stderr
