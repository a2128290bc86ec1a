"""Title → the text before the first heading, or under a first heading that only says `概述` or `Overview`."""

import re
from collections.abc import Iterator

from studykit.cards.answer import answers, explicit_id, tidy
from studykit.cards.page import Found, Page
from studykit.cards.rules import inline_qa
from studykit.cards.spelling import which
from studykit.vault.later import later

SHORTEST, LONGEST = 40, 1_200  # characters
SHORTEST_SECTION = 80  # what stands under `概述` is often only a sentence about the note
OPENING_HEADINGS = (
    "概述", "定义", "简介", "概念", "基本概念", "是什么", "核心思想", "Overview", "Definition", "Introduction",
    "In brief", "Summary", "What it is",
)  # fmt: skip

# Lines that say something about the note instead of its subject.
_ABOUT = later(
    r"[ >*\-]*(?:\[toc\]|\[\[_?toc_?\]\]|(?:标签|来源|出处|作者|日期|时间|创建时间|更新时间|原文|原文链接|链接|转载自?|"
    r"状态|难度|参考|参见|相关|tags?|source|author|date|created|updated|link|url|status|difficulty|see also|related|up|"
    r"parent)[*_ ]*[:：].*|(?:#[^\s#]+\s*)+|!\[.*\]\(.*\)|\[\[[^\[\]]*\]\])\s*",
    re.IGNORECASE,
)
_NO_PROSE = later(r"\s*(?:[-*+]|\d+[.)])\s+(?:\[\[|\[[^\[\]]*\]\(|\[[ xX]\]\s)")


def find(page: Page) -> Iterator[Found]:
    """The note's main card from its opening text."""
    note = page.note
    start = max(0, note.lead_line - note.body_line)
    found = _main(page, note.lead, start, start + note.lead.count("\n") + 1)
    if not found and page.spans and not tidy(note.lead):
        first = page.spans[0]
        if which(first.heading, OPENING_HEADINGS) is not None:
            found = _main(page, first.section.own, first.start, first.end, SHORTEST_SECTION)
    if found:
        yield found


def _main(page: Page, text: str, start: int, end: int, shortest: int = SHORTEST) -> Found | None:
    if len(text) > 4 * LONGEST or "<!-- cards -->" in text or inline_qa.asks_within(page, start, end):
        return None
    answer = _subject(tidy(text))
    if not shortest <= len(answer) <= LONGEST or not answers(answer, SHORTEST // 2):
        return None
    return Found(page.title, answer, start, end, main=True, explicit_id=explicit_id(text))


def _subject(text: str) -> str:
    """`text` without lines about the note at its head; '' if it is a list of links or of things to check."""
    lines = text.split("\n")
    while lines and (not lines[0].strip() or (len(lines[0]) < 500 and _ABOUT.fullmatch(lines[0]))):
        lines.pop(0)
    filled = [line for line in lines if line.strip()]
    if 2 * sum(bool(_NO_PROSE.match(line)) for line in filled) >= max(1, len(filled)):
        return ""
    return "\n".join(lines)
