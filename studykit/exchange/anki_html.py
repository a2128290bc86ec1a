"""A note's Markdown as the HTML that Anki shows: formulas for its MathJax, pictures by their names in its folder."""

import os
import re
from collections.abc import Callable, Sequence
from functools import cache
from html import escape
from typing import Any

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from studykit.vault.markdown import parser
from studykit.vault.obsidian_marks import marks, words_of

_SCHEME = re.compile(r"(?:[a-z][a-z0-9+.-]+:|//)", re.IGNORECASE)

Picture = Callable[[str], str | None]
"""The name in Anki's media folder for an address in a note; None where there is no such picture."""


def html(markdown: str, picture: Picture) -> str:
    """The HTML of some Markdown. Links between notes lead nowhere in Anki, so they become their words.

    >>> html("环的气泡是 $\\\\frac{P-1}{M}$，见 [[流水线|那篇]]", lambda address: None)
    '<p>环的气泡是 \\\\(\\\\frac{P-1}{M}\\\\)，见 那篇</p>'
    """
    made = parser()
    env: dict[str, Any] = {"picture": picture, "links": []}
    return _renderer().render(made.parse(markdown, env), made.options, env).strip()


@cache
def _renderer() -> "_Html":
    return _Html()


class _Html(RendererHTML):
    """One method for each token that Anki is to show in another way than the parser's own renderer has it."""

    def text(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        said, shown, end = tokens[idx].content, "", 0
        for mark in marks().finditer(said):
            shown += escape(said[end : mark.start()], quote=False) + _marked(mark, env["picture"])
            end = mark.end()
        return shown + escape(said[end:], quote=False)

    def softbreak(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return "<br>\n"

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        address = str(tokens[idx].attrs.get("src", ""))
        name = address if _SCHEME.match(address) else env["picture"](address)
        words = escape(tokens[idx].content)
        return f'<img src="{escape(name)}" alt="{words}">' if name else words or escape(os.path.basename(address))

    def link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        address = str(tokens[idx].attrs.get("href", ""))
        env["links"].append(leads := bool(_SCHEME.match(address)))
        return f'<a href="{escape(address)}">' if leads else ""

    def link_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return "</a>" if env["links"].pop() else ""

    def math_inline(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return rf"\({escape(tokens[idx].content, quote=False)}\)"

    def math_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return rf"\[{escape(tokens[idx].content.strip(), quote=False)}\]"

    math_inline_double = math_block_label = math_block


def _marked(mark: re.Match[str], picture: Picture) -> str:
    if mark["marked"]:
        return f"<mark>{escape(mark['marked'], quote=False)}</mark>"
    if mark["image"] and (name := picture(mark["address"].strip())):
        return f'<img src="{escape(name)}">'
    return escape(words_of(mark), quote=False)
