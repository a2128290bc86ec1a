"""Source code as runs: coloured by Pygments, broken at the edge with a hanging indent."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len

from studykit.tui.prose.wrap import Line, Run

if TYPE_CHECKING:
    from pygments.lexer import Lexer  # type: ignore[import-untyped]

TOO_LONG = 40_000
"""Characters beyond which code is shown without colours: colouring costs about 1 µs a character."""
_STYLES = (
    ("Comment", "code-comment"), ("Keyword", "code-keyword"), ("Operator.Word", "code-keyword"),
    ("Literal.String", "code-string"), ("Literal.Number", "code-number"), ("Name.Function", "code-name"),
    ("Name.Class", "code-name"), ("Name.Decorator", "code-name"), ("Name.Builtin", "code-builtin"),
)  # fmt: skip


def code_lines(source: str, language: str, width: int) -> list[Line]:
    """The lines of a code block, each at most `width` cells, in the style `code-block` or one of its kinds."""
    runs = _coloured(source.expandtabs(4).removesuffix("\n"), language)
    lines: list[Line] = []
    for line in _split_lines(runs):
        lines.extend(_fold(line, max(width, 8)))
    return lines


@lru_cache(64)
def _lexer(language: str) -> "Lexer | None":
    from pygments.lexers import get_lexer_by_name  # type: ignore[import-untyped]
    from pygments.util import ClassNotFound  # type: ignore[import-untyped]

    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


@lru_cache(256)
def _style(token: Any) -> str:
    name = str(token).removeprefix("Token.")
    return next((style for prefix, style in _STYLES if name.startswith(prefix)), "code-block")


def _coloured(source: str, language: str) -> list[Run]:
    words = language.replace("{", " ").replace(":", " ").split()
    lexer = _lexer(words[0].lower()) if words and len(source) <= TOO_LONG else None
    if lexer is None:
        return [(source, "code-block")]
    return [(text, _style(token)) for token, text in lexer.get_tokens(source) if text]


def _split_lines(runs: list[Run]) -> list[Line]:
    lines: list[Line] = [[]]
    for text, style in runs:
        first, *others = text.split("\n")
        if first:
            lines[-1].append((first, style))
        lines.extend([(other, style)] if other else [] for other in others)
    return lines


def _fold(line: Line, width: int) -> list[Line]:
    """One line of source over as many lines as it needs; further ones begin two cells deeper than the first."""
    text = "".join(run[0] for run in line)
    if cell_len(text) <= width:
        return [line]
    indent = min(len(text) - len(text.lstrip(" ")) + 2, width // 2)
    folded: list[Line] = [[]]
    used = 0
    for piece, style in line:
        start = 0
        for at, letter in enumerate(piece):
            size = cell_len(letter)
            if used + size > width:
                folded[-1].append((piece[start:at], style))
                folded.append([(" " * indent, "code-block")])
                used, start = indent, at
            used += size
        folded[-1].append((piece[start:], style))
    return folded
