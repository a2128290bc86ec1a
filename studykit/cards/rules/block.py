"""Lines of a note that a bold label or a `Q:` opens, and where what they open ends."""

from studykit.cards.page import Page
from studykit.vault.later import later

_BOLD = later(r"[ ]{0,3}(?:\*\*(?=\S)((?:(?!\*\*).)+)\*\*|__(?=\S)((?:(?!__).)+)__)[ \t]*[:：]?[ \t]*")
_OPENING = later(r"\n((?:\*\*|__).*)")
_BREAK = later(r"[ ]{0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}")
_LONGEST_LINE = 1_000  # characters; nobody labels a paragraph with more


def wholly_bold(line: str) -> str:
    """The text of a line that is bold from end to end (a colon may follow), else ''.

    >>> wholly_bold("**标准答案**："), wholly_bold("**气泡**是空闲")
    ('标准答案', '')
    """
    if len(line) > _LONGEST_LINE or not line.lstrip(" ").startswith(("**", "__")):
        return ""
    found = _BOLD.fullmatch(line)
    return (found[1] or found[2]).strip() if found else ""


def bold_lines(page: Page) -> list[tuple[int, str]]:
    """Every line that begins bold, even in a fence or comment: the place of its start in the body, and its text."""
    return [(found.start(), found[1]) for found in _OPENING.finditer("\n" + page.note.body)]


def is_break(line: str) -> bool:
    """A thematic break."""
    return len(line) < 200 and bool(_BREAK.fullmatch(line))


def block_end(page: Page, start: int, limit: int, *, stops_at_bold: bool, empty: bool = True) -> int:
    """The line (at most `limit`) where what opened before `start` ends: a heading, a thematic break, a bold label.

    While the block is still `empty`, a break or a bold label belongs to it.
    """
    headings = page.heading_lines
    for number in range(start, limit):
        if number in headings:
            return number
        line = page.lines[number]
        if not page.is_prose(number):
            empty = False
        elif line.strip():
            if not empty and (is_break(line) or (stops_at_bold and wholly_bold(line))):
                return number
            empty = False
    return limit
