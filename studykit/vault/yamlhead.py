"""The YAML between the dashes. python-frontmatter reads what is not plain (see `vault.plainhead`).

What would hang or crash the reader never reaches it.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from studykit.locale import _
from studykit.vault.later import later
from studykit.vault.plainhead import read_plain

LONGEST = 64 * 1024
"""Characters of frontmatter that are read; a real one has some hundreds."""

DEEPEST = 200
"""Brackets within brackets. The C reader recurses without a limit: a hundred thousand end the process."""

_KEY = later(r"""(?:'([^'\n]+)'|"([^"\n]+)"|([^\s#'"\[\]{}&*!|>%@`,?-][^\n]*?))[ \t]*:(?=\s|$)""")
_DASHES = later(r"\s*-{3,}\s*$", re.MULTILINE)
_COMPACT = later(rf"(?:[-?:][ \t]+){{{DEEPEST}}}")
_MERGE = later(r"<<['\"]?[ \t]*:")
_PLACEHOLDER = later(r"\{\{|<%")


class Head(NamedTuple):
    """The values by key, the line of each top-level key in the file (from 1), and (line, sentence) of problems."""

    values: Mapping[str, object]
    lines: Mapping[str, int]
    problems: tuple[tuple[int, str], ...]

    def line_of(self, key: str) -> int:
        return self.lines.get(key, 1)


class HeadError(Exception):
    """YAML that is not handed to the reader, and why."""


def read_head(head: str, inner: str) -> Head | None:
    """The keys of `head` (the note up to its body), or None where the dashes are two rules drawn in the body."""
    try:
        values = _load(head, inner)
    except Exception as error:  # YAML's constructors raise whatever a wrong value makes them raise
        return _piecewise(head, inner, error) if _begins_with_key(inner) else None
    if not values:
        return Head({}, {}, ()) if _is_blank(inner) else None
    if _each_once(inner, len(values)):  # then lines are for problems only
        return Head(values, _LinesWhenAsked(head, inner), ())
    lines, twice = _key_lines(head, inner)
    return Head(values, lines, tuple(twice))


def _each_once(inner: str, keys: int) -> bool:
    """Whether no key can stand twice: there are no more lines that might begin with one than there are `keys`."""
    return "<<" not in inner and sum([line[:1] not in " \t#-" for line in inner.splitlines()]) <= keys


class _LinesWhenAsked(Mapping[str, int]):
    """The line of each key, found when the first is asked for: a note without a problem never asks."""

    def __init__(self, head: str, inner: str) -> None:
        self._text = head, inner

    @cached_property
    def _lines(self) -> dict[str, int]:
        return _key_lines(*self._text)[0]

    def __getitem__(self, key: str) -> int:
        return self._lines[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)


def _load(head: str, inner: str) -> Mapping[str, object]:
    plain = read_plain(inner)
    if plain is not None:
        return plain
    import frontmatter  # late: many vaults never need it

    refuse_traps(inner)
    return frontmatter.parse(head)[0]


def refuse_traps(inner: str) -> None:
    """Raise `HeadError` for YAML that would take the reader's stack or memory."""
    if len(inner) > LONGEST:
        raise HeadError(
            _("{count} characters of frontmatter, expected at most {most}").format(count=len(inner), most=LONGEST)
        )
    brackets = inner.count("[") + inner.count("{")
    if (brackets > DEEPEST and _depth(inner) > DEEPEST) or _COMPACT.search(inner):
        raise HeadError(_("more than {most} levels of nesting").format(most=DEEPEST))
    if len(_MERGE.findall(inner)) > 1:  # each may double what the one before it made
        raise HeadError(_("more than one merge key (<<)"))


def _depth(inner: str) -> int:
    deepest = depth = 0
    for bracket in re.findall(r"[\[\]{}]", inner):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _piecewise(head: str, inner: str, error: Exception) -> Head:
    """Each top-level key on its own, so that one broken value does not take the others with it."""
    values: dict[str, object] = {}
    broken: list[tuple[int, str]] = []
    named = False
    if not isinstance(error, HeadError):
        for line, entry in _entries(head, inner):
            try:
                values.update(_load(f"---\n{entry}\n---\n", entry))
            except Exception as reason:
                template = bool(_PLACEHOLDER.search(entry))
                if not (template and named):  # a template is named once, not once a key
                    broken.append((line, _sentence(entry, reason)))
                named = named or template
    found = broken or [(_error_line(head, error), _why(error))]
    return Head(values, _key_lines(head, inner)[0], tuple(found))


def _entries(head: str, inner: str) -> Iterator[tuple[int, str]]:
    start = line = head[: len(head) - len(head.lstrip())].count("\n") + 2
    piece: list[str] = []
    for number, text in enumerate(inner.splitlines(), start):
        if piece and _KEY.match(text):
            yield line, "\n".join(piece)
            piece = []
        if not piece:
            line = number
        piece.append(text)
    if piece:
        yield line, "\n".join(piece)


def _key_lines(head: str, inner: str) -> tuple[dict[str, int], list[tuple[int, str]]]:
    lines: dict[str, int] = {}
    twice: list[tuple[int, str]] = []
    for line, entry in _entries(head, inner):
        if match := _KEY.match(entry):
            key = next(group for group in match.groups() if group)
            if key in lines:
                message = _("{key}: stands twice, first in line {line}; this one is used")
                twice.append((line, message.format(key=key, line=lines[key])))
            lines[key] = line
    return lines, twice


def _begins_with_key(inner: str) -> bool:
    first = next((line for line in inner.splitlines() if line.strip() and not line.startswith("#")), "")
    return bool(re.match(r"[\w.-]+[ \t]*:(?:\s|$)", first))


def _is_blank(inner: str) -> bool:
    """Nothing, `{}`, or keys that are commented out; `# Title` between two rules is none of them."""
    return inner.strip() in ("", "{}") or all(
        line.startswith("#") and ":" in line for line in inner.splitlines() if line.strip()
    )


def _sentence(entry: str, error: Exception) -> str:
    key = entry.split(":", 1)[0].strip()
    if _PLACEHOLDER.search(entry):
        return _("{key}: a template's placeholder, expected a value; the key counts as missing").format(key=key)
    return _("{key}: {why}; the key counts as missing").format(key=key, why=_why(error))


def _why(error: Exception) -> str:
    why = getattr(error, "problem", None) or error
    return _("the frontmatter cannot be read as YAML ({why})").format(why=why)


def _error_line(head: str, error: Exception) -> int:
    mark = getattr(error, "problem_mark", None)
    opening = _DASHES.match(head)
    before = head.count("\n", 0, opening.end()) if opening else 0
    return before + 1 + (mark.line if mark else 1)
