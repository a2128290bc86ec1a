"""What Obsidian adds to Markdown within a line: links between notes, embeds, highlights; for all who show a note."""

import os
import re
from functools import cache

_HIGHLIGHT = r"==(?P<marked>[^\s=](?:[^=\n]*[^\s=])?)=="
_PICTURES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".bmp", ".avif"})


@cache
def marks() -> re.Pattern[str]:
    """The expression of a link, an embed (`image`) or a highlight (`marked`)."""
    from studykit.vault.links import WIKI  # late: most texts have no such link

    return re.compile(f"{WIKI}|{_HIGHLIGHT}")


def is_picture(address: str) -> bool:
    """Whether this is a picture by its name.

    >>> is_picture("图/环.PNG"), is_picture("环.md")
    (True, False)
    """
    return os.path.splitext(address)[1].lower() in _PICTURES


def words_of(link: re.Match[str]) -> str:
    """What a link found by `marks` shows: `[[note#part|words]]` its words, else `note > part`.

    >>> [words_of(link) for link in marks().finditer("[[a#b]] [[a#^id]] [[#b]] [[a|c]]")]
    ['a > b', 'a', 'b', 'c']
    """
    address = link["address"].strip()
    note, *parts = address.split("#")
    return link["text"] or " > ".join(part for part in (note, *parts) if part and not part.startswith("^")) or address
