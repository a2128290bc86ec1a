"""`studykit suggest`: proposals, JSON, and writing only when told."""

import json
import subprocess
from pathlib import Path

import pytest

from tests import program

TEXT = "# 流水线\n\nP=8, M=16 时气泡率为 {}。\n"


def run(*words: str, typed: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return program.run("suggest", *words, typed=typed, **environment)


@pytest.fixture
def note(tmp_path: Path) -> Path:
    """A note with one claim."""
    path = tmp_path / "notes" / "note.md"
    path.parent.mkdir()
    path.write_text(TEXT.format("30.4%"), encoding="utf-8")
    return path


def test_a_proposal_is_shown_and_nothing_written(note: Path) -> None:
    done = run(str(note))
    assert done.returncode == 0
    assert done.stdout.startswith(f"{note}:3\n```quiz\nask: 1F1B 流水线有 {{stages}} 级")
    assert "1 note, 1 quiz block proposed." in done.stderr
    assert note.read_text(encoding="utf-8") == TEXT.format("30.4%")


def test_json_is_a_list_with_every_key(note: Path) -> None:
    (row,) = json.loads(run(str(note.parent), "--json").stdout)
    assert set(row) == {"file", "line", "calculator", "output", "block"}
    assert (row["file"], row["line"], row["calculator"], row["output"]) == (str(note), 3, "bubble", "ratio")


def test_the_known_vault_and_a_named_one(note: Path) -> None:
    for done in (run("--vault", str(note.parent)), run(STUDYKIT_VAULT=str(note.parent))):
        assert done.stdout.startswith("note.md:3\n")
    assert run("--vault", str(note.parent), "--insert", "--yes").returncode == 0
    assert "```quiz" in note.read_text(encoding="utf-8")


@pytest.mark.parametrize(("typed", "written"), [("y\n", True), ("n\n", False), ("", False)])
def test_inserting_asks_first(note: Path, typed: str, written: bool) -> None:
    done = run(str(note), "--insert", typed=typed)
    assert done.returncode == 0
    assert "Insert 1 blocks into 1 notes?" in done.stderr
    assert f"{note}:3" in done.stdout
    assert ("```quiz" in note.read_text(encoding="utf-8")) is written


def test_inserting_twice_adds_nothing(note: Path) -> None:
    assert "Inserted: 1 blocks into 1 notes." in run(str(note), "--insert", "--yes").stderr
    once = note.read_bytes()
    again = run(str(note), "--insert", "--yes")
    assert (again.returncode, again.stdout) == (0, "")
    assert note.read_bytes() == once


def test_a_wrong_number_is_a_remark(note: Path) -> None:
    note.write_text(TEXT.format("12.5%"), encoding="utf-8")
    done = run(str(note), "--json")
    assert len(json.loads(done.stdout)) == 1
    assert f"{note}:3: the number stated here is wrong" in done.stderr


def test_a_note_that_cannot_be_written_is_named(note: Path) -> None:
    note.chmod(0o444)
    done = run(str(note), "--insert", "--yes")
    assert done.returncode == 1
    assert "is read-only" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("/nowhere/at/all",), 4, "is not there"),
        (("--yes",), 2, "--yes goes with --insert"),
        (("--json", "--insert"), 2, "--yes"),
        (("--most", "0"), 2, "--most"),
    ],
)
def test_a_mistake_is_a_sentence_and_an_exit_code(words: tuple[str, ...], code: int, said: str) -> None:
    done = run(*words)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr
