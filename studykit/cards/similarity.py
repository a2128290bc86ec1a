"""How alike two cards are: prompts by character pairs, answers by words and, in Chinese, by character pairs.

Distances are insertions and deletions over these tokens (rapidfuzz's Indel), so an unrelated text of the same
subject scores low where single characters would find half of it again.
"""

from collections.abc import Iterator, Sequence
from itertools import count, groupby
from sys import intern
from typing import NamedTuple

from studykit.cards.normal_form import normalise
from studykit.vault.later import later

_LONGEST_PROMPT, _LONGEST_ANSWER = 600, 2_000  # characters compared
_ENOUGH = 30  # tokens; an answer of so many says by itself which card it is
_UNRELATED, _HALF = 0.35, 0.5  # of the answers: two texts on one subject reach 0.3 by chance
# Words that any two English texts share; Chinese pairs hold few of their kind.
_COMMON = frozenset({
    "the", "a", "an", "of", "to", "in", "on", "at", "by", "for", "from", "with", "and", "or", "not", "is", "are",
    "was", "were", "be", "been", "it", "its", "this", "that", "these", "those", "as", "so", "if", "then", "than",
    "can", "will", "may", "must", "do", "does", "has", "have", "which", "when", "where", "what", "how", "why",
    "because", "but", "also", "each", "all", "any", "one",
})  # fmt: skip
_WIDE = "\u3040"  # from here on characters are compared by pairs
_WORD = later(r"\w+")  # an expression that knows wide characters takes longer to compile than a note to read


class Tokens(NamedTuple):
    """What is compared of a card."""

    prompt: tuple[str, ...]
    answer: tuple[str, ...]


def tokens(prompt: str, answer: str) -> Tokens:
    """The tokens of a card's prompt and answer."""
    asked = normalise(prompt[:_LONGEST_PROMPT])
    return Tokens(_pairs(asked) or (asked,), words(answer[:_LONGEST_ANSWER].casefold()))


def words(text: str) -> tuple[str, ...]:
    """Words of alphabets, and pairs of neighbouring characters of Chinese, Japanese and Korean.

    >>> words("流水线 stalls")
    ('流水', '水线', 'stalls')
    """
    found: list[str] = []
    for run in _runs(text):
        found += _pairs(run) if run[0] >= _WIDE and len(run) > 1 else (intern(run),)
    return tuple(token for token in found if token not in _COMMON) or tuple(found)


def _runs(text: str) -> Iterator[str]:
    """The letters and digits that stand together, cut where an alphabet meets wide characters."""
    for run in _WORD.findall(text):
        if run.isascii() or min(run) >= _WIDE:
            yield run
        else:
            yield from ("".join(part) for _, part in groupby(run, _WIDE.__le__))


def alike(one: Tokens, other: Tokens) -> float:
    """0 (nothing in common) to 1: the mean of prompt and answer; a long answer may weigh twice the prompt.

    Answers that have next to nothing in common make two cards, however alike the prompts: `Why does it work?` is
    asked of many things, and `int8 range` is not `int16 range`.
    """
    asked, answered = _ratio(one.prompt, other.prompt), answers_alike(one, other)
    if answered < _UNRELATED or (asked == 1.0 and answered < _HALF):
        return min(asked, answered)
    mean = (asked + answered) / 2
    if min(len(one.answer), len(other.answer)) >= _ENOUGH:
        return max(mean, (asked + 2 * answered) / 3)
    return mean


def answers_alike(one: Tokens, other: Tokens) -> float:
    """0 to 1 over the answers alone; two empty answers are alike."""
    return _ratio(one.answer, other.answer)


def clearly_best(score: float, rival: float) -> bool:
    """Is a match of `score` beyond doubt beside the next best `rival`? The nearer to 1, the less it needs."""
    return (1 - rival) > 1.3 * (1 - score) + 0.02


def _pairs(text: str) -> tuple[str, ...]:
    # Interned, so that ten thousand cards hold each pair once.
    return tuple([intern(text[place : place + 2]) for place in range(len(text) - 1)])


_counted = count()
_FEW = 32  # pairs; comparing these here takes less than loading rapidfuzz does


def _ratio(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    if one == other:
        return 1.0
    if next(_counted) < _FEW:
        return indel_similarity(one, other)
    from rapidfuzz.distance import Indel  # late: only a sync that found much gone needs it

    return float(Indel.normalized_similarity(one, other))


def indel_similarity(one: Sequence[str], other: Sequence[str]) -> float:
    """What rapidfuzz's `Indel.normalized_similarity` is of two sequences that are not both empty: 0 to 1.

    The longest common subsequence by bits, a place of `one` each (Hyyrö, Bit-Parallel LCS-length Computation
    Revisited, 2004).
    """
    places: dict[str, int] = {}
    for place, token in enumerate(one):
        places[token] = places.get(token, 0) | 1 << place
    every = free = (1 << len(one)) - 1
    for token in other:
        taken = free & places.get(token, 0)
        free = (free + taken) | (free - taken)
    common = len(one) - (free & every).bit_count()
    whole = len(one) + len(other)
    return 1.0 - (whole - 2 * common) / whole
