"""The few signs studykit draws itself, in two sets, and what notes' signs become where the second is in use.

Some terminals with a Chinese font give `·─│→“` two cells where every table of widths says one, and a screen laid
out by the table falls apart there. Such a terminal says so when asked (see `app`), or `STUDYKIT_AMBIGUOUS=wide`
does; then all drawing is ASCII, and the commonest signs of that kind in a note are spelt in ASCII.
"""

import os
import sys

import msgspec

VARIABLE = "STUDYKIT_AMBIGUOUS"
QUESTION = "\x1b7\x1b[2;1H─\x1b[6n\x1b8"
"""Draw one such sign in the second row, ask where the cursor is now, and put it back."""


class Symbols(msgspec.Struct, frozen=True):
    """One set of signs; each is one cell wide in the terminals it is meant for."""

    bullets: tuple[str, str, str]
    bar: str
    rule: str
    column: str
    cross: str
    dot: str
    full: str


FINE = Symbols(("•", "◦", "▪"), "▎", "─", "│", "┼", "·", "█")
PLAIN = Symbols(("*", "-", "+"), "|", "-", "|", "+", ".", "#")
_SPELT: dict[int, str | int | None] = {
    ord(sign): text
    for sign, text in {
        "→": "->", "←": "<-", "↔": "<->", "⇒": "=>", "⇐": "<=", "…": "...", "—": "-", "–": "-", "“": '"', "”": '"',
        "‘": "'", "’": "'", "·": ".", "×": "x", "÷": "/", "±": "+-", "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~=",
        "•": "*", "●": "*", "○": "o", "■": "#", "□": "[]", "▼": "v", "▲": "^", "↓": "v", "↑": "^", "√": "sqrt ",
        **dict.fromkeys("─━═", "-"), **dict.fromkeys("│┃║", "|"), **dict.fromkeys("┌┐└┘├┤┬┴┼╔╗╚╝╠╣╦╩╬", "+"),
    }.items()
}  # fmt: skip
_wide: bool | None = None


def use_wide(wide: bool | None) -> None:
    """What the terminal answered; None forgets it."""
    global _wide
    _wide = wide


def is_wide_terminal() -> bool:
    """Whether ambiguous signs take two cells here. The variable decides before the terminal's own answer."""
    if wish := os.environ.get(VARIABLE, "").lower():
        return wish == "wide"
    encoding = getattr(sys.__stdout__, "encoding", None) or "utf-8"
    return bool(_wide) or "utf" not in encoding.lower()


def symbols() -> Symbols:
    """The set for this terminal."""
    return PLAIN if is_wide_terminal() else FINE


def spelling() -> dict[int, str | int | None]:
    """What to translate a note's text by, for `str.translate`."""
    return _SPELT if is_wide_terminal() else {}
