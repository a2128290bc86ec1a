"""Whether a claim is about a bubble at all."""

from studykit.claims.reading.page import Page
from studykit.claims.reading.tokens import LONGEST
from studykit.vault.later import later

SUBJECT = later(r"气泡|空泡|[Bb]ubble")
_BACK = 12


def scenery(page: Page, line: int, plain: str) -> str:
    """The text that says what a claim is about: its line, those above in its block, and the headings but the title."""
    above = []
    for number in range(line - 1, max(page.section_start(line), line - _BACK) - 1, -1):
        if not page.lines[number].strip():
            break
        above.append(page.lines[number][:LONGEST])
    titles = [heading.title for heading in page.headings(line) if heading.level > 1]
    return "\n".join([*titles, *above, plain])
