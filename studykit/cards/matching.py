"""Cards that are gone and cards that are new: which of them are the same, edited or moved."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from studykit.cards.card import Card, Known
from studykit.cards.pairing import CANDIDATES, Pair, candidates, one_to_one
from studykit.cards.similarity import alike, tokens

THRESHOLD = 0.6
_SAME_NOTE = 0.1  # what standing in the same note is worth when pairs are put in order


class Match(NamedTuple):
    """A card that was known as `old_id` and is now `new_id`; `moved` if it stands in another note."""

    old_id: str
    new_id: str
    score: float
    moved: bool


def match(gone: Sequence[Known], new: Sequence[Card], threshold: float = THRESHOLD) -> list[Match]:
    """The pairs of `gone` and `new` cards that are alike by `threshold` (0 to 1) or more, best first.

    A card for which two partners are nearly as good gets none: it stays orphaned rather than guessed. One that stands
    word for word where it stood is the same, whatever its id is made of: so a change of the normal form loses nothing.
    """
    if not gone or not new:
        return []
    same = _standing(gone, new)
    settled = {one for pair in same for one in (pair.old_id, pair.new_id)}
    gone = [card for card in gone if card.id not in settled]
    new = [card for card in new if card.id not in settled]
    return [*same, *_alike(gone, new, threshold)]


def _standing(gone: Sequence[Known], new: Sequence[Card]) -> list[Match]:
    """Cards of the same words in the same note, twins in the order of their lines."""
    standing: dict[tuple[str, str, str, int], list[Known]] = defaultdict(list)
    for card in sorted(gone, key=lambda card: card.occurrence, reverse=True):
        standing[card.file, card.prompt, card.answer, card.cloze].append(card)
    return [
        Match(olds.pop().id, fresh.id, 1.0, moved=False)
        for fresh in sorted(new, key=lambda card: (card.file, card.line))
        if (olds := standing.get((fresh.file, fresh.prompt, fresh.answer, fresh.cloze)))
    ]


def _alike(gone: Sequence[Known], new: Sequence[Card], threshold: float) -> list[Match]:
    if not gone or not new:
        return []
    old_tokens = [tokens(card.prompt, card.answer) for card in gone]
    new_tokens = [tokens(card.prompt, card.answer) for card in new]
    by_note = _by_note(new)
    pairs = [
        Pair(score + (_SAME_NOTE if gone[old].file == new[fresh].file else 0.0), score, old, fresh)
        for old, fresh in candidates(old_tokens, new_tokens, lambda old: by_note.get(gone[old].file, ()))
        if gone[old].cloze == new[fresh].cloze and (score := alike(old_tokens[old], new_tokens[fresh])) >= threshold
    ]
    return [
        Match(
            gone[pair.left].id, new[pair.right].id, round(pair.score, 4), gone[pair.left].file != new[pair.right].file
        )
        for pair in one_to_one(pairs)
    ]


def _by_note(new: Sequence[Card]) -> dict[str, list[int]]:
    """The new cards of each note that has few of them; in a note with many, tokens must tell them apart."""
    notes: dict[str, list[int]] = defaultdict(list)
    for number, card in enumerate(new):
        notes[card.file].append(number)
    return {file: numbers for file, numbers in notes.items() if len(numbers) <= CANDIDATES}
