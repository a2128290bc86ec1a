"""The error of a filter that cannot be understood: it shows the filter and points at the character."""

import unicodedata

from studykit.errors import ExitCode, StudyError


class FilterError(StudyError):
    """A filter that cannot be understood; the message shows where."""

    exit_code = ExitCode.USAGE


def wrong(message: str, hint: str, text: str, at: int) -> FilterError:
    """The error for the character `at` of the filter `text`."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return FilterError(f"{message}\n  {shown}\n  {' ' * _cells(text[:at])}^", hint)


def _cells(text: str) -> int:
    """How many terminal cells `text` takes, so that the caret stands under the right character."""
    return sum(_width(letter) for letter in text)


def _width(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1
