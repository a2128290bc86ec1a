"""What every screen shares: a floor to its size, and a body that scrolls."""

from collections.abc import Callable
from typing import Any

from textual.containers import VerticalScroll
from textual.geometry import Size
from textual.messages import Layout
from textual.reactive import Reactive
from textual.screen import Screen
from textual.scrollbar import ScrollBar

from studykit.errors import StudyError
from studykit.locale import _
from studykit.tui.prose.wrap import Line, wrap
from studykit.tui.widgets.lines import LineView
from studykit.tui.widgets.prose import Prose

SMALLEST = (60, 20)
"""Columns and rows below which only a sentence is shown."""


class TooSmall(LineView):
    """Covers a screen that has no room, and says so; nothing under it is lost."""

    def lines_for(self, width: int) -> list[Line]:
        sentence = _(
            "This terminal is too small: {width} x {height} cells. studykit needs {least_width} x {least_height}."
            " Make it larger, or leave with q."
        )
        size = self.app.size
        text = sentence.format(width=size.width, height=size.height, least_width=SMALLEST[0], least_height=SMALLEST[1])
        return wrap([(text, "strong")], width)

    def on_resize(self) -> None:
        self.redraw(layout=False)


class Body(VerticalScroll):
    """The scrolling part of a screen; going to its end lays out all of its text first."""

    virtual_size = Reactive(Size(0, 0), repaint=False)
    """As Textual has it, but a change of it, which a layout has just found, asks for no second layout and paint."""

    def action_scroll_end(self) -> None:
        for prose in self.query(Prose):
            prose.finish_layout()
        self.call_after_refresh(self.scroll_end, animate=False)

    def action_page_down(self) -> None:
        self.scroll_page_down(animate=False)


class Frame(Screen[None]):
    """A screen with breakpoints `-wide` and `-roomy`; subclasses yield `TooSmall` among their widgets."""

    HORIZONTAL_BREAKPOINTS = [(0, "-tight"), (SMALLEST[0], "-narrow"), (110, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-low"), (SMALLEST[1], "-short"), (30, "-roomy")]  # noqa: RUF012

    @property
    def has_room(self) -> bool:
        """Whether what keys do can be seen: `TooSmall` covers everything where it cannot."""
        width, height = self.app.size
        return width >= SMALLEST[0] and height >= SMALLEST[1]

    def on_layout(self, message: Layout) -> None:
        """A scroll bar that got another length was laid out just now; the whole screen need not be once more."""
        if isinstance(message.widget, ScrollBar):
            message.prevent_default()

    def attempt(self, action: Callable[[], Any], failed: Any = None) -> Any:
        """What `action` gives; if it fails for a reason a person can mend, that reason on the screen, and `failed`."""
        try:
            return action()
        except StudyError as error:
            self.notify(str(error), severity="error", timeout=10, markup=False)
        except OSError as error:
            words = _("The file system refused: {why}").format(why=error.strerror or error)
            self.notify(words, severity="error", timeout=10, markup=False)
        return failed
