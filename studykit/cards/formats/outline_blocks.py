"""The blocks of an outline as Logseq writes it: list items with their own lines, properties and children."""

from collections.abc import Sequence

import msgspec

from studykit.vault.later import later

_ITEM = later(r"([ \t]*)-(?:[ \t]+|$)")
_PROPERTY = later(r"[ \t]*([A-Za-z][\w.-]*)::(?:[ \t]+(.*))?$")
_OWN_PROPERTY = later(
    r"(?:id|tags|collapsed|heading|background-color|(?:ls|hl|card)-[\w-]+|logseq\.[\w.-]+)::(?:[ \t]|$)"
)
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
            open_.append(Item(number, depth, len(open_), []))
            found.append(open_[-1])
            if _OWN_PROPERTY.match(body):  # Logseq's own may stand before the text
                _take(open_[-1], body, in_fence=False)
            else:
                open_[-1].lines.append(body)
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
    """Blocks as a Markdown list, without their properties; numbered where Logseq numbers them."""
    pieces: list[str] = []
    levels: list[tuple[int, int, int]] = []  # depth, number, where its text starts
    for item in found:
        number = 0
        while levels and levels[-1][0] >= item.depth:
            depth, before, _ = levels.pop()
            number = before if depth == item.depth else 0
        number = number + 1 if item.properties.get("logseq.order-list-type") == "number" else 0
        mark = f"{number}. " if number else "- "
        indent = " " * min(levels[-1][2] if levels else 0, 2 * DEEPEST)
        levels.append((item.depth, number, len(indent) + len(mark)))
        if item.text:
            first, *more = item.text.split("\n")
            pieces += [f"{indent}{mark}{first}", *(f"{indent}{' ' * len(mark)}{line}".rstrip() for line in more)]
    return "\n".join(pieces)
