"""A later normal form gives every question another id; the log then says so, and no history is lost."""

import json
from pathlib import Path

import pytest

from studykit.cards import identity
from studykit.cards.normal_form import NORMAL_FORM, normalise
from studykit.store.cards import select_cards
from studykit.store.database import open_store
from studykit.study.browsing.orphans import list_orphans
from studykit.study.sync import sync
from studykit.study.vault import open_vault

# Twins, a question of two notes, gaps of one text, prompts of a word: all that a hash alone tells apart.
NOTES = {
    "a.md": "#flashcards\n\nWhy?::it waits <!--SR:!2024-01-10,4,250-->\n\n"
    "Why?::it is full <!--SR:!2024-02-10,5,250-->\n\n"
    "a::b <!--SR:!2024-03-10,6,250-->\n\na::b <!--SR:!2024-04-10,7,250-->\n",
    "sub/b.md": "#flashcards\n\nWhy?::it waits <!--SR:!2024-05-10,8,250-->\n\n"
    "The ==first== and the ==second== ==third==\n<!--SR:!2024-06-10,9,250!2024-07-10,9,250!2024-08-10,9,250-->\n",
    "c.md": "#flashcards\n\nWhat is a bubble?:::time without work\n<!--SR:!2024-09-10,9,250!2024-10-10,9,250-->\n",
}
CARDS = 10


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in NOTES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def due(root: Path) -> dict[tuple[str, int, str, int], tuple[str, str | None]]:
    """For each card, by its place and prompt: its id, and the day on which it is due."""
    store = open_store(open_vault(str(root)).store_file)
    found = {(c.file, c.line, c.prompt, c.cloze): (c.id, c.due) for c in select_cards(store, "active = 1")}
    store.close()
    return found


def events(root: Path) -> list[str]:
    logs = sorted((root / ".studykit" / "log").rglob("*.jsonl"))
    return [json.loads(line)["type"] for log in logs for line in log.read_text(encoding="utf-8").splitlines()]


def test_histories_follow_to_the_new_ids(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sync(open_vault(str(root)))
    before = due(root)
    assert len(before) == len({day for _, day in before.values()}) == CARDS
    assert events(root) == ["import"] * CARDS

    monkeypatch.setattr(identity, "normalise", lambda text: f"2 {normalise(text)}")
    monkeypatch.setattr("studykit.study.sync.NORMAL_FORM", NORMAL_FORM + 1)
    report = sync(open_vault(str(root)))
    after = due(root)

    assert {place: day for place, (_, day) in after.items()} == {place: day for place, (_, day) in before.items()}
    assert not {name for name, _ in after.values()} & {name for name, _ in before.values()}
    assert sorted(events(root)) == ["alias"] * CARDS + ["import"] * CARDS
    assert (report.cards.new, report.cards.orphaned, report.cards.edited) == (0, 0, CARDS)
    assert list_orphans(open_vault(str(root))) == []

    sync(open_vault(str(root)), rebuild=True)
    assert due(root) == after


def test_an_orphan_comes_back_under_the_new_form(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sync(open_vault(str(root)))
    wanted = {place: day for place, (_, day) in due(root).items()}
    (root / "c.md").unlink()
    assert sync(open_vault(str(root))).cards.orphaned == 2
    monkeypatch.setattr(identity, "normalise", lambda text: f"2 {normalise(text)}")
    monkeypatch.setattr("studykit.study.sync.NORMAL_FORM", NORMAL_FORM + 1)
    sync(open_vault(str(root)))
    (root / "c.md").write_text(NOTES["c.md"].replace(":!2024-09", ":!2029-09"), encoding="utf-8")
    assert sync(open_vault(str(root))).cards.orphaned == 0
    assert {place: day for place, (_, day) in due(root).items()} == wanted
