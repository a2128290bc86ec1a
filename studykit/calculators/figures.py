"""Numbers as people read them: a ratio as a percentage, three or four digits, a unit behind.

>>> from fractions import Fraction
>>> shown(Fraction(7, 23), percent=True)
'30.43 %'
>>> shown(Fraction(640, 3), "GB")
'213.3 GB'
"""

from fractions import Fraction
from math import isfinite

from studykit.locale import in_percent, language

Number = int | float | Fraction


def rounded(value: Number, digits: int = 4) -> str:
    """`value` to `digits` significant digits, with no exponent while it stays short; integers below 10^9 whole.

    >>> rounded(Fraction(7, 23)), rounded(1323), rounded(2.5e-7), rounded(174_600_000_000)
    ('0.3043', '1323', '2.5e-07', '174.6e9')
    """
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    size = abs(float(value))
    if value == int(value) and size < 10**9:
        return str(int(value))
    if size >= 10**9:
        return _engineering(float(value), digits)
    text = f"{float(value):.{digits}g}"
    return str(round(float(value))) if "e" in text and size >= 1 else text


def _engineering(value: float, digits: int) -> str:
    """`174.6e9`: the exponent a multiple of three, so that billions are seen as such."""
    power = 3 * (int(f"{abs(value):e}".split("e")[1]) // 3)
    return f"{value / 10**power:.{digits}g}e{power}"


def shown(value: Number, unit: str = "", *, percent: bool = False, digits: int = 4) -> str:
    """`value` with its unit; a ratio with `percent` as a percentage."""
    if percent:
        return in_percent(rounded(_as_number(value) * 100, digits))
    return f"{rounded(value, digits)} {unit_word(unit)}".rstrip()


COUNTED = {
    "time units": "个时间单位",
    "micro-batches": "个 micro-batch",
    "sequences": "条序列",
    "sequences/s": "条/s",
    "parameters": "个参数",
    "tokens": "个 token",
    "tok/s": "token/s",
    "groups": "组",
    "stages": "级",
    "steps": "步",
    "hops": "跳",
    "chunks": "个虚拟级",
    "GPUs": "张 GPU",
    "nodes": "个节点",
    "x": "倍",
}
"""Units that are words, and how they are said in Chinese; what has a symbol keeps it."""


def unit_word(unit: str) -> str:
    """A declared unit in the learner's language.

    >>> unit_word("GB"), unit_word("time units")
    ('GB', 'time units')
    """
    return COUNTED.get(unit, unit) if language().startswith("zh") else unit


def exact(value: Number) -> str:
    """The exact value: `7/23` for a fraction, the shortest decimal that reads back for a float."""
    return str(value) if isinstance(value, int | Fraction) else repr(value)


def plain(value: object) -> str:
    """An input as a person would type it: `Fraction(1, 2)` is `0.5`, a list is comma-separated.

    >>> plain(Fraction(1, 2)), plain(Fraction(1, 3)), plain((1, Fraction(5, 2))), plain("1f1b")
    ('0.5', '1/3', '1,2.5', '1f1b')
    """
    if isinstance(value, tuple | list):
        return ",".join(plain(each) for each in value)
    if isinstance(value, Fraction):
        if value.denominator == 1:
            return str(value.numerator)
        near = repr(float(value))
        return near if Fraction(near) == value else str(value)
    return str(value)


def _as_number(value: Number) -> Number:
    return Fraction(value) if isinstance(value, int) else value
