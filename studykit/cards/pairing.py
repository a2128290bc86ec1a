"""Two sets of cards, pair by pair: which of one set is which of the other, as far as their text decides it.

Candidates come from an index of rare tokens, so the work grows with the number of cards and not with its square.
Pairs are taken in the order of their rank, each card once; what is nearly tied is left alone.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from studykit.cards.similarity import Tokens, clearly_best

RARE_TOKENS = 16  # of a card on the left, looked up on the right
LONGEST_POSTING = 64  # a token in more cards than this tells nothing
CANDIDATES = 12  # pairs looked at for each card on the left


class Pair(NamedTuple):
    """Two cards by their place in the sets; pairs are settled by falling `rank`, `score` is what they are alike."""

    rank: float
    score: float
    left: int
    right: int


def candidates(
    left: Sequence[Tokens], right: Sequence[Tokens], near: Callable[[int], Sequence[int]] | None = None
) -> Iterator[tuple[int, int]]:
    """Pairs worth a look: those that share the rarest tokens, and for each on the left what stands `near` it."""
    postings = _postings(right)
    for place, card in enumerate(left):
        votes: Counter[int] = Counter()
        lists = sorted((postings[token] for token in {*card.prompt, *card.answer} if token in postings), key=len)
        for posting in lists[:RARE_TOKENS]:
            votes.update(posting)
        votes.update(near(place) if near else ())
        for other, _ in islice(votes.most_common(), CANDIDATES):
            yield place, other


def one_to_one(pairs: list[Pair]) -> Iterator[Pair]:
    """Pairs by rank, each card once, none that has a near rival among the cards still free."""
    pairs.sort(key=lambda pair: (-pair.rank, pair.left, pair.right))
    of_left: dict[int, list[Pair]] = defaultdict(list)
    of_right: dict[int, list[Pair]] = defaultdict(list)
    for pair in pairs:
        of_left[pair.left].append(pair)
        of_right[pair.right].append(pair)
    used_left: set[int] = set()
    used_right: set[int] = set()
    for pair in pairs:
        if pair.left in used_left or pair.right in used_right:
            continue
        rivals = [p.rank for p in of_left[pair.left] if p.right != pair.right and p.right not in used_right]
        rivals += [p.rank for p in of_right[pair.right] if p.left != pair.left and p.left not in used_left]
        # Ranks may pass 1; what counts is the distance, measured from a score of 1 downwards.
        over = max(0.0, pair.rank - 1.0)
        if clearly_best(pair.rank - over, max(rivals, default=0.0) - over):
            used_left.add(pair.left)
            used_right.add(pair.right)
            yield pair


def _postings(cards: Sequence[Tokens]) -> dict[str, list[int]]:
    postings: dict[str, list[int]] = defaultdict(list)
    for place, card in enumerate(cards):
        for token in {*card.prompt, *card.answer}:
            if len(postings[token]) <= LONGEST_POSTING:
                postings[token].append(place)
    return {token: posting for token, posting in postings.items() if len(posting) <= LONGEST_POSTING}
