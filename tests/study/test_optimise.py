"""Parameters are fitted to a learner, judged on reviews that no fit saw, and used only when asked."""

import random
import sys
import tomllib
from datetime import date
from itertools import pairwise
from pathlib import Path

import fsrs_rs_python
import pytest

from studykit.errors import NotFoundError, SettingsError, StudyError
from studykit.settings import load
from studykit.spacing.fsrs import Fsrs
from studykit.spacing.parameters import DEFAULTS, HIGHEST, LOWEST
from studykit.spacing.scheduler import scheduler
from studykit.spacing.scoring import History, predictions, score
from studykit.store.database import open_store
from studykit.store.events import Review
from studykit.store.log import Log
from studykit.study.parameters import fitting
from studykit.study.parameters.optimise import Asked, Outcome, apply, given_parameters, judge, optimise, split
from studykit.study.parameters.sample import Gathering, Sample
from tests.store.stored import stored
from tests.study.conftest import Notes

# A learner who forgets on another curve than the median of all learners.
TRUE = (0.6, 2.5, 5.0, 20.0, *DEFAULTS[4:8], 1.3, *DEFAULTS[9:20], 0.4)


def learner(cards: int, parameters: tuple[float, ...] = TRUE, deck: str = "") -> Sample:
    """Reviews of one whose memory is FSRS-6 with `parameters`, asked at days that follow the defaults."""
    draw, memory, planner = random.Random(3), Fsrs(parameters=parameters), Fsrs()
    rows = []
    for card in range(cards):
        day = 739_000 + draw.randrange(200)
        truth = plan = None
        for _ in range(8):
            on = date.fromordinal(day)
            forgotten = truth is not None and draw.random() > memory.retrievability(truth, on)
            rating = 1 if forgotten else draw.choice((2, 3, 3, 3, 4))
            rows.append((day, card, rating))
            truth, plan = memory.review(truth, rating, on), planner.review(plan, rating, on)
            day += max(1, round((plan.due - on).days * draw.uniform(0.9, 1.3)))
    made = Gathering()
    for day, card, rating in sorted(rows):
        made.add(f"c{card}", day, rating, deck=deck)
    return made.sample


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return judge(learner(150))


def test_the_right_learner_is_found(outcome: Outcome) -> None:
    assert outcome.splits == 5
    assert outcome.better
    assert outcome.parameters is not None
    assert all(low <= value <= high for low, value, high in zip(LOWEST, outcome.parameters, HIGHEST, strict=True))
    by_name = {each.name: each for each in outcome.judged}
    assert list(by_name) == ["average", "defaults", "fitted"]
    assert outcome.gain is not None
    fitted, defaults = by_name["fitted"].unseen, by_name["defaults"].unseen
    assert fitted is not None
    assert defaults is not None
    assert outcome.gain[0] == pytest.approx(defaults.log_loss - fitted.log_loss)


def test_the_score_of_the_defaults_is_fsrs_rss_own(outcome: Outcome) -> None:
    sample, items = learner(150), []
    for number, place in sample.order:
        days, ratings = sample.histories[number].days, sample.histories[number].ratings
        reviews = [fsrs_rs_python.FSRSReview(ratings[n], days[n] - days[max(n - 1, 0)]) for n in range(place + 1)]
        items.append(fsrs_rs_python.FSRSItem(reviews))
    found = next(each for each in outcome.judged if each.name == "defaults")
    assert found.weighted == pytest.approx(fsrs_rs_python.FSRS([]).evaluate(items).log_loss, abs=1e-4)


def test_every_part_is_predicted_from_what_came_before_it() -> None:
    for count in (128, 200, 700, 12_345):
        parts = split(count)
        assert parts[-1][1] == count
        assert parts[0][0] >= fitting.LEAST
        assert all(one[1] == two[0] for one, two in pairwise(parts))


def test_a_review_later_than_a_part_does_not_bear_on_it() -> None:
    """The fits of the first parts are the same when the later reviews are other ones."""
    sample = learner(40)
    start = split(len(sample.order))[0][0]
    (alone,) = fitting.fit(sample, [start], seconds=60)
    changed = [History(each.days, [*each.ratings[:-1], 1]) for each in sample.histories]
    last = {(number, len(each.days) - 1) for number, each in enumerate(sample.histories)}
    early = [place for place in sample.order[:start] if place not in last]
    (with_other_ends,) = fitting.fit(Sample(changed, early), [len(early)], seconds=60)
    (without,) = fitting.fit(Sample(sample.histories, early), [len(early)], seconds=60)
    assert with_other_ends == without
    assert len(alone) == 21


def test_too_few_reviews_keep_the_parameters() -> None:
    found = judge(learner(8))
    assert found.scored < 64
    assert found.parameters is None
    assert "a fit needs 64" in found.why_not
    assert [each.name for each in found.judged] == ["average", "defaults"]


def test_what_cannot_be_judged_is_not_fitted() -> None:
    found = judge(learner(16))
    assert 64 <= found.scored < 128
    assert (found.parameters, found.better, found.splits) == (None, False, 0)
    assert "from 128 on" in found.why_not


def test_a_deck_needs_a_thousand() -> None:
    found = judge(learner(100, deck="推理"), deck="推理")
    assert found.scored < 1000
    assert found.parameters is None
    assert "from 1000 on" in found.why_not


def test_given_parameters_are_scored_beside_the_others() -> None:
    sample = learner(20)
    found = judge(sample, DEFAULTS, Asked(fitted=False, given=TRUE))
    (given,) = (each.all for each in found.judged if each.name == "given")
    alone = [each for one in sample.histories for each in predictions(one, scheduler("fsrs", parameters=TRUE))]
    expected = score(alone)
    assert given is not None
    assert expected is not None
    assert given.log_loss == pytest.approx(expected.log_loss)
    assert given_parameters("[" + ", ".join(map(str, DEFAULTS)) + "]") == DEFAULTS
    with pytest.raises(StudyError, match="no list of parameters"):
        given_parameters("0.1, much")


def test_what_is_not_sound_never_reaches_fsrs_rs() -> None:
    for history, place in (
        (History([1, 2], [3, 5]), 1),
        (History([1, 2], [3, 0]), 1),
        (History([5, 2], [3, 3]), 1),
        (History([], []), 0),
        (History([1, 2], [3, 3]), 2),
    ):
        with pytest.raises(ValueError, match=r"history|rating|previous"):
            fitting.fit(Sample([history], [(0, place)]), [1], seconds=10)


def test_time_is_bounded() -> None:
    with pytest.raises(StudyError, match="took too long"):
        fitting.fit(learner(20), [64], seconds=0.001)


def test_a_failure_of_the_process_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "false")
    with pytest.raises(StudyError, match=r"fsrs-rs failed: exit code 1. Nothing was changed"):
        fitting.fit(learner(20), [64], seconds=60)


def rows(notes: Notes, sql: str) -> list[tuple[object, ...]]:
    store = open_store(notes.vault.store_file)
    found = store.connection.execute(sql).fetchall()
    store.close()
    return found


def graded(notes: Notes) -> None:
    """Every card once, Good."""
    session = notes.open()
    while session.question:
        session.grade(3, 1000)
    session.finish()


def test_a_better_fit_is_written_and_the_log_replayed(three: Notes, outcome: Outcome) -> None:
    graded(three)
    assert rows(three, "SELECT DISTINCT stability FROM cards") == [pytest.approx((DEFAULTS[2],))]
    file = apply(three.vault, [outcome], date(2026, 11, 28))
    assert file is not None
    assert tomllib.loads(Path(file).read_text())["schedule"]["parameters_version"] == "FSRS-6"
    assert outcome.parameters is not None
    assert load(three.vault.root).settings.schedule.parameters == outcome.parameters
    assert rows(three, "SELECT DISTINCT stability FROM cards") == [pytest.approx((outcome.parameters[2],))]


def test_what_is_no_better_is_not_written(three: Notes) -> None:
    worse = Outcome("", 100, 10, 90, {}, DEFAULTS, parameters=TRUE, gain=(-0.01, 0.001))
    assert apply(three.vault, [worse], date(2026, 11, 28)) is None
    assert load(three.vault.root).settings.schedule.parameters == ()


def test_a_deck_gets_parameters_of_its_own_and_its_cards_follow_them(three: Notes) -> None:
    graded(three)
    own = Outcome("gpu", 2000, 100, 1500, {}, DEFAULTS, parameters=TRUE, gain=(0.1, 0.01))
    apply(three.vault, [own], date(2026, 11, 28))
    found = rows(three, "SELECT DISTINCT deck, stability FROM cards ORDER BY deck")
    assert found == [("gpu", pytest.approx(TRUE[2])), ("net", pytest.approx(DEFAULTS[2]))]
    (preset,) = load(three.vault.root).settings.schedule.presets
    assert (preset.decks, preset.parameters) == (("gpu",), TRUE)
    # A note that moves into the deck takes its parameters.
    (three.root / "net" / "ring.md").rename(three.root / "gpu" / "ring.md")
    three.open().finish()
    assert rows(three, "SELECT DISTINCT deck, stability FROM cards") == [("gpu", pytest.approx(TRUE[2]))]


def test_this_learners_own_reviews_make_the_sample(three: Notes) -> None:
    graded(three)
    three.pass_days(3)
    graded(three)
    (found,) = optimise(three.vault, Asked())
    assert (found.cards, found.reviews, found.scored) == (3, 6, 3)
    assert "a fit needs 64" in found.why_not
    with pytest.raises(NotFoundError, match="no deck 'nowhere'"):
        optimise(three.vault, Asked(), deck="nowhere")
    (deck,) = optimise(three.vault, Asked(), deck="gpu")
    assert (deck.cards, deck.scored) == (2, 2)


def test_a_wrong_list_in_the_settings_is_named_by_file_and_key(three: Notes) -> None:
    file = three.root / ".studykit" / "config.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text("[schedule]\nparameters = [1.0, 2.0]\n")
    with pytest.raises(SettingsError, match=r"config.toml: schedule.parameters: 2 parameters were given"):
        three.open()


def test_the_grade_suggested_is_logged_apart_from_the_grade_chosen(three: Notes) -> None:
    session = three.open(limit=1)
    session.grade(3, 1000, suggested=2, typed="28 %")
    session.finish()
    store = open_store(three.vault.store_file)
    assert [(each.review.rating, each.review.suggested) for each in stored(store)] == [(3, 2)]
    store.close()
    (review,) = Log(three.vault.log_folder, "test").read_all().events
    assert isinstance(review, Review)
    assert (review.rating, review.suggested, review.answer) == (3, 2, "28 %")
