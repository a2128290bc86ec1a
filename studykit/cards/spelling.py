"""Is a heading one of a list of spellings? Width, case, numbering, brackets, emoji and punctuation do not count."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from studykit.cards.prompt import clean, lines_with
from studykit.vault.later import later

_BRACKETS = later(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|「[^「」]*」|《[^《》]*》|\{[^{}]*\}")
_TAIL = later(r"\s+[-–—]+\s+|:")
_ODD = later(r"[\uff01-\uff5e\u2460-\u24ff\uf900-\ufaff]{3}")  # what may be a spelling in other characters
_LONG = 4  # Han characters; a spelling of so many may begin or end a longer heading
_SHORT_WORD = 3  # letters
LONGEST_HEADING = 200  # characters looked at


class _Table(NamedTuple):
    hint: re.Pattern[str]  # what a heading must contain to be worth a closer look
    places: Mapping[str, int]
    long_keys: tuple[str, ...]


def which(heading: str, spellings: Sequence[str]) -> int | None:
    """The place in `spellings` of the first that `heading` is; None if it is none of them.

    A Chinese spelling of four characters or more may begin or end the heading, any other must be all of it
    (`Answer: why it stalls` and `TL;DR – the idea` count: what follows a colon or dash is a remark).

    >>> which("🎯 2. 面试标准答案（可背诵）", ["答案", "标准答案", "面试标准答案"])
    1
    >>> which("tl；dr", ["TL;DR"]), which("Answering machines", ["Answer"])
    (0, None)
    """
    table = _table(tuple(spellings))
    shown = heading[:LONGEST_HEADING].lower()
    if not (table.hint.search(shown) or _ODD.search(shown)):
        return None
    found: list[int] = []
    for form in _forms(heading[:LONGEST_HEADING]):
        if (place := table.places.get(form)) is not None:
            found.append(place)
        if form.startswith(table.long_keys) or form.endswith(table.long_keys):
            found += [table.places[key] for key in table.long_keys if form.startswith(key) or form.endswith(key)]
    return min(found, default=None)


def candidates(headings: str, spellings: Sequence[str]) -> list[int]:
    """The numbers of the lines, from 0, that may be one of the spellings: a quick look at many headings at once.

    `headings` are of lower case.
    """
    found = lines_with(_table(tuple(spellings)).hint, headings)
    return sorted({*found, *odd}) if (odd := _odd_lines(headings)) else found


@lru_cache(maxsize=1)  # several rules look at the headings of one note
def _odd_lines(text: str) -> list[int]:
    return lines_with(_ODD, text)


@lru_cache(maxsize=4096)
def _forms(heading: str) -> frozenset[str]:
    """The heading as a key: whole, and up to its first colon or dash."""
    text = unicodedata.normalize("NFKC", clean(heading)).casefold()
    if text.isalnum():
        return frozenset({text})
    bare = _BRACKETS.sub(" ", text)
    return frozenset({_key(bare) or _key(text), _key(_TAIL.split(bare, maxsplit=1)[0])} - {""})


@lru_cache(maxsize=32)
def _table(spellings: tuple[str, ...]) -> _Table:
    places: dict[str, int] = {}
    for place, spelling in enumerate(spellings):
        if key := _key(unicodedata.normalize("NFKC", spelling).casefold()):
            places.setdefault(key, place)
    long_keys = tuple(key for key in places if len(key) >= _LONG and _is_han(key))
    # Of lower case, for ignoring case would cost five times as much; and each begins with a letter, so that the
    # expression is looked for by first letters alone.
    hint = re.compile("|".join(sorted({_hint(spelling) for spelling in spellings} - {""})) or "(?!)")
    return _Table(hint, places, long_keys)


def _hint(spelling: str) -> str:
    """What every heading of this spelling contains: its first Han characters, its longest word, or its letters."""
    text = unicodedata.normalize("NFKC", spelling).casefold()
    if _is_han(text):
        return text[:2]
    longest = max(re.findall(r"\w+", text), key=len, default="")
    return longest if len(longest) > _SHORT_WORD else r"[^\w\n]*".join(map(re.escape, _key(text)))


def _key(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _is_han(key: str) -> bool:
    return all("\u3400" <= char <= "\u9fff" for char in key)
