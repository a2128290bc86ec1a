"""The one configured Markdown parser, shared by the card rules and the screen; and plain text by it.

CommonMark with tables, strikethrough, TeX between dollars and emphasis that knows Chinese punctuation.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

DEEPEST = 100
"""Containers within containers. The parser's CommonMark preset stops at 20 and drops the rest of the note."""

_MARKUP = re.compile(r"[\\`*_~$<&\[\]!\n]")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


@cache
def parser() -> "MarkdownIt":
    """The parser; made once. Loading it takes some 50 ms, so nothing asks for it before it must."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    from studykit.vault.emphasis import cjk_emphasis
    from studykit.vault.steady_blocks import steady_blocks

    made = MarkdownIt("commonmark", {"maxNesting": DEEPEST}).enable(["table", "strikethrough"])
    # Without these two, the text between "$5" and "$10" would be a formula.
    made.use(dollarmath_plugin, allow_space=False, allow_digits=False)
    made.use(cjk_emphasis)
    made.use(steady_blocks)
    return made


def plain(text: str) -> str:
    """Inline Markdown without its markup, as the parser sees it; TeX stays TeX, without its dollars.

    >>> plain("**气泡率：**由 `shared_ptr` 和 shared_ptr")
    '气泡率：由 shared_ptr 和 shared_ptr'
    >>> plain("[GPipe](https://example.org) takes $O(n^2)$")
    'GPipe takes O(n^2)'
    """
    if not _MARKUP.search(text):
        return text
    found: list[str] = []
    for token in parser().parseInline(text):
        found.extend(_pieces(token.children or ()))
    return "".join(found)


def _pieces(tokens: "Iterable[Token]") -> Iterable[str]:
    for token in tokens:
        if token.type == "image":
            yield from _pieces(token.children or ())
        elif token.type in ("softbreak", "hardbreak"):
            yield "\n"
        elif token.type == "html_inline":
            yield "\n" if _BREAK.fullmatch(token.content) else ""
        else:
            yield token.content
