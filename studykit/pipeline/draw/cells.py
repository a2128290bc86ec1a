"""How many terminal cells a text takes; Chinese characters take two."""

from unicodedata import east_asian_width


def cells(text: str) -> int:
    """
    >>> cells("rank 0"), cells("第 0 级")
    (6, 7)
    """
    return len(text) if text.isascii() else sum(2 if east_asian_width(one) in "WF" else 1 for one in text)


def padded(text: str, width: int) -> str:
    """The text and blanks up to `width` cells."""
    return text + " " * (width - cells(text))
