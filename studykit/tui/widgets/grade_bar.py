"""Four grades, each with the day it leads to; to press or to click. The recommended one is marked."""

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from textual.events import Click
from textual.message import Message

from studykit.locale import _
from studykit.tui.prose.wrap import Line
from studykit.tui.widgets.lines import LineView

STYLES = ("again", "hard", "fine", "easy")
ROOMY = 30
"""Rows of terminal from which the bar takes three rows."""


def grade_words() -> tuple[str, str, str, str]:
    """What the four grades are called."""
    return _("Again"), _("Hard"), _("Good"), _("Easy")


class GradeBar(LineView):
    """`show` takes the four intervals as words; a click posts `Chosen`."""

    class Chosen(Message):
        """A grade was clicked."""

        def __init__(self, rating: int) -> None:
            super().__init__()
            self.rating = rating

    intervals: tuple[str, ...] = ("", "", "", "")
    recommended: int | None = None

    def show(self, intervals: Sequence[str], recommended: int | None = None) -> None:
        """Show the interval each grade gives; `recommended` is 1..4 or None."""
        self.intervals, self.recommended = tuple(intervals), recommended
        self.redraw()

    def lines_for(self, width: int) -> list[Line]:
        middle: Line = []
        blank: Line = []
        for number, (left, right) in enumerate(_columns(width)):
            style = STYLES[number] + (" recommended" if self.recommended == number + 1 else "")
            middle.append((_centred(self._label(number, right - left - 1), right - left - 1), style))
            blank.append((" " * (right - left - 1), style))
            if number < 3:
                middle.append((" ", ""))
                blank.append((" ", ""))
        return [middle] if self._rows == 1 else [blank, middle, blank]

    @property
    def _rows(self) -> int:
        return 3 if self.app.size.height >= ROOMY else 1

    def _label(self, number: int, room: int) -> str:
        word, interval = grade_words()[number], self.intervals[number]
        before, after = ("> ", " <") if self.recommended == number + 1 else ("", "")
        for text in (f"{number + 1} {word} {interval}".rstrip(), f"{number + 1} {interval or word}"):
            if cell_len(before + text + after) <= room:
                return before + text + after
        return f"{number + 1} {interval or word}"

    def on_click(self, event: Click) -> None:
        columns, at = _columns(self.content_size.width), event.get_content_offset_capture(self).x
        for number, (left, right) in enumerate(columns):
            if left <= at < right:
                event.stop()
                self.post_message(self.Chosen(number + 1))

    def on_resize(self) -> None:
        if len(self.drawn(self.content_size.width)) != self._rows:  # the terminal became high, or low
            self.redraw()


def _columns(width: int) -> list[tuple[int, int]]:
    return [(width * number // 4, width * (number + 1) // 4) for number in range(4)]


def _centred(text: str, size: int) -> str:
    spare = max(size - cell_len(text), 0)
    return set_cell_size(" " * (spare // 2) + text, max(size, 0))
