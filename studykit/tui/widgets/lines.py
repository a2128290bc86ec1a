"""The base of everything studykit draws itself: lines of styled runs, painted one by one."""

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from studykit.tui.palette import look
from studykit.tui.prose.wrap import Line, Run

_MOST_SEGMENTS = 2_000


class LineView(Widget):
    """A widget whose content is a list of lines for each width. Subclasses give `lines_for`; `redraw` shows a change.

    A run's style key holds names of `palette`.
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._styles_of: dict[str, Style] = {}
        self._segments: dict[Run, Segment] = {}
        self._ground: tuple[str, Style] | None = None
        self._drawn: dict[int, list[Line]] = {}

    def lines_for(self, width: int) -> list[Line]:
        """The content in `width` cells."""
        raise NotImplementedError

    def redraw(self, *, layout: bool | None = None) -> None:
        """The content changed. `layout` says whether its height did; None finds out."""
        width = self.content_size.width
        if layout is None:
            before = self._drawn.pop(width, None)
            self._drawn.clear()
            layout = before is None or len(before) != len(self.drawn(width))
        else:
            self._drawn.clear()
        if layout:
            self.clear_cached_dimensions()
        self.refresh(layout=layout)

    def drawn(self, width: int) -> list[Line]:
        """`lines_for`, remembered until `redraw`."""
        if width not in self._drawn:
            if len(self._drawn) > 2:
                self._drawn.clear()
            self._drawn[width] = self.lines_for(width)
        return self._drawn[width]

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self.drawn(width))

    def action_release(self) -> None:
        """Give the keyboard back to what scrolls around this widget."""
        around = next((node for node in self.ancestors if isinstance(node, Widget) and node.can_focus), None)
        self.screen.set_focus(around, scroll_visible=False)

    def line_at(self, y: int, width: int) -> Line:
        """One line of the content, empty past its end."""
        lines = self.drawn(width)
        return lines[y] if y < len(lines) else []

    def _look_at(self) -> None:
        """Forget the styles if the theme or the background is another one now."""
        ground = (self.app.theme, self.rich_style)
        if ground != self._ground:
            self._ground = ground
            self._styles_of.clear()
            self._segments.clear()

    def style_of(self, key: str) -> Style:
        """The style a key stands for, on this widget's background."""
        style = self._styles_of.get(key)
        if style is None:
            style = self.rich_style
            background = Color.from_rich_color(style.bgcolor) if style.bgcolor else Color(0, 0, 0)
            for name in key.split():
                style += look(name, self.app.theme_variables, background)
            self._styles_of[key] = style
        return style

    def _segment(self, run: Run) -> Segment:
        if len(self._segments) >= _MOST_SEGMENTS:
            self._segments.clear()
        segment = self._segments[run] = Segment(run[0], self.style_of(run[1]))
        return segment

    def render_lines(self, crop: Region) -> list[Strip]:
        self._look_at()  # once a paint: what a line stands on is asked of every widget above it
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        width, known = self.content_size.width, self._segments
        line = self.line_at(y, width)
        # A row of a timeline has a hundred runs, and most of them stand in other rows, too.
        runs = [known.get(run) or self._segment(run) for run in line]
        strip = Strip(runs, cell_len("".join([text for text, _key in line])))  # once a line, and not once a run
        return strip.adjust_cell_length(width, self.style_of(""))
