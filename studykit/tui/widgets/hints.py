"""The last row of a screen: at most five keys and what they do now."""

from collections.abc import Sequence

from rich.cells import cell_len

from studykit.tui.prose.wrap import Line
from studykit.tui.widgets.lines import LineView

MOST = 5


class Hints(LineView):
    """Keys and words side by side; what does not fit is left out from the end."""

    def __init__(self, hints: Sequence[tuple[str, str]] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._hints = tuple(hints)

    def show(self, hints: Sequence[tuple[str, str]]) -> None:
        """Show these (key, words), the first five of them."""
        if tuple(hints) != self._hints:
            self._hints = tuple(hints)
            self.redraw(layout=False)

    def lines_for(self, width: int) -> list[Line]:
        line: Line = []
        used = 0
        for keys, words in self._hints[:MOST]:
            size = cell_len(keys) + cell_len(words) + 4
            if used + size > width + 1:
                break
            line += [(f" {keys} ", "key"), (f"{words}  ", "dim")]
            used += size
        return [line]
