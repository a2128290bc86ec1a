"""Many cards folded by two processes at once: a card's state depends on its own events alone.

The other process hands its cards back packed, and touches neither file nor store.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import TypeAlias

import msgspec

from studykit.store.packed import real, whole
from studykit.store.past import CardHistory, Past
from studykit.vault.halves import elsewhere, may_halve

# A card as it was folded; of one without a review nothing is past.
Card: TypeAlias = tuple[str, CardHistory, Past | None]

MANY = 30_000  # reviews; of fewer a second process saves nothing
_SHARE = 5, 8  # of the cards go to the other process: this one has more to do

_Packed: TypeAlias = tuple[str, CardHistory, tuple[bytes, bytes, bytes, int | None, bytes] | None]
_encode = msgspec.msgpack.Encoder().encode
_decode: Callable[[bytes], list[_Packed]] = msgspec.msgpack.Decoder(list[_Packed]).decode


def fold_cards(
    work: Callable[[Iterable[str]], Iterator[Card]],
    cards: list[str],
    reviews: int,
    meanwhile: Callable[[], object],
) -> Iterator[Card]:
    """What `work` makes of `cards`, in their order; they hold so many `reviews`. `meanwhile` is done once, first.

    It should leave the reviews alone: each one that is looked at while two processes share them is copied.
    """
    if reviews < MANY or not may_halve():
        meanwhile()
        return work(cards)
    share = len(cards) * _SHARE[0] // _SHARE[1]
    with elsewhere(lambda: packed(work(cards[:share]))) as answer:
        meanwhile()
        mine = list(work(cards[share:]))
        said = answer()
    return chain(unpacked(said) if said else work(cards[:share]), mine)


def packed(cards: Iterable[Card]) -> bytes:
    """Cards as bytes that another process understands."""
    return _encode([(card, history, past and _bytes(past)) for card, history, past in cards])


def _bytes(past: Past) -> tuple[bytes, bytes, bytes, int | None, bytes]:
    return past.places.tobytes(), past.days.tobytes(), past.ratings, past.before, past.stabilities.tobytes()


def unpacked(data: bytes) -> Iterator[Card]:
    """The cards of `packed`, equal to what they were, bit for bit."""
    for card, history, past in _decode(data):
        if past is None:
            yield card, history, None
        else:
            places, days, ratings, before, stabilities = past
            yield card, history, Past(whole(places), whole(days), ratings, before, real(stabilities))
