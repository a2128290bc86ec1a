"""The first row of the study screen: where one is, what remains, how far, how long."""

from datetime import timedelta

from rich.cells import cell_len, chop_cells

from studykit.locale import _
from studykit.tui.prose.symbols import symbols
from studykit.tui.prose.wrap import Line
from studykit.tui.widgets.lines import LineView


class StatusLine(LineView):
    """Deck at left; new, learning and due counts, progress and elapsed time at right."""

    deck = ""
    counts: tuple[int, int, int] = (0, 0, 0)
    done = 0
    total = 0
    flagged = False
    elapsed = timedelta()

    def show(self, deck: str, counts: tuple[int, int, int], done: int, total: int, *, flagged: bool = False) -> None:
        """Everything but the time; `tick` changes that."""
        self.deck, self.counts, self.done, self.total, self.flagged = deck, counts, done, total, flagged
        self.redraw(layout=False)

    def tick(self, elapsed: timedelta) -> None:
        """Show `elapsed`, in whole seconds."""
        self.elapsed = elapsed
        self.redraw(layout=False)

    def lines_for(self, width: int) -> list[Line]:
        dot = f" {symbols().dot} "
        left = ("! " if self.flagged else "") + self.deck
        words = (_("new"), _("learning"), _("due")) if width >= 90 else (_("N"), _("L"), _("D"))
        styles = ("key", "warning", "good")
        right: Line = []
        for word, count, style in zip(words, self.counts, styles, strict=True):
            after = dot if word != words[2] else ""
            right += [(f"{word} ", "dim"), (str(count), style if count else "dim"), (after, "dim")]
        clock = _clock(self.elapsed)
        right += [("   ", ""), (f"{self.done}/{self.total}", "strong"), ("   ", ""), (clock, "dim")]
        room = width - sum(cell_len(text) for text, _style in right) - 2
        if cell_len(left) > room:
            left = chop_cells(left, max(room - 1, 1))[0] + "…"
        return [[(left, "strong"), (" " * max(width - cell_len(left) - (width - room - 2), 1), ""), *right]]


def _clock(elapsed: timedelta) -> str:
    seconds = max(int(elapsed.total_seconds()), 0)
    hours, minutes = seconds // 3600, seconds // 60 % 60
    return f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes:02}:{seconds % 60:02}"
