"""How the form of a sentence is written down, and what its letters stand for.

In a form, `A`, `B` and `C` with a unit's class (`A:bytes`) stand for amounts, `N:count` for a plain or prefixed
number, `R:time` for the result; `_` is a short gap without a digit or the end of a sentence.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from studykit.vault.later import later

UNITS = {
    "B": 1.0, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12, "KiB": 1024.0, "MiB": 1024.0**2, "GiB": 1024.0**3,
    "us": 1e-6, "μs": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "毫秒": 1e-3, "微秒": 1e-6, "秒": 1.0, "分钟": 60.0,
    "小时": 3600.0, "天": 86400.0, "seconds": 1.0, "hours": 3600.0, "days": 86400.0, "minutes": 60.0,
    "K": 1024.0, "k": 1000.0, "M": 1e6, "T": 1e12, "万亿": 1e12, "亿": 1e8, "万": 1e4, "%": 0.01,
    "MB/s": 1e6, "GB/s": 1e9, "TB/s": 1e12,
}  # fmt: skip
_CLASSES = {
    "bytes": r"[KMGT]i?B(?![/A-Za-z])",
    "time": r"(?:毫秒|微秒|分钟|小时|秒|天|(?:ms|us|μs|µs|seconds|minutes|hours|days|s)(?![A-Za-z/]))",
    "speed": r"[MGT]B/s",
    "share": r"%",
}
WIDTHS = {"32": 4.0, "16": 2.0, "P8": 1.0, "T8": 1.0, "T4": 0.5}
_NAMED = {"bytes": "bytes", "time": "seconds", "speed": "bytes_per_second", "share": "share", "count": "count",
          "plain": "number", "side": "side", "billion": "parameters"}  # fmt: skip
_BEFORE = r"(?<![A-Za-z_\d.,\-–~×*/+^<>≤≥])(?<![×*/+^<>≤≥-] )"
_BEHIND = r"(?![\d.]*\s*[-–~～×x*/+^]\s*[\d(（]|\d|\.\d|\s*(?:以上|以下|\+|→))"
_GAP = r"[^\d\n。；;|=×]{{0,{0}}}?"


class Form(NamedTuple):
    """Of the lines that hold `word` those that hold `needs`, too, are read.

    `gives` lists what the result may be, the best first.
    With `bound` only what is above all of these is wrong. `unless` tells lines in which more is at play.
    """

    word: str
    needs: str
    pattern: re.Pattern[str]
    gives: Callable[[dict[str, float]], list[float]]
    unless: re.Pattern[str] | None = None
    bound: bool = False
    named: tuple[tuple[str, str], ...] = ()
    """The letters with what they stand for: `a` for bytes."""


def _amount(found: re.Match[str]) -> str:
    name, kind = found[1].lower(), found[2]
    number = rf"{_BEFORE}(?P<{name}>\d{{1,9}}(?:,\d{{3}})*(?:\.\d+)?(?:[eE]\d{{1,2}})?)"
    if kind == "count":
        return rf"{number}(?:(?P<{name}_unit>[KkM](?![A-Za-z])|万亿|亿|万))?(?![\d.])"
    if kind == "side":
        return rf"(?<![\d.×x*] )(?<![\w.×x*-])(?P<{name}>\d{{2,6}})"
    if kind == "billion":
        return rf"(?P<{name}>\d{{1,4}}(?:\.\d)?) ?(?P<{name}_unit>B)(?![A-Za-z])"
    if kind == "plain":
        return rf"{number}{_BEHIND}"
    return rf"{number} ?(?P<{name}_unit>{_CLASSES[kind]}){_BEHIND if name == 'r' else ''}"


def form(
    word: str, needs: str, text: str, gives: Callable[[dict[str, float]], list[float]], *,
    unless: str = "", bound: bool = False,
) -> Form:  # fmt: skip
    """A form from its text; case matters where `word` is Chinese."""
    text = re.sub(r"_(\d+)_", lambda found: _GAP.format(found[1]), text)
    named = tuple((letter.lower(), _NAMED[kind]) for letter, kind in re.findall(r"\b([ABCN]):([a-z]+)", text))
    text = re.sub(r"\b([ABCNR]):([a-z]+)", _amount, text)
    text = text.replace("WIDTH", r"(?P<format>FP32|FP16|BF16|INT8|FP8|INT4|float32|float16)")
    return Form(
        word, needs, later(text, re.IGNORECASE if word.isascii() else 0), gives,
        later(unless, re.IGNORECASE) if unless else None, bound, named,
    )  # fmt: skip
