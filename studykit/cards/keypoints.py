"""The key points of an answer: what a learner should have said, as a checklist to grade against."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from studykit.cards.normal_form import normalise

if TYPE_CHECKING:
    from markdown_it.token import Token

MOST = 12
_LONGEST = 40  # characters; a longer bold text is a sentence, of which the first clause will do
_NO_POINT = frozenset({
    "例如", "其中", "注意", "原因", "因此", "因为", "所以", "总结", "说明", "代码说明", "即", "如", "Note",
    "Example",
})  # fmt: skip
_HEAD_END = re.compile(r"[:：。；;？?！!]|——| – | - |，|, |\. |\n")
_CLAUSE_END = re.compile(r"[:：。；;，,、（(\n]")
_TASK = re.compile(r"\A\[[ xX]\] ")
_LABEL = re.compile(r"\s*\*\*[^*\n]{1,60}\*\*\s*[:：]?\s*")
# "…：1)加权路由，…；2)动态调整" – a list within a paragraph.
_INLINE_ITEM = re.compile(
    r"(?:^|[：:；;。，,\s])(?:\d{1,2}[)）]|[（(]\d{1,2}[)）]|[①-⑩])\s*"
    r"([^\s，,；;。：:（(—–=-][^，,；;。：:（(—–\n]{1,39})"
)


def key_points(markdown: str) -> tuple[str, ...]:
    """Bold terms, heads of list items and of numbered clauses, in order, each once, at most 12.

    >>> key_points("**气泡**是空闲：\\n1. 填充：等第一个\\n2. 排空：等最后一个")
    ('气泡', '填充', '排空')
    """
    points: dict[str, str] = {}
    for point in _points(markdown):
        if (form := normalise(point)) and len(points) < MOST:
            points.setdefault(form, point)
    return tuple(points.values())


def _points(markdown: str) -> Iterator[str]:
    from studykit.vault.markdown import parser

    tokens = parser().parse(markdown)
    depth = 0
    for place, token in enumerate(tokens):
        depth += (token.type in _OPENS) - (token.type in _CLOSES)
        if token.type == "inline" and not _announces_list(tokens, place):
            opens_item = place >= 2 and tokens[place - 2].type == "list_item_open"
            yield from _of_inline(token, is_item=opens_item and depth == 1)


_OPENS = frozenset({"bullet_list_open", "ordered_list_open"})
_CLOSES = frozenset({"bullet_list_close", "ordered_list_close"})


def _announces_list(tokens: "list[Token]", place: int) -> bool:
    """Is this only a bold label (`**原因**：`) of the list below? Then the list has the points."""
    if not _LABEL.fullmatch(tokens[place].content):
        return False
    return place + 2 < len(tokens) and tokens[place + 2].type in _OPENS


def _of_inline(token: "Token", *, is_item: bool) -> Iterator[str]:
    bold = [short for text in _bold(token.children or []) if (short := _short(text))]
    yield from bold
    if is_item and not bold:
        text = "".join(child.content or " " * (child.type == "softbreak") for child in token.children or [])
        head = _short(_HEAD_END.split(_TASK.sub("", text, count=1), maxsplit=1)[0])
        yield from [head] if head else []
    elif not is_item:
        yield from (found.strip() for found in _INLINE_ITEM.findall(token.content) if "**" not in found)


def _bold(children: "list[Token]") -> Iterator[str]:
    """The text of each bold span."""
    depth, text = 0, ""
    for child in children:
        if child.type == "strong_open":
            depth, text = depth + 1, "" if depth == 0 else text
        elif child.type == "strong_close":
            depth -= 1
            if depth == 0:
                yield text
        elif depth:
            text += child.content


def _short(text: str) -> str:
    """`text` as a point: no closing colon, and of a sentence the first clause; '' if even that is long."""
    text = text.strip(" \t\n:：。.；;，,、")
    if len(text) > _LONGEST:
        text = _CLAUSE_END.split(text, maxsplit=1)[0].strip()
    return text if 1 < len(text) <= _LONGEST and text not in _NO_POINT else ""
