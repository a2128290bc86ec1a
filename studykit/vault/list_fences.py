"""Code fences in a list, where it is plain to see that an item of the list itself holds them.

So are nearly all that people write: indented to the text of the item, and closed in it. A fence in a list or quote
within the item, one that its item's end closes, and whatever might hide one (HTML, other fences) is left to the parser.
"""

from collections.abc import Sequence
from typing import NamedTuple

from studykit.vault import line_forms as forms

_MARK = "```"
DEPTH = 2
"""Containers around such a fence: the list and its item."""


class ListFence(NamedTuple):
    """A fence that opens on `line` and closes on `last`, both 0-based; its lines are indented by `indent`."""

    info: str
    line: int
    last: int
    indent: int


def fences_in_list(lines: Sequence[str], at: int, end: int) -> list[ListFence] | None:
    """The fences of the list on lines `at` to before `end`, or None if only the parser can tell."""
    found: list[ListFence] = []
    width, number = 0, at
    while number < end:
        line = lines[number]
        text = line.lstrip(" ")
        if text and text is line:
            item = forms.item(line)
            if item is None or _opens(line[item.end() :]):
                return None
            width = item.end()
        elif text and (not width or len(line) - len(text) < width):
            return None  # the list itself stands further right, or an item further left
        elif text and (text[0] in "<>~\t" or _MARK in text):
            fence = _fence(lines, number, end, width)
            if fence is None:
                return None
            found.append(fence)
            number = fence.last
        number += 1
    return found


def _opens(text: str) -> bool:
    """Whether what stands beside an item's marker may open a block that hides a fence, or be one."""
    return text[0] in "<>~" or _MARK in text or forms.is_marker(text) is not None


def _fence(lines: Sequence[str], at: int, end: int, width: int) -> ListFence | None:
    """The fence that opens on a line within an item; an item of a list within it begins its text further right."""
    line = lines[at]
    text = line.lstrip(" ")
    indent = len(line) - len(text)
    opening = forms.fence(text)
    if opening is None or not opening[2] or not width <= indent <= width + 1:
        return None
    for number in range(at + 1, end):
        line = lines[number]
        text = line.lstrip(" ")
        if text[:1] == "\t":
            return None
        inside = len(line) - len(text) - width
        if text and inside < 0:
            return None
        if text.startswith(opening[2]) and inside < 4 and not text.rstrip(" \t").strip("`"):
            return ListFence(opening[3].strip(), at, number, indent)
    return None
