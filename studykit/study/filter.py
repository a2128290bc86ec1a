"""The words of a FILTER: which cards a person means.

`气泡 deck:推理 -tag:draft is:due` – every part must hold. A bare word or a "quoted phrase" must stand in the
title, the prompt or the answer (letter case and full-width forms do not matter); `deck:` matches the start of a
deck or of one of its folders, `tag:` the start of a tag; `rule:`, `kind:`, `difficulty:` and `is:` match whole
words; a leading `-` turns a part around.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from studykit.errors import StudyError
from studykit.locale import _
from studykit.store.cards import CardRow

STATES = ("new", "due", "learning", "review", "suspended", "buried", "flagged", "orphaned")
FIELDS = ("deck", "tag", "rule", "kind", "difficulty", "is", "file", "id")
_PART = re.compile(r'(?P<minus>-)?(?:(?P<field>[a-z]+):)?(?:"(?P<quoted>[^"]*)"?|(?P<word>\S+))')

Test = Callable[[CardRow, str], bool]


class FilterError(StudyError):
    """A filter that cannot be understood; the message shows where."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter, read. Call `matches(card, today)`; `today` is an ISO day."""

    text: str
    tests: tuple[Test, ...]

    def matches(self, card: CardRow, today: str) -> bool:
        """True when every part of the filter holds for the card."""
        return all(test(card, today) for test in self.tests)


def read_filter(text: str) -> Filter:
    """Read a filter. Raises FilterError pointing at the part that is wrong."""
    tests = []
    for part in _PART.finditer(text):
        value = part["quoted"] if part["quoted"] is not None else part["word"]
        test = _test(part["field"], value, text, _cells(text[: part.start()]))
        tests.append(_opposite(test) if part["minus"] else test)
    return Filter(text, tuple(tests))


def _opposite(test: Test) -> Test:
    return lambda card, today: not test(card, today)


def _cells(text: str) -> int:
    """How many terminal cells `text` takes, so that the caret stands under the right character."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _test(field: str | None, value: str, text: str, at: int) -> Test:
    wanted = _fold(value)
    match field:
        case None:
            return lambda card, _: wanted in _fold(f"{card.title}\n{card.prompt}\n{card.answer}")
        case "deck":
            return lambda card, _: _under(wanted, _fold(card.deck))
        case "tag":
            return lambda card, _: any(_under(wanted, _fold(tag)) for tag in card.tags.split("\n"))
        case "rule" | "kind" | "difficulty":
            name = "label" if field == "difficulty" else field
            return lambda card, _: _fold(getattr(card, name)) == wanted
        case "file":
            return lambda card, _: wanted in _fold(card.file)
        case "id":
            return lambda card, _: card.id.startswith(value)
        case "is":
            return _state_test(wanted, text, at)
    message = _("In the filter, `{field}:` is no field.").format(field=field)
    raise FilterError(message + _pointer(text, at), _("Fields are {names}.").format(names=", ".join(FIELDS)))


def _pointer(text: str, at: int) -> str:
    """The filter again, with a mark under the part that is wrong."""
    return f"\n  {text}\n  {' ' * at}^"


def _under(wanted: str, path: str) -> bool:
    """`wanted` begins the path, or begins at one of its folders, and ends where a folder's name may."""
    folders = path.split("/")
    parts = wanted.strip("/").split("/")
    spans = (folders[i : i + len(parts)] for i in range(len(folders) - len(parts) + 1))
    return any(span[:-1] == parts[:-1] and span[-1].startswith(parts[-1]) for span in spans)


def _state_test(wanted: str, text: str, at: int) -> Test:
    if wanted not in STATES:
        message = _("In the filter, `is:{state}` is no state.").format(state=wanted)
        raise FilterError(message + _pointer(text, at), _("States are {names}.").format(names=", ".join(STATES)))
    if wanted == "due":
        return lambda card, today: (
            card.due is not None and card.due <= today and card.state(today) in ("learning", "review")
        )
    if wanted == "flagged":
        return lambda card, _: bool(card.flagged)
    return lambda card, today: card.state(today) == wanted
