"""Schedules that Spaced Repetition keeps outside the notes reach the cards that it made them for."""

import json
from pathlib import Path
from typing import Any

import pytest

from studykit.cards.extract import RuleOptions, extract
from studykit.cards.formats.plugins import Plugins, read_plugins
from studykit.cards.formats.sr_schedule import entry
from studykit.cards.formats.sr_store import question_hash
from studykit.study.sync import sync
from studykit.study.vault import open_vault
from studykit.vault.note import parse_note
from tests.cards.formats.test_import import cards, imports

# What the plugin's own code (`QuestionText` and `cyrb53`, run by Node) gives.
HASHES = {
    "Q::A": "1dd13d8b1b6400",
    "Q::A ^q1": "1dd13d8b1b6400",
    "#flashcards/bio  Q::A <!--SR:!2024-05-01,10,250-->": "1661087a4ffe81",
    "Frage 😀\n?\nÄpfel 中文": "9fef4365b0a6b",
    "##/#/#flashcards": "9d0dad581da1b",
    "é 中文# ": "2c21c03a3fdb2",
    "#a/b/\t<!--SR:": "79e24f1766366",
    "\u00a0é 中文<!--SR:": "4587b4d12a7f7",
    "": "bdcb81aee8d83",
}
TEN_DAYS = {"dueDate": "2024-05-11", "interval": 10, "ease": 250}


def vault_with(root: Path, data: dict[str, Any], notes: dict[str, str]) -> Path:
    folder = root / ".obsidian" / "plugins" / "obsidian-spaced-repetition"
    folder.mkdir(parents=True)
    (folder / "data.json").write_text(json.dumps(data), encoding="utf-8")
    for path, text in notes.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def intervals(root: Path, path: str = "a.md") -> list[int | None]:
    note = parse_note(path, (root / path).read_bytes())
    found = extract(note, RuleOptions(plugins=Plugins(read_plugins(str(root)).spaced_repetition), prose=False))
    return [draft.schedule.interval if draft.schedule else None for draft in found.drafts]


@pytest.mark.parametrize(("text", "expected"), HASHES.items())
def test_the_key_is_the_plugins(text: str, expected: str) -> None:
    assert question_hash(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("#flashcards/bio Q::A", "1dd13d8b1b6400"), ("q::a#a/b/#/", "836f215c86fdb"), (" # q::a", "5d39dfa1ba219")],
)
def test_where_folders_are_decks_a_tag_is_no_part_of_the_key(text: str, expected: str) -> None:
    assert question_hash(text, folders=True) == expected


@pytest.mark.parametrize("name", ["scheduleState", "scheduleData"])
@pytest.mark.parametrize("key", ["1dd13d8b1b6400", "a.md::1dd13d8b1b6400"])
def test_a_card_finds_its_own(tmp_path: Path, name: str, key: str) -> None:
    data = {"settings": {"dataStore": "PLUGIN_DATA"}, name: {"version": 1, "cardSchedules": {key: [TEN_DAYS]}}}
    vault_with(tmp_path, data, {"a.md": "#flashcards\n\nQ::A\n\nQ::B\n"})
    assert intervals(tmp_path) == [10, None]


def test_siblings_have_theirs_in_order_and_a_new_one_none(tmp_path: Path) -> None:
    text = "mitosis:::cell division"
    new = TEN_DAYS | {"dueDate": "2000-01-01"}
    for place, (values, expected) in enumerate(
        [([None, TEN_DAYS], [None, 10]), ([TEN_DAYS, new], [10, None]), ([], [None, None])]
    ):
        root = tmp_path / str(place)
        state = {"cardSchedules": {question_hash(text): values}}
        vault_with(root, {"scheduleState": state}, {"a.md": f"#flashcards\n\n{text}\n"})
        assert intervals(root) == expected


def test_a_comment_speaks_where_the_store_does_not(tmp_path: Path) -> None:
    text = "#flashcards\n\nQ::A <!--SR:!2024-05-11,3,250-->\nX::Y <!--SR:!2024-05-11,4,250-->\n"
    vault_with(tmp_path, {"scheduleState": {"cardSchedules": {HASH: [TEN_DAYS]}}}, {"a.md": text})
    assert intervals(tmp_path) == [10, 4]


HASH = HASHES["Q::A"]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("Spaced Repetition/Schedule Data/card-schedule-data.sr.md", "# Schedule Data\n\n```json\n{}\n```\n"),
        ("Spaced Repetition/schedule-data.sr.md", "{}"),
    ],
)  # fmt: skip
def test_files_in_the_vault(tmp_path: Path, file: str, text: str) -> None:
    held = text.replace("{}", json.dumps({"version": 1, "cardSchedules": {HASH: [TEN_DAYS]}}, indent=2))
    notes = {"a.md": "#flashcards\n\nQ::A\n", file: held}
    assert intervals(vault_with(tmp_path / "on", {"settings": {"dataStore": "FOLDER"}}, notes)) == [10]
    assert intervals(vault_with(tmp_path / "off", {"settings": {}}, notes)) == [None]
    moved = {"settings": {"dataStore": "FOLDER", "scheduleDataVaultLocation": "/My root/"}}
    notes = {"a.md": "#flashcards\n\nQ::A\n", file.replace("Spaced Repetition/", "My root/"): held}
    assert intervals(vault_with(tmp_path / "moved", moved, notes)) == [10]


def test_a_review_in_the_plugin_reads_no_note_again(tmp_path: Path) -> None:
    before, after = (
        read_plugins(str(vault_with(tmp_path / str(days), {"scheduleState": {"cardSchedules": {HASH: [held]}}}, {})))
        for days in (10, 11)
        for held in [TEN_DAYS | {"interval": days}]
    )
    assert before != after
    assert before.without_schedules() == after.without_schedules()


def test_an_id_behind_a_card(tmp_path: Path) -> None:
    nested = {"algorithm": "SM_2_OSR", "scheduleData": TEN_DAYS | {"delayedBeforeReviewTicks": 0}}
    state = {"cardSchedules": {"ab12CD34": [nested]}}
    vault_with(tmp_path, {"scheduleData": state}, {"a.md": "#flashcards\n\nQ::A ^sr-data-id-ab12CD34\n"})
    assert intervals(tmp_path) == [10]


def test_fsrs_in_json() -> None:
    value = {"dueDate": "2024-05-11T08:00:00.000Z", "interval": 10, "stability": 9.7, "difficulty": 7.5, "state": 2,
             "reps": 4, "lapses": 1, "learningSteps": 0, "lastReview": "2024-05-01T08:00:00.000Z"}  # fmt: skip
    found = entry({"algorithm": "FSRS", "scheduleData": value})
    assert found is not None
    assert (found.last.isoformat(), found.interval, found.reps, found.label) == ("2024-05-01", 10, 4, "hard")


def test_a_note_that_is_reviewed_as_a_whole(tmp_path: Path) -> None:
    state = {"noteSchedules": {"sub/b.md": TEN_DAYS, "sub/c.md": None}}
    notes = {"sub/b.md": "# Cell\n\n## Answer\n\nThe smallest unit of life.\n", "a.md": "#flashcards\n\nQ::A\n"}
    vault_with(tmp_path, {"scheduleState": state}, notes)
    vault = open_vault(str(tmp_path))
    sync(vault)
    found = cards(vault)["Cell"]
    assert (found.due, found.stability, imports(tmp_path)) == ("2024-05-11", 10.0, 1)


def test_a_vault_within_the_notes(tmp_path: Path) -> None:
    state = {"cardSchedules": {HASH: [TEN_DAYS]}, "noteSchedules": {"b.md": TEN_DAYS}}
    vault_with(tmp_path / "Vault", {"scheduleState": state}, {"a.md": "#flashcards\n\nQ::A\n"})
    assert intervals(tmp_path, "Vault/a.md") == [10]
    assert list(read_plugins(str(tmp_path)).spaced_repetition.kept.notes) == ["Vault/b.md"]


@pytest.mark.parametrize(
    "state",
    [
        None, 3, [], {"cardSchedules": 1, "noteSchedules": []}, {"cardSchedules": {HASH: 3}},
        {"cardSchedules": {HASH: [3, "x", [], {}, {"dueDate": 4}, {"dueDate": "2024-05-11", "interval": "x"}]}},
        {"cardSchedules": {HASH: [TEN_DAYS | {"interval": 1e300}]}},
        {"cardSchedules": {HASH: [{"scheduleData": {"stability": None, "reps": "x", "lastReview": 1}}]}},
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_nothing(tmp_path: Path, state: object) -> None:
    vault_with(tmp_path, {"scheduleState": state}, {"a.md": "#flashcards\n\nQ::A\n"})
    assert intervals(tmp_path) == [None]
