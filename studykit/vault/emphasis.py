"""Emphasis beside Chinese, Japanese and Korean text.

CommonMark lets a run of `**` open or close by the spaces and punctuation around it. Such text has no spaces, so
`**气泡率：**由` stays unbold there: the closing run stands between punctuation and a letter. The rule here follows
the amendment of the markdown-cjk-friendly project: beside a wide character a run may open and close whatever
punctuation it touches. Loaded with the parser only, for it needs markdown-it-py at import.
"""

import unicodedata

from markdown_it import MarkdownIt
from markdown_it.common.utils import isPunctChar, isWhiteSpace
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline.state_inline import Scanned, StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType


def is_wide(character: str) -> bool:
    """Whether it is a CJK letter or sign: two cells wide and no emoji.

    >>> [is_wide(c) for c in "由：a“"]
    [True, True, False, False]
    """
    return unicodedata.east_asian_width(character) in "WFH" and unicodedata.category(character) != "So"


class _Beside:
    """One neighbour of a run of markers: space, wide, or punctuation that is not wide."""

    __slots__ = ("punctuation", "space", "wide")

    def __init__(self, character: str) -> None:
        self.space = isWhiteSpace(ord(character))
        self.wide = is_wide(character)
        self.punctuation = not self.wide and isPunctChar(character)

    def may_touch(self, inner: "_Beside") -> bool:
        """Whether a run with this on its outer side and `inner` on its inner side leans inwards."""
        return not inner.space and (not inner.punctuation or self.space or self.punctuation or self.wide)


class CjkState(StateInline):
    """The parser's inline state, with the flanking rules amended."""

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802  (the parser's name)
        end, marker = start, self.src[start]
        while end < self.posMax and self.src[end] == marker:
            end += 1
        before = _Beside(self.src[start - 1] if start else " ")
        after = _Beside(self.src[end] if end < self.posMax else " ")
        left, right = before.may_touch(after), after.may_touch(before)
        opens = left and (canSplitWord or not right or _is_sign(before, self.src[start - 1 : start]))
        closes = right and (canSplitWord or not left or _is_sign(after, self.src[end : end + 1]))
        return Scanned(opens, closes, end - start)


def _is_sign(side: _Beside, character: str) -> bool:
    """For `_`, wide punctuation counts as punctuation too."""
    return side.punctuation or (bool(character) and side.wide and isPunctChar(character))


class CjkInline(ParserInline):
    """The parser's inline half, on `CjkState`."""

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        state = CjkState(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


def cjk_emphasis(md: MarkdownIt) -> None:
    """A markdown-it plugin: keeps the inline rules that are set and runs them on the amended state."""
    amended = CjkInline()
    amended.ruler, amended.ruler2 = md.inline.ruler, md.inline.ruler2
    md.inline = amended
