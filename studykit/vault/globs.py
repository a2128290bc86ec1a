"""Globs over paths relative to the vault: `*` and `?` within a name, `**` over folders, `[…]` and `{a,b}`."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from unicodedata import normalize


class Globs:
    """A set of patterns. A pattern without wildcards names a file or a folder with all that is in it."""

    def __init__(self, patterns: Sequence[str]) -> None:
        kept = (pattern.strip().removeprefix("./") for pattern in patterns)
        self.patterns = tuple(normalize("NFC", pattern) for pattern in kept if pattern)
        self._match = _any(self.patterns)
        self._cover = _any([pattern for pattern in self.patterns if pattern.endswith("/**") or pattern == "**"])

    def match(self, path: str) -> bool:
        """Whether a path fits one of them. Composed and decomposed letters (NFC, NFD) count as the same."""
        return self._match(path if path.isascii() else normalize("NFC", path)) is not None

    def covers(self, folder: str) -> bool:
        """Whether a pattern takes in everything below a folder, so that it need not be listed."""
        return self._cover(normalize("NFC", folder) + "/a/b") is not None


def _any(patterns: Sequence[str]) -> Callable[[str], re.Match[str] | None]:
    return re.compile("|".join(map(translate, patterns)) or r"(?!)").fullmatch


@lru_cache(maxsize=256)
def translate(pattern: str) -> str:
    """A glob as a regular expression.

    >>> [bool(re.fullmatch(translate("**/*.md"), path)) for path in ("a.md", "x/y/a.md", "a.txt")]
    [True, True, False]
    """
    parts = pattern.rstrip("/").split("/")
    pieces = [_part(part, last=index == len(parts) - 1) for index, part in enumerate(parts)]
    below = "" if set(pattern) & set("*?[{") else "(?:/.*)?"
    return "(?s:" + "".join(pieces) + below + ")"


def _part(part: str, *, last: bool) -> str:
    if part == "**":
        return ".*" if last else "(?:[^/]+/)*"
    return "".join(map(_piece, re.findall(r"\[!?\]?[^\]]*\]|\{[^{}]*\}|\*+|.", part))) + ("" if last else "/")


def _is_regular(expression: str) -> bool:
    """Whether it compiles: `[z-a]` is no range."""
    try:
        re.compile(expression)
    except re.error:
        return False
    return True


def _piece(piece: str) -> str:
    if piece[0] == "*":
        return "[^/]*"
    if piece == "?":
        return "[^/]"
    if piece[0] == "[" and len(piece) > 2:
        inner = piece[1:-1].replace("\\", r"\\").replace("[", r"\[").replace("]", r"\]").replace("^", r"\^")
        letters = "[" + ("^" + inner[1:] if inner.startswith("!") else inner) + "]"
        return letters if _is_regular(letters) else re.escape(piece)
    if piece[0] == "{" and len(piece) > 2:
        return "(?:" + "|".join("".join(map(_piece, option)) for option in piece[1:-1].split(",")) + ")"
    return re.escape(piece)
