"""From the text of a filter to its tree: a recursive descent with one look at each character.

```
either = all (`or` all)*
all    = part+
part   = `-` part | `(` either `)` | term
term   = [field `:`] (`"phrase"` | word)
```
A parenthesis opens a group only where a part may begin: `O(n)` is a word.
"""

import re
from dataclasses import dataclass
from typing import TypeAlias

from studykit.locale import _
from studykit.study.filters.filter_error import FilterError, wrong

DEEPEST = 50  # parentheses within parentheses, and signs before one part
MOST_PARTS = 500


@dataclass(frozen=True, slots=True)
class Term:
    """One condition. `field` is empty for a word; `at` and `value_at` are places in the filter's text."""

    field: str
    value: str
    quoted: bool
    at: int
    value_at: int


@dataclass(frozen=True, slots=True)
class Not:
    """What must not hold."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class Every:
    """Parts that must all hold; none at all holds for every card."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Parts of which one must hold."""

    parts: tuple["Node", ...]


Node: TypeAlias = Term | Not | Every | Either

_SPACE = re.compile(r"\s*")
_OR = re.compile(r"or(?=[\s(]|$)", re.IGNORECASE)
_FIELD = re.compile(r"([a-z]+):")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)(?:"|\\?$)', re.DOTALL)
_ESCAPED = re.compile(r'\\(["\\])')


def parse(text: str) -> Node:
    """The tree of a filter. Raises FilterError pointing at the character that is wrong."""
    return _Parser(text).whole()


def quote(value: str) -> str:
    r"""`value` as one phrase of a filter, whatever it holds.

    >>> quote('a "b"')
    '"a \\"b\\""'
    """
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.parts = 0

    def whole(self) -> Node:
        """Everything up to the end."""
        strange = next((at for at, letter in enumerate(self.text) if "\ud800" <= letter <= "\udfff"), None)
        if strange is not None:
            raise self._wrong(_("In the filter, these bytes are no UTF-8 text."), strange)
        self._skip_space()
        if self.at == len(self.text):
            return Every(())
        node = self._either(0)
        if self.at < len(self.text):  # only a closing parenthesis stops before the end
            raise self._wrong(_("In the filter, this parenthesis closes nothing."))
        return node

    def _either(self, depth: int) -> Node:
        found = [self._every(depth)]
        while self._take_or():
            found.append(self._every(depth))
        return found[0] if len(found) == 1 else Either(tuple(found))

    def _every(self, depth: int) -> Node:
        found: list[Node] = []
        while self.at < len(self.text) and self.text[self.at] != ")" and not _OR.match(self.text, self.at):
            found.append(self._part(depth))
            self._skip_space()
        if not found:
            raise self._wrong(_("In the filter, a word or a condition is missing here."))
        return found[0] if len(found) == 1 else Every(tuple(found))

    def _part(self, depth: int, start: int | None = None) -> Node:
        """`start` is where the signs before this part begin: an error points at the part with its sign."""
        self._count(depth)
        start = self.at if start is None else start
        if self.text[self.at] == "-":
            self.at += 1
            if self.at == len(self.text) or self.text[self.at] in " \t\n)":
                raise self._wrong(_("In the filter, nothing stands behind this `-`."), self.at - 1)
            return Not(self._part(depth + 1, start))
        return self._group(depth) if self.text[self.at] == "(" else self._term(start)

    def _count(self, depth: int) -> None:
        self.parts += 1
        if depth > DEEPEST or self.parts > MOST_PARTS:
            raise self._wrong(_("In the filter, there is too much from here on."))

    def _group(self, depth: int) -> Node:
        start = self.at
        self.at += 1
        self._skip_space()
        inner = self._either(depth + 1)
        if self.at == len(self.text):
            raise self._wrong(_("In the filter, this parenthesis is never closed."), start)
        self.at += 1
        return inner

    def _term(self, start: int) -> Term:
        named = _FIELD.match(self.text, self.at)
        if named:
            self.at = named.end()
        value_at = self.at
        phrase = _QUOTED.match(self.text, self.at)
        if phrase:
            self.at = phrase.end()
            value = _ESCAPED.sub(r"\1", phrase[1])
        else:
            value = self._word()
            if not value:
                raise self._wrong(_("In the filter, `{field}` needs a value.").format(field=self.text[start : self.at]))
        return Term(named[1] if named else "", value, bool(phrase), start, value_at)

    def _word(self) -> str:
        """Up to a space, or to a parenthesis that this word did not open."""
        start, opened = self.at, 0
        while self.at < len(self.text) and not (letter := self.text[self.at]).isspace():
            if letter == ")" and not opened:
                break
            opened += (letter == "(") - (letter == ")")
            self.at += 1
        return self.text[start : self.at]

    def _take_or(self) -> bool:
        found = _OR.match(self.text, self.at)
        if found:
            self.at = found.end()
            self._skip_space()
        return bool(found)

    def _skip_space(self) -> None:
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def _wrong(self, message: str, at: int | None = None) -> FilterError:
        hint = _('Put "quotes" around text that is meant as it stands; `studykit search --help` shows the language.')
        return wrong(message, hint, self.text, self.at if at is None else at)
