"""Sync: what it finds, what it keeps, and what it leaves alone."""

import builtins
import os
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine

from studykit.errors import BusyError, VaultError
from studykit.spacing.ladder import STEPS
from studykit.store.cards import CardRow, select_cards
from studykit.store.database import only_writer, open_store
from studykit.study.sync import sync
from tests.study.conftest import Notes


def rows(notes: Notes) -> list[object]:
    """Every active card with its schedule."""
    store = open_store(notes.vault.store_file)
    found = select_cards(store, "active = 1", (), "ORDER BY id")
    store.close()
    return list(found)


def grade_first(notes: Notes, rating: int = 3) -> str:
    session = notes.open()
    assert session.question is not None
    card = session.question.card
    session.grade(rating, 1500)
    session.finish()
    return card


def test_the_first_sync_finds_every_note_and_the_second_nothing_new(three: Notes) -> None:
    first = sync(three.vault).as_json()
    assert first["notes"] == {"seen": 3, "new": 3, "changed": 0, "moved": 0, "gone": 0, "skipped": 0}
    assert first["cards"]["new"] == 3
    assert first["cards"]["by_rule"] == {"answer-section": 3}
    second = sync(three.vault).as_json()
    assert second["notes"]["new"] == second["notes"]["changed"] == 0
    assert second["cards"] | {"by_rule": {}} == {
        "new": 0, "kept": 3, "moved": 0, "edited": 0, "orphaned": 0, "by_rule": {},
    }  # fmt: skip


def test_a_sync_with_nothing_changed_opens_no_note_and_writes_no_file(
    three: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    grade_first(three)
    sync(three.vault)
    before = {path: path.stat() for path in three.root.rglob("*") if path.is_file()}

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a note was parsed though nothing changed")

    monkeypatch.setattr("studykit.study.syncing.note_reading.parse_note", refuse)
    sync(three.vault)
    assert {path: path.stat().st_mtime_ns for path in before} == {p: s.st_mtime_ns for p, s in before.items()}


def test_a_dry_run_tells_all_and_writes_nothing(three: Notes) -> None:
    report = sync(three.vault, dry_run=True).as_json()
    assert report["notes"]["new"] == 3
    assert report["cards"]["new"] == 3
    assert not (three.root / ".studykit").exists()
    assert sync(three.vault).as_json()["notes"]["new"] == 3


def test_an_edited_question_keeps_its_history(three: Notes) -> None:
    card = grade_first(three)
    store = open_store(three.vault.store_file)
    row = select_cards(store, "id = ?", (card,))[0]
    store.close()
    place = three.root / row.file
    place.write_text(place.read_text().replace("# What is", "# In a pipeline, what is"), encoding="utf-8")
    report = sync(three.vault).as_json()["cards"]
    assert (report["edited"], report["new"], report["orphaned"]) == (1, 0, 0)
    store = open_store(three.vault.store_file)
    heir = select_cards(store, "file = ?", (row.file,))[0]
    store.close()
    assert heir.id != card
    assert (heir.reps, heir.stability, heir.due) == (1, row.stability, row.due)


def test_a_question_edited_there_and_back_is_the_same_card_again(three: Notes) -> None:
    card = grade_first(three)
    store = open_store(three.vault.store_file)
    file = select_cards(store, "id = ?", (card,))[0].file
    store.close()
    place = three.root / file
    original = place.read_text()
    for text in (original.replace("# What is", "# In a pipeline, what is"), original):
        place.write_text(text, encoding="utf-8")
        sync(three.vault)
    found = {row.id: row.reps for row in rows(three)}  # type: ignore[attr-defined]
    assert found[card] == 1


def test_a_moved_note_keeps_its_history_and_is_counted_as_moved(three: Notes) -> None:
    card = grade_first(three)
    old = next(three.root.glob("gpu/bubble.md"))
    (three.root / "moved").mkdir()
    old.rename(three.root / "moved" / "bubbles.md")
    report = sync(three.vault).as_json()
    assert report["notes"]["moved"] == 1
    assert report["notes"]["gone"] == report["notes"]["new"] == 0
    assert report["cards"]["moved"] == 1
    assert {row.id: row.reps for row in rows(three)}[card] == 1  # type: ignore[attr-defined]


def test_a_deleted_note_is_kept_for_its_return(three: Notes) -> None:
    card = grade_first(three)
    before = rows(three)
    texts = {path: path.read_bytes() for path in three.root.rglob("*.md")}
    gone = next(path for path in texts if path.name == "bubble.md")
    gone.unlink()
    assert sync(three.vault).as_json()["notes"]["gone"] == 1
    gone.write_bytes(texts[gone])
    sync(three.vault)
    assert [r.id for r in rows(three)] == [r.id for r in before]  # type: ignore[attr-defined]
    assert {row.id: row.reps for row in rows(three)}[card] == 1  # type: ignore[attr-defined]


def test_the_rebuilt_store_says_the_same(three: Notes) -> None:
    for rating in (3, 1, 4):
        grade_first(three, rating)
        three.pass_days(9)
    before = rows(three)
    sync(three.vault, rebuild=True)
    assert rows(three) == before


def test_a_damaged_store_is_rebuilt_on_request(three: Notes) -> None:
    grade_first(three)
    before = rows(three)
    Path(three.vault.store_file).write_bytes(b"this is no database, however long it is" * 50)
    sync(three.vault, rebuild=True)
    assert rows(three) == before


def test_earlier_reviews_of_an_arriving_note_start_its_card(notes: Notes) -> None:
    front = (
        "---\nlast_reviewed: '2026-11-01'\nnext_review: 2026-11-11\nreview_count: 3\ndifficulty: easy\n"
        "mastery_level: 0.4\n---\n"
    )
    notes.write("old.md", "What was learnt before?", "Something with a **schedule** of its own.", front)
    sync(notes.vault)
    (row,) = rows(notes)
    assert (row.reps, row.last, row.due) == (3, "2026-11-01", "2026-11-11")  # type: ignore[attr-defined]
    assert row.stability == pytest.approx(10, rel=0.05)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("dated", "due"),
    [
        ("next_review: 2026-11-11\n", "2026-11-11"),
        ("next_review: null\n", "2026-11-23"),
        ("next_review: 2031-01-01\n", "2031-01-01"),
        ("created: 2026-11-22\n", "2026-11-23"),
    ],
)
def test_earlier_reviews_without_a_date_start_their_card_all_the_same(notes: Notes, dated: str, due: str) -> None:
    """Counted three times and dated never: a step of the fixed ladder before the next review, or before today."""
    notes.write("old.md", "What was learnt?", "Something **before**.", f"---\nreview_count: 3\n{dated}---\n")
    with time_machine.travel(notes.now.astimezone()):
        sync(notes.vault)
    (row,) = rows(notes)
    assert isinstance(row, CardRow)
    step = STEPS["medium"][2]
    last = min(date.fromisoformat(due), date(2026, 11, 23) + timedelta(days=step)) - timedelta(days=step)
    last = max(last, date(2026, 11, 22)) if "created" in dated else last
    assert (row.reps, row.last) == (3, last.isoformat())
    assert row.due == (due if "created" not in dated else (last + timedelta(days=step)).isoformat())


def test_a_vault_that_vanished_is_an_error_and_orphans_nothing(three: Notes) -> None:
    sync(three.vault)
    away = three.root.with_name("away")
    three.root.rename(away)
    three.root.mkdir()
    with pytest.raises(VaultError, match="holds no notes"):
        sync(three.vault)
    three.root.rmdir()
    away.rename(three.root)
    assert sync(three.vault).as_json()["cards"]["kept"] == 3


def test_an_unreadable_note_is_a_problem_and_keeps_its_cards(three: Notes, monkeypatch: pytest.MonkeyPatch) -> None:
    sync(three.vault)
    place = three.root / "gpu" / "stage.md"
    place.write_text(place.read_text() + "\nmore\n")
    real = builtins.open

    def locked(file: object, *rest: object, **named: object) -> object:
        if str(file).endswith("stage.md"):
            raise PermissionError(13, "Permission denied")
        return real(file, *rest, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(builtins, "open", locked)
    report = sync(three.vault)
    assert [problem.file for problem in report.problems] == ["gpu/stage.md"]
    assert sum(report.cards.by_rule.values()) == 3


def test_one_broken_note_stops_no_other(three: Notes) -> None:
    (three.root / "broken.md").write_bytes(
        b"---\ntags: [\n---\n# Broken\n\n## Answer\n\nStill **here**, and studied.\n"
    )
    (three.root / "binary.md").write_bytes(b"\x00\x01\x02" * 100)
    report = sync(three.vault).as_json()
    assert report["notes"]["seen"] == 5
    assert {problem["file"] for problem in report["problems"]} == {"broken.md", "binary.md"}
    assert report["cards"]["by_rule"]["answer-section"] >= 3


def test_a_second_studykit_is_told_who_holds_the_vault(three: Notes) -> None:
    with only_writer(three.vault.store_file), pytest.raises(BusyError, match=str(os.getpid())):
        sync(three.vault)


def test_switching_a_rule_off_takes_its_cards_out_and_on_again_brings_them_back(three: Notes) -> None:
    card = grade_first(three)
    settings = three.root / ".studykit" / "config.toml"
    settings.write_text("[rules]\nanswer-section = false\nlead = false\n")
    assert sync(three.vault).as_json()["cards"]["by_rule"] == {}
    settings.unlink()
    sync(three.vault)
    assert {row.id: row.reps for row in rows(three)}[card] == 1  # type: ignore[attr-defined]


def test_the_sample_vault(vault_copy: Path) -> None:
    notes = Notes(vault_copy)
    report = sync(notes.vault).as_json()
    assert report["notes"]["seen"] == 141
    by_rule = report["cards"]["by_rule"]
    assert by_rule["answer-section"] >= 90
    assert sum(by_rule.values()) >= 250
    assert [p for p in report["problems"] if "示例笔记" in p["file"]]


def test_cards_are_counted_as_they_stand_whoever_wrote_last(notes: Notes) -> None:
    notes.write("a.md", "What is a stage?", "A part of the layers.")
    notes.write("b.md", "What is a bubble?", "The idle time of a stage.")
    counts = [sync(notes.vault).cards.by_rule for _ in range(3)]
    assert counts == [{"answer-section": 2}] * 3
    notes.write("c.md", "What is a ring?", "A circle of ranks.")
    assert sync(notes.vault, dry_run=True).cards.by_rule == {"answer-section": 3}
    assert sync(notes.vault).cards.by_rule == {"answer-section": 3}
    with closing(open_store(notes.vault.store_file)) as store, store.write() as connection:
        connection.execute("UPDATE cards SET active = 0 WHERE file = 'a.md'")
    assert sync(notes.vault).cards.by_rule == {"answer-section": 2}
    assert sync(notes.vault).cards.by_rule == {"answer-section": 2}
