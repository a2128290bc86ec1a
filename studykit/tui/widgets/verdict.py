"""What became of a typed answer: right or not, which slip it was, and both formulas side by side."""

from typing import Any

from rich.cells import cell_len

from studykit.locale import _
from studykit.tui.prose.wrap import Line, wrap
from studykit.tui.widgets.lines import LineView


class Verdict(LineView):
    """`show` takes a `Judgement`; `clear` hides the widget."""

    judgement: Any = None

    def show(self, judgement: Any) -> None:
        self.judgement = judgement
        self.display = True
        self.redraw()

    def lines_for(self, width: int) -> list[Line]:
        judgement = self.judgement
        if judgement is None:
            return []
        if judgement.suggested is None:
            return wrap([(_("Not judged."), "warning strong"), ("  " + judgement.message, "")], width)
        if not (judgement.slip and judgement.used and judgement.correct):
            return wrap([(judgement.message, _style(judgement))], width)
        lines = wrap([(_("A slip."), "bad"), ("  " + judgement.slip.describe(), "")], width)
        return lines + _side_by_side(judgement.used, judgement.correct, width)


def _style(judgement: Any) -> str:
    """The message itself begins with right or not right, so that colour is not needed."""
    if judgement.right:
        return "good strong"
    return "warning strong" if judgement.imprecise else "bad"


def _side_by_side(used: str, correct: str, width: int) -> list[Line]:
    """The formula that was used and the right one; one under the other where they do not fit beside."""
    yours, right = _("you used") + "  ", _("right is") + "  "
    if cell_len(yours + used + right + correct) + 4 <= width:
        return [[(yours, "dim"), (used, "bad"), ("    ", ""), (right, "dim"), (correct, "good strong")]]
    return [*wrap([(yours, "dim"), (used, "bad")], width), *wrap([(right, "dim"), (correct, "good strong")], width)]
