"""A heading that asks without a question mark (`为什么需要锁`, `How it stalls`) → its section."""

from collections.abc import Iterator

from studykit.cards.page import Found, Page
from studykit.cards.prompt import asks
from studykit.cards.rules.question_heading import sections


def find(page: Page) -> Iterator[Found]:
    """A card for every heading with a question word; headings with a question mark have had their turn."""
    return sections(page, lambda prompt: not asks(prompt))
