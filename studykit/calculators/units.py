"""Units of typed answers: a small table for what this field uses, pint for the rest.

`GB` is 10^9 bytes and `GiB` 2^30; `Gb` and `Gbit` are bits; `tok/s`, `req/s` and `/s` are the same kind. Words that
only count (GPUs, 层, micro-batches) make no difference, so `16 micro-batches` and `16` are one answer.
"""

import re
from fractions import Fraction
from typing import Any, NamedTuple

from studykit.calculators.figures import Number
from studykit.calculators.reading import Reading


class Measure(NamedTuple):
    """How many base units one unit is, and of what: `byte`, `second`, `flop`, `1`, or one of them `/second`."""

    factor: Fraction
    kind: str


_SI: dict[str, int] = {"": 1, "k": 10**3, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "P": 10**15, "E": 10**18}
_BINARY = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40, "Pi": 2**50}
_EIGHTH = Fraction(1, 8)
_STEMS = {
    "B": Measure(Fraction(1), "byte"), "byte": Measure(Fraction(1), "byte"), "bytes": Measure(Fraction(1), "byte"),
    "b": Measure(_EIGHTH, "byte"), "bit": Measure(_EIGHTH, "byte"), "bits": Measure(_EIGHTH, "byte"),
    "FLOP": Measure(Fraction(1), "flop"), "flop": Measure(Fraction(1), "flop"),
    "FLOPs": Measure(Fraction(1), "flops"), "FLOPS": Measure(Fraction(1), "flops"),
    "flops": Measure(Fraction(1), "flops"),
    "tok": Measure(Fraction(1), "1"), "token": Measure(Fraction(1), "1"), "tokens": Measure(Fraction(1), "1"),
}  # fmt: skip
_WHOLE: dict[str, int | Fraction] = {
    "s": 1, "sec": 1, "secs": 1, "second": 1, "seconds": 1, "秒": 1, "秒钟": 1, "S": 1,
    "ms": Fraction(1, 1000), "msec": Fraction(1, 1000), "millisecond": Fraction(1, 1000),
    "milliseconds": Fraction(1, 1000), "毫秒": Fraction(1, 1000),
    "us": Fraction(1, 10**6), "µs": Fraction(1, 10**6), "μs": Fraction(1, 10**6), "微秒": Fraction(1, 10**6),
    "ns": Fraction(1, 10**9), "纳秒": Fraction(1, 10**9),
    "min": 60, "mins": 60, "minute": 60, "minutes": 60, "分钟": 60,
    "h": 3600, "hr": 3600, "hour": 3600, "hours": 3600, "小时": 3600,
    "d": 86400, "day": 86400, "days": 86400, "天": 86400,
}  # fmt: skip
_COUNTED_WORDS = """
gpu gpus node nodes rank ranks layer layers stage stages group groups head heads micro-batch micro-batches microbatch
microbatches sequence sequences seq seqs request requests req reqs sample samples step steps slot slots param params
parameter parameters element elements unit units time iteration iterations it device devices hop hops chunk chunks batch
batches x card cards 个 层 级 次 张 卡 块 台 路 组 节点 条 步 份 词 词元 参数 请求 样本 倍 序列 时间单位 单位
跳 个时间单位 虚拟级 个虚拟级 个参数 个节点 条序列
"""
_COUNTED = frozenset(_COUNTED_WORDS.split())
_CHINESE = {
    "千兆字节": "GB", "兆字节": "MB", "吉字节": "GB", "太字节": "TB", "字节": "B", "比特": "bit", "浮点运算": "FLOP",
    "每秒": "/s",
}  # fmt: skip
_known: dict[str, Measure | None] = {}
_registry: Any = None


def measure(unit: str) -> Measure | None:
    """What a unit of the table means; None if it is not there.

    >>> measure("GiB"), measure("tok/s"), measure("furlong")
    (Measure(factor=Fraction(1073741824, 1), kind='byte'), Measure(factor=Fraction(1, 1), kind='1/second'), None)
    """
    if unit not in _known:
        if len(_known) > 500:
            _known.clear()
        _known[unit] = _compound(unit)
    return _known[unit]


def convert(reading: Reading, unit: str) -> Number | None:
    """The value of `reading` in `unit` ('' for a ratio or factor); None where it is of another kind.

    A bare number is taken to be in `unit`. One with a multiplier only (`80G`) counts base units: bytes, seconds.
    """
    factor = factor_to(reading, unit)
    return None if factor is None else reading.value * factor


def factor_to(reading: Reading, unit: str) -> Number | None:
    """What the number as typed is multiplied by to be in `unit`; None where it is of another kind."""
    wanted = measure(unit) or Measure(Fraction(1), unit)
    if reading.percent:
        return Fraction(1) if wanted.kind == "1" and not reading.unit else None
    if not reading.unit:
        return 1 / wanted.factor if reading.scaled else Fraction(1)
    found = _in_context(reading.unit, wanted)
    if found is not None:
        return found.factor / wanted.factor if _same_kind(found.kind, wanted.kind) else None
    return _by_pint(reading.unit, unit)


def _in_context(unit: str, wanted: Measure) -> Measure | None:
    """As `measure`, but `7B` counts billions where bytes are not asked for."""
    if unit.split(" ")[0] == "B" and wanted.kind == "1":
        return Measure(Fraction(10**9), "1")
    return measure(unit)


def _same_kind(found: str, wanted: str) -> bool:
    if "flops" in (found, wanted):
        return found.startswith("flop") and wanted.startswith("flop")
    return found == wanted


def _compound(unit: str) -> Measure | None:
    text = unit.strip()
    for word, symbol in _CHINESE.items():
        text = text.replace(word, symbol)
    text = re.sub(r"\s+per\s+", "/", text)
    if found := re.fullmatch(r"([KMGTPkmgtp]?i?[Bb])ps", text):
        text = f"{found[1]}/s"
    top, *below = [part.strip() for part in text.split("/")]
    found_top = _atom(top) if top else Measure(Fraction(1), "1")
    return _divided(found_top, below) if found_top and len(below) <= 2 else None


def _divided(measured: Measure, below: list[str]) -> Measure | None:
    """`below` the line: time makes a rate, what only counts (a token, a GPU) changes nothing."""
    factor, kind = measured
    for part in below:
        divisor = _atom(part)
        if divisor is None or divisor.kind not in ("1", "second") or kind.endswith("/second"):
            return None
        factor /= divisor.factor
        kind += "/second" if divisor.kind == "second" else ""
    return Measure(factor, kind)


def _atom(symbol: str) -> Measure | None:
    if symbol in _WHOLE:
        return Measure(Fraction(_WHOLE[symbol]), "second")
    if symbol in ("", "1") or all(word in _COUNTED for word in symbol.lower().split()):
        return Measure(Fraction(1), "1")
    if " " in symbol:
        return _first_word(symbol)
    return _prefixed(symbol) or _loosely(symbol)


def _first_word(symbol: str) -> Measure | None:
    """`GB memory` is none, but `T FLOPS` and `GB 每卡` of a unit and a counted word are."""
    first, *others = symbol.split()
    if all(word.lower() in _COUNTED for word in others):
        return _atom(first)
    return _prefixed("".join(symbol.split()))


def _prefixed(symbol: str) -> Measure | None:
    for stem, (factor, kind) in _STEMS.items():
        prefix = symbol[: -len(stem)] if symbol.endswith(stem) else None
        if prefix is not None and (prefix in _SI or (prefix in _BINARY and kind == "byte")):
            size: int = _SI[prefix] if prefix in _SI else _BINARY[prefix]
            return Measure(factor * size, kind)
    return None


def _loosely(symbol: str) -> Measure | None:
    """`gb`, `GIB`, `gib`, `tflops`: letter case forgiven where it cannot mean bits."""
    folded = symbol.lower()
    if folded.endswith("flops"):
        return _prefixed(folded[:-5].upper() + "FLOPS")
    if folded.endswith("ib") and len(folded) == 3:
        return _prefixed(folded[0].upper() + "iB")
    return _prefixed(folded[0].upper() + "B") if re.fullmatch("[kmgtp]b", symbol) else None


def _by_pint(unit: str, wanted: str) -> Number | None:
    """The conversion as pint knows it, for a unit that is one plain word or a quotient of words."""
    if not wanted or not re.fullmatch(r"[A-Za-zµμ]{2,20}(?:\^[1-3])?(?:[/*][A-Za-zµμ]{1,20}(?:\^[1-3])?){0,2}", unit):
        return None
    try:
        return float(_pint().Quantity(1, unit).to(wanted).magnitude)
    except Exception:  # pint raises its own kinds, and TypeError or KeyError for odd words
        return None


def _pint() -> Any:
    global _registry
    if _registry is None:
        import os

        import pint

        from studykit.places import data_folder

        _registry = pint.UnitRegistry(cache_folder=os.path.join(data_folder(), "pint"))
    return _registry
