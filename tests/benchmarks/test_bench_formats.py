"""Formats of other programs, against what they stand beside; every figure is a ratio within one run."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from studykit.cards.extract import RuleOptions, extract
from studykit.cards.rules import NATIVE
from studykit.vault.note import parse_note

pytestmark = pytest.mark.benchmark


def _best(work: Callable[[], object], rounds: int = 7) -> float:
    """Milliseconds of the fastest round."""
    times = []
    for _round in range(rounds):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times) * 1000


def _compare(what: str, own: float, peer: float, bar: float) -> None:
    print(f"\n{what}: {own:.1f} ms against {peer:.1f} ms, {own / peer:.3f}x (bar {bar}x)")
    if own / peer > bar:
        print("  missed this time: the machine is noisy, so a benchmark tells and never fails")


def test_notes_without_marks_pay_nearly_nothing(vault_dir: Path) -> None:
    places = sorted((vault_dir / "notes").rglob("*.md"))
    notes = [parse_note(place.name, place.read_bytes()) for place in places]
    off = RuleOptions(enabled=dict.fromkeys(NATIVE, False))
    on = _best(lambda: [extract(note, RuleOptions()) for note in notes], 15)
    without = _best(lambda: [extract(note, off) for note in notes], 15)
    _compare(f"{len(notes)} notes with no other format in them, all formats on, against none", on, without, 1.08)


MARKED = {
    "obsidian-sr": "#flashcards\n\n" + "term::meaning\n\nWhat is it?\n?\nIt is ==a thing==.\n\nA ==gap==.\n\n" * 2_000,
    "anki-cloze": "The {{c1::Nile}} flows into the {{c2::sea::where?}}.\n\n" * 4_000,
    "hashcards": "Q: What is it?\nA: A thing.\n\nC: The [Nile] is [long].\n\n" * 3_000,
    "obsidian-to-anki": "START\nBasic\nWhat is it?\nBack: A thing.\nEND\n\n" * 4_000,
    "flashcards-obsidian": "---\ncards-deck: a\n---\n\n"
    + "What is it? #card\nA thing.\n\nterm::meaning\n\nA ==gap==.\n\n" * 2_500,
    "logseq": "- What is it? #card\n\t- A thing.\n" * 4_000,
}  # fmt: skip


@pytest.mark.parametrize("rule", NATIVE)
def test_a_deck_against_a_full_parse(rule: str) -> None:
    """Making thousands of cards of one note takes about as long as markdown-it-py takes to read the note."""
    note = parse_note("a.md", MARKED[rule].encode())
    stock = MarkdownIt()
    assert {draft.rule for draft in extract(note, RuleOptions()).drafts} == {rule}
    own, peer = _best(lambda: extract(note, RuleOptions()), 3), _best(lambda: stock.parse(MARKED[rule]), 3)
    _compare(f"{rule}: {len(MARKED[rule]) // 1000} KB", own, peer, 2.0)
