"""Anki's cloze deletions, `{{c1::Paris::a city}}`, in a paragraph or a list: a card for each number.

Gaps of one number are asked together; what stands behind the second `::` is shown as a hint. Gaps may be nested.
"""

import re
from collections.abc import Iterator, Sequence
from textwrap import dedent

from studykit.cards.answer import explicit_id
from studykit.cards.formats.gaps import MOST, Gap, cards
from studykit.cards.formats.inert import covers, spans
from studykit.cards.page import Found, Page
from studykit.cards.rules.marks import CLOZE
from studykit.vault.later import later

_TOKEN = later(r"\{\{c(\d{1,3}(?:,\d{1,3}){0,9})::|\}\}|::")
_DEEPEST = 8  # gaps within gaps; Anki itself stops there


def find(page: Page) -> Iterator[Found]:
    """A card for every number in every block that holds gaps."""
    end = 0
    for number in page.lines_with(CLOZE):
        if number < end or not page.is_prose(number) or page.is_covered(number):
            continue
        start, end = _block(page, number)
        if len(page.lines[number]) > MOST:
            continue
        text = dedent(page.text(start, end)).strip()
        yield from found(page, text, start, end, explicit_id(page.text(end - 1, end + 1)))


def found(page: Page, text: str, start: int, end: int, given: str = "", *, in_code: bool = False) -> Iterator[Found]:
    """The cloze cards of a text that stands on lines `start` to `end`; `given` is the id that the note gives it."""
    for place, card in enumerate(cards(text, gaps(text, in_code=in_code))):
        own = given and (f"{given}-{card.number}" if place else given)
        if card.answer.strip():
            yield Found(
                card.prompt, card.answer, start, end, page.heading_at(start),
                kind="cloze", cloze=card.number, key=card.key, explicit_id=own,
            )  # fmt: skip


def gaps(text: str, *, in_code: bool = False) -> Sequence[Gap]:
    """The deletions of a text outside of code and comments, inner ones too.

    In a text that is meant for Anki, those `in_code` count: Anki knows of none.

    >>> [(gap.numbers, gap.hint) for gap in gaps("{{c1::a {{c2::b}}}} {{c1::c::d}}")]
    [((2,), ''), ((1,), ''), ((1,), 'd')]
    """
    inert = spans(text, maths=False)
    if in_code:
        inert = [span for span in inert if text.startswith("<!--", span[0])]
    closed: list[Gap] = []
    open_: list[_Opened] = []
    at = 0
    for token in _TOKEN.finditer(text):
        if token.start() < at:
            continue
        if token[1]:
            open_.append(_Opened(token, hidden=covers(inert, token.start())))
        elif open_ and token[0] == "::":
            open_[-1].hint = open_[-1].hint or token.end()
        elif open_:
            opened = open_.pop()
            gap = opened.closed(text, token) if len(open_) < _DEEPEST else None
            at = gap.end if gap else token.end()
            closed += [gap] if gap else []
    return closed


class _Opened:
    """A deletion whose end has not come yet."""

    def __init__(self, token: re.Match[str], *, hidden: bool) -> None:
        self.start, self.opens, self.hidden = token.start(), token.end(), hidden
        self.numbers = tuple(dict.fromkeys(int(number) for number in token[1].split(",") if int(number)))
        self.hint = 0  # where a hint begins

    def closed(self, text: str, token: re.Match[str]) -> Gap | None:
        """The gap that ends with `token`; a brace before it that TeX opened is left to the text."""
        closes = token.start()
        if text[token.end() : token.end() + 1] == "}" and text.count("{", self.opens, closes) > text.count(
            "}", self.opens, closes
        ):
            closes += 1
        answer = self.hint - 2 if self.hint else closes
        if self.hidden or not self.numbers or not text[self.opens : answer].strip():
            return None
        return Gap(
            self.start, closes + 2, self.opens, answer, text[self.hint : closes] if self.hint else "", self.numbers
        )


def _block(page: Page, number: int) -> tuple[int, int]:
    """The lines around `number` that no blank line, heading, fence or comment parts from it."""
    start, end = number, number + 1
    while start and _continues(page, start - 1) and number not in page.heading_lines:
        start -= 1
    while end < page.size and _continues(page, end) and number not in page.heading_lines:
        end += 1
    return start, end


def _continues(page: Page, line: int) -> bool:
    return bool(page.lines[line].strip()) and page.is_prose(line) and line not in page.heading_lines
