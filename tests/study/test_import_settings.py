"""A home-made planner's settings become a ladder; what has no meaning here is said."""

import os
from pathlib import Path

import pytest

from studykit.errors import SettingsError
from studykit.settings import load
from studykit.study.setting_up.import_settings import import_settings
from tests.study.conftest import Notes

PLANNER = """
review_intervals:
  easy: [2, 4, 8]   # days
  hard: [1, 1, 2]
daily_review: {max_overdue: 10, max_today: 20, max_this_week: 30}
default_difficulty: medium
theme: dark
"""


def planner(notes: Notes, text: str = PLANNER) -> str:
    place = notes.root / "planner.yaml"
    place.write_text(text)
    return str(place)


def test_intervals_and_limits_are_taken_over_and_the_rest_is_said(three: Notes) -> None:
    made = import_settings(three.vault, planner(three))
    schedule = load(three.vault.root).settings.schedule
    assert schedule.scheduler == "ladder"
    assert (schedule.ladder.easy, schedule.ladder.hard, schedule.ladder.medium[:3]) == ((2, 4, 8), (1, 1, 2), (1, 2, 5))
    assert schedule.reviews_per_day == 30
    assert set(made.left) == {"daily_review.max_this_week", "default_difficulty", "theme"}
    assert made.left["theme"] == "not understood"


def test_the_cards_then_climb_that_ladder(three: Notes) -> None:
    import_settings(three.vault, planner(three, "review_intervals: {medium: [6, 9]}"))
    session = three.open()
    assert session.choices()[0].days == 0
    assert session.vault.scheduler().preview(None, session.day) == (0, 6, 6, 9)
    session.finish()


def test_a_dry_run_writes_nothing(three: Notes) -> None:
    made = import_settings(three.vault, planner(three), dry_run=True)
    assert (made.file, made.values["schedule.scheduler"]) == ("", "ladder")
    assert not os.path.exists(os.path.join(three.vault.root, ".studykit", "config.toml"))


def test_zero_is_no_limit(three: Notes) -> None:
    made = import_settings(three.vault, planner(three, "daily_review: {max_overdue: 0, max_today: 20}"), dry_run=True)
    assert made.values == {"schedule.reviews_per_day": 100_000}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("review_intervals: {easy: [3, 1]}", r"review_intervals.easy is \[3, 1\]; expected are whole days"),
        ("review_intervals: {hard: [0, 1]}", "review_intervals.hard"),
        ("review_intervals: {hard: soon}", "review_intervals.hard is soon"),
        ("daily_review: {max_today: many}", "a limit must be a whole number"),
        ("theme: dark", "says nothing that a schedule"),
        ("[1, 2]", "holds no settings by name"),
        ("a: [1", "is no YAML"),
    ],
)
def test_what_is_wrong_is_a_sentence_and_nothing_is_written(three: Notes, text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        import_settings(three.vault, planner(three, text))
    assert load(three.vault.root).settings.schedule.scheduler == "fsrs"


def test_the_sample_vaults_planner(vault_dir: Path, three: Notes) -> None:
    made = import_settings(three.vault, str(vault_dir / "config" / "kb_config.yaml"))
    assert made.values["schedule.ladder.easy"] == [1, 3, 7, 15, 30, 60, 120]
    assert "gamification.xp_rules.review_easy" in made.left
