"""Spaced Repetition: what its parser makes of odd text, what its settings change, and what its comments say.

The blocks are those of the plugin's own tests (`tests/unit/parser.test.ts`), in other words.
"""

import json
from datetime import date
from pathlib import Path

import pytest

from studykit.cards.extract import RuleOptions, extract
from studykit.cards.formats.cloze_pattern import gaps, read_pattern
from studykit.cards.formats.plugins import Plugins, SpacedRepetition, is_ignored, read_plugins
from studykit.cards.formats.sr_blocks import blocks
from studykit.cards.formats.sr_schedule import entries, of_note
from studykit.vault.note import parse_note
from studykit.vault.outline import outline

USUAL = SpacedRepetition(clozes=("==[123;;]answer[;;hint]==", "**[123;;]answer[;;hint]**", "{{[123;;]answer[;;hint]}}"))
ENDED = SpacedRepetition(end="---", clozes=USUAL.clozes)
ARROWS = SpacedRepetition(inline=":>", inline_reversed="<:>")

BLOCKS: dict[str, tuple[SpacedRepetition, str, list[tuple[str, str]]]] = {
    "text above an inline card": (USUAL, "some words\nOne ::two", [("inline", "One ::two")]),
    "the schedule on the next line": (USUAL, "a::b\n<!--SR:!1-->\nc", [("inline", "a::b\n<!--SR:!1-->")]),
    "an inline separator switched off": (SpacedRepetition(inline=""), "a::b", []),
    "the longer separator wins": (ARROWS, "q?<:>a", [("inline-reversed", "q?<:>a")]),
    "separators swapped": (SpacedRepetition(inline=":::", inline_reversed="::"), "a::b", [("inline-reversed", "a::b")]),
    "spaces behind a separator": (USUAL, "one\n? \ntwo", [("multiline", "one\n?\ntwo")]),
    "a block ends at a blank line": (USUAL, "q\n??\na\n\nrest", [("multiline-reversed", "q\n??\na")]),
    "an end marker takes in blank lines": (ENDED, "q\n?\na\n\nb\n---\nrest", [("multiline", "q\n?\na\n\nb")]),
    "an end marker, text before a card": (ENDED, "x\n\nq\n?\na\n---\n", [("multiline", "q\n?\na")]),
    "a gap of several lines": (USUAL, "one\ntwo ==three==\nfour", [("cloze", "one\ntwo ==three==\nfour")]),
    "no gap over lines": (USUAL, "one ==two\nthree==", []),
    "three equals signs": (USUAL, "a ===b=== c", [("cloze", "a ===b=== c")]),
    "no pattern at all": (SpacedRepetition(clozes=()), "a ==b== **c** {{d}}", []),
    "a fence is no card": (USUAL, "```\na::b\n\n==c==\n```\n", []),
    "inline code is no card": (USUAL, "see `a::b` there", []),
    "code beside the separator": (USUAL, "`x`::`y`", [("inline", "`x`::`y`")]),
    "a comment is no card": (USUAL, "<!--\nq\n?\na\n-->\nb::c", [("inline", "b::c")]),
    "an inline card within a longer one": (USUAL, "q\n?\na::b", [("inline", "a::b")]),
}  # fmt: skip


@pytest.mark.parametrize("name", BLOCKS)
def test_blocks(name: str) -> None:
    options, text, expected = BLOCKS[name]
    patterns = [pattern for raw in options.clozes if (pattern := read_pattern(raw))]
    fences = {fence.line: fence.end for fence in outline(text).fences}
    found = blocks(text.split("\n"), options, lambda line: bool(gaps(line, patterns)), fences)
    assert [(block.kind, block.text) for block in found] == expected


@pytest.mark.parametrize(
    ("pattern", "text", "answers"),
    [
        ("{{[123::]answer[::hint]}}", "{{1::Lima}} {{2::Peru::where}}", [("Lima", "", (1,)), ("Peru", "where", (2,))]),
        ("{{[123::]answer[::hint]}}", "{{a::Lima}} {{sa::Peru}}", [("Lima", "", (1,)), ("Peru", "", (2,))]),
        ("==answer==[^\\[hint\\]][\\[^123\\]]", "==a==[^2] ==b==^[c][^1]", [("a", "", (2,)), ("b", "c", (1,))]),
        ("==answer==[^\\[hint\\]][\\[^123\\]]", "==a== and ==b==^[c]", [("a", "", (1,)), ("b", "c", (2,))]),
    ],
)
def test_patterns(pattern: str, text: str, answers: list[tuple[str, str, tuple[int, ...]]]) -> None:
    read = read_pattern(pattern)
    assert read
    assert [(text[gap.opens : gap.closes], gap.hint, gap.numbers) for gap in gaps(text, [read])] == answers


@pytest.mark.parametrize(
    "raw", ["", "answer", "==answer==", "[1][hint]", "answer[1][hint]", "==[1]answer==", "[[1]hint]"]
)
def test_a_pattern_that_is_none(raw: str) -> None:
    assert read_pattern(raw) is None


def drafts(text: str, options: SpacedRepetition, path: str = "a/b.md") -> list[tuple[str, str, str]]:
    found = extract(parse_note(path, text.encode()), RuleOptions(plugins=Plugins(options)))
    return [(draft.deck, draft.prompt, draft.answer) for draft in found.drafts if draft.rule == "obsidian-sr"]


def test_the_answer_of_a_reversed_heading_does_not_stand_above_its_question() -> None:
    note = parse_note("a.md", b"# Cell #flashcards\n\n## Parts\n\n### Lysosome\n??\nwaste\n\n### Golgi\n?\nparcels\n")
    found = {draft.prompt: draft.context for draft in extract(note, RuleOptions()).drafts}
    assert found["waste"] == found["### Golgi"] == "Cell #flashcards › Parts"


def test_settings_of_the_vault(tmp_path: Path) -> None:
    folder = tmp_path / ".obsidian" / "plugins" / "obsidian-spaced-repetition"
    folder.mkdir(parents=True)
    settings = {
        "flashcardTags": ["#cards", "#learn"], "singleLineCardSeparator": " >> ", "convertFoldersToDecks": False,
        "convertHighlightsToClozes": False, "convertBoldTextToClozes": True, "noteFoldersToIgnore": ["templates"],
    }  # fmt: skip
    (folder / "data.json").write_text(json.dumps({"settings": settings, "buryList": []}), encoding="utf-8")
    options = read_plugins(str(tmp_path)).spaced_repetition
    assert options.multiline == "?"
    text = "#learn/x\n\na >> b\nc::d\n\nThe **Nile** is ==long==.\n"
    assert drafts(text, options) == [
        ("learn/x", "a", "b"),
        ("learn/x", "The […] is ==long==.", "The **Nile** is ==long==."),
    ]
    assert drafts(text, options, "templates/a.md") == []
    assert drafts("#flashcards\n\na >> b\n", options) == []


def test_settings_as_early_versions_of_the_plugin_spelt_them(tmp_path: Path) -> None:
    folder = tmp_path / ".obsidian" / "plugins" / "obsidian-spaced-repetition"
    folder.mkdir(parents=True)
    settings = {"flashcardTags": ["#🧠"], "singlelineCardSeparator": "->>", "singlelineReversedCardSeparator": "<->"}
    (folder / "data.json").write_text(json.dumps({"settings": {**settings, "disableClozeCards": True}}))
    options = read_plugins(str(tmp_path)).spaced_repetition
    found = drafts("plain\n\n#🧠 a ->> b\n\nc <-> d\n\ne::f ==g==\n", options)
    assert found == [("🧠", "a", "b"), ("🧠", "c", "d"), ("🧠", "d", "c")]


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", '{"settings": 3}', '{"settings": {"flashcardTags": [1], "clozePatterns": [2, "["]}}', "[" * 99_999],
)
def test_settings_that_cannot_be_read(tmp_path: Path, content: str) -> None:
    folder = tmp_path / ".obsidian" / "plugins" / "obsidian-spaced-repetition"
    folder.mkdir(parents=True)
    (folder / "data.json").write_text(content, encoding="utf-8")
    extract(parse_note("a.md", b"#flashcards\n\na ==b==\n"), RuleOptions(plugins=read_plugins(str(tmp_path))))
    assert read_plugins(str(tmp_path)).spaced_repetition.inline == "::"


def test_a_deck_tag_that_logseq_uses_too() -> None:
    text = "#card\n\n- Capital of Peru::Lima\n- Rivers #card\n\t- Amazon\n"
    options = RuleOptions(plugins=Plugins(SpacedRepetition(tags=("#card",))))
    found = extract(parse_note("a.md", text.encode()), options).drafts
    assert [(draft.rule, draft.prompt) for draft in found] == [("obsidian-sr", "- Capital of Peru")]


def test_folders_as_decks_need_no_tag() -> None:
    options = SpacedRepetition(folders=True)
    assert drafts("a::b\n", options, "x/y/c.md") == [("x/y", "a", "b")]
    assert drafts("a::b\n", options, "c.md") == []


@pytest.mark.parametrize(
    "head",
    [
        "tags: flashcards",
        "tags: x, flashcards",
        "tag: flashcards",
        'tags: ["#flashcards"]',
        "tags:\n- a\n- flashcards/b",
    ],
)
def test_frontmatter_tags(head: str) -> None:
    assert [pair[1:] for pair in drafts(f"---\n{head}\n---\nq::a\n", SpacedRepetition())] == [("q", "a")]


@pytest.mark.parametrize(
    "head", ["tags: #flashcards", "tags: [flashcardsx]", "title: flashcards", "tags:\n- a\nx:\n- flashcards"]
)
def test_what_is_no_tag(head: str) -> None:
    assert drafts(f"---\n{head}\n---\nq::a\n", SpacedRepetition()) == []


def test_ignored_paths() -> None:
    assert is_ignored("x/a.excalidraw.md", ["**/*.excalidraw.md"])
    assert is_ignored("templates/a.md", ["templates"])
    assert not is_ignored("a.md", ["**/*.excalidraw.md", "templates", ""])


def test_schedules() -> None:
    comment = "a ==b== ==c==\n<!--SR:!2024-03-01,1,130!2000-01-01,1,250!2024-03-10,4,269!x,y-->"
    first, new, third, broken = entries(comment)
    assert first
    assert third
    assert (first.last, first.interval, first.label) == (date(2024, 2, 29), 1, "hard")
    assert (new, broken) == (None, None)
    assert (third.last, third.label) == (date(2024, 3, 6), "medium")
    [old] = entries("a::b <!--SR:11-08-2021,4,270-->")
    assert old
    assert (old.last, old.label) == (date(2021, 8, 7), "easy")


def test_a_schedule_of_its_fsrs() -> None:
    text = "<!--SR:!fsrs,2026-01-11T08:00:00.000Z,10,9.7,8.1,2,6,1,0,2026-01-01T08:00:00.000Z-->"
    [found] = entries(text)
    assert found == (date(2026, 1, 1), 10, 6, "hard")


def test_a_note_reviewed_as_a_whole() -> None:
    head = "---\nsr-due: 2024-07-04\nsr-interval: 3\nsr-ease: 269\n---\n"
    found = of_note(head)
    assert found
    assert (found.last, found.interval) == (date(2024, 7, 1), 3)
    note = parse_note("a.md", f"{head}# Bubble\n\n## Answer\n\nTime in which a stage is idle.\n".encode())
    [draft] = extract(note, RuleOptions()).drafts
    assert draft.schedule == found
