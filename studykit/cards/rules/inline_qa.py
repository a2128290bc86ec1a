"""`**Q1: …？**` or `Q: …？` with the lines below it, where the question ends in a question mark.

`**问题**：` states a problem and is none. A question that opens a list item is answered by the rest of the item.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from studykit.cards.answer import answers, explicit_id, tidy, without_label
from studykit.cards.page import Found, Page
from studykit.cards.prompt import LONGEST_PROMPT, asks, clean
from studykit.cards.rules.block import block_end
from studykit.vault.later import later

LONGEST = 1_200  # characters of an answer
_MARKER = later(r"([ ]{0,3})((?:[-*+]|\d{1,3}[.)])[ \t]+)?(?=\*\*|[QqWwHh问提追面])")
_LABEL = later(
    r"(?:(?:[Qq](?:uestion)?|问|提问|追问|面试题)[ \t]*\d{0,3}|问题[ \t]*\d{1,3})[ \t]*(?:[:：]|\*\*[ \t]*[:：])[ \t]*"
)
_OPENS = later(r"[ ]{0,3}(?:\*\*)?(?:[Qq](?:uestion)?|问|提问|追问|面试题)[ \t]*\d{0,3}[ \t]*(?:\*\*[ \t]*)?[:：]")
_PLAIN = later(r"([ ]{0,3})((?:[-*+]|\d{1,3}[.)])[ \t]+)?(?=[^\s|>#<`])")
_ANSWER = later(r"[ \t]*(?:[-*+][ \t]+)?(?:\*\*)?(?:[Aa](?:nswer)?|答案?|回答)\d{0,3}[ \t]*(?:\*\*[ \t]*)?[:：]")
_SAME_LINE = later(r"(?<=[？?])[ \t]+(?=(?:\*\*)?(?:[Aa](?:nswer)?|答)[ \t]*(?:\*\*)?[:：])")


_PROSE = later(r"(?!\d+[.)]|[Ss]tep\b)[\w“\"]")  # neither a list item nor bold, quoted, indented or code


class _Question(NamedTuple):
    line: int
    indent: int  # columns an answer inside the same list item is indented by; 0 outside a list
    labelled: bool
    prompt: str
    rest: str  # what follows on the same line


def find(page: Page) -> Iterator[Found]:
    """A card for every marked question that no earlier card shows."""
    for _, group in groupby(_found(page), key=lambda found: found.parent):
        *earlier, last = group
        if len(earlier) >= 2 and not any(_closing(found.answer) for found in earlier):
            last = last._replace(answer=last.answer.removesuffix(_closing(last.answer)))
        for found in (*earlier, last):
            answer = without_label(tidy(found.answer))
            if len(answer) <= LONGEST and answers(answer):
                yield found._replace(answer=answer)


def asks_within(page: Page, start: int, end: int) -> bool:
    """Is there a labelled question, or more than one question, in these body lines?"""
    asked = [question for question in _questions(page) if start <= question.line < end]
    return len(asked) > 1 or any(question.labelled for question in asked)


def _found(page: Page) -> Iterator[Found]:
    """The questions with everything up to the next one, or to where its block ends."""
    questions = list(_questions(page))
    for place, question in enumerate(questions):
        if page.is_covered(question.line) or page.is_aside(question.line):
            continue
        limit = questions[place + 1].line if place + 1 < len(questions) else page.size
        end = _end(page, question, limit)
        source = "\n".join([question.rest, *_dedented(page.lines[question.line + 1 : end])])
        if len(source) <= 2 * LONGEST:
            parent = page.heading_at(question.line)
            yield Found(question.prompt, tidy(source), question.line, end, parent, explicit_id=explicit_id(source))


def _closing(answer: str) -> str:
    """The paragraph below an answer that begins with `A:`: the last of several may be followed by a closing word."""
    before, gap, last = answer.rpartition("\n\n")
    is_prose = bool(gap) and "\n" not in last and bool(_PROSE.match(last))
    return gap + last if is_prose and without_label(before) != before and not before.endswith((":", "：")) else ""


def _questions(page: Page) -> Iterator[_Question]:
    """Every marked question of the note."""
    for number in page.lines_with("？", "?"):
        if number not in page.heading_lines and page.is_prose(number):
            question = _read(number, page.lines[number]) or _answered_below(page, number)
            yield from [question] if question else []


def _read(number: int, line: str) -> _Question | None:
    """The question a line asks, if it is one of the three forms: `**Q1: …？**`, `**Q1:** …？`, `Q1: …？`."""
    marker = _MARKER.match(line)
    if marker is None or len(line) > 20 * LONGEST_PROMPT:
        return None
    text, rest = line[marker.end() :].rstrip(), ""
    bold = text.startswith("**")
    if bold:
        inner, closed, rest = text[2:].partition("**")
        if closed and asks(inner):
            text, rest = inner.strip(), rest.lstrip(" \t:：")
        else:
            text, rest, bold = text[2:], "", False
    label = _LABEL.match(text)
    if not bold and label is None:
        return None
    text = text[label.end() :].removeprefix("**").strip() if label else text
    if found := _SAME_LINE.search(text):
        text, rest = text[: found.start()], text[found.end() :]
    prompt = clean(text)
    if not asks(prompt) or not 4 <= len(prompt) <= LONGEST_PROMPT:
        return None
    return _Question(number, len(marker[0]) if marker[2] else 0, label is not None, prompt, rest)


def _answered_below(page: Page, number: int) -> _Question | None:
    """A plain line that asks, where the next one begins with `A:` or `答：`."""
    line = page.lines[number]
    marker = _PLAIN.match(line)
    below = next((text for text in page.lines[number + 1 : number + 3] if text.strip()), "")
    if marker is None or len(line) > 2 * LONGEST_PROMPT or not _ANSWER.match(below):
        return None
    prompt = clean(line[marker.end() :].rstrip())
    if not asks(prompt) or not 4 <= len(prompt) <= LONGEST_PROMPT:
        return None
    return _Question(number, len(marker[0]) if marker[2] else 0, True, prompt, "")


def _end(page: Page, question: _Question, limit: int) -> int:
    """The line where the answer ends, before `limit`."""
    if not question.indent:
        start, bold_ends = question.line + 1, not question.labelled
        end = block_end(page, start, limit, stops_at_bold=bold_ends, empty=not question.rest)
        others = (n for n in range(start, end) if _OPENS.match(page.lines[n]) and page.is_prose(n))
        return next(others, end)
    lines, least = page.lines, min(question.indent, 2)
    for number in range(question.line + 1, limit):
        line = lines[number]
        if number in page.heading_lines:
            return number
        if line.strip() and len(line) - len(line.lstrip()) < least and page.is_prose(number):
            return number
    return limit


def _dedented(lines: Sequence[str]) -> list[str]:
    """`lines` without the indentation they share, so that a list item's body stands by itself."""
    depths = [len(line) - len(line.lstrip(" ")) for line in lines if line.strip()]
    depth = min(depths, default=0)
    return [line[depth:] for line in lines]
