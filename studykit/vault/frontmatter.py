"""The keys at the head of a note: where they stand, and what they say.

Every key is optional, unknown ones are kept, and a value of the wrong type costs one sentence: the note still
studies with the default.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple, TypeVar
from unicodedata import normalize

import msgspec

from studykit.errors import Problem
from studykit.locale import _
from studykit.vault import fields
from studykit.vault.fields import FieldError, Label
from studykit.vault.yamlhead import Head, read_head

_BOUNDARY = re.compile(r"^-{3,}[^\S\n]*$", re.MULTILINE)
T = TypeVar("T")

REVIEW_KEYS = ("last_reviewed", "next_review", "review_count", "mastery_level")
"""What studykit itself keeps up to date where a note has it."""


class Frontmatter(msgspec.Struct, frozen=True):
    """What the head of a note says. `label` is the note's own `difficulty`, `mastery` its `mastery_level` (0 to 1)."""

    id: str | None = None
    title: str | None = None
    created: date | None = None
    last_reviewed: date | None = None
    next_review: date | None = None
    review_count: int = 0
    label: Label = "medium"
    mastery: float = 0.0
    tags: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    related_outlines: tuple[str, ...] = ()
    cards: bool = True
    keys: frozenset[str] = frozenset()


NONE = Frontmatter()


class Block(NamedTuple):
    """Where the frontmatter stands, in characters: between the two lines of dashes, and where the body starts."""

    start: int
    end: int
    body: int


class Read(NamedTuple):
    """A head that was read: the keys, the lines and the characters before the body, and what is wrong."""

    frontmatter: Frontmatter
    body_line: int
    body_offset: int
    problems: tuple[Problem, ...]


def locate(text: str) -> Block | None:
    """The block between two lines of three or more dashes at the very top; blank lines may come first."""
    start = len(text) - len(text.lstrip())
    opening = _BOUNDARY.match(text, start)
    closing = _BOUNDARY.search(text, opening.end()) if opening else None
    if opening is None or closing is None:
        return None
    return Block(opening.end() + 1, closing.start(), min(closing.end() + 1, len(text)))


def read_frontmatter(text: str, path: str) -> Read:
    """The keys of a note whose text has `\\n` line ends and no byte order mark. Never raises."""
    block = locate(text)
    head = read_head(text[: block.body], text[block.start : block.end]) if block else None
    if block is None or head is None:
        return Read(NONE, 0, 0, ())
    typed = _Typed(head, path)
    frontmatter = typed.frontmatter()
    found = [*(Problem(path, line, message) for line, message in head.problems), *typed.problems]
    return Read(frontmatter, text.count("\n", 0, block.body), block.body, tuple(sorted(found)))


class _Typed:
    """Reads each key as its type and collects a problem for each that cannot be."""

    def __init__(self, head: Head, path: str) -> None:
        self.head, self.path = head, path
        self.problems: list[Problem] = []

    def frontmatter(self) -> Frontmatter:
        values = self.head.values
        if not values:
            return NONE
        return Frontmatter(
            id=self._read("id", fields.as_text, None),
            title=self._read("title", fields.as_text, None),
            created=self._read("created", fields.as_day, None),
            last_reviewed=self._read("last_reviewed", fields.as_day, None),
            next_review=self._read("next_review", fields.as_day, None),
            review_count=self._read("review_count", fields.as_count, 0),
            label=self._read("difficulty", fields.as_label, "medium"),
            mastery=self._read("mastery_level", fields.as_share, 0.0),
            tags=tuple(without_own_path(self._read("tags", fields.as_tags, ()), self.path)),
            aliases=self._read("aliases", fields.as_names, ()),
            related_outlines=self._read("related_outlines", fields.as_names, ()),
            cards=self._read("cards", fields.as_switch, True),
            keys=frozenset(key for key in values if isinstance(key, str)),
        )

    def _read(self, key: str, reader: Callable[[object], T], default: T) -> T:
        value = self.head.values.get(key)
        if value is None:  # missing, `key:`, `key: null` and `key: ~` all mean the default
            return default
        try:
            return reader(value)
        except FieldError as wrong:
            message = _("{key}: found {value}, expected {wanted}; {instead}").format(
                key=key, value=_short(value), wanted=wrong, instead=_fallback(default)
            )
            self.problems.append(Problem(self.path, self.head.line_of(key), message))
            return default


def without_own_path(tags: Iterable[str], path: str) -> Iterable[str]:
    """The tags that are no address of the note itself: some tools put a note's own path among its tags.

    >>> list(without_own_path(["gpu", "gpu/KV_cache.md", "gpu/KV cache"], "notes/gpu/KV_cache.md"))
    ['gpu']
    """
    own = _address(path)
    for tag in tags:
        address = _address(tag)
        if address != own and not ("/" in address and own.endswith("/" + address)):
            yield tag


def _address(path: str) -> str:
    return normalize("NFC", path).removesuffix(".md").replace("_", " ")


def _short(value: object) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _fallback(default: object) -> str:
    if default in (None, ()):
        return _("it counts as missing")
    return _("{value} is used").format(value=str(default).lower())
