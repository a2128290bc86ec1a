"""What `studykit init` says of the formats it finds."""

from pathlib import Path

from click.testing import CliRunner

from studykit.cards.formats.detect import formats_in
from studykit.cards.formats.plugins import ObsidianToAnki, Plugins, SpacedRepetition
from studykit.cli.init import init

NOTES = {
    "sr.md": "#flashcards\n\na::b\n", "glossary.md": "a::b\n", "cloze.md": "The {{c1::Nile}} is long.\n",
    "deck.md": "Q: a\nA: b\n", "anki.md": "START\nBasic\na\nBack: b\nEND\n", "logseq.md": "- a #card\n\t- b\n",
    "prose.md": "# Title\n\nSome prose that starts nothing.\n", "fence.md": "```\n{{c1::x}} #card\n```\n",
}  # fmt: skip


def written(folder: Path) -> Path:
    for name, text in NOTES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_each_format_is_counted(tmp_path: Path) -> None:
    found = formats_in(str(written(tmp_path)), [*NOTES, "gone.md"], Plugins())
    one_each = ["obsidian-to-anki", "logseq", "hashcards", "obsidian-sr", "anki-cloze"]
    assert found == (dict.fromkeys(one_each, 1), False, 0)


def test_the_plugins_settings_count(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    written(tmp_path / "notes")
    plugins = Plugins(SpacedRepetition(folders=True))
    assert formats_in(str(tmp_path), ["notes/glossary.md"], plugins).notes == {"obsidian-sr": 1}


def test_a_regular_expression_may_find_notes_anywhere(tmp_path: Path) -> None:
    (tmp_path / "plain.md").write_text("a -> b\n", encoding="utf-8")
    plugins = Plugins(obsidian_to_anki=ObsidianToAnki(regexps={"Basic": "^(.+) -> (.+)$"}))
    assert formats_in(str(tmp_path), ["plain.md"], plugins).notes == {"obsidian-to-anki": 1}


def test_a_note_is_counted_for_the_program_that_reads_it(tmp_path: Path) -> None:
    (tmp_path / "deck.md").write_text("Q: a\nA: b\n<!--ID: 1-->\n\nQ: c\nA: d\n", encoding="utf-8")
    plugins = Plugins(obsidian_to_anki=ObsidianToAnki(regexps={"Basic": "^Q: (.+)\\nA: (.+)$"}))
    assert formats_in(str(tmp_path), ["deck.md"], plugins).notes == {"obsidian-to-anki": 1}
    assert formats_in(str(tmp_path), ["deck.md"], Plugins()).notes == {"hashcards": 1}


def test_init_names_them(tmp_path: Path) -> None:
    made = CliRunner().invoke(init, [str(written(tmp_path))])
    assert made.exit_code == 0
    assert "format hashcards in 1 of the notes" in made.output
