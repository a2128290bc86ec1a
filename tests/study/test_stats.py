"""Figures of study, each counted by hand on a small vault or held to a plain loop over its reviews."""

import random
from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from studykit.errors import NotFoundError
from studykit.spacing.fsrs import curve
from studykit.spacing.parameters import DEFAULTS
from studykit.spacing.scoring import log_loss, wilson
from studykit.store.blocks import all_reviews
from studykit.store.database import open_store
from studykit.study.figures.calibration import calibration
from studykit.study.figures.stats import stats
from studykit.study.figures.stats_words import calibration_text, reviewed_text
from studykit.study.figures.streak import Span, streak
from studykit.study.sync import sync
from tests.store.stored import Graded, put_histories
from tests.study.conftest import Notes

TODAY = date(2026, 11, 23)


def days(*numbers: int) -> list[date]:
    return [date(2026, 11, number) for number in numbers]


@pytest.mark.parametrize(
    ("studied", "pauses", "expected"),
    [
        ([], [], (0, 0, 0)),
        ([23], [], (1, 1, 0)),
        ([22], [], (1, 1, 0)),  # today is not over
        ([21], [], (0, 1, 0)),
        ([10, 11, 12, 20, 21, 22, 23], [], (4, 4, 0)),
        ([10, 11, 20, 21, 23], [], (1, 2, 0)),
        ([18, 19, 23], [(20, 23)], (3, 3, 3)),
        ([18, 19, 23], [(20, 22)], (1, 2, 0)),  # the 22nd was no pause
        ([18, 19], [(20, 30)], (2, 2, 0)),  # the pause still runs
        ([18, 20, 21, 22], [(19, 22)], (4, 4, 1)),  # studied within it: those days count
    ],
)
def test_streaks(studied: list[int], pauses: list[tuple[int, int]], expected: tuple[int, int, int]) -> None:
    spans = [Span(date(2026, 11, start), date(2026, 11, end)) for start, end in pauses]
    assert streak(days(*studied), spans, TODAY) == expected


@pytest.fixture
def studied(three: Notes) -> Notes:
    """Three cards seen on the 23rd, two of them again on the 26th: one recalled, one forgotten and then recalled."""
    session = three.open()
    for _ in range(3):
        session.grade(3, 60_000)
    session.finish()
    three.pass_days(3)
    session = three.open(limit=2)
    session.grade(3, 30_000)
    session.grade(1, 30_000)
    session.grade(3, 30_000)
    session.finish()
    return three


def test_days_minutes_and_true_retention(studied: Notes) -> None:
    found = stats(studied.vault, studied.now)
    assert [(day.day, day.reviews, day.minutes, day.again) for day in found.days] == [
        ("2026-11-23", 3, 3.0, 0),
        ("2026-11-26", 3, 1.5, 1),
    ]
    assert (found.reviews, found.minutes) == (6, 4.5)
    everything = found.retention[-1]
    assert (everything.part, everything.whole, everything.share) == (1, 2, 0.5)  # the retry on the day does not count
    assert (everything.low, everything.high) == wilson(1, 2)
    assert [(month.name, month.whole) for month in found.months] == [("2026-11", 2)]
    assert found.streak == (1, 1, 0)
    assert sum(hour.reviews for hour in found.hours) == 6
    assert found.hours[studied.now.hour].reviews == 6


def test_cards_by_what_is_known_of_them(studied: Notes) -> None:
    studied.write("gpu/new.md", "What is new?", "A card that was **never** asked before this day.")
    studied.open().finish()
    found = stats(studied.vault, studied.now).cards
    assert (found.cards, found.new, found.young, found.mature) == (4, 1, 3, 0)
    gpu, net = found.decks
    assert (gpu.name, gpu.cards, gpu.new) == ("gpu", 3, 1)
    assert (net.name, net.cards) == ("net", 1)
    assert sum(found.recall) == sum(found.stability) == sum(found.difficulty) == 3
    store = open_store(studied.vault.store_file)
    rows = store.connection.execute("SELECT deck, stability, last FROM cards WHERE stability > 0").fetchall()
    store.close()
    on = studied.now.date()
    recall = {ahead: [(deck, curve(s, (on - date.fromisoformat(last)).days + ahead)) for deck, s, last in rows]
              for ahead in (0, 30)}  # fmt: skip
    assert found.known == pytest.approx(sum(value for _deck, value in recall[0]), abs=0.01)
    assert gpu.mastery == pytest.approx(sum(value for deck, value in recall[30] if deck == "gpu") / 3, abs=1e-4)
    assert gpu.level == int(gpu.mastery * 5)


def test_what_is_overdue_is_forecast_for_today(studied: Notes) -> None:
    studied.pass_days(400)
    found = stats(studied.vault, studied.now)
    assert (found.forecast[0], sum(found.forecast)) == (3, 3)
    assert found.streak.current == 0


def test_an_empty_vault_is_a_sentence(notes: Notes) -> None:
    with pytest.raises(NotFoundError, match="no cards yet"):
        stats(notes.vault, notes.now)


def histories(count: int) -> dict[str, list[Graded]]:
    """Reviews of fifty cards up to today, days apart or on one day."""
    draw = random.Random(2)
    made: dict[str, list[Graded]] = {}
    for number in range(50):
        day, own = TODAY, [(draw.choice((1, 2, 3, 3, 4)), draw.expovariate(1 / 20) + 0.01) for _ in range(count // 50)]
        turns: list[Graded] = []
        for rating, stability in own:
            turns.append((day, rating, stability))
            day -= timedelta(days=draw.choice((0, 1, 3, 9, 30)))
        turns[-1] = (*turns[-1][:2], 0.0)
        made[f"c{number}"] = turns[::-1]
    return made


def plainly(histories: dict[str, list[Graded]]) -> list[tuple[int, int | None, float, str]]:
    """What they are, for a plain loop: grade, days since the card was seen, stability, day."""
    found = []
    for own in histories.values():
        before: date | None = None
        for day, rating, stability in own:
            found.append((rating, None if before is None else (day - before).days, stability, day.isoformat()))
            before = day
    return found


def test_the_aggregates_are_those_of_a_plain_loop(three: Notes) -> None:
    three.open().finish()
    store = open_store(three.vault.store_file)
    made = histories(3000)
    with store.write():
        put_histories(store, made, ms=1000)
    store.close()
    rows = plainly(made)
    found = stats(three.vault, datetime(2026, 11, 23, 20, 0))
    assert {day.day: day.reviews for day in found.days} == Counter(row[3] for row in rows)
    assert {day.day: day.again for day in found.days if day.again} == Counter(row[3] for row in rows if row[0] == 1)
    assert sum(day.minutes for day in found.days) == pytest.approx(len(rows) / 60)
    assert sum(hour.reviews for hour in found.hours) == sum(row[3] > "2026-08-25" for row in rows)
    assert sum(hour.scored for hour in found.hours) == sum(row[3] > "2026-08-25" and bool(row[1]) for row in rows)
    scored = [row for row in rows if row[1]]
    assert found.retention[-1][1:3] == (sum(row[0] > 1 for row in scored), len(scored))
    judged = calibration(three.vault)
    assert judged is not None
    predicted = [(curve(stability, elapsed or 0), rating > 1) for rating, elapsed, stability, _day in scored]
    losses = [log_loss(recall, recalled) for recall, recalled in predicted]
    assert judged.reviews == len(scored)
    assert judged.log_loss == pytest.approx(sum(losses) / len(losses), rel=1e-4)
    assert judged.predicted == pytest.approx(sum(recall for recall, _ in predicted) / len(predicted), rel=1e-4)
    share = sum(recalled for _, recalled in predicted) / len(predicted)
    assert judged.average == pytest.approx(sum(log_loss(share, hit) for _, hit in predicted) / len(predicted), rel=1e-6)
    hits: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    for rating, _elapsed, _stability, day in scored:
        hits[day[:7]] += rating > 1
        whole[day[:7]] += 1
    assert [(one.deck, one.month, one.recalled, one.reviews) for one in judged.months] == [
        ("", month, hits[month], whole[month]) for month in sorted(whole)
    ]
    for one in judged.bins:
        inside = [recalled for recall, recalled in predicted if one.low + 1e-3 < recall < one.high - 1e-3]
        assert abs(len(inside) - one.reviews) <= 0.02 * len(predicted)
        assert one.low <= one.predicted <= one.high
        assert one.least <= one.recalled <= one.most


def test_a_deck_of_its_own_is_judged_by_its_own_parameters(three: Notes) -> None:
    """Split by decks whose parameters are all the same, the predictions are those of the whole."""
    three.open().finish()
    store = open_store(three.vault.store_file)
    made = histories(500)
    card = store.connection.execute("SELECT id FROM cards WHERE deck = 'gpu' LIMIT 1").fetchone()[0]
    with store.write():
        put_histories(store, made | {card: histories(3000)["c7"]})
    store.close()
    whole = calibration(three.vault)
    config = three.root / ".studykit" / "config.toml"
    config.parent.mkdir(exist_ok=True)
    config.write_text(f'[schedule]\npresets = [{{ decks = ["gpu"], parameters = {list(DEFAULTS)} }}]\n')
    same = calibration(three.vault)
    other = [*DEFAULTS[:20], 0.5]
    config.write_text(f'[schedule]\npresets = [{{ decks = ["gpu"], parameters = {other} }}]\n')
    steeper = calibration(three.vault)
    assert whole is not None
    assert same is not None
    assert steeper is not None
    assert {deck.name: deck.whole for deck in whole.decks} == {
        deck: sum(one.reviews for one in whole.months if one.deck == deck) for deck in ("", "gpu")
    }
    assert same.reviews == whole.reviews
    assert same.log_loss == pytest.approx(whole.log_loss, rel=1e-4)
    assert steeper.log_loss != pytest.approx(whole.log_loss, rel=1e-3)
    assert (whole.seen, same.seen) == (False, True)
    config.write_text('[schedule]\nscheduler = "ladder"\n')
    ladder = calibration(three.vault)
    assert ladder is not None
    assert (ladder.by, ladder.seen) == ("ladder", False)
    assert any("predicts nothing itself" in text for text in calibration_text(ladder))


def test_no_scored_review_no_calibration(three: Notes) -> None:
    three.open().finish()
    assert calibration(three.vault) is None


def test_one_review_on_one_day_is_told_as_one(notes: Notes) -> None:
    notes.write("one.md", "What is one?", "The **first** number.")
    session = notes.open()
    session.grade(3, 1000)
    session.finish()
    assert reviewed_text(stats(notes.vault, session.clock())) == "1 review on 1 day"


def test_a_store_made_anew_holds_its_reviews_by_time(three: Notes) -> None:
    """What is looked for lately stands in few rows, whatever the cards."""
    for _day in range(3):
        session = three.open()
        while session.queue:
            session.grade(3, 1000)
        session.finish()
        three.pass_days(9)
    sync(three.vault, rebuild=True)
    store = open_store(three.vault.store_file)
    rows = [(review.at, review.card) for review in all_reviews(store)]
    store.close()
    assert len({card for _, card in rows}) >= 3
    assert [at for at, _ in rows] == sorted(at for at, _ in rows)
    assert [card for _, card in rows] != sorted(card for _, card in rows)
