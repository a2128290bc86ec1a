"""Numbers written in Chinese: 三十, 百分之三十点四, 三成半, 三分之一, 1.5万亿, 3亿5千万.

>>> numeral("一百零三"), numeral("三十点四"), numeral("两万亿")
((Fraction(103, 1), 3), (Fraction(152, 5), 3), (Fraction(2000000000000, 1), 1))
"""

from fractions import Fraction

DIGITS = {each: value for value, each in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
SMALL = {"十": 10, "百": 100, "千": 1000}
LARGE = {"亿": 10**8, "万": 10**4}
MULTIPLIERS = {**SMALL, **LARGE}
LETTERS = "".join(DIGITS) + "".join(MULTIPLIERS) + "点"


def multiplier(text: str) -> int | None:
    """What a run of 十百千万亿 multiplies by: 万亿 is 10^12. None if `text` is anything else."""
    product = 1
    for letter in text:
        if letter not in MULTIPLIERS or product > 10**16:
            return None
        product *= MULTIPLIERS[letter]
    return product if text else None


def numeral(text: str) -> tuple[Fraction, int] | None:
    """The value of a Chinese numeral and its significant digits; None if it is none.

    Trailing 万 and 亿 scale the digits and are none themselves: 三亿 has one, like 3亿.
    """
    if not text or len(text) > 40 or any(letter not in LETTERS for letter in text):
        return None
    head = text.rstrip("万亿")
    if any(letter in LARGE for letter in head):
        head = text
    scale = multiplier(text[len(head) :]) if head != text else 1
    whole, point, decimals = head.partition("点")
    value = _whole(whole) if whole else None
    if value is None or scale is None or (point and not decimals):
        return None
    if any(letter not in DIGITS for letter in decimals):
        return None
    fraction = "".join(str(DIGITS[letter]) for letter in decimals)
    significant = len((str(value) + fraction).lstrip("0"))
    return Fraction(f"{value}.{fraction or 0}") * scale, significant


def _whole(text: str) -> int | None:
    """An integer: 一百零三, or digits read one by one as in 二〇二四."""
    for letter, size in LARGE.items():
        before, found, after = text.rpartition(letter)
        if found:
            left, right = _whole(before), _rest(after, size) if after else 0
            return None if left is None or right is None else left * size + right
    if len(text) > 1 and all(letter in DIGITS for letter in text.lstrip("零")):
        return int("".join(str(DIGITS[letter]) for letter in text))
    return _section(text)


def _rest(text: str, size: int) -> int | None:
    """What follows a unit; a bare digit counts the next unit down, as in 三百五 for 350 and 一万五 for 15,000."""
    if len(text) == 1 and text in DIGITS and size > 10:
        return DIGITS[text] * size // 10
    return _whole(text)


def _section(text: str) -> int | None:
    """Below 10,000: each digit stands before its 千, 百 or 十, which only get smaller."""
    total, pending, last = 0, None, 10_000
    for at, letter in enumerate(text):
        if letter in DIGITS:
            if pending:
                return None
            if total and letter != "零" and at == len(text) - 1 and text[at - 1] in SMALL:
                return total + (_rest(letter, last) or 0)
            pending = DIGITS[letter]
            continue
        size = SMALL[letter]
        if size >= last or (pending == 0 and letter != "十"):
            return None
        total, pending, last = total + (1 if pending is None else pending or 1) * size, None, size
    return total + (pending or 0)
