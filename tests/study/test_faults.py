"""Kill -9, a full disk, a closed terminal: what a person did is kept, and the notes stay whole."""

import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from studykit.errors import LogError, StoreError
from studykit.store.database import open_store
from studykit.store.log import Log
from studykit.study.sessions.session import Session
from studykit.study.sync import sync
from tests.store.stored import stored
from tests.study.conftest import Notes

# A session that grades without end and says so after each grade has returned; then a write-back.
GRADER = """
import sys
from studykit.study.sessions.session import Request, Session
from studykit.study.sync import sync
from studykit.study.vault import open_vault
vault = open_vault(sys.argv[1])
sync(vault)
print("ready", flush=True)
while True:
    session = Session.open(vault, Request(new=5))
    while session.question is not None:
        session.grade(3, 10)
        print("graded", flush=True)
    session.finish()
    if not session.graded:
        break
"""

SYNCER = "import sys; from studykit.study.sync import sync; from studykit.study.vault import open_vault\n" + (
    "print('ready', flush=True)\nwhile True: sync(open_vault(sys.argv[1]), rebuild=True)\n"
)


def fill(notes: Notes, count: int) -> dict[Path, str]:
    """Many notes; their texts by file."""
    for number in range(count):
        notes.write(f"d{number % 7}/n{number:03}.md", f"What is number {number}?", f"Number **{number}**, no other.")
    return {path: path.read_text() for path in notes.root.rglob("*.md")}


def killed_after(program: str, notes: Notes, seconds: float) -> list[str]:
    """Start a process, wait until it is at work, kill it; the lines that it had said by then."""
    process = subprocess.Popen([sys.executable, "-c", program, str(notes.root)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    rest = process.stdout.read()
    process.wait()
    process.stdout.close()
    return [first, *rest.splitlines()]


def without_review_values(text: str) -> str:
    return re.sub(r"^(last_reviewed|next_review|review_count|mastery_level):.*$", r"\1:", text, flags=re.MULTILINE)


@pytest.mark.parametrize("seed", [0, 1, 2, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (3, 4, 5))])
def test_kill_9_in_a_session_loses_no_grade_and_breaks_no_note(notes: Notes, seed: int) -> None:
    texts = fill(notes, 60)
    said = killed_after(GRADER, notes, random.Random(seed).uniform(0.0, 0.25))
    acknowledged = said.count("graded")
    read = Log(notes.vault.log_folder, "test").read_all()
    assert len(read.events) >= acknowledged
    sync(notes.vault)
    store = open_store(notes.vault.store_file)
    assert len([each for each in stored(store) if each.card is not None]) == len(read.events)
    assert store.connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    store.close()
    for path, text in texts.items():
        assert without_review_values(path.read_text()) == without_review_values(text)


def test_kill_9_in_a_sync_leaves_a_store_that_opens(notes: Notes) -> None:
    fill(notes, 40)
    for seed in range(3):
        killed_after(SYNCER, notes, random.Random(seed).uniform(0.02, 0.3))
        report = sync(notes.vault)
        assert report.notes.seen == 40
        assert sum(report.cards.by_rule.values()) == 40


def test_a_store_made_anew_takes_the_place_of_the_old_one_when_it_is_whole(
    three: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = Path(three.vault.store_file)
    sync(three.vault)
    before = file.read_bytes()

    def interrupted(*_arguments: object) -> None:
        assert file.read_bytes() == before
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("studykit.study.sync.write_back_rest", interrupted)
        with pytest.raises(KeyboardInterrupt):
            sync(three.vault, rebuild=True)
    assert file.read_bytes() == before
    with closing(sqlite3.connect(file)) as reader:  # who reads the old one is not disturbed, nor hands it on
        reader.execute("SELECT count(*) FROM cards").fetchone()
        sync(three.vault, rebuild=True)
    with closing(sqlite3.connect(file)) as made:
        assert made.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert made.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert made.execute("SELECT count(*) FROM cards").fetchone()[0] > 0
    assert not list(file.parent.glob("*.new*"))


def test_a_full_disk_is_a_sentence_and_the_card_stays_in_front(three: Notes, monkeypatch: pytest.MonkeyPatch) -> None:
    session = three.open()
    assert session.question is not None
    card = session.question.card

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    real = os.write
    monkeypatch.setattr(os, "write", full)
    with pytest.raises(LogError, match="No space left"):
        session.grade(3, 100)
    monkeypatch.setattr(os, "write", real)
    assert session.question.card == card
    assert session.done == 0
    session.grade(3, 100)
    session.finish()
    assert len(Log(three.vault.log_folder, "test").read_all().events) == 1


def test_a_store_that_fails_after_the_log_was_written_catches_up(three: Notes, monkeypatch: pytest.MonkeyPatch) -> None:
    session = three.open()
    with monkeypatch.context() as patched:
        patched.setattr("studykit.study.sessions.actions.history.absorb", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            session.grade(3, 100)
    session._held.close()
    sync(three.vault)
    store = open_store(three.vault.store_file)
    assert len(stored(store)) == 1
    store.close()


def test_a_store_that_refuses_after_the_log_has_it_counts_no_answer_twice(
    three: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    session = three.open()
    assert session.question is not None
    card = session.question.card
    with monkeypatch.context() as patched:
        patched.setattr("studykit.study.sessions.actions.history.refold", full)
        for _ in range(2):
            with pytest.raises(StoreError, match="full") as caught:
                session.grade(3, 100)
            assert "Make room" in caught.value.hint
    assert session.question.card == card
    session.grade(2, 100)
    session.finish()
    sync(three.vault, rebuild=True)
    store = open_store(three.vault.store_file)
    assert [(each.card, each.review.rating) for each in stored(store) if each.card is not None] == [(card, 2)]
    store.close()


def test_a_read_only_note_stops_no_other(three: Notes) -> None:
    session = three.open()
    assert session.question is not None
    locked = three.root / session.question.file
    locked.chmod(0o444)
    while session.question is not None:
        session.grade(3, 100)
    problems = session.finish()
    assert [problem.file for problem in problems] == [str(locked.relative_to(three.root))]
    assert "read-only" in problems[0].message
    assert sum("review_count: 1" in path.read_text() for path in three.root.rglob("*.md")) == 2


def test_a_note_saved_right_after_it_was_written_back_is_read_again(
    three: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    from studykit.vault import patch as module
    from studykit.vault.patch import Value, write_patched

    def then_edited(path: str, digest: str, values: Mapping[str, Value]) -> str:
        outcome = write_patched(path, digest, values)
        place = Path(path)
        place.write_text(
            place.read_text() + "\n## Why is that so?\n\nBecause the **schedule** says so, and no other.\n"
        )
        return outcome

    session = three.open()
    session.grade(3, 100)
    with monkeypatch.context() as patched:
        patched.setattr(module, "write_patched", then_edited)
        session.finish()
    assert sync(three.vault).cards.new == 1


def test_a_dry_run_writes_nothing_anywhere(three: Notes) -> None:
    vault = three.vault
    before = {path: path.stat().st_mtime_ns for path in three.root.rglob("*")}
    report = sync(vault, dry_run=True)
    assert report.cards.new == 3
    assert not os.path.exists(os.path.dirname(vault.store_file))
    assert {path: path.stat().st_mtime_ns for path in three.root.rglob("*")} == before
    sync(vault)
    assert sync(vault, dry_run=True, rebuild=True).cards.new == 3
    assert sync(vault).cards.kept == 3


def test_a_note_that_cannot_be_written_is_a_problem_and_the_log_keeps_the_review(
    three: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_only(*_: object, **__: object) -> str:
        raise OSError(30, "Read-only file system")

    session = three.open()
    session.grade(3, 100)
    monkeypatch.setattr("studykit.vault.patch.write_patched", read_only)
    problems = session.finish()
    assert len(problems) == 1
    assert "Read-only file system" in problems[0].message
    assert len(Log(three.vault.log_folder, "test").read_all().events) == 1


@pytest.mark.parametrize("signal_number", [signal.SIGHUP, signal.SIGTERM, signal.SIGINT])
def test_a_terminal_closed_in_the_middle_of_a_card_loses_nothing(three: Notes, signal_number: int) -> None:
    sync(three.vault)
    process = subprocess.Popen(
        [sys.executable, "-m", "studykit", "review", "--plain", "--vault", str(three.root)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.write("\n3\n\n")
    process.stdin.flush()
    deadline = time.monotonic() + 20
    while not any(file.stat().st_size for file in three.root.rglob("*.jsonl")) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal_number)
    process.communicate(timeout=20)
    assert len(Log(three.vault.log_folder, "test").read_all().events) == 1
    session: Session = three.open(filter="is:review")
    session.finish()
    with_values = [path for path in three.root.rglob("*.md") if "review_count: 1" in path.read_text()]
    assert len(with_values) == 1
