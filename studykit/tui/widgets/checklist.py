"""The key points of an answer, to tick off before grading oneself."""

from collections.abc import Sequence

from textual.events import Click

from studykit.locale import _
from studykit.tui.keys import N_, key
from studykit.tui.prose.wrap import Line, wrap
from studykit.tui.widgets.lines import LineView


class Checklist(LineView, can_focus=True):
    """Tick with x or Enter on the chosen line, or with the mouse. A tick says nothing about the grade by itself."""

    BINDINGS = [  # noqa: RUF012
        key("up,k", "move(-1)", N_("Point above"), N_("Go to the key point above"), "points.up"),
        key("down,j", "move(1)", N_("Point below"), N_("Go to the key point below"), "points.down"),
        key("x,enter,space", "tick", N_("Tick"), N_("Tick the key point you remembered"), "points.tick"),
        key("escape", "release", N_("Leave the list"), N_("Back to the answer"), "points.release"),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.points: tuple[str, ...] = ()
        self.ticked: set[int] = set()
        self.chosen = 0

    def show(self, points: Sequence[str]) -> None:
        """Show `points`, none ticked; nothing at all if there are none."""
        self.points, self.ticked, self.chosen = tuple(points), set(), 0
        self.display = bool(points)
        self.redraw()

    def action_move(self, by: int) -> None:
        self.chosen = min(max(self.chosen + by, 0), max(len(self.points) - 1, 0))
        self.redraw(layout=False)

    def action_tick(self) -> None:
        self.ticked ^= {self.chosen}
        self.redraw(layout=False)

    def on_focus(self) -> None:
        self.redraw(layout=False)

    def on_blur(self) -> None:
        self.redraw(layout=False)

    def on_click(self, event: Click) -> None:
        owners = [owner for owner, _line in self._owned(self.content_size.width)]
        at = event.get_content_offset_capture(self).y
        if 0 <= at < len(owners) and owners[at] >= 0:
            self.chosen = owners[at]
            self.action_tick()

    def lines_for(self, width: int) -> list[Line]:
        return [line for _owner, line in self._owned(width)]

    def _owned(self, width: int) -> list[tuple[int, Line]]:
        """Each line with the number of its point, -1 for the head."""
        count = _("Key points {ticked}/{all}").format(ticked=len(self.ticked), all=len(self.points))
        owned: list[tuple[int, Line]] = [(-1, [(count, "heading")])]
        for number, point in enumerate(self.points):
            here = self.has_focus and number == self.chosen
            box = ("[x] ", "task-done") if number in self.ticked else ("[ ] ", "task-open")
            for at, line in enumerate(wrap([(point, "")], width - 6)):
                mark = ("> " if here else "  ", "marker")
                owned.append((number, [mark, box if at == 0 else ("    ", ""), *line]))
        return owned
