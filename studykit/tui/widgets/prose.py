"""Markdown on the screen, drawn line by line: only the lines in view become strips."""

from typing import Any

from textual.geometry import Size
from textual.selection import Selection
from textual.strip import Strip

from studykit.tui.prose.block import Block, read_blocks
from studykit.tui.prose.page import Page
from studykit.tui.prose.wrap import Line
from studykit.tui.widgets.lines import LineView

SLICE = 0.008
"""Seconds of laying out between two looks at the keyboard; a frame has 16 ms."""
GLANCE = 250
"""Lines laid out at once: more than any screen shows."""
EVERYTHING = 1 << 60


class Prose(LineView):
    """A Markdown text of any length. `update` shows another one; a width is laid out once and kept."""

    ALLOW_SELECT = True

    def __init__(self, markdown: str = "", *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._pages: dict[int, Page] = {}
        self._markdown: str | None = markdown
        self._blocks, self._env = read_blocks(markdown) if markdown else ([], {})
        self._waiting = False

    def update(self, markdown: str) -> None:
        """Show `markdown` from its beginning."""
        self.show(*(read_blocks(markdown) if markdown else ([], {})))
        self._markdown = markdown

    def read_again(self) -> None:
        """The signs to draw with have changed."""
        if self._markdown is not None:
            self.update(self._markdown)

    def show(self, blocks: list[Block], env: dict[str, Any]) -> None:
        """Show blocks that were read before; parts of one note share `env`."""
        self._blocks, self._env, self._markdown = blocks, env, None
        self._pages.clear()
        self.redraw(layout=True)

    @property
    def page(self) -> Page:
        """The page for the present width."""
        return self._page(self.content_size.width or 80)

    def _page(self, width: int) -> Page:
        if width not in self._pages:
            if len(self._pages) > 2:
                self._pages.clear()
            self._pages[width] = Page(self._blocks, self._env, width)
        return self._pages[width]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        page = self._page(width)
        page.until(GLANCE)
        if not page.complete:
            self._go_on_later(0.02)
        return len(page.lines)

    def lines_for(self, width: int) -> list[Line]:
        """All lines; the screen itself asks for one at a time."""
        page = self._page(width)
        page.until(EVERYTHING)
        return page.lines

    def line_at(self, y: int, width: int) -> Line:
        page = self._page(width)
        page.until(y + 1)
        return page.lines[y] if y < len(page.lines) else []

    def _go_on_later(self, delay: float) -> None:
        if not self._waiting:
            self._waiting = True
            self.set_timer(delay, self._go_on)

    def _go_on(self) -> None:
        """Lay out some more, then let other messages through; the scroll bar follows now and then."""
        self._waiting = False
        page, before = self.page, len(self.page.lines)
        page.for_a_while(SLICE)
        if page.complete or len(page.lines) > before * 2:
            self.redraw(layout=True)
        if not page.complete:
            self._go_on_later(0.001)

    def finish_layout(self) -> None:
        """Lay out all that is left, as going to the end needs."""
        if not self.page.complete:
            self.page.until(EVERYTHING)
            self.redraw(layout=True)

    def render_line(self, y: int) -> Strip:
        return self._selected(super().render_line(y), y).apply_offsets(0, y)

    def _selected(self, strip: Strip, y: int) -> Strip:
        selection = self.text_selection
        span = selection.get_span(y) if selection is not None else None
        if span is None:
            return strip
        start = strip.index_to_cell_position(span[0])
        end = strip.cell_length if span[1] == -1 else strip.index_to_cell_position(span[1])
        before, chosen, after = strip.divide([start, end, strip.cell_length])
        colours = self.screen.get_component_rich_style("screen--selection")
        return Strip.join([before, chosen.apply_style(colours), after])

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        self.page.until(EVERYTHING)
        text = "\n".join("".join(part for part, _ in line).rstrip() for line in self.page.lines)
        return selection.extract(text), "\n"
