"""Cards of Obsidian's Flashcards plugin: `Question #card` with the answer below, `question::answer`, `==gaps==`.

The plugin makes cards of the notes that it is run over, and leaves `cards-deck` in their heads or ids (`^` and
thirteen digits) behind their cards. Such a note is read here, and where the plugin is installed one that has its tag,
or a separator with blanks around it: `key:: value` is what other plugins call a field.
A card is what the expressions of its version 1 find (`src/conf/regex.ts` at 03c9cea, `src/services/parser.ts`,
https://github.com/reuseman/flashcards-obsidian): a question is its whole paragraph, an answer ends at a blank line.
Left out are their slips: an answer that a `#` within a word or a link cuts, a question without its first digit.
"""

import re
from collections.abc import Iterator

from studykit.cards.formats.gaps import Gap, cards
from studykit.cards.formats.inert import Spans, covers, maths_lines, spans
from studykit.cards.formats.plugins import FlashcardsObsidian
from studykit.cards.formats.sr_schedule import without_comments
from studykit.cards.page import Found, Page
from studykit.vault.later import later

_ID = later(r"\^(\d{13})(?!\d)")
_ID_BEHIND = later(r"\s\^(\d{13})[ \t]*\Z")
_TAGS = r"(?: +#(?:[^\W\d]|[/-])[\w/-]*)"
_FIRST_TAGS = later(rf"(?<! ){_TAGS}+")
_HASHES = later(r" {0,3}#*")
_LEADING = later(r" {0,3}(?:#{1,6}(?=[ \t]))?[ \t]*(?:(?:\d{1,9}[.)]|[-+*])(?=[ \t]))?")
_GAP = later(r"==([^=\n]+?)==|(?<!\{)\{(?!\{)(?:(\d):?)?([^{}\n]+?)\}(?!\})")
_DECK = later(r"^cards-deck[ \t]*:[ \t]*(.*)$", re.MULTILINE)
_LONGEST_LINE = 20_000  # characters


def belongs(page: Page) -> bool:
    """Is a note one that the plugin was run over, or is meant to be?"""
    options = page.options.plugins.flashcards
    if "cards-deck" in page.note.frontmatter.keys:
        return True
    body = page.note.body
    if not options.installed or f"#{options.tag}" in page.options.plugins.spaced_repetition.tags:
        return False
    if ("^" in body and _ID.search(body)) or ("#" in body and _tag(options).search(_text(page))):
        return True
    separators = [f" {separator} " for separator in (options.inline, options.inline_reversed) if separator]
    return any(page.is_prose(number) for number in page.lines_with(*separators))


def find(page: Page) -> Iterator[Found]:
    """The cards of a note, by kind as the plugin looks for them."""
    if not belongs(page):
        return
    deck = _deck(page, page.options.plugins.flashcards)
    for found in (*_tagged(page), *_inline(page), *_clozes(page)):
        yield found._replace(deck=deck)


def _text(page: Page) -> str:
    return "\n".join(page.lines)


def _deck(page: Page, options: FlashcardsObsidian) -> str:
    """The deck that the head of the note names, else its folder ('' as in `Found`), else that of the settings."""
    named = _DECK.search(page.note.text[: len(page.note.text) - len(page.note.body)])
    name = named[1].strip().strip("'\"") if named else ""
    if not name and not (options.folders and page.note.deck):
        name = options.deck
    return name.replace("::", "/").strip("/")


def _tag(options: FlashcardsObsidian) -> re.Pattern[str]:
    return re.compile(rf"#{re.escape(options.tag)}([/-]reverse)?({_TAGS}*) *(?:\n+|\Z)", re.IGNORECASE)


def _tagged(page: Page) -> Iterator[Found]:
    """`Question #card`: the paragraph before the tag asks; what follows up to a blank line or an id answers."""
    text = _text(page)
    start = seen = line = counted = tagged = reached = 0
    for mark in _tag(page.options.plugins.flashcards).finditer(text):
        tagged, reached = tagged + text.count("\n", reached, mark.start()), mark.start()  # the line of the tag
        if mark.start() < start:
            continue  # within the answer of the card above
        blank = text.rfind("\n\n", seen, mark.start())
        start, seen = (blank + 2 if blank >= 0 else start), mark.start()
        while start < mark.start() and text[start] == "\n":
            start += 1
        first = line + text.count("\n", counted, start)
        line, counted = first, start
        if start == mark.start() or not page.is_prose(tagged):
            continue
        blank = text.find("\n\n", mark.end())
        end = blank + 1 if blank >= 0 else len(text)
        given = _ID.search(text, mark.end(), end)
        question = _HASHES.sub("", text[start : mark.start()], count=1)
        answer = text[mark.end() : given.start() if given else end]
        start = seen = given.end() if given else end
        last = first + text.count("\n", counted, start) + 1
        lines = (first, min(last, page.size))
        yield from _both(page, question, answer, lines, given[1] if given else "", mark[2], both=bool(mark[1]))


def _inline(page: Page) -> Iterator[Found]:
    """`question::answer` in a line, and `:::` for both ways."""
    options = page.options.plugins.flashcards
    separators = sorted(filter(None, (options.inline, options.inline_reversed)), key=len, reverse=True)
    formulas = maths_lines(page.lines)
    for number in page.lines_with(*separators):
        line = page.lines[number]
        leading = _LEADING.match(line)
        if len(line) > _LONGEST_LINE or not leading or not page.is_prose(number) or number in formulas:
            continue
        place, separator = _separator(line, leading.end() + 1, separators)
        question = line[leading.end() : place].strip()
        if place < 0 or question.lower().startswith(("cards-deck", "tags")):
            continue
        answer, given = _with_id(page, number, line[place + len(separator) :])
        answer, tags = _without_tags(answer, 1)
        both = separator == options.inline_reversed
        yield from _both(page, question, answer, (number, number + 1), given, tags, both=both)


def _separator(line: str, at: int, separators: list[str]) -> tuple[int, str]:
    """The first separator from `at` that is in no code, formula or comment; -1 if there is none."""
    inert: Spans = spans(line)
    while places := [(place, other) for other, text in enumerate(separators) if (place := line.find(text, at)) >= 0]:
        place, longer = min(places)
        if not covers(inert, place):
            return place, separators[longer]
        at = place + 1
    return -1, ""


def _clozes(page: Page) -> Iterator[Found]:
    """Lines with gaps; those without a number are asked together."""
    formulas = maths_lines(page.lines)
    for number in page.lines_with("==", "{"):
        line = page.lines[number]
        leading = _LEADING.match(line)
        if len(line) > _LONGEST_LINE or not leading or not page.is_prose(number) or number in formulas:
            continue
        text, given = _with_id(page, number, without_comments(line[leading.end() :]).strip())
        first = _GAP.search(text)
        text, tags = _without_tags(text, first.end() if first else len(text))
        for place, card in enumerate(cards(text, _gaps(text))):
            yield Found(
                card.prompt, card.answer, number, number + 1, _parent(page, number), kind="cloze",
                cloze=card.number, key=card.key, tags=_names(tags),
                explicit_id=given and (f"{given}-{card.number}" if place else given),
            )  # fmt: skip


def _gaps(text: str) -> list[Gap]:
    inert = spans(text)
    found = [mark for mark in _GAP.finditer(text) if not covers(inert, mark.start())]
    spread = [(mark, mark.span(1) if mark[1] else mark.span(3)) for mark in found]
    return [
        Gap(mark.start(), mark.end(), opens, closes, "", (int(mark[2] or 1) or 1,))
        for mark, (opens, closes) in spread
        if text[opens:closes].strip()
    ]


def _with_id(page: Page, number: int, text: str) -> tuple[str, str]:
    """The text of a line without the id behind it, and that or the one on the line below."""
    behind = _ID_BEHIND.search(text)
    if behind:
        return text[: behind.start()], behind[1]
    below = _ID.match(page.lines[number + 1]) if number + 1 < page.size else None
    return text, below[1] if below else ""


def _without_tags(text: str, at: int) -> tuple[str, str]:
    """The text before the first tag from `at`, and the tags that stand together there."""
    tags = _FIRST_TAGS.search(text, at)
    return (text[: tags.start()], tags[0]) if tags else (text, "")


def _names(tags: str) -> tuple[str, ...]:
    return tuple(name for tag in tags.split("#") if (name := tag.strip()))


def _parent(page: Page, line: int) -> str:
    """The heading a body line stands under, without the marks of a card."""
    return _without_tags(page.heading_at(line), 0)[0].rstrip()


def _both(
    page: Page, question: str, answer: str, lines: tuple[int, int], given: str, tags: str, *, both: bool
) -> Iterator[Found]:
    """The card of a question and its answer, and the reverse of it; nothing without either."""
    question, answer = without_comments(question).strip(), without_comments(answer).strip()
    parent = _parent(page, lines[0])
    if question and answer:
        yield Found(question, answer, *lines, parent, explicit_id=given, tags=_names(tags))
        if both:
            yield Found(answer, question, *lines, parent, explicit_id=given and f"{given}-2", tags=_names(tags))
