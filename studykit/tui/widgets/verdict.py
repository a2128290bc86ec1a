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
        if not (judgement.slip and judgement.used and judgement.correct):
            return wrap([_headline(judgement), ("  " + judgement.message, "")], width)
        lines = wrap([_headline(judgement), ("  " + judgement.slip.describe(), "")], width)
        return lines + _side_by_side(judgement.used, judgement.correct, width)


def _headline(judgement: Any) -> tuple[str, str]:
    """The word that says it, so that colour is not needed."""
    if judgement.suggested is None:
        return _("Not judged."), "warning strong"
    if judgement.right:
        return _("Right."), "good strong"
    if judgement.imprecise:
        return _("Imprecise."), "warning strong"
    return (_("A slip.") if judgement.slip else _("Not right.")), "bad"


def _side_by_side(used: str, correct: str, width: int) -> list[Line]:
    """The formula that was used and the right one; one under the other where they do not fit beside."""
    yours, right = _("you used") + "  ", _("right is") + "  "
    if cell_len(yours + used + right + correct) + 4 <= width:
        return [[(yours, "dim"), (used, "bad"), ("    ", ""), (right, "dim"), (correct, "good strong")]]
    return [*wrap([(yours, "dim"), (used, "bad")], width), *wrap([(right, "dim"), (correct, "good strong")], width)]
