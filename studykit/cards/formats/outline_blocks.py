"""The blocks of an outline as Logseq writes it: list items with their own lines, properties and children."""

from collections.abc import Sequence

import msgspec

from studykit.vault.later import later

_ITEM = later(r"([ \t]*)-(?:[ \t]+|$)")
_PROPERTY = later(r"[ \t]*([A-Za-z][\w.-]*)::(?:[ \t]+(.*))?$")
_TASK_DATE = later(r"(?:SCHEDULED|DEADLINE): <[^<>]*>$")

DEEPEST = 30
"""Blocks within blocks whose indentation is kept."""


class Item(msgspec.Struct):
    """One block. Lines count from 0; `end` is the line after its last child.

    `depth` is the width of its indent, `level` the number of blocks that it stands in.
    """

    start: int
    depth: int
    level: int
    lines: list[str]
    properties: dict[str, str] = msgspec.field(default_factory=dict)
    end: int = 0

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip()


def page_properties(lines: Sequence[str]) -> dict[str, str]:
    """The properties of the whole page: those above its first block, or that its first block is made of."""
    found: dict[str, str] = {}
    for line in lines:
        own = _PROPERTY.match(line[2:] if line.startswith("- ") and not found else line)
        if own is None:
            break
        found[own[1].lower()] = (own[2] or "").strip()
    return found


def items(lines: Sequence[str]) -> list[Item]:
    """Every block of an outline, in order; text outside of any is left out, and so are logbooks and dates of tasks."""
    found: list[Item] = []
    open_: list[Item] = []
    in_fence = in_drawer = False
    for number, line in enumerate(lines):
        item = None if in_fence else _ITEM.match(line)
        body = line[item.end() :] if item else line.strip()
        if body.startswith("```"):
            in_fence = not in_fence
        if not in_fence and (in_drawer or body == ":LOGBOOK:" or _TASK_DATE.match(body)):
            in_drawer = (in_drawer or body == ":LOGBOOK:") and body != ":END:" and not item
            if not item:
                continue
        if item:
            depth = len(item[1].expandtabs(4))
            while open_ and open_[-1].depth >= depth:
                open_.pop().end = number
            open_.append(Item(number, depth, len(open_), [body]))
            found.append(open_[-1])
        elif open_:
            _take(open_[-1], line, in_fence)
    for item_ in open_:
        item_.end = len(lines)
    return found


def _take(item: Item, line: str, in_fence: bool) -> None:
    """A line below a block's first: a property, or more of its text, less the indentation of the block."""
    own = None if in_fence else _PROPERTY.match(line)
    if own:
        item.properties[own[1].lower()] = (own[2] or "").strip()
    else:
        kept = line.lstrip("\t")
        cut = item.depth + 2 - 4 * (len(line) - len(kept))
        item.lines.append(kept[max(0, min(cut, len(kept) - len(kept.lstrip(" ")))) :])


def written(found: Sequence[Item]) -> str:
    """Blocks as a Markdown list, without their properties."""
    pieces: list[str] = []
    levels: list[int] = []
    for item in found:
        while levels and levels[-1] >= item.depth:
            levels.pop()
        levels.append(item.depth)
        indent = "  " * min(len(levels) - 1, DEEPEST)
        if item.text:
            first, *more = item.text.split("\n")
            pieces += [f"{indent}- {first}", *(f"{indent}  {line}".rstrip() for line in more)]
    return "\n".join(pieces)
