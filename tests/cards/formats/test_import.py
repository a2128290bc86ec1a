"""Schedules in notes become the start of their cards, once; the notes stay as they are."""

import json
from datetime import date, timedelta
from pathlib import Path

from studykit.store import database
from studykit.store.cards import CardRow, select_cards
from studykit.study.sync import sync
from studykit.study.vault import Vault, open_vault


def cards(vault: Vault) -> dict[str, CardRow]:
    store = database.open_store(vault.store_file)
    try:
        return {card.prompt: card for card in select_cards(store, "active = 1")}
    finally:
        store.close()


def imports(root: Path) -> int:
    logs = [file.read_text(encoding="utf-8") for file in (root / ".studykit" / "log").rglob("*.jsonl")]
    return sum(json.loads(line)["type"] == "import" for log in logs for line in log.splitlines())


def test_each_sibling_starts_with_its_own_entry(tmp_path: Path) -> None:
    due = date.today() + timedelta(3)
    text = f"#flashcards\n\nmitosis:::cell division\n<!--SR:!{due},10,250!2000-01-01,1,250-->\n"
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    vault = open_vault(str(tmp_path))
    report = sync(vault)
    assert report.cards.by_rule == {"obsidian-sr": 2}
    found = cards(vault)
    known, new = found["mitosis"], found["cell division"]
    assert (known.stability, known.due, new.due) == (10.0, due.isoformat(), None)
    assert known.deck == "flashcards"
    assert (tmp_path / "a.md").read_text(encoding="utf-8") == text
    assert imports(tmp_path) == 1


def test_it_is_taken_over_once(tmp_path: Path) -> None:
    note = tmp_path / "a.md"
    note.write_text("#flashcards\n\nq::a <!--SR:!2024-05-11,10,250-->\n", encoding="utf-8")
    vault = open_vault(str(tmp_path))
    sync(vault)
    note.write_text("#flashcards\n\nq::a <!--SR:!2025-05-11,90,250-->\n", encoding="utf-8")
    sync(vault)
    assert (cards(vault)["q"].due, imports(tmp_path)) == ("2024-05-11", 1)
    sync(vault, rebuild=True)
    assert (cards(vault)["q"].due, imports(tmp_path)) == ("2024-05-11", 1)


def test_a_last_review_that_lies_ahead(tmp_path: Path) -> None:
    due = date.today() + timedelta(100)
    (tmp_path / "a.md").write_text(f"#flashcards\n\nq::a <!--SR:!{due},10,250-->\n", encoding="utf-8")
    vault = open_vault(str(tmp_path))
    sync(vault)
    found = cards(vault)["q"]
    assert (found.due, found.last) <= (due.isoformat(), date.today().isoformat())
    assert found.due == due.isoformat()


def test_changed_plugin_settings_are_noticed(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("#flashcards\n\nq >> a\n", encoding="utf-8")
    vault = open_vault(str(tmp_path))
    sync(vault)
    assert "q" not in cards(vault)
    folder = tmp_path / ".obsidian" / "plugins" / "obsidian-spaced-repetition"
    folder.mkdir(parents=True)
    (folder / "data.json").write_text('{"settings": {"singleLineCardSeparator": " >> "}}', encoding="utf-8")
    sync(vault)
    assert "q" in cards(vault)
