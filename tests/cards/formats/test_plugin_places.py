"""Where the settings of a vault's plugins are found, and what they say about paths."""

import json
from pathlib import Path

from studykit.cards.extract import RuleOptions, extract
from studykit.cards.formats.plugin_places import SPACED_REPETITION, plugin_places
from studykit.cards.formats.plugins import read_plugins
from studykit.study.syncing.prose import rests
from studykit.vault.note import parse_note


def settings(folder: Path, plugin: str = SPACED_REPETITION[0], **values: object) -> None:
    place = folder / "plugins" / plugin
    place.mkdir(parents=True)
    (place / "data.json").write_text(json.dumps({"settings": values}), encoding="utf-8")
    (folder / "community-plugins.json").write_text("[]", encoding="utf-8")


def inline(root: Path) -> str:
    return read_plugins(str(root)).spaced_repetition.inline


def test_a_folder_of_another_name_for_the_configuration(tmp_path: Path) -> None:
    settings(tmp_path / ".obsidian-phone", singleLineCardSeparator=">>")
    assert inline(tmp_path) == ">>"
    settings(tmp_path / ".obsidian", singleLineCardSeparator="=>")
    assert inline(tmp_path) == "=>"


def test_a_configuration_without_the_plugin_leaves_it_to_the_next(tmp_path: Path) -> None:
    (tmp_path / ".obsidian" / "plugins").mkdir(parents=True)
    settings(tmp_path / ".obsidian-desk", singleLineCardSeparator=">>")
    assert inline(tmp_path) == ">>"


def test_a_hidden_folder_of_another_program_is_no_configuration(tmp_path: Path) -> None:
    settings(tmp_path / ".trash", singleLineCardSeparator=">>")
    (tmp_path / ".trash" / "community-plugins.json").unlink()
    assert inline(tmp_path) == "::"


def test_a_vault_in_a_folder_of_the_notes(tmp_path: Path) -> None:
    configuration = tmp_path / "notes" / ".obsidian"
    settings(configuration, singleLineCardSeparator=">>", noteFoldersToIgnore=["drafts", "**/*.x.md"])
    settings(
        configuration, "obsidian-to-anki-plugin", FOLDER_DECKS={"law": "Law"}, Defaults={"Scan Directory": "cards"}
    )
    found = read_plugins(str(tmp_path))
    assert (found.spaced_repetition.inline, found.spaced_repetition.ignored_paths) == (
        ">>",
        ("notes/drafts", "notes/**/*.x.md"),
    )
    anki = found.obsidian_to_anki
    assert (anki.directory, anki.decks, anki.ignored_paths) == (
        "notes/cards", {"notes/law": "Law"}, ("notes/**/*.excalidraw.md",)
    )  # fmt: skip
    assert rests(str(tmp_path), {"obsidian-sr": 1}, 1_000)
    settings(tmp_path / "more" / ".obsidian")
    assert inline(tmp_path) == "::"  # of two vaults, neither speaks for the other
    assert not rests(str(tmp_path), {"obsidian-sr": 1}, 1_000)


def test_a_fork_of_the_plugin_counts_where_it_is_alone(tmp_path: Path) -> None:
    settings(tmp_path / ".obsidian", SPACED_REPETITION[1], singleLineCardSeparator=">>")
    assert inline(tmp_path) == ">>"
    assert [Path(place.folder).name for place in plugin_places(str(tmp_path), SPACED_REPETITION)] == [
        SPACED_REPETITION[1]
    ]


def test_no_folder_at_all(tmp_path: Path) -> None:
    assert inline(tmp_path / "gone") == "::"


def test_in_a_graph_of_logseqs_a_property_is_no_card(tmp_path: Path) -> None:
    (tmp_path / "logseq").mkdir()
    (tmp_path / "logseq" / "config.edn").write_text("{}", encoding="utf-8")
    note = parse_note("pages/a.md", b"- #flashcards\n- Capital of Peru #card\n  id:: 6581a195\n\t- Lima\n")

    def rules() -> list[str]:
        found = extract(note, RuleOptions(plugins=read_plugins(str(tmp_path))))
        return [draft.rule for draft in found.drafts]

    assert rules() == ["logseq"]
    settings(tmp_path / ".obsidian", flashcardTags=["#flashcards"])
    assert rules() == ["logseq", "obsidian-sr"]  # Obsidian opens the same folder, and there the line is a card


def test_a_graph_of_logseqs_may_have_been_a_vault(tmp_path: Path) -> None:
    """A schedule of Spaced Repetition behind a card tells that it was reviewed there, though its folder is gone."""
    (tmp_path / "logseq").mkdir()
    (tmp_path / "logseq" / "config.edn").write_text("{}", encoding="utf-8")
    text = "#flashcards\n\nCapital of Peru::Lima\n<!--SR:!2024-05-11,10,250-->\n"
    found = extract(parse_note("a.md", text.encode()), RuleOptions(plugins=read_plugins(str(tmp_path))))
    assert [draft.rule for draft in found.drafts] == ["obsidian-sr"]
