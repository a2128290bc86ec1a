"""However a sync reads – in batches, by several processes, folder by folder – what it finds is the same."""

import builtins
import os
from contextlib import closing
from typing import Any

import pytest

from studykit.cards.extract import RuleOptions
from studykit.store.cards import select_cards
from studykit.store.database import open_store
from studykit.study.sync import sync
from studykit.study.syncing import reading, reading_pool
from studykit.study.syncing.note_reading import read_notes
from studykit.vault.scan import FileStat, scan
from tests.study.conftest import Notes


def cards(notes: Notes) -> list[object]:
    with closing(open_store(notes.vault.store_file)) as store:
        return list(select_cards(store, "1", (), "ORDER BY file, line"))


def write_many(notes: Notes) -> None:
    """Notes that ask the same in several files, and two pairs that claim one id, over the borders of batches."""
    for number in range(9):
        notes.write(f"{number % 3}/{number}.md", "What is a stage?", f"It is number {number}, as layer {number} says.")
    notes.write("0/z.md", "What is a bubble?", "The idle time of a stage.", "---\nid: mine\n---\n")
    notes.write("2/z.md", "What is a ring?", "A circle of ranks.", "---\nid: mine\n---\n")
    notes.write("1/y.md", "What is a link?", "A wire from one to another.", "---\nid: twice\n---\n")
    notes.write("2/y.md", "What is a link?", "A wire between ranks.", "---\nid: twice\n---\n")


def test_batches_give_the_cards_that_one_reading_gives(notes: Notes, monkeypatch: pytest.MonkeyPatch) -> None:
    write_many(notes)
    whole_report = sync(notes.vault).as_json()
    whole = cards(notes)
    monkeypatch.setattr(reading, "BATCH", 2)
    assert sync(notes.vault, rebuild=True).as_json() == whole_report
    assert cards(notes) == whole
    assert len(whole) == 13


class Fatal(RuleOptions, frozen=True):
    """Options that end any other process which receives them."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os._exit, (3,)


@pytest.mark.parametrize("options", [RuleOptions(), Fatal()], ids=["each lives", "each dies"])
def test_several_processes_read_what_one_reads(
    notes: Notes, monkeypatch: pytest.MonkeyPatch, options: RuleOptions
) -> None:
    write_many(notes)
    stats = [FileStat._make(seen) for seen in scan(str(notes.root), ["**/*.md"], []).files.values()]
    one = list(read_notes(str(notes.root), stats, {}, RuleOptions(), again=True))
    monkeypatch.setattr(reading_pool, "_CHUNK", 4)
    monkeypatch.setattr(reading_pool, "processes_for", lambda _stats: 2)
    assert list(reading_pool.read_many(str(notes.root), stats, {}, options, again=True)) == one


@pytest.mark.parametrize(
    ("notes", "size", "cores", "processes"),
    [(1, 1_000_000, 8, 0), (1_900, 100, 8, 0), (4_000, 400, 8, 2), (1_300, 10_000, 8, 3), (100_000, 10_000, 2, 2)],
)
def test_processes_are_started_where_there_is_work_for_them(
    monkeypatch: pytest.MonkeyPatch, notes: int, size: int, cores: int, processes: int
) -> None:
    monkeypatch.setattr(reading_pool, "processors", lambda: cores)
    assert reading_pool.processes_for([FileStat("a.md", 0, size)] * notes) == processes


def test_a_note_that_could_not_be_read_is_found_in_an_unchanged_folder(
    three: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in [three.root, *three.root.iterdir()]:
        os.utime(folder, (1_600_000_000, 1_600_000_000))
    real = builtins.open

    def refusing(file: Any, *arguments: Any, **named: Any) -> Any:
        if str(file).endswith("bubble.md"):
            raise PermissionError(13, "Permission denied", file)
        return real(file, *arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr(builtins, "open", refusing)
        assert "cannot be read" in sync(three.vault).problems[0].message
    assert sync(three.vault).notes.new == 1
    assert sync(three.vault).notes.seen == 3


def test_what_is_written_into_an_unchanged_folder_is_seen(three: Notes) -> None:
    for folder in [three.root, *three.root.iterdir()]:
        os.utime(folder, (1_600_000_000, 1_600_000_000))
    sync(three.vault)
    three.write("gpu/stage.md", "What is a stage?", "A run of **layers**, said otherwise.")
    assert sync(three.vault).notes.changed == 1
    three.write("gpu/new.md", "What is a rank?", "One process of the group.")
    (three.root / "net/ring.md").unlink()
    report = sync(three.vault).notes
    assert (report.new, report.gone) == (1, 1)


def test_where_every_note_stands_as_it_was_no_list_of_them_is_made(
    three: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in [three.root, *(place for place in three.root.rglob("*") if place.is_dir())]:
        os.utime(folder, (1_600_000_000, 1_600_000_000))
    sync(three.vault)
    whole = sync(three.vault).as_json()
    monkeypatch.setattr("studykit.store.notes.known_files", None)
    assert sync(three.vault).as_json() == whole
    assert whole["notes"]["seen"] == 3


def test_one_changed_note_is_read_without_a_list_of_the_others(three: Notes, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in [three.root, *(place for place in three.root.rglob("*") if place.is_dir())]:
        os.utime(folder, (1_600_000_000, 1_600_000_000))
    sync(three.vault)
    three.write("gpu/stage.md", "What is a stage?", "A run of **layers**, said otherwise.")
    monkeypatch.setattr("studykit.study.syncing.looking.look_at_all", None)
    report = sync(three.vault)
    assert (report.notes.seen, report.notes.changed, report.cards.edited) == (3, 1, 1)
    assert not sync(three.vault).found_change()


def test_where_prose_comes_to_rest_the_notes_that_stand_are_read_again_too(three: Notes) -> None:
    for folder in [three.root, *(place for place in three.root.rglob("*") if place.is_dir())]:
        os.utime(folder, (1_600_000_000, 1_600_000_000))
    sync(three.vault)
    (three.root / "net/ring.md").unlink()
    for name in ("rank", "ring"):  # as many as there are notes with review keys
        (three.root / f"{name}.md").write_text(f"Q: What is a {name}?\nA: A part of the group.\n", encoding="utf-8")
    report = sync(three.vault)
    assert report.prose_rests
    assert (report.notes.seen, report.notes.new, report.notes.gone, report.notes.changed) == (4, 2, 1, 0)
    assert report.cards.by_rule == {"hashcards": 2}
    assert sync(three.vault, rebuild=True).cards.by_rule == {"hashcards": 2}
