"""Decks of hashcards (https://github.com/eudoxia0/hashcards): `Q:` with `A:`, and `C:` with gaps in brackets.

A card reaches to the next mark, or to a line of dashes; a line that begins with `#` is no part of any. hashcards
refuses a file with one slip in it; here the slip is reported and the other cards study. A file is a deck if its folder
is a collection of hashcards, if its cards begin at its top, or if nearly all of it is cards; a question and an answer
within other prose are left to `inline-qa`. The deck is named in TOML frontmatter, or else as the file is.
"""

from collections.abc import Iterator

import msgspec

from studykit.cards.answer import explicit_id
from studykit.cards.formats.gaps import Gap, cards
from studykit.cards.page import Found, Page
from studykit.errors import Problem
from studykit.locale import _
from studykit.vault.later import later

_MARKS = ("Q:", "A:", "C:")
_BREAK = "---"
_BRACKET = later(r"\\(?=[\[\]])|!(?=\[)|[\[\]]")
_FEWEST = 3  # cards, where a file begins with something else


class _Card(msgspec.Struct):
    """A card being read: its lines by mark, `Q` or `C` first."""

    mark: str
    start: int
    first: list[str]
    answer: list[str] | None = None

    def add(self, line: str) -> None:
        (self.first if self.answer is None else self.answer).append(line)


class _Deck(msgspec.Struct):
    """The file on its way through."""

    page: Page
    name: str
    seen: set[tuple[str, str]] = msgspec.field(default_factory=set)

    def report(self, line: int, message: str) -> None:
        self.page.problems.append(Problem(self.page.note.path, self.page.file_line(line), message))


def find(page: Page) -> Iterator[Found]:
    """The cards of a note that is a deck."""
    body = page.note.body
    if not any(f"\n{mark}" in body or body.startswith(mark) for mark in ("Q:", "C:")):
        return
    if not page.is_untouched:
        return  # another program made cards of this note: its questions may begin with `Q:`, too
    marks = {line for line in page.lines_with(*(f"\n{mark}" for mark in _MARKS)) if page.is_prose(line)}
    name, top = _head(page)
    if _is_deck(page, sorted(marks), top, named=name is not None):
        yield from _read(_Deck(page, name or _stem(page.note.path)), marks, top)


def _stem(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".md")


def _head(page: Page) -> tuple[str | None, int]:
    """The deck's name in TOML frontmatter (None: there is no frontmatter), and the line after it."""
    fence = page.lines[0].strip() if page.lines else ""
    if page.note.body_line > 1 or fence not in ("---", "+++"):
        return None, 0
    closing = next((at for at in range(1, min(page.size, 100)) if page.lines[at].strip() == fence), None)
    if closing is None:
        return None, 0
    import tomllib

    try:
        name = tomllib.loads(page.text(1, closing)).get("name")
    except (tomllib.TOMLDecodeError, RecursionError):
        return None, 0
    return name if isinstance(name, str) else "", closing + 1


def _is_deck(page: Page, marks: list[int], top: int, *, named: bool) -> bool:
    starts = [line for line in marks if not page.lines[line].startswith("A:")]
    whole = sum(_is_whole(page, marks, place) for place in range(len(marks)))
    if not whole:
        return False
    if named or page.options.plugins.hashcards:
        return True
    if any(line > starts[0] for line in page.heading_lines):
        text_below = sum(_opens_text(page, line, marks) for line in page.heading_lines if line > starts[0])
        if 2 * text_below > len(starts):
            return False
    above = [line for line in range(top, starts[0]) if line in page.heading_lines or _is_stray(page, line)]
    if not above or (whole == len(starts) and all(line in page.heading_lines for line in above)):
        return True
    return whole >= _FEWEST and len(above) <= whole


def _is_whole(page: Page, marks: list[int], place: int) -> bool:
    """Does a card begin at this mark: a gap, or a question with its answer?"""
    line = page.lines[marks[place]]
    if line.startswith("C:"):
        end = marks[place + 1] if place + 1 < len(marks) else page.size
        return bool(_gaps(page.text(marks[place], end)[2:])[1])
    return line.startswith("Q:") and place + 1 < len(marks) and page.lines[marks[place + 1]].startswith("A:")


def _is_stray(page: Page, line: int) -> bool:
    text = page.lines[line].strip()
    return bool(text) and line not in page.heading_lines and page.is_prose(line) and text != _BREAK


def _opens_text(page: Page, heading: int, marks: list[int]) -> bool:
    below = next((line for line in range(heading + 1, page.size) if page.lines[line].strip()), page.size)
    return below < page.size and below not in marks and below not in page.heading_lines


def _read(deck: _Deck, marks: set[int], top: int) -> Iterator[Found]:
    page = deck.page
    card: _Card | None = None
    for number in range(top, page.size):
        line = page.lines[number]
        mark = line[0] if number in marks else ""
        if mark in ("Q", "C"):
            yield from _closed(deck, card, number)
            card = _Card(mark, number, [line[2:]])
        elif mark and card and card.mark == "Q" and card.answer is None:
            card.answer = [line[2:]]
        elif mark:
            deck.report(number, _("an answer (A:) without a question (Q:) before it; it is left out"))
        elif line.strip() == _BREAK and page.is_prose(number):
            yield from _closed(deck, card, number)
            card = None
        elif line.lstrip().startswith("#") and page.is_prose(number):
            continue
        elif card:
            card.add(line)
        elif _is_stray(page, number):
            deck.report(number, _("text outside a card, expected Q: or C:; it is left out"))
    yield from _closed(deck, card, page.size)


def _closed(deck: _Deck, card: _Card | None, end: int) -> Iterator[Found]:
    """The cards of a card that is read to its end; one that is not whole is reported."""
    if card is None:
        return
    page = deck.page
    text = "\n".join(card.first).strip()
    if card.mark == "C":
        clean, gaps = _gaps(text)
        made = [(each.prompt, each.answer, each.number, each.key) for each in cards(clean, gaps)]
        if not made:
            deck.report(card.start, _("a cloze (C:) without a gap in brackets; it is left out"))
    else:
        answer = "\n".join(card.answer or []).strip()
        made = [(text, answer, 0, "")] if text and answer else []
        if not made:
            without = _("a card without its answer (A:); it is left out")
            deck.report(card.start, without if text else _("a card without its question (Q:); it is left out"))
    given = explicit_id(page.text(card.start, end))
    for place, (prompt, answer, number, key) in enumerate(made):
        if (prompt, answer) not in deck.seen and answer.strip():
            deck.seen.add((prompt, answer))
            yield Found(
                prompt, answer, card.start, end, page.heading_at(card.start), kind="cloze" if number else "recall",
                cloze=number, key=key, deck=deck.name, explicit_id=given if place == 0 else "",
            )  # fmt: skip


def _gaps(text: str) -> tuple[str, list[Gap]]:
    r"""The text without its brackets, and the gaps in it; the brackets of images stay, and those behind a backslash.

    >>> _gaps(r"[Lima] ![map](a.png) \[Peru\]")
    ('Lima ![map](a.png) [Peru]', [Gap(start=0, end=4, opens=0, closes=4, hint='', numbers=(1,), hides=())])
    """
    pieces: list[str] = []
    found: list[Gap] = []
    at = length = 0
    opened: int | None = None
    in_image = escaped = False
    for token in _BRACKET.finditer(text):
        mark = token[0]
        kept = text[at : token.start()]
        is_text = mark == "!" or (mark != "\\" and (in_image or escaped))
        pieces.append(kept + mark if is_text else kept)
        length += len(pieces[-1])
        at = token.end()
        if mark == "[" and not is_text:
            opened = length
        elif mark == "]" and not is_text and opened is not None:
            if length > opened:
                found.append(Gap(opened, length, opened, length, "", (len(found) + 1,)))
            opened = None
        in_image = mark == "!" or (in_image and mark != "]")
        escaped = mark == "\\"
    return "".join([*pieces, text[at:]]), found
