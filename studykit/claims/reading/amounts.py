"""A number with what stands behind it: `70B`, `600 GB/s`, `1.5 万亿`, `8个专家`, `30%`.

What can be read two ways keeps both: `GB` is 10^9 bytes or, loosely, 2^30; `B` a billion or a byte; a bit an eighth of
a byte or one. Which reading makes a claim true is for the claim to say.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import isfinite
from typing import NamedTuple

from studykit.calculators.chinese import multiplier
from studykit.calculators.figures import rounded
from studykit.calculators.units import measure
from studykit.claims.reading.tokens import Token
from studykit.locale import in_percent


class Reading(NamedTuple):
    """How ambiguous units are read; `raw` ignores all of them."""

    binary: bool = False
    byte: bool = False
    bit: bool = False
    raw: bool = False


class Unit(NamedTuple):
    """`factor` to base units, `binary` the same read in powers of 1024, `kind` as in calculators.units, or `count`.

    `prefixed` tells that a multiplier (K, M, 万) is part of it; `flat` that the factor is written out by nobody.
    """

    factor: float
    binary: float
    kind: str
    prefixed: bool = False


class Amount(NamedTuple):
    """A number as written. `step` is the worth of its last digit, before the unit; `percent` divides by 100."""

    literal: float
    step: float
    digits: int
    decimal: bool
    percent: bool
    unit: Unit | None
    start: int
    end: int
    word: str = ""

    def value(self, reading: Reading) -> float:
        return self.literal * self.scale(reading)

    def scale(self, reading: Reading) -> float:
        """What the literal is multiplied by under this reading."""
        if self.percent:
            return 0.01
        unit = self.unit
        if unit is None or reading.raw:
            return 1.0
        if unit.kind == "billion":
            return 1.0 if reading.byte else 1e9
        factor = unit.binary if reading.binary else unit.factor
        return factor * 8 if reading.bit and unit.kind == "bit" else factor


_LETTERS = {"k": 1, "K": 1, "M": 2, "G": 3, "T": 4}
_WORDS = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "bn": 1e9, "Mi": 2.0**20, "Ki": 2.0**10,
          "Gi": 2.0**30, "GT": 1e9, "MT": 1e6}  # fmt: skip
_SCALED = {"kW": 1e3, "MW": 1e6, "mW": 1e-3, "kJ": 1e3, "MJ": 1e6, "mJ": 1e-3, "kV": 1e3, "mV": 1e-3}
_ENERGY = {"Wh": 3.6e3, "kWh": 3.6e6, "MWh": 3.6e9, "GWh": 3.6e12}
_SHORT_WORDS = """
x X GPU GPUs gpu gpus SM SMs CPU CPUs ops op req seq tok bit bits FMA MAC MACs DP Hz TPU card cards core cores Core
Cores head heads byte bytes Byte Bytes elem elems int it its ns us ms s min h per and with rows cols row col W J V J
pct pp of in dB TP PP EP TPS QPS RPS FPS tps qps rps fps KV kv dim FFN MLP MHA GQA MQA MoE CTA CTAs gen
"""
_SHORT = frozenset(_SHORT_WORDS.split())
_RATES = ("Hz", "OPS", "OP", "IOPS", "ops", "FLOPS", "FLOPs", "FLOP")
_CALENDAR = {"week": 604_800.0, "month": 2_629_746.0, "year": 31_556_952.0}
_LONG = frozenset(("h", "hr", "hour", "min", "minute", "day", "month", "year", "小时", "分钟", "天", "月", "年"))
_WORKED = ("-hours", "-hour", "-days", "-day")
_SECONDS = {"s": 1.0, "sec": 1.0, "second": 1.0, "秒": 1.0, "ms": 1e-3, "us": 1e-6, "min": 60.0, "h": 3600.0}


@lru_cache(maxsize=4096)
def unit_of(word: str) -> Unit | None:
    """What a word behind a number means; None for what may be a variable (`4P`, `2hb`).

    >>> unit_of("GB").binary == 2**30, unit_of("P") is None, unit_of("个专家").factor
    (True, True, 1.0)
    """
    if word in _LETTERS:
        return Unit(1000.0 ** _LETTERS[word], 1024.0 ** _LETTERS[word], "count", True)
    if word == "B":
        return Unit(1e9, 1e9, "billion", True)
    if word in _SCALED:
        return Unit(_SCALED[word], _SCALED[word], "count")
    if word in _ENERGY:
        return Unit(_ENERGY[word], _ENERGY[word], "watt second")
    if word.removesuffix("s") in _CALENDAR:
        return Unit(_CALENDAR[word.removesuffix("s")], _CALENDAR[word.removesuffix("s")], "second")
    if word in _WORDS:
        return Unit(_WORDS[word], _WORDS[word], "count", True)
    return _chinese(word) if word[0] > "\u3000" else _latin(word)


def is_known(word: str) -> bool:
    """Whether a word is a unit that is known, and not only long enough to be something that is counted."""
    own = (_LETTERS, _WORDS, _SCALED, _ENERGY, _SHORT)
    return any(word in known for known in own) or bool(_measured(word) or _rate(word))


def _chinese(word: str) -> Unit:
    length = next((at for at, letter in enumerate(word) if letter not in "百千万亿"), len(word))
    factor = multiplier(word[:length]) if length else None
    if factor:
        return Unit(float(factor), float(factor), "count", True)
    for name, calendar in (("周", "week"), ("星期", "week"), ("个月", "month"), ("年", "year")):
        if word.startswith(name) and word[len(name) :][:1] not in ("期", "级", "代"):
            return Unit(_CALENDAR[calendar], _CALENDAR[calendar], "second")
    for name, unit in (
        ("字节", "B"),
        ("毫秒", "ms"),
        ("微秒", "us"),
        ("秒", "s"),
        ("分钟", "min"),
        ("小时", "h"),
        ("天", "day"),
        ("卡时", "hour"),
        ("卡小时", "hour"),
        ("机时", "hour"),
        ("位", "bit"),
    ):
        if word.startswith(name) and not word.startswith("位置"):
            return _measured(unit) or Unit(1.0, 1.0, "count")
    return Unit(1.0, 1.0, "count")


def _latin(word: str) -> Unit | None:
    if word.endswith(_WORKED):
        return None  # GPU-hours may come of hours, of days, or of plain numbers
    known = _measured(word) or _rate(word)
    if known:
        return known
    if word in _SHORT or len(word.rstrip("0123456789_")) >= 4 or any(letter > "\u3000" for letter in word):
        return Unit(1.0, 1.0, "count")
    return None


def _measured(word: str) -> Unit | None:
    if word in ("S", "d", "h", "P", "T", "E"):
        return Unit(3600.0, 3600.0, "second") if word == "h" else None
    found = measure(word)
    if found is None:
        return None
    factor = float(found.factor)
    if word.endswith(("bit", "bits")) or (found.kind == "byte" and word[-1:] == "b"):
        return Unit(factor, _binary(word, factor), "bit", factor > 0.125)
    prefixed = factor > 1 and found.kind != "second"  # `1.2M hours`: M is a multiplier, an hour has none
    return Unit(factor, _binary(word, factor), "count" if found.kind == "1" else found.kind, prefixed)


def _binary(word: str, factor: float) -> float:
    """The factor with K, M, G, T as powers of 1024, for what is counted in bytes or bits."""
    power = _LETTERS.get(word[0], 0) if len(word) > 1 and "i" not in word[1:2] else 0
    return factor * 1.024**power if power and word[1:2] in ("B", "b") else factor


def _rate(word: str) -> Unit | None:
    """`GHz`, `TOPS`, `GIOPS`."""
    for stem in _RATES:
        if word.endswith(stem) and word[: -len(stem)].rstrip("I") in ("", *_LETTERS, "P"):
            letter = word[: -len(stem)].rstrip("I")
            factor = 1000.0 ** (5 if letter == "P" else _LETTERS.get(letter, 0))
            return Unit(factor, factor, "rate", factor > 1)
    return None


def dotted(amounts: Iterable[Amount], ratio: float) -> bool:
    """Whether two values differ by a thousand because a dot stands between the thousands of a number.

    So `327.680` is written in much of Europe and of South America.
    """
    far = any(abs(ratio / factor - 1) < 0.06 for factor in (1e3, 1e6, 1e-3, 1e-6))
    return far and any(each.decimal and each.step == 0.001 and 1 <= each.literal < 1000 for each in amounts)


def read_amount(tokens: Sequence[Token], at: int) -> tuple[Amount, int] | None:
    """The amount that begins with the number `tokens[at]`, and the index behind it; None if it may be a variable."""
    token = tokens[at]
    literal, step, digits, decimal = figure(token.text)
    if not isfinite(literal) or not isfinite(step):
        return None
    after = at + 1
    if is_percent(tokens, after):
        return Amount(literal, step, digits, decimal, True, None, token.start, tokens[after].end), after + 1
    unit, after, word, end = _behind(tokens, after, token.end)
    if after < 0:
        return None
    return Amount(literal, step, digits, decimal, False, unit, token.start, end, word), after


@lru_cache(maxsize=4096)
def figure(text: str) -> tuple[float, float, int, bool]:
    """The number, the worth of its last digit, its significant digits, and whether it has decimals."""
    plain = text.replace(",", "").replace("_", "")
    mantissa, _, exponent = plain.lower().partition("e")
    decimals = len(mantissa.partition(".")[2])
    power = int(exponent) if exponent else 0
    digits = len(mantissa.replace(".", "").lstrip("0")) or 1
    return float(plain), float(f"1e{power - decimals}"), digits, bool(decimals)


def is_percent(tokens: Sequence[Token], at: int) -> bool:
    """A `%` that is no modulo: nothing to divide by stands right behind it."""
    if at >= len(tokens) or tokens[at].kind != "percent":
        return False
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    inside = tokens[at + 2].kind if at + 2 < len(tokens) else ""
    if following is not None and following.kind == "open" and inside in ("cjk", "word", "about", "relation"):
        # A remark: `12.5%（浪费 87.5%）`.
        return True
    spaced = tokens[at].start > tokens[at - 1].end
    return (
        following is None
        or following.kind not in ("number", "open")
        or (not spaced and following.start > tokens[at].end)
    )


def _behind(tokens: Sequence[Token], at: int, end: int) -> tuple[Unit | None, int, str, int]:
    """The unit words behind a number: the unit, the next index (-1: a variable), the words, where they end."""
    unit: Unit | None = None
    words: list[str] = []
    while at < len(tokens) and len(words) < 5:
        token = tokens[at]
        if token.kind in ("word", "cjk") and not _called(tokens, at):
            found = unit_of(token.text)
            if found is None:
                return None, -1, "", end
            unit = found if unit is None else _joined(unit, found)
        elif token.text == "/" and unit and at + 1 < len(tokens) and tokens[at + 1].kind in ("word", "cjk"):
            at += 1
            if unit.prefixed and tokens[at].text in _LONG:
                return None, -1, "", end  # `× 3600 = 360K req/h`: a factor of the unit stands in the working
            unit = _per(unit, tokens[at].text)
            words[-1] += "/" + tokens[at].text
            end, at = tokens[at].end, at + 1
            continue
        else:
            break
        words.append(tokens[at].text)
        end, at = tokens[at].end, at + 1
    return unit, at, " ".join(words), end


def _called(tokens: Sequence[Token], at: int) -> bool:
    """`sqrt(`: a function, not a unit."""
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    return tokens[at].text in FUNCTIONS and following is not None and following.kind == "open"


def _joined(unit: Unit, more: Unit) -> Unit:
    """`M FLOPs`, `billion 次`: a multiplier and a unit; of two units the first counts."""
    if unit.kind in ("count", "billion") and unit.prefixed and not more.prefixed:
        kind = more.kind if more.kind != "count" else unit.kind
        if unit.kind == "billion":
            return Unit(1e9 * more.factor, 1e9 * more.factor, more.kind, True)
        return Unit(unit.factor * more.factor, unit.binary * more.factor, kind, True)
    return more if unit.kind == "count" and not unit.prefixed and more.kind != "count" else unit


def _per(unit: Unit, below: str) -> Unit:
    seconds = _SECONDS.get(below)
    if seconds is None:
        return unit
    return Unit(unit.factor / seconds, unit.binary / seconds, unit.kind + "/second", unit.prefixed)


FUNCTIONS = frozenset(("sqrt", "min", "max", "ceil", "floor", "round", "log2", "log10", "abs", "int"))


def amount_text(value: float, stated: Amount) -> str:
    """`value`, which is in the units of `stated`, with those units."""
    if stated.percent:
        return in_percent(rounded(value, max(3, stated.digits)))
    return f"{rounded(value, max(4, stated.digits))} {stated.word}".rstrip()
