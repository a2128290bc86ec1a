"""Inline tokens to runs of styled text. Whatever the parser finds is shown: an unknown token by its source."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from studykit.locale import _
from studykit.tui.prose.html_text import inline_tag
from studykit.tui.prose.maths import readable
from studykit.tui.prose.obsidian import marked_runs
from studykit.tui.prose.wrap import Run, is_wide
from studykit.vault.later import later

if TYPE_CHECKING:
    from markdown_it.token import Token

_STYLES = {"strong": "strong", "em": "emphasis", "s": "strike", "link": "link"}
_TASK = later(r"\[([ xX])\]\s")


def inline_runs(children: "Sequence[Token]", base: str = "") -> list[Run]:
    """The runs of one inline token's children, `base` being the style names they all have."""
    runs: list[Run] = []
    open_styles: list[str] = base.split()
    for index, token in enumerate(_without_second_dollars(children)):
        name = token.type.removesuffix("_open").removesuffix("_close")
        if token.nesting and name in _STYLES:
            if token.nesting > 0:
                open_styles.append(_STYLES[name])
            elif _STYLES[name] in open_styles:
                open_styles.reverse()
                open_styles.remove(_STYLES[name])
                open_styles.reverse()
            continue
        if token.type == "text" and ("[[" in token.content or "==" in token.content):
            runs += marked_runs(token.content, style_key(open_styles))
            continue
        text, extra = _shown(token, children, index)
        if "link" in open_styles and text.startswith("^"):  # a footnote that the parser takes for a link
            text = f"[{text}]"
        if text:
            runs.append((text, style_key([*open_styles, *extra])))
    return runs


def _without_second_dollars(children: "Sequence[Token]") -> "Sequence[Token]":
    """`$$x$$` within a line is to the parser a formula between two dollars; these are no text."""
    kept = list(children)
    for place in range(1, len(kept) - 1):
        before, formula, after = kept[place - 1 : place + 2]
        if formula.type == "math_inline" and before.content.endswith("$") and after.content.startswith("$"):
            kept[place - 1] = before.copy(content=before.content[:-1])
            kept[place + 1] = after.copy(content=after.content[1:])
    return kept


def style_key(names: Sequence[str]) -> str:
    """One spelling for any order of style names.

    >>> style_key(["strong", "code", "strong"])
    'code strong'
    """
    return " ".join(sorted({*names})) if names else ""


def _shown(token: "Token", children: "Sequence[Token]", index: int) -> tuple[str, tuple[str, ...]]:
    """The text of one token, and the styles it adds."""
    show = _SHOW.get(token.type)
    if show:
        return show(token)
    if token.type == "softbreak":
        return _soft_break(children, index), ()
    return token.content or token.markup, ()


def _soft_break(children: "Sequence[Token]", index: int) -> str:
    """Nothing between two wide characters, a space elsewhere."""
    before = next((t.content for t in reversed(children[:index]) if t.content), "")
    after = next((t.content for t in children[index + 1 :] if t.content), "")
    return "" if before and after and is_wide(before[-1]) and is_wide(after[0]) else " "


def _html(token: "Token") -> tuple[str, tuple[str, ...]]:
    return inline_tag(token.content), ("html",)


def _image(token: "Token") -> tuple[str, tuple[str, ...]]:
    name = "".join(child.content for child in token.children or ()) or str(token.attrs.get("src", ""))
    return _("[image: {name}]").format(name=name), ("image",)


def _footnote(token: "Token") -> tuple[str, tuple[str, ...]]:
    return f"[^{token.meta.get('label') or token.meta.get('id', 0) + 1}]", ("link",)


_SHOW: "dict[str, Callable[[Token], tuple[str, tuple[str, ...]]]]" = {
    "text": lambda token: (token.content, ()),
    "text_special": lambda token: (token.content, ()),
    "hardbreak": lambda _token: ("\n", ()),
    "code_inline": lambda token: (token.content, ("code",)),
    "math_inline": lambda token: (readable(token.content), ("maths",)),
    "math_inline_double": lambda token: (readable(token.content), ("maths",)),
    "math_single": lambda token: (readable(token.content), ("maths",)),
    "html_inline": _html,
    "image": _image,
    "footnote_ref": _footnote,
}


def mark_task(runs: list[Run]) -> list[Run]:
    """The runs of a list item, a task box at their head made to stand out."""
    if not runs or not (box := _TASK.match(runs[0][0])):
        return runs
    text, style = runs[0]
    done = "task-open" if box[1] == " " else "task-done"
    return [(text[:3], style_key([*style.split(), done])), (text[3:], style), *runs[1:]]
