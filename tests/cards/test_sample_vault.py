"""The rules on real notes: how many cards each makes, and that none of them is broken."""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from studykit.cards.answer import answers, tidy
from studykit.cards.card import Draft
from studykit.cards.extract import RuleOptions, extract
from studykit.cards.identity import assign
from studykit.cards.prompt import clean
from studykit.vault.note import Note, parse_note


@cache
def notes(root: Path) -> tuple[Note, ...]:
    files = sorted((root / "notes").rglob("*.md"))
    return tuple(parse_note(file.relative_to(root / "notes").as_posix(), file.read_bytes()) for file in files)


@cache
def drafts(root: Path) -> tuple[Draft, ...]:
    return tuple(draft for note in notes(root) for draft in extract(note, RuleOptions()).drafts)


def test_each_rule_finds_what_is_there(vault_dir: Path) -> None:
    """At least what a first draft of the rules found, whose cards were looked at by eye."""
    counts = Counter(draft.rule for draft in drafts(vault_dir))
    least = {"answer-section": 102, "lead": 9, "staged-answer": 39, "inline-qa": 45}
    assert {rule: counts[rule] for rule, number in least.items() if counts[rule] < number} == {}
    assert counts["question-heading"] + counts["question-word"] >= 113


def test_no_card_is_broken(vault_dir: Path) -> None:
    for draft in drafts(vault_dir):
        where = f"{draft.file}:{draft.line}"
        assert answers(draft.answer), where
        assert tidy(draft.answer) == draft.answer, where
        assert "相关笔记" not in draft.answer, where
        assert not re.match(r"(?:好的|当然|Sure)[，,！!]", draft.answer), where
        assert sum(line.lstrip().startswith("```") for line in draft.answer.split("\n")) % 2 == 0, where
        assert clean(draft.prompt.split("\n")[0]) == draft.prompt.split("\n")[0], where


def test_answers_stand_in_their_notes_as_they_are(vault_dir: Path) -> None:
    bodies = {note.path: note.body for note in notes(vault_dir)}
    for draft in drafts(vault_dir):
        assert all(line.strip() in bodies[draft.file] for line in draft.answer.split("\n"))
    whole = sum(draft.answer in bodies[draft.file] for draft in drafts(vault_dir))
    assert whole >= 0.98 * len(drafts(vault_dir))  # the rest lost the indentation of a list item


def test_no_question_is_asked_twice_in_a_note(vault_dir: Path) -> None:
    asked = Counter((draft.file, draft.prompt, draft.context) for draft in drafts(vault_dir))
    assert [place for place, number in asked.items() if number > 1] == []


def test_lines_point_at_the_question(vault_dir: Path) -> None:
    texts = {note.path: note.text.split("\n") for note in notes(vault_dir)}
    for draft in drafts(vault_dir):
        if draft.rule in {"question-heading", "question-word", "inline-qa"}:
            line = texts[draft.file][draft.line - 1]
            assert draft.prompt.rstrip("？?") in line


def test_ids_are_distinct(vault_dir: Path) -> None:
    cards = assign(drafts(vault_dir), {})
    assert len({card.id for card in cards}) == len(cards)


@pytest.mark.parametrize("name", ["README.md", "示例笔记.md"])
def test_files_for_editors_make_no_cards(vault_dir: Path, name: str) -> None:
    assert [draft.file for draft in drafts(vault_dir) if draft.file.endswith(name)] == []
