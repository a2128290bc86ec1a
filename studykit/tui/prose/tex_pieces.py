"""Pieces of a formula as plain text, each with the part it plays, and how they are put together: a bracket wherever
the plain form would otherwise say something else."""

import re
from collections.abc import Sequence
from enum import Enum, auto
from itertools import pairwise
from typing import NamedTuple

from studykit.tui.prose import tex_signs as signs

_BLANKS = re.compile(r"[ ]+\n[ ]*")
_LONGEST_NAME = 40
_NAMED = re.compile(r"[\^_]\w+\Z")


class Part(Enum):
    """What a piece is to its neighbours."""

    ATOM = auto()  # one symbol, with what is attached to it
    NUMBER = auto()
    WORD = auto()  # letters that belong together: `max`, `model`, `d_model`
    FUNCTION = auto()  # a word that takes what follows, a sum's sign too
    PREFIX = auto()
    FRACTION = auto()
    OPEN = auto()
    CLOSE = auto()
    BAR = auto()
    PRODUCT = auto()
    LOOSE = auto()  # what binds less than a product
    SPACE = auto()


class Piece(NamedTuple):
    """A stretch of plain text."""

    text: str
    part: Part


_HOLDS = frozenset({Part.ATOM, Part.NUMBER, Part.WORD, Part.FUNCTION, Part.PREFIX, Part.FRACTION})
_FACTORS = _HOLDS - {Part.FRACTION} | {Part.PRODUCT}


def joined(pieces: Sequence[Piece]) -> str:
    """The pieces as one text: a fraction in brackets where a neighbour would take a part of it, words kept apart."""
    solid = [piece for piece in pieces if piece.part is not Part.SPACE]
    made, number = "", 0
    for piece in pieces:
        if piece.part is Part.SPACE:
            made += piece.text if piece.text != " " or made[-1:] != " " else ""
            continue
        before = solid[number - 1] if number else None
        after = solid[number + 1] if number + 1 < len(solid) else None
        number += 1
        text = f"({piece.text})" if piece.part is Part.FRACTION and _bound(before, after) else piece.text
        if made[-1:].isspace():
            text = text.lstrip(" ")
        made += " " * _apart(made, before, piece, text) + text
    return _BLANKS.sub("\n", made)


def _bound(before: Piece | None, after: Piece | None) -> bool:
    """Whether what stands around a fraction binds it as tight as its own stroke, or tighter."""
    if before and (before.part in _HOLDS or before.part is Part.CLOSE or before.text in "/÷"):
        return True
    return bool(after and (after.part in _HOLDS or after.part in (Part.OPEN, Part.PRODUCT) or after.text in "!/"))


def _apart(made: str, before: Piece | None, piece: Piece, text: str) -> bool:
    """Whether a space must come before `piece`, lest two names become one."""
    if before is None or made[-1:].isspace():
        return False
    if before.part is Part.FUNCTION:
        over = before.text[0] in signs.SUMS.values()
        return piece.part in _HOLDS | {Part.OPEN, Part.BAR} if over else piece.part in _HOLDS and text[:1] != "("
    wordy = before.part is Part.WORD or piece.part in (Part.WORD, Part.FUNCTION) or _NAMED.search(made[-_LONGEST_NAME:])
    return bool(wordy) and piece.part in _HOLDS and made[-1:].isalnum() and text[:1].isalnum()


def is_single(pieces: Sequence[Piece]) -> bool:
    """Whether the pieces are one thing to any neighbour: a symbol, a number, a word, something in brackets."""
    if len(pieces) == 2 and pieces[0].part is Part.PREFIX:
        return pieces[1].part in (Part.ATOM, Part.WORD)
    if len(pieces) == 1:
        return pieces[0].part in (Part.ATOM, Part.NUMBER, Part.WORD, Part.FUNCTION, Part.PREFIX)
    if len(pieces) < 2 or pieces[0].part is not Part.OPEN:
        return False
    depth = 0
    for place, piece in enumerate(pieces):
        depth += (piece.part is Part.OPEN) - (piece.part is Part.CLOSE)
        if depth <= 0:
            return place == len(pieces) - 1
    return False


def bracketed(pieces: Sequence[Piece], *, product: bool = False) -> str:
    """The text of the pieces, in brackets unless they are single (or, with `product`, only multiplied)."""
    solid = [piece for piece in pieces if piece.part is not Part.SPACE]
    text = joined(pieces).strip()
    return text if is_single(solid) or (product and _is_product(solid)) else f"({text})"


def _is_product(pieces: Sequence[Piece]) -> bool:
    """Whether nothing outside brackets binds less than a product."""
    depth = 0
    for piece, after in pairwise([*pieces, Piece("", Part.SPACE)]):
        if depth == 0 and piece.part not in _FACTORS | {Part.OPEN}:
            return False
        if depth == 0 and piece.part is Part.FUNCTION and after.part is not Part.OPEN:
            return False
        depth += (piece.part is Part.OPEN) - (piece.part is Part.CLOSE)
    return bool(pieces) and depth == 0
