"""How findings show what they found: the claim cut short, the number, the place on the line."""

from studykit.calculators.figures import rounded
from studykit.locale import in_percent

LONGEST = 90
CLAIM = "{claim}"
"""Stands in a message for the claim as written, which `Page.finding` puts in."""

_REACH = 4 * LONGEST


def snippet(text: str) -> str:
    """A claim on one line, cut in the middle if it is long."""
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST // 2]} … {plain[-LONGEST // 2 :]}"


def excerpt(line: str, stated: str) -> str:
    """The claim around its number: the line, or as much of it as says what the number is about."""
    # Of a line of megabytes only what is near the number is looked at: there may be thousands of numbers in it.
    near = max(line.find(stated), 0)
    line = line[max(0, near - _REACH) : near + len(stated) + _REACH]
    plain = " ".join(line.strip(" \t-*>#|。.，,；;").split())
    if len(plain) <= LONGEST:
        return plain
    at = max(plain.find(stated), 0)
    start, end = max(0, at - LONGEST * 2 // 3), at + len(stated) + LONGEST // 3
    return ("… " if start else "") + plain[start:end].strip() + (" …" if end < len(plain) else "")


def place(line: str, stated: str) -> int:
    """The column, from 1, at which the stated number stands; 1 where markup hides it."""
    at = line.find(stated)
    if at < 0:
        digits = "".join(letter for letter in stated.split(" ")[0] if letter.isdigit() or letter in ".,")
        at = line.find(digits) if digits else -1
    return at + 1 if at >= 0 else 1


def percent(value: float, digits: int = 3) -> str:
    """
    >>> percent(63 / 319)
    '19.7 %'
    """
    return in_percent(rounded(value * 100, digits))
