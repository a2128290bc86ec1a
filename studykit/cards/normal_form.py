"""The normal form of a prompt: what stays equal when a question is only written differently.

Width, case, spacing, numbering, emphasis and code marks, link targets and the closing punctuation may change
without making a new question. The form is versioned: a change of it changes ids, which then need alias events.
Everything here is linear in the text.
"""

import unicodedata
from functools import lru_cache
from itertools import pairwise

from studykit.vault.later import later

NORMAL_FORM = 1

# Words such as shared_ptr keep their underscores; an underscore that stands at the edge of a word is emphasis.
_EDGE_UNDERSCORES = later(r"(?<![^\W_])_+|_+(?![^\W_])")
_LINKS = later(r"!?\[([^\[\]]*)\]\([^()\s]*\)")
_WIKI_LINKS = later(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]")
_MARKS = later("[*`~\\\\\u200b\u200c\u200d\ufe0e\ufe0f\ufeff\u00ad]+")
_SPACES = later(r"\s+")
_CLOSING = "?!.。:;,、…· "

_UNITS = r"(?:[kmgtp]?i?b(?:it|yte)?s?|[kmg]?hz|ms|us|ns|s|bit|x|k|m|b|倍|万|亿|千|年|月|天|代|版|%)(?![a-z])"
# "1. ", "2.3 ", "3)", "(4)", "5、", "一、", "(二)", "第三章", "q1:", "问题:";
# never the number of "2.4 ghz", "3d" or "2:4".
_NUMBERING = later(
    r"(?:"
    r"[1-9]\d{0,2}(?:\.\d{1,3})+[.)、:]?(?:\s+|(?=[^\W\d]))(?!" + _UNITS + r")"
    r"|\d{1,3}(?:[)、]|[.:](?!\d))\s*"
    r"|\((?:\d{1,3}|[一二三四五六七八九十百]{1,4})\)\s*"
    r"|[一二三四五六七八九十百]{1,4}[、.:]\s*"
    r"|第[一二三四五六七八九十百\d]{1,4}[章节讲课篇题][、:\s]*"
    r"|(?:q|question|问|问题|提问|面试题|面试官|追问)(?:\s*:|\s*\d{1,3}\s*[:.、)])\s*"
    r")+(?=\S)"
)
_OPENERS = frozenset("(（qQ问提面追")
_CHAPTERS = frozenset("章节讲课篇题")


def may_be_numbered(text: str) -> bool:
    """A quick look: does `text` begin as a number of a heading may? Most do not, and need no expression to tell.

    >>> may_be_numbered("(1) Why"), may_be_numbered("第3章"), may_be_numbered("第一次"), may_be_numbered("Why")
    (True, True, False, False)
    """
    first = text[:1]
    return first.isnumeric() or first in _OPENERS or (first == "第" and not _CHAPTERS.isdisjoint(text[2:6]))


def normalise(text: str) -> str:
    """The normal form of `text`; applying it again changes nothing.

    >>> normalise("**1.2 什么是 `shared_ptr`？**") == normalise("什么是shared_ptr?")
    True
    >>> normalise("Ｗｈｙ  does\\nit stall?")
    'why does it stall'
    """
    return _short(text) if len(text) <= _SHORT else _fixed(text)


def _fixed(text: str) -> str:
    for _ in range(8):
        after = _once(text)
        if after == text or _is_plain(after):
            return after
        text = after
    return text


def _is_plain(form: str) -> bool:
    """Surely a normal form: letters and digits alone, of which none would become others."""
    return (
        form.isalnum()
        and not may_be_numbered(form)
        and unicodedata.is_normalized("NFKC", form)
        and form == form.casefold()
    )


_SHORT = 300  # characters; prompts and titles that a sync normalises several times over
_short = lru_cache(maxsize=8192)(_fixed)


def _once(text: str) -> str:
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    text = _LINKS.sub(r"\1", _WIKI_LINKS.sub(r"\1", text)) if "](" in text or "[[" in text else text
    text = _MARKS.sub("", text)
    if "_" in text:
        text = _EDGE_UNDERSCORES.sub("", text)
    text = _SPACES.sub(" ", text).strip(" #")
    if may_be_numbered(text) and _NUMBERING.match(text):
        text = _NUMBERING.sub("", text, count=1)
    return _tight(text).rstrip(_CLOSING)


def _tight(text: str) -> str:
    """Spaces only where they part two words of an alphabet: `K 个一组` and `K个一组` are the same question."""
    words = text.split(" ")
    pieces = [words[0]]
    for before, word in pairwise(words):
        if before and word and _is_latin(before[-1]) and _is_latin(word[0]):
            pieces.append(" ")
        pieces.append(word)
    return "".join(pieces)


def _is_latin(char: str) -> bool:
    return char.isalnum() and char < "\u2e80"
