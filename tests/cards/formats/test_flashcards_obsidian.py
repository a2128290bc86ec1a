"""Obsidian's Flashcards plugin: which notes are its own, its settings, and its ids as identity."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from studykit.cards.card import Draft
from studykit.cards.extract import RuleOptions, extract
from studykit.cards.formats.detect import formats_in
from studykit.cards.formats.plugins import FlashcardsObsidian, Plugins, SpacedRepetition, flashcards, read_plugins
from studykit.cli.init import init
from studykit.study.sync import sync
from studykit.study.vault import open_vault
from studykit.vault.note import parse_note

HERE = FlashcardsObsidian(installed=True)
TAGGED = "# Cells\n\nWhat is a cell? #card\nThe unit of life\n"


def drafts(text: str, options: FlashcardsObsidian = HERE, path: str = "bio/a.md", **others: object) -> list[Draft]:
    plugins = Plugins(flashcards=options, spaced_repetition=SpacedRepetition(**others))  # type: ignore[arg-type]
    return list(extract(parse_note(path, text.encode()), RuleOptions(plugins=plugins, prose=False)).drafts)


@pytest.mark.parametrize(
    ("text", "elsewhere", "here"),
    [
        (TAGGED, 0, 1),  # without the plugin, a tag like any other
        ("key::value\n", 0, 0),  # a field of a note that the plugin never saw
        ("term::meaning\n^1607361487244\n", 0, 1),
        ("term::meaning ^1607361487244\n", 0, 1),
        ("---\ncards-deck: Bio\n---\nterm::meaning\n", 1, 1),
        ("- Question #card\n\n  Answer\n", 0, 1),
        ("- Where is the cat? ::: де кіт?\n- A bear :: ведмідь\n", 0, 3),
        ("```haskell\nf :: Int -> Int\n```\n\nkey::value\n", 0, 0),
        ("`x #card`\n\nterm::meaning\n", 0, 0),
    ],
)
def test_whose_notes_are_read(text: str, elsewhere: int, here: int) -> None:
    assert [len(drafts(text, FlashcardsObsidian())), len(drafts(text))] == [elsewhere, here]
    assert {draft.rule for draft in drafts(text)} <= {"flashcards-obsidian"}


def test_a_card_that_is_a_heading_stands_under_the_one_above() -> None:
    text = "# Cell\n\n## Parts\n\n### Lysosome #card-reverse\nwaste\n\n### Golgi #card\nparcels\n\nER::tubes\n"
    contexts = {draft.prompt: draft.context for draft in drafts(text)}
    assert contexts["waste"] == contexts["Golgi"] == "bio › Cell › Parts"  # neither its own answer nor its neighbour
    assert contexts["ER"] == "bio › Cell › Golgi"


def test_a_tag_that_is_another_plugins_deck_stays_its_own() -> None:
    text = "#card\n\nterm::meaning\n"
    assert [draft.rule for draft in drafts(text, tags=("#card",))] == ["obsidian-sr"]


def test_settings(tmp_path: Path) -> None:
    folder = tmp_path / ".obsidian" / "plugins" / "flashcards-obsidian"
    folder.mkdir(parents=True)
    assert read_plugins(str(tmp_path)).flashcards == HERE
    data = {"contextAwareMode": True, "flashcardsTag": "fc", "inlineSeparator": "=>", "inlineSeparatorReverse": "<=>",
            "folderBasedDeck": False, "deck": "Uni::Theo"}  # fmt: skip
    (folder / "data.json").write_text(json.dumps(data), encoding="utf-8")
    own = read_plugins(str(tmp_path)).flashcards
    found = drafts("Satz #fc\nvon Rice\n\nx => y\n\na <=> b\n\nx::y\n\nz #card\nw\n", own)
    assert [(draft.prompt, draft.answer) for draft in found] == [
        ("Satz", "von Rice"), ("x", "y"), ("a", "b"), ("b", "a"),
    ]  # fmt: skip
    assert {draft.deck for draft in found} == {"Uni/Theo"}


def test_settings_of_its_second_version() -> None:
    own = flashcards({"hashtag": {"basicTag": "q"}, "defaultDeck": "All", "folderBasedDecks": False}, installed=True)
    assert (own.tag, own.deck, own.folders) == ("q", "All", False)
    assert flashcards({"hashtag": 3, "flashcardsTag": 4, "deck": []}, installed=False) == FlashcardsObsidian()


@pytest.mark.parametrize(
    ("head", "path", "deck"),
    [
        ("---\ncards-deck: My Deck::Sub deck\n---\n", "bio/a.md", "My Deck/Sub deck"),
        ('---\ntags: x\ncards-deck: "Bio"\n---\n', "bio/a.md", "Bio"),
        ("", "bio/cells/a.md", "bio/cells"),
        ("", "a.md", ""),
    ],
)
def test_the_deck(head: str, path: str, deck: str) -> None:
    assert [draft.deck for draft in drafts(head + TAGGED, path=path)] == [deck]


def test_tags_behind_the_mark_are_the_cards() -> None:
    [draft] = drafts("---\ntags: [all]\n---\n## What? #card #own/x #b-c\nThat\n")
    assert draft.tags == ("all", "own/x", "b-c")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_line_ends(newline: str) -> None:
    text = f"{TAGGED}^1607361487244\n\na::b\n".replace("\n", newline)
    assert [(draft.prompt, draft.answer) for draft in drafts(text)] == [
        ("What is a cell?", "The unit of life"), ("a", "b"),
    ]  # fmt: skip


def test_ids_keep_a_card_through_any_edit(tmp_path: Path) -> None:
    (tmp_path / ".obsidian" / "plugins" / "flashcards-obsidian").mkdir(parents=True)
    note = tmp_path / "a.md"
    note.write_text(f"{TAGGED}^1607361487244\n", encoding="utf-8")
    sync(open_vault(str(tmp_path)))
    note.rename(tmp_path / "b.md")
    (tmp_path / "b.md").write_text("Quite another text #card\nwith another answer\n^1607361487244\n", encoding="utf-8")
    report = sync(open_vault(str(tmp_path)))
    assert (report.cards.new, report.cards.orphaned, report.cards.by_rule) == (0, 0, {"flashcards-obsidian": 1})


def test_init_names_it(tmp_path: Path) -> None:
    (tmp_path / ".obsidian" / "plugins" / "flashcards-obsidian").mkdir(parents=True)
    for name, text in {"a.md": TAGGED, "b.md": "---\ncards-deck: x\n---\na::b\n", "c.md": "x::y\n"}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = formats_in(str(tmp_path), ["a.md", "b.md", "c.md"], read_plugins(str(tmp_path)))
    assert found.notes == {"flashcards-obsidian": 2}
    made = CliRunner().invoke(init, [str(tmp_path)])
    assert "format flashcards-obsidian in 2 of the notes" in made.output
    assert 'prose = "off"' in (tmp_path / ".studykit" / "config.toml").read_text(encoding="utf-8")
