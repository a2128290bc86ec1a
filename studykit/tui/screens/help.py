"""Every key, made from the bindings themselves."""

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from textual.app import ComposeResult
from textual.binding import Binding

from studykit.locale import _
from studykit.tui.keys import HELP, N_, explained, key
from studykit.tui.prose.wrap import Line, wrap
from studykit.tui.screens.frame import Body, Frame, TooSmall
from studykit.tui.widgets.hints import Hints
from studykit.tui.widgets.lines import LineView

Group = tuple[str, Sequence[Binding]]


def groups() -> list[Group]:
    """The bindings of every place, under the place's name."""
    from studykit.tui.app import StudyApp
    from studykit.tui.screens.calculator import CalculatorScreen
    from studykit.tui.screens.note import NoteScreen
    from studykit.tui.screens.search import SearchScreen
    from studykit.tui.screens.study import StudyScreen
    from studykit.tui.screens.summary import SummaryScreen
    from studykit.tui.widgets.calc_block import CalcBlock, CalcForm
    from studykit.tui.widgets.checklist import Checklist
    from studykit.tui.widgets.hit_list import HitList

    places = (
        (_("Question"), StudyScreen), (_("Key points"), Checklist), (_("Whole note"), NoteScreen),
        (_("Search"), SearchScreen), (_("Search results"), HitList),
        (_("Calculator"), CalculatorScreen), (_("A calculator's inputs"), CalcForm),
        (_("A calculator in a note"), CalcBlock), (_("Summary"), SummaryScreen),
        (_("Everywhere"), StudyApp),
    )  # fmt: skip
    return [(name, [each for each in place.BINDINGS if isinstance(each, Binding)]) for name, place in places]


class KeyTable(LineView):
    """Keys at left, what they do and more about it at right."""

    def lines_for(self, width: int) -> list[Line]:
        lines: list[Line] = []
        for name, bindings in groups():
            lines += [[], [(name, "h2")]] if lines else [[(name, "h2")]]
            for keys, what, more in explained(bindings):
                lines += _entry(keys, what, more, width)
        return lines


def _entry(keys: str, what: str, more: str, width: int) -> list[Line]:
    left = 16
    head: Line = [(set_cell_size(f"  {keys}", left), "key"), (set_cell_size(what, 20), "strong")]
    if width < 80:
        text = wrap([(what, "strong"), (f"  {more}", "dim")], width - left)
        return [[head[0] if number == 0 else (" " * left, ""), *line] for number, line in enumerate(text)]
    text = wrap([(more, "dim")], max(width - left - max(cell_len(what), 20) - 1, 20))
    blank: Line = [(" " * (left + 20), "")]
    return [[*(head if number == 0 else blank), (" ", ""), *line] for number, line in enumerate(text)]


class HelpScreen(Frame):
    """The table of keys."""

    BINDINGS = [  # noqa: RUF012
        key(f"q,escape,{HELP}", "back", N_("Back"), N_("Back to where you were"), "help.back"),
    ]

    def compose(self) -> ComposeResult:
        with Body(id="body"):
            yield KeyTable()
        yield Hints([("q", _("back"))], id="hints")
        yield TooSmall()

    def on_mount(self) -> None:
        self.query_one(Body).focus(scroll_visible=False)

    def action_back(self) -> None:
        self.dismiss()
