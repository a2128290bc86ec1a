"""What stands around the one number of an answer: quotes, TeX, a sentence, a second way of writing it.

Only words that cannot change the number are taken away. A bound (`不到 20%`), a range (`30%-40%`) and a negation are no
single number, and the learner is told so.
"""

import re

from studykit.calculators.chinese import LETTERS
from studykit.locale import _
from studykit.vault.later import later

_QUOTES = "\"'“”‘’「」『』《》`$"
_FRACTION = later(r"\\[dt]?frac\s*\{([^{}]{1,60})\}\s*\{([^{}]{1,60})\}")
_TEX = {r"\approx": "≈", r"\sim": "~", r"\times": "*", r"\cdot": "*", r"\div": "/", r"\%": "%", r"\,": " ",
        r"\left": "", r"\right": ""}  # fmt: skip
_PARTICLE = later(r"(?<=\S)\s*[吧呢啊哦呀嘛啦咯]+$")
_IN_ALL = later(r"^[一总]共[有是要]?\s*")  # else its 一 is a number
_RATIO = later(r"(\d{1,9}(?:\.\d{1,9})?)\s*(?::|∶|比)\s*(\d{1,9}(?:\.\d{1,9})?)")
_LEADS = later(r"(?P<words>[A-Za-z\u4e00-\u9fff][A-Za-z\u4e00-\u9fff ,:'()-]{0,40}?)\s*(?P<rest>[-+]?[\d.(].*)")
_SAYS = later(
    r"(?P<words>[A-Za-z\u4e00-\u9fff][A-Za-z\u4e00-\u9fff ,:'()-]{0,40}?(?:[是为有:]|等于| is | are | equals ))"
    r"\s*(?P<rest>.+)"
)
_COUNTED = later("一共|一般|一个|一步")
_CHANGES = later(
    r"[不非没未无负]|少于|小于|低于|超过|大于|高于|多于|至多|最多|以[内上下]|之间"
    r"|\b(?:not?|less|fewer|more|under|below|over|above|most|up to|between|from|minus|negative|import|lambda)\b",
    re.IGNORECASE,
)
_BOUND = later(r"[<>≤≥≦≧]|不到|不足|" + _CHANGES.pattern, re.IGNORECASE)
_PIECE = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)\s*[%‰A-Za-z\u4e00-\u9fff/]{0,12}"
_RANGE = later(rf"{_PIECE}\s*(?:~|-|到|至|\bto\b|\.\.+)\s*{_PIECE}", re.IGNORECASE)
_EXPONENT = later(r"\d[eE][-+]\d")
_BOUND_AFTER = later(r"(?:以[下上内]|之内|or (?:less|more))$")
_ASSIGNMENTS = later(r"=\s*[\d.]+\s*[,;]\s*[A-Za-z]+\s*=")
_TIME = later(r"\s*(\d{1,6}(?:\.\d{1,6})?)\s*(小时|时|分钟|分|秒钟|秒|毫秒|hours?|hr|h|mins?|m|secs?|s|ms)(?![A-Za-z])")
_SECONDS = {"小": 3600, "时": 3600, "分": 60, "秒": 1, "h": 3600, "m": 60, "s": 1}


def unwrapped(text: str) -> str:
    """`text` without quotes and the particles of speech, its TeX as plain arithmetic.

    >>> unwrapped(r"$\\frac{7}{23}$"), unwrapped("「30.4%」"), unwrapped("30% 吧")
    ('((7)/(23))', '30.4%', '30%')
    """
    if "\\" in text:
        text = _FRACTION.sub(r"((\1)/(\2))", text)
        for command, sign in _TEX.items():
            text = text.replace(command, sign)
    text = text.removeprefix("**").removesuffix("**").strip(_QUOTES + " ")
    if alone := re.fullmatch(r"\(([^()]+)\)", text):
        text = alone[1].strip()
    return _PARTICLE.sub("", _IN_ALL.sub("", text.replace("\\", "?")))


def proportion(text: str) -> tuple[str, str] | None:
    """The two numbers of `1:3` or `3比1`."""
    found = _RATIO.fullmatch(text)
    return (found[1], found[2]) if found else None


def spoken(text: str) -> str | None:
    """What a sentence says that ends in its one number: `气泡率是 30.4%`, `M is 9`. None where its words change it.

    >>> spoken("答案是三成"), spoken("micro-batch 9"), spoken("不到 20%"), spoken("H100")
    ('三成', '9', None, None)
    """
    for pattern in (_LEADS, _SAYS):
        found = pattern.fullmatch(text)
        if found is None:
            continue
        words = _COUNTED.sub("", found["words"])
        joined = words[-1:].isascii() and words[-1:].isalpha() and not text[found.end("words")].isspace()
        if not joined and not words.endswith("-") and not _CHANGES.search(words) and not set(words) & set(LETTERS):
            return found["rest"]
    return None


def twice(text: str) -> tuple[str, str] | None:
    """The two ways of writing one number in `7/23 (30.4%)`."""
    found = re.fullmatch(r"([^()]{1,60}?)\s*\(\s*=?([^()]{1,60})\)", text)
    return (found[1], found[2]) if found else None


def seconds(text: str) -> str | None:
    """A length of time in parts, `1分30秒` or `1h 30m`, as a sum of seconds; None for anything else.

    >>> seconds("1分30秒"), seconds("1h30m"), seconds("30 s")
    ('90 s', '5400 s', None)
    """
    at, total, parts, last = 0, 0.0, 0, 10.0**9
    while found := _TIME.match(text, at):
        unit = found[2]
        worth = 0.001 if unit in ("ms", "毫秒") else _SECONDS[unit[0]]
        if worth >= last:
            return None
        total, at, parts, last = total + float(found[1]) * worth, found.end(), parts + 1, worth
    return f"{total:.9g} s" if parts > 1 and not text[at:].strip() else None


def what_is_wrong(text: str) -> str:
    """What to type instead, for a text that is not one number."""
    if re.search(r"\d,\d", text):
        return _("Write decimals with a point, and commas only between thousands: 1,234.5.")
    if _RANGE.fullmatch(text):
        return _("That is a range: type the one number you mean, with 约 or ~ if it is rough.")
    if _BOUND.search(text) and re.search(r"\d", text):
        return _("That is a bound or a change: type the number itself.")
    return _("Type a number such as 30.4%, 7/23 or 1.5 GB.")


def is_no_single_number(text: str) -> bool:
    """Whether two numbers stand there as a range, the smaller one first, or a bound is put behind one.

    >>> [is_no_single_number(text) for text in ("30%-40%", "16-8", "30%到31%", "1e-3", "20%以下")]
    [True, False, True, False, True]
    """
    if _BOUND_AFTER.search(text) or _ASSIGNMENTS.search(text):
        return True
    if not _RANGE.fullmatch(text) or _EXPONENT.search(text):
        return False
    low, high = re.findall(r"\d+(?:\.\d*)?|\.\d+", text)[:2]
    return float(low) < float(high)
