"""A vault is followed: whatever way an editor saves, the note's cards are there a moment later."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue

import pytest

from studykit.errors import StudyError, VaultError
from studykit.store.cards import select_cards
from studykit.store.database import only_writer, open_store
from studykit.study.syncing.report import SyncReport
from studykit.study.syncing.watch import follow
from tests.study.conftest import Notes

pytest.importorskip("watchfiles", reason="the extra `watch` is not installed")
PATIENCE = 20.0  # seconds; a busy machine is no fault


@dataclass
class Following:
    """A vault followed by a thread of its own."""

    notes: Notes
    reports: "Queue[SyncReport]" = field(default_factory=Queue)
    said: "Queue[str]" = field(default_factory=Queue)
    failed: list[StudyError] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        try:
            follow(self.notes.vault, self.reports.put, self.said.put, stop=self.stop)
        except StudyError as error:
            self.failed.append(error)

    def next_change(self) -> SyncReport:
        """The next report that found one."""
        while True:
            report = self.reports.get(timeout=PATIENCE)
            if report.found_change():
                return report

    def quiet(self, seconds: float = 0.6) -> bool:
        """Nothing at all is synced for a while."""
        try:
            self.reports.get(timeout=seconds)
        except Empty:
            return True
        return False

    def answers(self) -> set[str]:
        with closing(open_store(self.notes.vault.store_file)) as store:
            return {card.answer for card in select_cards(store, "active = 1")}


@pytest.fixture
def following(notes: Notes) -> Iterator[Following]:
    notes.write("gpu/bubble.md", "What is a bubble?", "Time in which a stage waits.")
    following = Following(notes)
    thread = threading.Thread(target=following.run)
    thread.start()
    try:
        assert following.next_change().notes.new == 1
        yield following
    finally:
        following.stop.set()
        thread.join(PATIENCE)
    assert not thread.is_alive()


TEXT = "# What is a bubble?\n\n## Answer\n\n{}\n"


def in_place(note: Path, text: str) -> None:
    """VS Code, nano, and vim with `backupcopy=yes`: the file is emptied and written."""
    note.write_text(text)


def renamed_over(note: Path, text: str) -> None:
    """Obsidian's sync, JetBrains' safe write, and studykit itself: a temporary file is renamed over the note."""
    temporary = note.with_name(f"{note.name}.tmp.8231")
    temporary.write_text(text)
    temporary.replace(note)


def with_backup(note: Path, text: str) -> None:
    """Vim: a swap file, a try whether the folder can be written, the note made a backup, a new one, no backup."""
    swap, trial, backup = note.with_name(f".{note.name}.swp"), note.with_name("4913"), note.with_name(f"{note.name}~")
    swap.write_bytes(b"b0VIM")
    trial.write_bytes(b"")
    trial.unlink()
    note.rename(backup)
    note.write_text(text)
    backup.unlink()
    swap.unlink()


def locked(note: Path, text: str) -> None:
    """Emacs: a link as lock, an auto-save file, and the note copied to a backup before it is written."""
    lock, auto = note.with_name(f".#{note.name}"), note.with_name(f"#{note.name}#")
    lock.symlink_to("someone@host.1:1")
    auto.write_text(text)
    shutil.copy(note, note.with_name(f"{note.name}~"))
    note.write_text(text)
    auto.unlink()
    lock.unlink()


@pytest.mark.parametrize("save", [in_place, renamed_over, with_backup, locked], ids=lambda save: save.__name__)
def test_however_it_is_saved(following: Following, save: Callable[[Path, str], None]) -> None:
    note = following.notes.root / "gpu/bubble.md"
    save(note, TEXT.format("Idle time of a stage, saved anew."))
    report = following.next_change()
    # On a busy machine an editor may be seen between two of its steps; what it ends with is what counts.
    while report.cards.edited + report.cards.moved + report.cards.new == 0:
        report = following.next_change()
    assert following.answers() == {"Idle time of a stage, saved anew."}
    assert report.cards.orphaned == 0


def test_files_that_are_no_notes_wake_nothing(following: Following) -> None:
    while not following.quiet(0.4):
        pass
    for name in (
        ".bubble.md.swp",
        "bubble.md~",
        "#bubble.md#",
        "4913",
        "picture.png",
        ".git/index",
        ".obsidian/w.json",
    ):
        place = following.notes.root / "gpu" / name
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(b"x")
    assert following.quiet()


def test_a_thousand_files_at_once_are_one_sync(following: Following, tmp_path: Path) -> None:
    elsewhere = Notes(tmp_path / "elsewhere")
    for number in range(1000):
        elsewhere.write(f"many/{number}.md", f"What is thing {number}?", f"It is number {number} of a thousand.")
    (tmp_path / "elsewhere/many").rename(following.notes.root / "many")
    report = following.next_change()
    assert (report.notes.new, report.cards.new) == (1000, 1000)
    shutil.rmtree(following.notes.root / "many")
    gone = 0
    while gone < 1000:
        gone += following.next_change().notes.gone
    assert gone == 1000


def test_a_session_is_waited_for(following: Following) -> None:
    with only_writer(following.notes.vault.store_file):
        following.notes.write("gpu/stage.md", "What is a stage?", "A run of layers on one rank.")
        assert "as soon as it is done" in following.said.get(timeout=PATIENCE)
        time.sleep(0.5)
        assert following.said.empty(), "it is said once"
        assert "A run of layers on one rank." not in following.answers()
    assert following.next_change().notes.new == 1
    assert "A run of layers on one rank." in following.answers()


def test_settings_count_from_the_next_sync(following: Following) -> None:
    settings = following.notes.root / ".studykit/config.toml"
    settings.parent.mkdir(exist_ok=True)
    settings.write_text('[notes]\ninclude = ["**/*.txt"]\n')
    assert following.next_change().notes.gone == 1
    settings.write_text("nonsense = 1\n")
    assert "nonsense" in following.said.get(timeout=PATIENCE)
    settings.unlink()
    assert following.next_change().notes.new == 1


def test_a_vanished_vault_is_said(notes: Notes) -> None:
    notes.write("a.md", "What is a stage?", "A run of layers on one rank.")
    following = Following(notes)
    thread = threading.Thread(target=following.run)
    thread.start()
    following.next_change()
    os.rename(notes.root, notes.root.with_name("unmounted"))
    thread.join(PATIENCE)
    assert isinstance(following.failed[0], VaultError)
    assert "is gone" in following.failed[0].message
