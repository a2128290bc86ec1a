"""What settling identity costs: against comparing every pair, and with the size of the vault."""

import time
from collections.abc import Callable

import pytest
from rapidfuzz import fuzz, process

from studykit.cards.card import Card, Draft, Known
from studykit.cards.extract import RuleOptions, extract
from studykit.cards.identity import assign, by_base, match
from studykit.vault.note import parse_note
from tests.cards.history import Writer

pytestmark = pytest.mark.benchmark


def drafts(count: int, edited: bool = False) -> list[Draft]:
    """Cards with answers of a few sentences; `edited` changes every prompt a little and one sentence in four."""
    writer = Writer(7)
    made: list[Draft] = []
    for number in range(count):
        section = writer.section()
        question, sentences = section.question, list(section.sentences)
        if edited:
            question = f"Note {number % 7}: {question}"
            sentences[0] = writer.sentence(section.chinese) if number % 4 == 0 and len(sentences) > 2 else sentences[0]
        else:
            writer.sentence(section.chinese) if number % 4 == 0 and len(sentences) > 2 else None
        file = f"notes/{number // 8}.md"
        made.append(Draft("question-heading", "recall", "", file, number % 8, question, " ".join(sentences), "T"))
    return made


def known(cards: list[Card]) -> list[Known]:
    return [Known(c.id, c.base, c.occurrence, c.file, c.prompt, c.answer, c.cloze) for c in cards]


def seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def test_match_against_every_pair() -> None:
    """The peer: rapidfuzz's own extractOne with its token set ratio, over all candidates."""
    gone = known(assign(drafts(1_000), {}))
    fresh = [card for card in assign(drafts(1_000, edited=True), {}) if card.id not in {old.id for old in gone}]
    ours = seconds(lambda: match(gone, fresh))
    texts = [f"{card.prompt}\n{card.answer}" for card in fresh]
    peer = seconds(
        lambda: [process.extractOne(f"{old.prompt}\n{old.answer}", texts, scorer=fuzz.token_set_ratio) for old in gone]
    )
    found = match(gone, fresh)
    print(f"\nmatch, 1,000 x {len(fresh)}: {ours:.3f} s, every pair: {peer:.3f} s, ratio {ours / peer:.3f}")
    print(f"matched {len(found)} of {len(fresh)}")


def test_match_grows_with_the_cards() -> None:
    times = []
    for count in (1_000, 2_000, 4_000, 8_000):
        gone, fresh = known(assign(drafts(count), {})), assign(drafts(count, edited=True), {})
        times.append(seconds(lambda gone=gone, fresh=fresh: match(gone, fresh)))  # type: ignore[misc]
    print("\nmatch of 1, 2, 4, 8 thousand:", ", ".join(f"{t:.2f} s" for t in times))
    print(f"eight times the cards: {times[-1] / times[0]:.1f} times as long")


def test_assign_a_hundred_thousand() -> None:
    many = drafts(100_000)
    first = seconds(lambda: assign(many, {}))
    store = by_base(known(assign(many, {})))
    again = seconds(lambda: assign(many, store))
    print(f"\nassign 100,000 drafts: new {first:.2f} s, known {again:.2f} s")


def test_extraction_against_parsing() -> None:
    """The peer: reading the structure of the same notes, which a sync has to do anyway."""
    writer = Writer(3)
    for _ in range(400):
        writer.new_note()
    files = [(path, writer.render(path).encode()) for path in writer.notes]
    notes = [parse_note(path, data) for path, data in files]
    parsing = seconds(lambda: [parse_note(path, data) for path, data in files])
    extracting = seconds(lambda: [extract(note, RuleOptions()) for note in notes])
    cards = sum(len(extract(note, RuleOptions()).drafts) for note in notes)
    print(f"\nextract {cards} cards: {extracting:.3f} s, parse: {parsing:.3f} s, ratio {extracting / parsing:.2f}")
