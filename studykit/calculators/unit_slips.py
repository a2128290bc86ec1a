"""Slips that every figure of a kind shares: the percent sign, bits and bytes, GiB and GB, a factor of 1000."""

from collections.abc import Iterator
from fractions import Fraction

from studykit.calculators.declare import Slip
from studykit.calculators.figures import Number
from studykit.calculators.units import Measure, measure

_BINARY_OF = {"K": 2**10, "k": 2**10, "M": 2**20, "G": 2**30, "T": 2**40, "P": 2**50}


def _fixed(formula: str, explain: str, zh: str) -> Slip:
    return Slip("", formula, explain, zh, lambda _inputs: None)


SIGN_MISSING = _fixed(
    "", "a percentage needs its sign; as typed it is a hundred times too large", "百分数漏写了 %，数值大了一百倍"
)
SIGN_EXTRA = _fixed(
    "",
    "a fraction was typed with a percent sign; as typed it is a hundred times too small",
    "小数后面多写了 %，数值小了一百倍",
)
BINARY = _fixed(
    "",
    "divided by a power of 1024 but written with the unit of a power of 1000 (GiB for GB)",
    "按 1024 的幂换算，却写成了 1000 幂的单位（把 GiB 当成 GB）",
)
DECIMAL = _fixed(
    "",
    "divided by a power of 1000 but written with the unit of a power of 1024 (GB for GiB)",
    "按 1000 的幂换算，却写成了 1024 幂的单位（把 GB 当成 GiB）",
)
BITS = _fixed("", "bits for bytes: eight times too large", "把 bit 当成了 byte，大了八倍")
BYTES = _fixed("", "bytes for bits: eight times too small", "把 byte 当成了 bit，小了八倍")
THOUSAND_UP = _fixed("", "a thousand times too large: a prefix is off by one", "大了一千倍：单位前缀错了一级")
THOUSAND_DOWN = _fixed("", "a thousand times too small: a prefix is off by one", "小了一千倍：单位前缀错了一级")


def unit_slips(exact: Fraction, unit: str, percent_typed: bool) -> list[tuple[Slip, Number]]:
    """The shared slips for a figure of `unit`, with what each would have given."""
    if not unit:
        return [(SIGN_EXTRA, exact / 100)] if percent_typed else [(SIGN_MISSING, exact * 100)]
    found = measure(unit)
    if found is None or found.kind in ("1",):
        return []
    return list(_of_quantity(exact, unit, found))


def _of_quantity(exact: Fraction, unit: str, found: Measure) -> Iterator[tuple[Slip, Number]]:
    ratio = _decimal_over_binary(unit) if found.kind.startswith("byte") else None
    if ratio:
        yield BINARY, exact * ratio
        yield DECIMAL, exact / ratio
    if found.kind.startswith("byte"):
        yield BITS, exact * 8
        yield BYTES, exact / 8
    yield THOUSAND_UP, exact * 1000
    yield THOUSAND_DOWN, exact / 1000


def _decimal_over_binary(unit: str) -> Fraction | None:
    """10^9 / 2^30 for a unit in G, and so on; None for bytes without a prefix."""
    binary = _BINARY_OF.get(unit[0])
    if binary is None or unit in ("byte", "bytes"):
        return None
    return Fraction({10: 10**3, 20: 10**6, 30: 10**9, 40: 10**12, 50: 10**15}[binary.bit_length() - 1], binary)
