"""Logseq's cards: a block of an outline with `#card` or `tags:: card`, answered by the blocks below it.

`{{cloze …}}` hides what it holds; all gaps of a block are one card, as in Logseq. Where the mark stands alone, the
block above it asks; where nothing stands below, what is bold at the start of a block, or stands before an arrow or a
dash in its first line, asks for the rest of it. (Logseq shows the one with what is above it, and the other whole.)
Properties are never shown; `deck::` of the block or of its page names the deck, and those of Logseq's own reviews
(`card-last-interval::` and its kin) are the start of the card's schedule.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from studykit.cards.answer import sane_id
from studykit.cards.card import Schedule
from studykit.cards.formats.gaps import Gap, cards
from studykit.cards.formats.inert import covers, spans
from studykit.cards.formats.outline_blocks import DEEPEST, Item, items, page_properties, written
from studykit.cards.page import Found, Page
from studykit.cards.rules import flashcards_obsidian
from studykit.vault.later import later

# What may follow a tag: of these signs a few end it anywhere, two at the end of a word; any other is part of its name.
_TAG = later(r"(?<![/&#\\])#?(?:#card(?=[\s!\"#',:?]|[.;]?(?:\s|\Z))|\[\[card\]\](?![\w/-]))", re.IGNORECASE)
_SIGNS = tuple(",.;:!?")  # they stand at the word before them
_MARKED = later(r"#card|\[\[card\]\]|^[ \t]*tags::.*\bcard\b", re.IGNORECASE | re.MULTILINE)
_NAMES = later(r"[^\s,#\[\]][^,#\[\]]*(?<!\s)")
_NAME_MARKS = later(r"[\[\]#]")
_MACRO = later(r"\{\{(?:[^{}\n]|\{(?!\{)|\}(?!\}))*\}\}")  # a query that asks for cards is none
_CLOZE = later(r"\{\{cloze[ \t]", re.IGNORECASE)
_BLOCK_ID = later(r"(?:^|[ \t])\^([A-Za-z0-9-]{1,64})\s*\Z")
_TERM = later(
    r"(\*\*(?=\S)[^*\n]{1,200}(?<=\S)\*\*)[ \t]*[:：–—-]?[ \t]+(?=\S)|([^\n]{1,200}?)[ \t]+(?:[=-]>|[→—–])[ \t]+(?=\S)"
)
_NAMES_ALONE = later(r"(?:#[^\s#]+\s*)+")
_MOST_LINES = 50  # of a block that asks for one below it
_URL = 300  # characters before a mark that may be the address that it is a part of
_DAY = later(r"(\d{4}-\d{2}-\d{2})T?")
_LONGEST, _MOST = 36_500, 10_000  # days, reviews


def find(page: Page) -> Iterator[Found]:
    """A card for every block that is marked as one."""
    if not _MARKED.search(page.note.body):
        return
    if "#card" in page.options.plugins.spaced_repetition.tags:
        return  # here the tag names a deck of another program
    if flashcards_obsidian.belongs(page):
        return  # and here it is another program's own
    found = items(page.lines)
    deck = page_properties(page.lines).get("deck", "")
    above: list[Item] = []
    for place, item in enumerate(found):
        del above[item.level :]
        above.append(item)
        question = _question(item)
        if question is None or item.level > DEEPEST or not page.is_prose(item.start):
            continue
        last = place + 1
        while last < len(found) and found[last].start < item.end and last - place <= _MOST:
            last += 1
        below = _opened(written(found[place + 1 : last]))
        if given := _BLOCK_ID.search(question):
            question = question[: given.start()].rstrip()
            item.properties.setdefault("id", given[1])
        yield from _cards(page, item, *_sides(question, below, above), deck)


def _sides(question: str, below: str, above: Sequence[Item]) -> tuple[str, str]:
    """What a block asks, and what is below it; see the top of this file for a mark that stands alone."""
    if len(above) > 1 and (not question or _NAMES_ALONE.fullmatch(question)):
        over = "\n".join(above[-2].lines[:_MOST_LINES])
        return _TAG.sub("", over, count=1).strip(), below
    term = _TERM.match(question) if not below else None
    if term and not _gaps(question):
        return term[1] or term[2], question[term.end() :]
    return question, below


def _question(item: Item) -> str | None:
    """The text of a block that says that it is a card, without that mark; None for any other."""
    text = item.text
    inert = (spans(text), [macro.span() for macro in _MACRO.finditer(text)]) if _MARKED.search(text) else ()
    marks = (mark for mark in _TAG.finditer(text) if not any(covers(held, mark.start()) for held in inert))
    mark = next((mark for mark in marks if not _is_in_address(text, mark.start())), None)
    if mark:
        before, behind = text[: mark.start()].rstrip(), text[mark.end() :].lstrip(" ")
        return f"{before}{'' if behind[:1] in _SIGNS else ' '}{behind}".strip()
    named = "card" in _NAMES.findall(item.properties.get("tags", "").lower())
    return text if named or any(map(_TAG.search, item.properties.values())) else None


def _is_in_address(text: str, place: int) -> bool:
    """Does the word that a mark stands in begin an address before it? Behind any other word it is one."""
    words = text[max(0, place - _URL) : place].rsplit(maxsplit=1)
    return bool(words) and not text[place - 1].isspace() and ("://" in words[-1] or "](" in words[-1])


def _cards(page: Page, item: Item, question: str, below: str, deck: str) -> Iterator[Found]:
    gaps = _gaps(question)
    if gaps:
        made = [(card.prompt, _joined(card.answer, below), 1, card.key) for card in cards(question, gaps)]
    else:
        made = [(question, below, 0, "")]
    for prompt, answer, number, key in made:
        if prompt.strip() and answer.strip():
            yield Found(
                prompt, answer, item.start, item.start + 1, page.heading_at(item.start), key=key, cloze=number,
                kind="cloze" if number else "recall", explicit_id=sane_id(item.properties.get("id", "")),
                deck=_NAME_MARKS.sub("", item.properties.get("deck", deck)), schedule=_schedule(item),
            )  # fmt: skip


def _opened(text: str) -> str:
    """`text` with its gaps as plain text: an answer hides nothing."""
    pieces: list[str] = []
    at = 0
    for gap in _gaps(text):
        pieces += [text[at : gap.start], text[gap.opens : gap.closes]]
        at = gap.end
    return "".join([*pieces, text[at:]])


def _joined(answer: str, below: str) -> str:
    return f"{answer}\n\n{below}" if below else answer


def _gaps(text: str) -> list[Gap]:
    r"""The gaps of a block, all of one card; what follows `\\` in one is its hint."""
    inert = spans(text, maths=False)
    found: list[Gap] = []
    at = 0
    while opening := _CLOZE.search(text, at):
        closing = text.find("}}", opening.end())
        if closing < 0:
            break
        held, parted, hint = text[opening.end() : closing].partition("\\\\")
        at = closing + 2
        if held.strip() and not covers(inert, opening.start()):
            found.append(
                Gap(opening.start(), at, opening.end(), opening.end() + len(held), hint if parted else "", (1,))
            )
    return found


def _schedule(item: Item) -> Schedule | None:
    """What Logseq's reviews left in a block's properties; an interval of -1 is a card that was forgotten."""
    reviewed = _DAY.match(item.properties.get("card-last-reviewed", ""))
    try:
        last = date.fromisoformat(reviewed[1]) if reviewed else None
        interval = round(float(item.properties.get("card-last-interval", "")))
        reps = int(item.properties.get("card-repeats", "1") or 1)
        ease = float(item.properties.get("card-ease-factor", "2.5") or 2.5)
    except (ValueError, OverflowError):
        return None
    if last is None or not 0 < reps <= _MOST:
        return None
    label = "hard" if ease < 2.0 else "easy" if ease >= 2.7 else "medium"
    return Schedule(last, min(max(interval, 1), _LONGEST), reps, label)
