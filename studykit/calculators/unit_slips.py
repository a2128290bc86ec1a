"""Slips that every figure of a kind shares: the percent sign, bits and bytes, GiB and GB, a factor of 1000."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from studykit.calculators.declare import Slip
from studykit.calculators.figures import Number
from studykit.calculators.formula import in_words, number_text, scaled
from studykit.calculators.units import Measure, measure

_THOUSANDS = {"K": 1, "k": 1, "M": 2, "G": 3, "T": 4, "P": 5}


def _fixed(explain: str, zh: str) -> Slip:
    return Slip("", "", explain, zh, lambda _inputs: None)


SIGN_MISSING = _fixed(
    "a percentage needs its sign; as typed it is a hundred times too large", "百分数漏写了 %，数值变成了 100 倍"
)
SIGN_EXTRA = _fixed(
    "a fraction was typed with a percent sign; as typed it is a hundred times too small",
    "小数后面多写了 %，数值只有 1/100",
)
GAIN = _fixed(
    "that is by how much more; asked is how many times as much, which is 100 % more than that",
    "这是增加了多少；问的是变成几倍，要再加 100%",
)
BINARY = _fixed(
    "divided by a power of 1024 but written with the unit of a power of 1000 (GiB for GB)",
    "按 1024 的幂换算，却写成了 1000 幂的单位（把 GiB 当成 GB）",
)
DECIMAL = _fixed(
    "divided by a power of 1000 but written with the unit of a power of 1024 (GB for GiB)",
    "按 1000 的幂换算，却写成了 1024 幂的单位（把 GB 当成 GiB）",
)
BITS = _fixed("bits for bytes: eight times too large", "把 byte 换成了 bit，结果变成了 8 倍")
BYTES = _fixed("bytes for bits: eight times too small", "把 bit 当成了 byte，结果只有 1/8")
THOUSAND_UP = _fixed("a thousand times too large: a prefix is off by one", "结果变成了 1000 倍：单位前缀错了一级")
BINARY_UP = _fixed("1024 times too large: a prefix is off by one", "结果变成了 1024 倍：单位前缀错了一级")
BINARY_DOWN = _fixed("1024 times too small: a prefix is off by one", "结果只有 1/1024：单位前缀错了一级")
THOUSAND_DOWN = _fixed("a thousand times too small: a prefix is off by one", "结果只有 1/1000：单位前缀错了一级")


def unit_slips(exact: Fraction, unit: str, percent_typed: bool, formula: str = "") -> list[tuple[Slip, Number]]:
    """The shared slips for a figure of `unit`, with what each would have given.

    `formula` is the right one; each slip's is that with the wrong factor behind it.
    """
    found = measure(unit)
    if not unit:
        wrong = [(SIGN_EXTRA, "/100", Fraction(1, 100)) if percent_typed else (SIGN_MISSING, "·100", Fraction(100))]
    elif unit == "x" and percent_typed:
        return [(replace(GAIN, formula=f"{_right(formula, exact)}-1"), exact - 1)]
    elif found is None or found.kind == "1":
        return []
    else:
        wrong = list(_of_quantity(unit, found))
    right = _right(formula, exact)
    return [(replace(slip, formula=scaled(right, by)), exact * factor) for slip, by, factor in wrong]


def _right(formula: str, exact: Fraction) -> str:
    """The right formula, or the figure where there is none in symbols."""
    return formula if formula and not in_words(formula) else number_text(exact)


def _of_quantity(unit: str, found: Measure) -> Iterator[tuple[Slip, str, Fraction]]:
    thousands = _THOUSANDS.get(unit[0]) if found.kind.startswith("byte") and unit not in ("byte", "bytes") else None
    if thousands:
        ratio = Fraction(1000, 1024) ** thousands
        yield BINARY, f"·10^{3 * thousands}/2^{10 * thousands}", ratio
        yield DECIMAL, f"·2^{10 * thousands}/10^{3 * thousands}", 1 / ratio
    if found.kind.startswith("byte"):
        yield BITS, "·8", Fraction(8)
        yield BYTES, "/8", Fraction(1, 8)
    if thousands and unit[1:2] == "i":
        yield BINARY_UP, "·1024", Fraction(1024)
        yield BINARY_DOWN, "/1024", Fraction(1, 1024)
    yield THOUSAND_UP, "·1000", Fraction(1000)
    yield THOUSAND_DOWN, "/1000", Fraction(1, 1000)
