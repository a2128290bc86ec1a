"""Blocks to lines: what each kind of block looks like in a given width."""

from collections.abc import Callable
from typing import Any

from studykit.tui.prose.block import Block, children
from studykit.tui.prose.code import code_lines
from studykit.tui.prose.html_text import block_text
from studykit.tui.prose.inline import inline_runs, mark_task
from studykit.tui.prose.maths import readable
from studykit.tui.prose.symbols import symbols
from studykit.tui.prose.table import table_lines
from studykit.tui.prose.wrap import Line, line_width, wrap

NARROWEST = 8
"""Cells a block gets even where its prefix leaves less."""
Env = dict[str, Any]


def lay_out(block: Block, width: int, env: Env) -> list[Line]:
    """The lines of `block` in `width` cells, its prefix and the empty line before it included."""
    inner = max(width - line_width(block.rest), NARROWEST)
    body = _LAYOUTS.get(block.kind, _plain)(block, inner, env)
    lines: list[Line] = [] if block.gap is None else [list(block.gap)]
    for number, line in enumerate(body or [[]]):
        lines.append([*(block.first if number == 0 else block.rest), *line])
    return lines


def _paragraph(block: Block, width: int, env: Env) -> list[Line]:
    runs = block.runs(env)
    return wrap(mark_task(runs) if block.is_item else runs, width)


def _heading(block: Block, width: int, env: Env) -> list[Line]:
    lines = wrap(block.runs(env, f"{block.kind} heading"), width)
    if block.kind == "h1":
        lines.append([(symbols().rule * min(max(map(line_width, lines), default=1), width), "h1")])
    return lines


def _code(block: Block, width: int, env: Env) -> list[Line]:  # noqa: ARG001
    return [
        [("  ", "code-block"), *line, (" " * max(width - 2 - line_width(line), 0), "code-block")]
        for line in code_lines(block.source, block.info, width - 3)
    ]


def _maths(block: Block, width: int, env: Env) -> list[Line]:  # noqa: ARG001
    text = "\n".join("  " + line for line in readable(block.source).split("\n"))
    label = f"  ({block.info})" if block.info else ""
    return wrap([(text + label, "maths")], width)


def _rule(block: Block, width: int, env: Env) -> list[Line]:  # noqa: ARG001
    return [[(symbols().rule * width, "rule")]]


def _table(block: Block, width: int, env: Env) -> list[Line]:
    rows = [[inline_runs(children(cell, env)) for cell in row] for row in block.rows]
    head = block.rows[0] if block.rows else []
    aligns = [str(cell.attrs.get("style", "")).removeprefix("text-align:") for cell in head]
    return table_lines(rows, aligns, width, symbols())


def _plain(block: Block, width: int, env: Env) -> list[Line]:  # noqa: ARG001
    """HTML as text, and any block this program does not know: its source."""
    return wrap([(block_text(block.source), "html")], width)


_LAYOUTS: dict[str, Callable[[Block, int, Env], list[Line]]] = {
    "paragraph": _paragraph,
    **{f"h{level}": _heading for level in range(1, 7)},
    "fence": _code,
    "code_block": _code,
    "math_block": _maths,
    "math_block_label": _maths,
    "hr": _rule,
    "table": _table,
}
