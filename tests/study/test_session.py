"""A session: ask, answer, grade, take back – and nothing lost on the way."""

import subprocess
from datetime import date

import pytest

from studykit.errors import NotFoundError
from studykit.store.database import open_store
from studykit.study.sessions.session import Request, Session
from studykit.study.sync import sync
from studykit.study.wording import foreword
from tests.study.conftest import FRONT, Notes


def fronts(session: Session) -> list[str]:
    return [card.prompt for card in session.queue]


def test_a_graded_card_returns_on_the_day_that_its_key_showed(three: Notes) -> None:
    session = three.open()
    assert session.question is not None
    card, promised = session.question.card, session.choices()[2]
    session.grade(3, 2000)
    session.finish()
    three.pass_days(promised.days - 1)
    session = three.open(new=0)
    assert session.question is None, "it came back a day early"
    session.finish()
    three.pass_days(1)
    session = three.open(new=0)
    assert session.question is not None
    assert session.question.card == card
    session.finish()


def test_a_forgotten_card_comes_back_in_the_same_session(three: Notes) -> None:
    session = three.open()
    assert session.question is not None
    card = session.question.card
    session.grade(1, 900)
    assert session.counts.learning == 1
    session.grade(3, 900)
    session.grade(3, 900)
    assert session.question is not None
    assert session.question.card == card
    session.grade(3, 900)
    assert session.question is None
    assert session.summary().again == 1
    session.finish()


def test_undo_gives_the_exact_state_back_after_the_last_card_and_after_a_restart(three: Notes) -> None:
    session = three.open()
    before = fronts(session)
    for _ in range(3):
        session.grade(3, 700)
    assert session.question is None
    assert session.undo() == "review"
    assert session.question is not None
    assert session.counts.new == 1
    session.finish()
    again = three.open()
    assert len(fronts(again)) == 1
    assert again.undo() == "review"
    assert again.undo() == "review"
    assert sorted(fronts(again)) == sorted(before)
    assert again.undo() is None
    again.finish()


def test_every_grade_is_in_the_log_before_the_next_question(three: Notes) -> None:
    session = three.open()
    for count in (1, 2):
        session.grade(3, 500)
        lines = [line for path in three.root.rglob("*.jsonl") for line in path.read_text().splitlines()]
        assert len(lines) == count
    session.finish()


def test_write_back_changes_only_review_values(three: Notes) -> None:
    subprocess.run(["git", "init", "-q"], cwd=three.root, check=True)
    subprocess.run(["git", "add", "*.md"], cwd=three.root, check=True)
    session = three.open()
    assert session.question is not None
    file, days = session.question.file, session.choices()[2].days
    session.grade(3, 1000)
    session.finish()
    diff = subprocess.run(["git", "diff", "-U0"], cwd=three.root, check=True, capture_output=True, text=True).stdout
    added = [line[1:] for line in diff.splitlines() if line.startswith("+") and not line.startswith("+++")]
    due = date.fromordinal(three.now.date().toordinal() + days)
    assert added[:3] == ["last_reviewed: '2026-11-23'", f"next_review: '{due}'", "review_count: 1"]
    assert added[3].startswith("mastery_level: 0.")
    assert len(added) == 4
    assert file in diff


def test_a_note_without_review_fields_is_never_touched(notes: Notes) -> None:
    place = notes.write("bare.md", "What is bare?", "A note without any **frontmatter** at all.", front="")
    before = place.read_bytes()
    session = notes.open()
    session.grade(3, 800)
    session.finish()
    assert place.read_bytes() == before


def test_write_back_never_leaves_every_note_alone(three: Notes) -> None:
    (three.root / ".studykit").mkdir()
    (three.root / ".studykit" / "config.toml").write_text('[notes]\nwrite_back = "never"\n')
    before = {path: path.read_bytes() for path in three.root.rglob("*.md")}
    session = three.open()
    session.grade(3, 800)
    session.finish()
    sync(three.vault)
    assert {path: path.read_bytes() for path in before} == before


def test_a_note_edited_during_the_session_is_written_at_the_next_sync(three: Notes) -> None:
    session = three.open()
    assert session.question is not None
    place = three.root / session.question.file
    session.grade(3, 800)
    place.write_text(place.read_text() + "\nAdded while studying.\n")
    problems = session.finish()
    assert [problem.file for problem in problems] == [place.relative_to(three.root).as_posix()]
    assert "review_count: 0" in place.read_text()
    sync(three.vault)
    assert "review_count: 1" in place.read_text()
    assert "Added while studying." in place.read_text()


def test_suspend_bury_and_flag(three: Notes) -> None:
    session = three.open()
    assert session.question is not None
    suspended = session.question.card
    session.suspend()
    assert session.question is not None
    buried = session.question.card
    session.bury()
    assert session.flag() is True
    assert session.question is not None
    assert session.question.flagged
    session.finish()
    again = three.open()
    assert {card.id for card in again.queue}.isdisjoint({suspended, buried})
    again.finish()
    three.pass_days(1)
    later = three.open()
    assert buried in {card.id for card in later.queue}
    assert suspended not in {card.id for card in later.queue}
    later.finish()


def test_an_edit_during_the_session_keeps_the_same_card_in_front(three: Notes) -> None:
    session = three.open()
    assert session.question is not None
    place = three.root / session.question.file
    place.write_text(place.read_text().replace("# What is", "# Say in a word: what is"), encoding="utf-8")
    session.reload()
    assert session.question is not None
    assert session.question.prompt.startswith("Say in a word")
    session.finish()


def test_the_daily_limits_hold_over_sessions(notes: Notes) -> None:
    for number in range(30):
        notes.write(f"n{number:02}.md", f"What is number {number}?", f"It is **{number}** and nothing else, always.")
    session = notes.open()
    assert len(session.queue) == 20
    for _ in range(5):
        session.grade(3, 100)
    session.finish()
    again = notes.open()
    assert len(again.queue) == 15
    again.finish()


def test_cram_asks_everything_and_schedules_nothing(three: Notes) -> None:
    session = three.open(cram=True)
    assert len(session.queue) == 3
    assert "Nothing is scheduled" in foreword(session)
    while session.question is not None:
        assert [choice.label for choice in session.choices()] == ["", "", "", ""]
        session.grade(3, 100)
        assert not foreword(session)
    session.finish()
    assert not list(three.root.rglob("*.jsonl"))
    store = open_store(three.vault.store_file)
    assert store.connection.execute("SELECT count(*) FROM cards WHERE due IS NOT NULL").fetchone() == (0,)
    store.close()


def test_a_clock_set_back_keeps_the_review_and_counts_no_day_twice(three: Notes) -> None:
    session = three.open(limit=1)
    assert session.question is not None
    card = session.question.card
    session.grade(1, 100)
    three.pass_days(-3)
    session.grade(3, 100)
    session.finish()
    lines = [line for path in three.root.rglob("*.jsonl") for line in path.read_text().splitlines()]
    assert len(lines) == 2
    assert '"clock_back":true' in lines[1]
    store = open_store(three.vault.store_file)
    last, days = store.connection.execute("SELECT last, days FROM cards WHERE id = ?", (card,)).fetchone()
    store.close()
    assert (last, days) == ("2026-11-23", 1)


def test_good_in_the_evening_and_good_next_morning_are_a_day_apart(three: Notes) -> None:
    session = three.open(limit=1)
    assert session.question is not None
    session.grade(3, 100)
    session.finish()
    store = open_store(three.vault.store_file)
    first = store.connection.execute("SELECT stability FROM cards WHERE reps = 1").fetchone()[0]
    store.close()
    three.now = three.now.replace(day=24, hour=8)
    session = three.open(cram=False, filter="is:review", new=0)
    session.finish()
    assert first > 2


QUIZ = """# Bubbles

## Answer

The bubble is the time in which **stages wait**.

```quiz
ask: A pipeline has {stages} stages and {microbatches} micro-batches; what share of the step is bubble (total)?
calculator: bubble
given: {schedule: gpipe, stages: [2, 4, 8], microbatches: 4..64}
answer: ratio
```
"""


def test_a_numeric_card_shows_the_same_numbers_on_a_retry_and_others_next_time(notes: Notes) -> None:
    (notes.root / "bubbles.md").write_text(FRONT + QUIZ)
    session = notes.open(filter="rule:quiz")
    assert session.question is not None
    assert session.question.kind == "numeric"
    first = session.question.prompt
    assert "{stages}" not in first
    assert session.question.inputs is not None
    stages, batches = session.question.inputs["stages"], session.question.inputs["microbatches"]
    wrong = session.judge(f"{(stages - 1) / batches:.2%}")
    assert not wrong.right
    assert wrong.slip is not None
    assert session.judge(f"{stages - 1}/{batches + stages - 1}").right
    session.grade(1, 4000, suggested=1, typed="x")
    assert session.question is not None
    assert session.question.prompt == first
    session.grade(3, 4000)
    session.finish()
    prompts = {first}
    for _ in range(3):
        notes.pass_days(40)
        session = notes.open(filter="rule:quiz")
        assert session.question is not None
        prompts.add(session.question.prompt)
        session.grade(3, 4000)
        session.finish()
    assert len(prompts) > 1


def test_an_unknown_filter_field_points_at_itself(three: Notes) -> None:
    sync(three.vault)
    with pytest.raises(Exception, match="`dek:` is no field"):
        Session.open(three.vault, Request(filter="dek:gpu"))


def test_a_note_whose_only_review_was_taken_back_says_so(three: Notes) -> None:
    session = three.open()
    assert session.question is not None
    place = three.root / session.question.file
    session.grade(3, 800)
    session.finish()
    assert "review_count: 1" in place.read_text()
    again = three.open()
    assert again.undo() == "review"
    again.finish()
    text = place.read_text()
    assert "last_reviewed: null\n" in text
    assert "review_count: 0\n" in text
    assert "mastery_level: 0.00\n" in text or "mastery_level: 0.0\n" in text
    assert sync(three.vault).written_back == 0


def test_a_note_that_was_deleted_meanwhile_is_named_and_its_card_can_be_graded(three: Notes) -> None:
    session = three.open()
    assert session.question is not None
    file, _line = session.place()
    (three.root / file).unlink()
    for look in (session.place, session.note):
        with pytest.raises(NotFoundError, match=r"\.md is not there any more"):
            look()
    session.grade(3, 1000)
    session.finish()
