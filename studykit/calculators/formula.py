"""Formulas as text: a symbol given another value, a factor more, other formulas put in.

>>> with_values("Q·w/(P·t)/10^9", {"P": 1})
'Q·w/t/10^9'
>>> scaled("weights + kv_cache", "·8")
'(weights + kv_cache)·8'
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from studykit.calculators.figures import plain, rounded
from studykit.vault.later import later

WORD = later(r"[A-Za-zΣα-ω][A-Za-z0-9_'α-ω]*")
_SENTENCE = later(r"[A-Za-z]{2,},? [A-Za-z]{2,}|[\u4e00-\u9fff]")
_ONES = (
    (later(r"(?<![\w.^])1·"), ""),
    (later(r"[·/]1(?![\w.^])"), ""),
    (later(r"(?<![\w)])\(([A-Za-z0-9_.]+)\)"), r"\1"),
)


def in_words(formula: str) -> bool:
    """Whether a formula is a phrase rather than symbols, so that no numbers are put in.

    >>> in_words("end of the last operation"), in_words("各级之和"), in_words("ceil(L/P)·per_layer")
    (True, True, False)
    """
    return bool(_SENTENCE.search(formula))


def replaced(formula: str, text: Callable[[str], str | None]) -> str:
    """`formula` with the words for which there is a text replaced by it; a phrase stays as it is."""
    if in_words(formula):
        return formula

    def put(found: re.Match[str]) -> str:
        other = text(found[0])
        return found[0] if other is None else other

    return WORD.sub(put, formula)


def number_text(value: Any) -> str:
    """A number as it stands in a formula, in parentheses where it is a fraction or negative."""
    long = isinstance(value, float) or len(plain(value)) > 9
    text = rounded(value, 6) if long else plain(value)
    return f"({text})" if "/" in text or text.startswith("-") else text


def with_values(formula: str, values: Mapping[str, Any]) -> str:
    """`formula` with some symbols replaced by numbers, factors and divisors of 1 left out."""
    text = replaced(formula, lambda word: number_text(values[word]) if word in values else None)
    if text != formula:
        for ones, nothing in _ONES:
            text = ones.sub(nothing, text)
    return text


def scaled(formula: str, by: str) -> str:
    """`formula` with `·x` or `/x` behind it, in parentheses where it is a sum."""
    return (f"({formula})" if is_sum(formula) or in_words(formula) else formula) + by


def is_sum(formula: str) -> bool:
    """Whether a plus or minus stands outside all parentheses."""
    depth = 0
    for letter in formula:
        depth += (letter == "(") - (letter == ")")
        if letter in "+-" and not depth:
            return True
    return False
