"""Reading a number as people type it: percentages, fractions, Chinese numerals, units, arithmetic.

What is read is cleaned first (full-width letters, superscripts, 约 and ≈), then tried as a fraction or percentage in
words, as one number with what follows it, and last as arithmetic. Nothing else is ever tried: what is left is
refused with a sentence. Nothing heavy is imported before an expression is met.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from fractions import Fraction

from studykit.calculators.chinese import LETTERS, multiplier, numeral
from studykit.calculators.expression import LONGEST, ExpressionError, evaluate
from studykit.calculators.figures import Number
from studykit.calculators.phrasing import (
    is_no_single_number,
    proportion,
    seconds,
    spoken,
    twice,
    unwrapped,
    what_is_wrong,
)
from studykit.calculators.superscripts import with_powers
from studykit.errors import StudyError
from studykit.locale import _
from studykit.vault.later import later


class AnswerError(StudyError):
    """What was typed is no number that can be judged; the message says why and what to type."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A number that was typed.

    `value` has percentages and written multipliers (万, G, million) worked in, but not the unit.
    `digits` counts the significant digits typed and `step` is the value of the last one; both are None for a
    fraction or arithmetic, which are exact. `scaled` marks a multiplier without a unit (`80G`).
    """

    value: Number
    digits: int | None = None
    step: Fraction | None = None
    unit: str = ""
    percent: bool = False
    approximate: bool = False
    scaled: bool = False
    text: str = ""


_SPELLINGS = str.maketrans({
    "×": "*", "·": "*", "⋅": "*", "∗": "*", "✕": "*", "÷": "/", "−": "-", "–": "-", "—": "-", "﹣": "-", "⁄": "/",
    "∕": "/", "∼": "~", "≃": "≈", "≅": "≈", "≒": "≈", "、": ",", "〜": "~",
})  # fmt: skip
_ABOUT = later(
    r"(?:(?:大约|大概|差不多)[是为有要]?|约等于|约为|约是|约|近似(?:为|于)?|接近|近(?=[\d百一二三四五六七八九])|[≈~=]|(?:about|approximately|approx|roughly|around|circa|ca)\b\.?)\s*",
    re.IGNORECASE,
)
_ABOUT_AFTER = later(r"\s*(?:左右|上下|or so)$")
_PERCENT = later(r"\s*(?:%|pct\b\.?|per ?cent|个?百分点)$", re.IGNORECASE)
_NUMBER = later(
    r"(?P<sign>[+-]?)\s*"
    r"(?P<digits>[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?|[1-9]\d{0,2}(?: \d{3})+(?:\.\d*)?|[1-9]\d{0,2}(?:_\d{3})+(?:\.\d*)?"
    r"|\d+(?:\.\d*)?|\.\d+)"
    r"(?:[eE](?P<exponent>[+-]?\d{1,3})(?![\d.])|\s*[*xX]\s*10(?:\^|\*\*)\(?(?P<ten>[+-]?\d{1,3})\)?(?!\d))?"
)
_TOKEN = later(
    r"\s*(?:(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?)(?P<percent>%)?|(?P<sign>\*\*|[-+*/^()]))"
)
_TIMES = later(r"(?<=[\d)])\s*[xX]\s*(?=[\d(.])")
_WORD = r"[A-Za-zµμΩ°\u4e00-\u9fff]{1,16}(?:-[A-Za-z]{1,16})?(?:\^-?\d)?"
_UNIT = later(rf"(?:/ ?)?{_WORD}(?: ?[/* ] ?{_WORD}){{0,3}}$")
_HEXADECIMAL = later(r"(?<![\d.])0[xX]\d")
_PER_TIME = later(r"每(?P<time>毫秒|秒|分钟|小时|天)\s*")
LONGEST_REST = 40
"""Characters after 3亿 or the like: enough for 5千万 and a unit, and nothing that winds on."""
_PARTS = {"百": 100, "千": 1000, "万": 10_000}
_WORDS = {
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "mn": 10**6,
    "bn": 10**9,
    "tn": 10**12,
}
_PREFIXES = {
    "k": 10**3, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "P": 10**15,
    "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40, "Pi": 2**50,
}  # fmt: skip


def read_answer(text: str) -> Reading:
    """The number that `text` says. Raises AnswerError for anything that is not one finite number.

    >>> read_answer("约３０％").value, read_answer("7/23").value, read_answer("1.5万亿").value
    (Fraction(3, 10), Fraction(7, 23), Fraction(1500000000000, 1))
    >>> read_answer("600 GB/s").unit, read_answer("30.4 pct").digits
    ('GB/s', 3)
    """
    cleaned = _clean(text)
    reading = None if is_no_single_number(cleaned) or _HEXADECIMAL.search(cleaned) else _read(cleaned) or _said(cleaned)
    if reading is None or not _within_reach(reading.value):
        raise _unreadable(cleaned)
    return replace(reading, text=cleaned)


def _read(text: str) -> Reading | None:
    """A number, 约 and the like around it, in any of its forms."""
    body, approximate = _without_about(text)
    per = _PER_TIME.match(body)
    body = body[per.end() :] if per else body
    reading = _in_words(body) or _percentage(body) or _number_with_tail(body) or _arithmetic(body)
    if per and reading:
        reading = replace(reading, unit=f"{reading.unit}/{per['time']}")
    return replace(reading, approximate=approximate) if reading else None


def _said(text: str) -> Reading | None:
    """A proportion, a time in parts, a number written twice, a sentence with one number."""
    body, _approximate = _without_about(text)
    if two := proportion(body):
        return None if not float(two[1]) else Reading(Fraction(two[0]) / Fraction(two[1]))
    if parts := seconds(body):
        return _read(parts)
    if forms := twice(body):
        first, second = map(_read, forms)
        return first if first and second and _alike(first, second) else None
    rest = spoken(body)
    return _read(rest) if rest else None


def _alike(first: Reading, second: Reading) -> bool:
    """Whether two forms say the same number, one of them rounded perhaps."""
    if first.unit and second.unit and first.unit != second.unit:
        return False
    return abs(Fraction(first.value) - Fraction(second.value)) * 50 <= abs(Fraction(second.value))


def _within_reach(value: Number) -> bool:
    """Zero, or of a size that a float holds: 1e400 is no answer to anything."""
    return not value or Fraction(1, 10**300) <= abs(Fraction(value)) <= 10**300


def _clean(text: str) -> str:
    if not isinstance(text, str) or not text.strip():
        raise AnswerError(_("Nothing was typed."), _("Type a number such as 30.4%, 7/23 or 1.5 GB."))
    if len(text) > LONGEST:
        raise AnswerError(_("That is longer than {limit} characters.").format(limit=LONGEST), "")
    plain = with_powers(text.strip())
    plain = re.sub(r"(?<=\d)(?=[¼-¾⅐-⅞])", "+", plain)
    plain = unicodedata.normalize("NFKC", plain).translate(_SPELLINGS)
    plain = "".join(letter for letter in plain if unicodedata.category(letter) != "Cf")
    if len(plain) > 2 * LONGEST or any(unicodedata.category(letter)[0] == "C" for letter in plain if letter != "\t"):
        raise AnswerError(_("That holds characters that are no part of a number."), "")
    plain = re.sub(r"(?<=[^\s(])\s*\([^()\d]*\)$", "", re.sub(r"\s+", " ", plain).strip())  # `30.4% (total)`
    return unwrapped(plain.rstrip("。.;!,").strip())


def _without_about(text: str) -> tuple[str, bool]:
    """`text` without 约, ≈, `about`; of `7/23 ≈ 30.4%` the last part, which is the answer."""
    parts = [part for part in re.split(r"=>|->|→|=|≈", text) if part.strip()]
    body, approximate = (parts[-1].strip() if parts else ""), "≈" in text
    while found := _ABOUT.match(body):
        body, approximate = body[found.end() :], True
    if found := _ABOUT_AFTER.search(body):
        body, approximate = body[: found.start()], True
    return body.strip(), approximate


def _in_words(text: str) -> Reading | None:
    """百分之三十, 三分之一, 三成半, 一半, and plain Chinese numerals."""
    if text in ("一半", "半"):
        return Reading(Fraction(1, 2))
    whole, cut, part = text.partition("分之")
    if cut:
        return _part_of(whole.strip(), part.strip())
    if found := re.fullmatch(rf"([\d.]+|[{LETTERS}]+)\s*成\s*([{LETTERS}\d]|半)?", text):
        tenths, rest = _plain(found[1]), _plain("5" if found[2] == "半" else found[2]) if found[2] else None
        if tenths is None or (found[2] and rest is None):
            return None
        return _tens_of_percent(tenths, rest)
    return _chinese(text)


def _part_of(whole: str, part: str) -> Reading | None:
    top = _plain(part)
    if top is None:
        return None
    if whole in _PARTS:
        scaled = _scaled(top, Fraction(1, _PARTS[whole]))
        return replace(scaled, percent=True)
    bottom = _plain(whole)
    if bottom is None or not bottom.value:
        return None
    return Reading(Fraction(top.value) / Fraction(bottom.value))


def _tens_of_percent(tenths: Reading, rest: Reading | None) -> Reading:
    if rest is None:
        return replace(_scaled(tenths, Fraction(1, 10)), percent=True)
    value = Fraction(tenths.value) / 10 + Fraction(rest.value) / 100
    return Reading(value, digits=2, step=Fraction(1, 100), percent=True)


def _chinese(text: str) -> Reading | None:
    """A Chinese numeral, with what may follow it: 三十倍, 三十二 GB."""
    head = re.match(rf"[{LETTERS}]+", text)
    if not head:
        return None
    found = numeral(head[0])
    if found is None:
        return None
    value, digits = found
    reading = Reading(value, digits, _step_of(value, digits))
    return _with_tail(reading, text[head.end() :])


def _step_of(value: Fraction, digits: int) -> Fraction:
    """The worth of the last of `digits` significant digits of `value`."""
    if not value:
        return Fraction(1)
    size = len(str(int(abs(value)))) if abs(value) >= 1 else -_leading_zeros(value)
    return Fraction(10) ** (size - max(digits, 1))


def _leading_zeros(value: Fraction) -> int:
    count = 0
    while abs(value) * 10 ** (count + 1) < 1:
        count += 1
    return count


def _plain(text: str) -> Reading | None:
    """One number and nothing after it, in digits or in Chinese."""
    found = _NUMBER.fullmatch(text)
    if found:
        return _from_digits(found)
    chinese = numeral(text)
    return Reading(chinese[0], chinese[1], _step_of(*chinese)) if chinese else None


def _from_digits(found: re.Match[str]) -> Reading:
    digits = re.sub(r"[,_ ]", "", found["digits"])
    whole, _point, decimals = digits.partition(".")
    exponent = int(found["exponent"] or found["ten"] or 0)
    scale = Fraction(10) ** exponent
    value = Fraction(int(found["sign"] + "1")) * Fraction(f"{whole or 0}.{decimals or 0}") * scale
    return Reading(value, len((whole + decimals).lstrip("0")), scale / 10 ** len(decimals))


def _scaled(reading: Reading, factor: Fraction | int) -> Reading:
    step = None if reading.step is None else reading.step * factor
    return replace(reading, value=reading.value * factor, step=step)


def _percentage(text: str) -> Reading | None:
    """`30.4%`, `30.4 pct`, `3‰`, `(7/23*100) %`."""
    if found := re.search(r"\s*‰$", text):
        reading, factor = _plain(text[: found.start()]), Fraction(1, 1000)
    elif found := _PERCENT.search(text):
        body = text[: found.start()]
        reading, factor = _plain(body), Fraction(1, 100)
        if reading is None and (body.endswith(")") or found[0].strip() != "%"):
            reading = _arithmetic(body)
    else:
        return None
    return replace(_scaled(reading, factor), percent=True) if reading else None


def _number_with_tail(text: str) -> Reading | None:
    """A number and what follows: 万亿, `G`, `million`, `x`, a unit, several of them as in 3亿5千万."""
    factor_first = re.match(r"[*xX]\s*(?=[\d.])", text)
    body = text[factor_first.end() :] if factor_first else text
    found = _NUMBER.match(body)
    if not found:
        return None
    reading = _with_tail(_from_digits(found), body[found.end() :])
    return replace(reading, unit="x") if reading and factor_first and not reading.unit else reading


def _with_tail(reading: Reading, tail: str) -> Reading | None:
    tail = tail.strip()
    if found := re.match("[十百千万亿]+", tail):
        factor = multiplier(found[0])
        if factor is None:
            return None
        reading, tail = replace(_scaled(reading, factor), scaled=True), tail[found.end() :].strip()
        if len(tail) > LONGEST_REST:
            return None
        if more := _NUMBER.match(tail):
            rest = _with_tail(_from_digits(more), tail[more.end() :])
            smaller = rest is not None and rest.scaled and rest.value < factor
            return _added(reading, rest) if rest and smaller else None
    if found := re.match(r"(thousand|million|billion|trillion|mn|bn|tn)\b\.?", tail, re.IGNORECASE):
        reading = replace(_scaled(reading, _WORDS[found[1].lower()]), scaled=True)
        tail = tail[found.end() :].strip()
    if found := re.match(r"([KMGTP]i?|k)(?:$|\s+(?=[^\s]))", tail):
        reading, tail = replace(_scaled(reading, _PREFIXES[found[1]]), scaled=True), tail[found.end() :].strip()
    return _with_unit(reading, tail)


def _added(reading: Reading, rest: Reading) -> Reading:
    step = rest.step or Fraction(1)
    value = Fraction(reading.value) + Fraction(rest.value)
    digits = len(str(int(value / step))) if value >= step else 1
    return replace(rest, value=value, step=step, digits=digits)


def _with_unit(reading: Reading, unit: str) -> Reading | None:
    if not unit:
        return reading
    if unit in ("x", "X", "*", "倍", "times"):
        return replace(reading, unit="x")
    return replace(reading, unit=unit) if _UNIT.match(unit) else None


def _arithmetic(text: str) -> Reading | None:
    """`(8-1)/(16+8-1)`, `4 × 32 × 8`, `7/23*100%`, with a unit behind it."""
    source, at = "", 0
    joined = _TIMES.sub("*", text)
    while found := _TOKEN.match(joined, at):
        source += f"({found['number']}/100)" if found["percent"] else (found["number"] or found["sign"])
        source += " "
        at = found.end()
    tail = joined[at:].strip()
    if not source.strip() or not any(letter in "0123456789" for letter in source):
        return None
    try:
        value = evaluate(source)
    except ExpressionError:
        return None
    return _with_unit(Reading(value), tail)


def _unreadable(text: str) -> AnswerError:
    short = text if len(text) <= 40 else text[:39] + "…"
    return AnswerError(_("“{text}” is not one number.").format(text=short), what_is_wrong(text))
