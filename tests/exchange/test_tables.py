"""Cards as JSON and as tables, read back by other programs' readers; and the command that writes them."""

import csv
import io
import json
import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.errors import ExitCode
from studykit.exchange.tables import as_json, as_table
from studykit.store.events import Review
from studykit.store.log import Log
from studykit.study.browsing.browse import list_cards
from studykit.study.browsing.export import Exported, export_cards
from studykit.study.sync import sync
from tests.program import run
from tests.study.conftest import Notes

QUIZ = """# How idle is it?

```quiz
ask: With {stages} stages and {microbatches} micro-batches, what part of the time is a bubble?
calculator: bubble
given: {schedule: gpipe, stages: 4, microbatches: [8, 16]}
answer: ratio
```
"""


@pytest.fixture
def vault(tmp_path: Path) -> Notes:
    root = tmp_path / "notes"
    root.mkdir()
    notes = Notes(root)
    notes.write("gpu/气泡.md", "什么是气泡？", '等待，\n"空转"，\ttab。')
    notes.write("net/ring.md", "What is a ring?", "A circle.")
    (root / "quiz.md").write_text(QUIZ, encoding="utf-8")
    sync(notes.vault)
    return notes


def graded(vault: Notes, front: str, grade: int) -> None:
    card = next(str(card["id"]) for card in list_cards(vault.vault, "") if card["prompt"] == front)
    stamp = vault.vault.stamp(datetime.now())
    Log(vault.vault.log_folder, "laptop").append(
        [Review(stamp["id"], stamp["at"], stamp["day"], stamp["device"], card, grade, 2500)]
    )
    sync(vault.vault)


def test_json_holds_everything_that_is_known(vault: Notes) -> None:
    graded(vault, "什么是气泡？", 3)
    cards = {card["file"]: card for card in json.loads(as_json(export_cards(vault.vault, "", datetime.now())))}
    known = cards["gpu/气泡.md"]
    assert (known["deck"], known["prompt"], known["reps"], known["state"]) == ("gpu", "什么是气泡？", 1, "review")
    (only,) = known["reviews"]
    assert (only["rating"], only["ms"], only["rested"]) == (3, 2500, None)
    assert only["stability"] == pytest.approx(known["stability"], abs=1e-4)
    assert cards["net/ring.md"]["reviews"] == []
    assert cards["net/ring.md"]["due"] is None


def test_a_quiz_has_the_numbers_that_come_next(vault: Notes) -> None:
    (card,) = export_cards(vault.vault, "rule:quiz", datetime.now())
    ratio = {"8": "27.27%", "16": "15.79%"}  # (P - 1) / (M + P - 1)
    drawn = card.prompt.split()[4]
    assert card.prompt == f"With 4 stages and {drawn} micro-batches, what part of the time is a bubble?"
    assert ratio[drawn] in "".join(card.answer.split())


@pytest.mark.parametrize("separator", [",", "\t"])
def test_a_table_is_read_back_as_it_was(vault: Notes, separator: str) -> None:
    cards = export_cards(vault.vault, "", datetime.now())
    text = as_table(cards, separator).decode()
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=separator))
    assert [(row["id"], row["prompt"], row["answer"]) for row in rows] == [
        (card.id, card.prompt, card.answer) for card in cards
    ]
    assert rows[0]["due"] == ""


@given(st.text(), st.text(), st.sampled_from(",\t"))
def test_any_text_comes_through_a_table(prompt: str, answer: str, separator: str) -> None:
    card = Exported(
        id="1", deck="", prompt=prompt, answer=answer, context="", title="", file="a.md", line=1, rule="lead",
        kind="recall", tags=(), label="medium", state="new", due=None, last=None, reps=0, lapses=0, stability=None,
        difficulty=None, retrievability=None, flagged=False, reviews=(),
    )  # fmt: skip
    text = as_table([card], separator).decode("utf-8", "surrogateescape")
    (row,) = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    assert (row["prompt"], row["answer"]) == (prompt, answer)


def export(vault: Notes, *words: str) -> "subprocess.CompletedProcess[str]":
    return run("export", *words, "--vault", str(vault.root))


def test_the_command_takes_the_filters_of_every_list(vault: Notes, tmp_path: Path) -> None:
    file = tmp_path / "out.json"
    done = export(vault, str(file), "deck:gpu", "-tag:draft")
    assert (done.returncode, done.stderr) == (0, f"{file}: 1 card\n")
    assert [card["file"] for card in json.loads(file.read_bytes())] == ["gpu/气泡.md"]
    piped = export(vault, "-", "deck:gpu", "--format", "csv")
    assert piped.stdout.splitlines()[0].startswith("id,deck,prompt,answer")
    assert "什么是气泡？" in piped.stdout
    told = export(vault, str(file), "--json")
    assert json.loads(told.stdout)["cards"] == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["out.xlsx"], "out.xlsx: no format ends like this.\nEnd the name with .json, .csv, .tsv, .apkg"),
        (["-"], "-: which format is it to be?"),
        (["nowhere/out.csv"], "There is no folder "),
        (["out.csv", "is:lost"], "is:lost"),
    ],
)
def test_what_cannot_be_written_is_said(vault: Notes, words: list[str], said: str) -> None:
    done = export(vault, *words)
    assert done.returncode == ExitCode.USAGE
    assert done.stdout == ""
    assert said in done.stderr
    assert "Traceback" not in done.stderr
