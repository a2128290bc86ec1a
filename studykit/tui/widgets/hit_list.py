"""What a search found: two rows a card, its front and the place that says so."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from textual.containers import VerticalScroll
from textual.events import Click
from textual.geometry import Region
from textual.message import Message

from studykit.tui.keys import N_, key
from studykit.tui.prose.wrap import Line
from studykit.tui.widgets.lines import LineView

if TYPE_CHECKING:
    from studykit.study.browsing.search import Hit

ROWS = 2
"""Rows of one hit."""


class HitList(LineView, can_focus=True):
    """`show` takes the hits. Posts `Opened` with the one that is opened by a click."""

    BINDINGS = [  # noqa: RUF012
        key("up,k", "move(-1)", N_("Result above"), N_("Go to the result above"), "hits.up"),
        key("down,j", "move(1)", N_("Result below"), N_("Go to the result below"), "hits.down"),
    ]

    class Opened(Message):
        """A hit was clicked."""

    hits: "tuple[Hit, ...]" = ()
    chosen = 0

    def show(self, hits: "Sequence[Hit]") -> None:
        """Show `hits`, the first one chosen."""
        self.hits, self.chosen = tuple(hits), 0
        self.redraw()

    @property
    def hit(self) -> "Hit | None":
        """The chosen one."""
        return self.hits[self.chosen] if self.hits else None

    def action_move(self, by: int) -> None:
        self.chosen = min(max(self.chosen + by, 0), max(len(self.hits) - 1, 0))
        self.redraw(layout=False)
        around = self.parent
        if isinstance(around, VerticalScroll):
            around.scroll_to_region(Region(0, self.chosen * ROWS, 1, ROWS), animate=False)

    def on_focus(self) -> None:
        self.redraw(layout=False)

    def on_blur(self) -> None:
        self.redraw(layout=False)

    def on_click(self, event: Click) -> None:
        at = event.get_content_offset_capture(self).y // ROWS
        if 0 <= at < len(self.hits):
            self.chosen = at
            self.redraw(layout=False)
            self.post_message(self.Opened())

    def lines_for(self, width: int) -> list[Line]:
        return [line for number, hit in enumerate(self.hits) for line in self._hit(number, hit, width)]

    def _hit(self, number: int, hit: "Hit", width: int) -> tuple[Line, Line]:
        here = number == self.chosen
        front = " ".join(hit.card.prompt.split())
        place = f"  {hit.card.file}:{hit.card.line}"
        room = max(width - 2 - min(cell_len(place), width // 2), 8)
        shown = front if cell_len(front) <= room else set_cell_size(front, room - 1).rstrip() + "…"
        head: Line = [("> " if here else "  ", "marker"), (shown, "chosen" if here else "strong"), (place, "dim")]
        return head, [("    ", ""), *_marked(hit.snippet, hit.marks)]


def _marked(text: str, marks: Sequence[tuple[int, int]]) -> Line:
    """A snippet with the words that were asked for set off."""
    line: Line = []
    at = 0
    for first, end in marks:
        line += [(text[at:first], "dim"), (text[first:end], "key")]
        at = end
    return [*line, (text[at:], "dim")]
