"""A calculator that lives where it stands: choose a row, change its value, read the figures at once."""

from typing import TYPE_CHECKING, cast

from rich.cells import cell_len, set_cell_size
from textual.events import Click, Key
from textual.message import Message

from studykit.calculators.figures import plain
from studykit.calculators.inputs import allowed_values
from studykit.locale import _
from studykit.tui.calculation import Calculation
from studykit.tui.keys import N_, key
from studykit.tui.prose.symbols import symbols
from studykit.tui.prose.wrap import Line, line_width, wrap
from studykit.tui.widgets.lines import LineView
from studykit.tui.widgets.timeline import timeline_lines

if TYPE_CHECKING:
    from studykit.pipeline.plan import Plan

LARGEST_DRAWN = 20_000
"""Micro-batches times chunks and ranks: a picture of more would keep the keys waiting. Up to here a run is timed."""
BEGINS = set("0123456789.-０１２３４５６７８９．－")
"""What begins the typing of a number; after that anything printable may follow."""


class CalcForm(LineView, can_focus=True):
    """The inputs of a calculation, a row each. Posts `Changed` after every change that was asked for."""

    BINDINGS = [  # noqa: RUF012
        key("up,k", "move(-1)", N_("Input above"), N_("Go to the input above"), "calc.up"),
        key("down,j", "move(1)", N_("Input below"), N_("Go to the input below"), "calc.down"),
        key("left,h", "step(-1)", N_("Less"), N_("Lower the value, or take the choice before"), "calc.less"),
        key("right,l", "step(1)", N_("More"), N_("Raise the value, or take the next choice"), "calc.more"),
        key("shift+left", "step(-1,True)", N_("Half"), N_("Halve the value"), "calc.half"),
        key("shift+right", "step(1,True)", N_("Double"), N_("Double the value"), "calc.double"),
    ]

    class Changed(Message):
        """An input changed, or was refused."""

    TOP = 0
    """Rows above the first input."""
    EXPLAINS = True
    """Whether the chosen input is explained under the rows."""

    def __init__(self, calculation: Calculation, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.calculation = calculation

    def show(self, calculation: Calculation) -> None:
        """Work on another calculation."""
        self.calculation = calculation
        self.redraw()

    def action_move(self, by: int) -> None:
        self.calculation.move(by)
        self._changed()

    def action_step(self, direction: int, far: bool = False) -> None:
        self.calculation.step(direction, far=far)
        self._changed()

    def on_key(self, event: Key) -> None:
        """Typing a number sets the chosen input; Enter takes it, Escape leaves it as it was."""
        calculation = self.calculation
        typing, letter = calculation.typing is not None, event.character
        if letter and (letter in BEGINS or (typing and event.is_printable)) and calculation.input.kind != "choice":
            calculation.type(letter)
        elif event.key == "backspace" and calculation.input.kind != "choice":
            calculation.erase()
        elif event.key == "enter" and typing:
            calculation.accept()
        elif event.key == "enter" and calculation.input.kind in ("text", "list"):
            calculation.type(plain(calculation.inputs.get(calculation.input.name) or ""))
        elif event.key == "escape" and typing:
            calculation.typing = None
        else:
            return
        event.stop()
        event.prevent_default()
        self._changed()

    def _changed(self) -> None:
        self.redraw()
        self.post_message(self.Changed())

    def watch_has_focus(self, _has_focus: bool) -> None:
        """The mark goes with the keys; while `on_focus` runs, `has_focus` is still what it was."""
        super().watch_has_focus(_has_focus)
        if _has_focus:
            self.redraw()
        else:
            self.calculation.accept()
            self._changed()

    def on_click(self, event: Click) -> None:
        """A click chooses a row; on the signs beside the value it changes it."""
        calculation, at = self.calculation, event.get_content_offset_capture(self)
        row = at.y - self.TOP
        if not 0 <= row < len(calculation.calculator.inputs):
            return
        calculation.move(row - calculation.row)
        line = self.drawn(self.content_size.width)[at.y]
        before = line_width(line[:2])
        value = line_width(line[2:5])
        if before <= at.x < before + 2:
            calculation.step(-1)
        elif before + value - 2 <= at.x < before + value:
            calculation.step(1)
        self._changed()

    def lines_for(self, width: int) -> list[Line]:
        inputs = self.calculation.calculator.inputs
        names = min(max(cell_len(each.name) for each in inputs) + 1, max(width // 3, 8))
        lines = [self._row(number, names, width) for number in range(len(inputs))]
        return [*lines, [], *self._about(width)] if self.EXPLAINS else lines

    def _about(self, width: int) -> list[Line]:
        """The chosen input in full, with what it may be."""
        each = self.calculation.input
        return wrap([(each.describe(), ""), (f"  ({allowed_values(each)})", "dim")], width)

    def _row(self, number: int, names: int, width: int) -> Line:
        each = self.calculation.calculator.inputs[number]
        here = self.has_focus and number == self.calculation.row
        typing = self.calculation.typing if here else None
        value = f"{typing}_" if typing is not None else self.calculation.shown_input(each) or symbols().rule
        room = max(min(22, width - names - 7), 6)
        style = "chosen" if here else "value"
        about = f"{each.symbol}  {each.describe()}" if each.symbol != each.name else each.describe()
        left = max(width - names - max(cell_len(value), 8) - 9, 0)
        return [
            ("> " if here else "  ", "marker"),
            (set_cell_size(each.name, names), "strong" if here else ""),
            ("< ", "marker" if here else "dim"),
            (set_cell_size(value, min(max(cell_len(value), 8), room)), style),
            (" >", "marker" if here else "dim"),
            ("  " + (about if cell_len(about) <= left else set_cell_size(about, max(left - 1, 0)) + "…"), "dim"),
        ]


class CalcFigures(LineView):
    """What follows from the inputs: figures with their formulas, or the sentence that says what is wrong."""

    def __init__(self, calculation: Calculation, *, steps: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self.calculation, self.steps = calculation, steps

    def show(self, calculation: Calculation) -> None:
        """Show another calculation, or the same one after a change."""
        self.calculation = calculation
        self.redraw()

    def lines_for(self, width: int) -> list[Line]:
        return figure_lines(self.calculation, width, steps=self.steps)


def figure_lines(calculation: Calculation, width: int, *, steps: bool) -> list[Line]:
    """Figures, or why there are none, the timeline where the calculator has a plan, and worked steps if asked for."""
    lines: list[Line] = []
    stale = "dim" if calculation.error else ""
    for name, value, formula in calculation.figures():
        runs = [(f"{name}  ", stale), (value, stale or "value"), (f"   {formula}" if formula else "", "dim")]
        lines.extend(wrap(runs, width))
    if calculation.error:
        return [*lines, *wrap([("! " + calculation.error, "bad")], width)]
    if timeline := timeline_lines(timeline_of(calculation), width):
        lines += [[], *timeline]
    if steps and calculation.result:
        lines.append([])
        for step in calculation.calculator.steps(calculation.result.inputs):
            lines.extend(wrap([(step, "")], width))
    return lines


def timeline_of(calculation: Calculation) -> "Plan | None":
    """The plan behind the result; None where there is none or it is too large to draw."""
    from studykit.pipeline.plan import Plan

    calculator, result = calculation.calculator, calculation.result
    if calculator.plan is None or result is None or calculation.error:
        return None
    plan = calculator.plan(result.inputs)
    drawable = isinstance(plan, Plan) and plan.stages * plan.microbatches * plan.chunks <= LARGEST_DRAWN
    return cast("Plan", plan) if drawable else None


class CalcBlock(CalcForm):
    """A `calc` block in a note: title, inputs and figures in one widget."""

    BINDINGS = [  # noqa: RUF012
        key(
            "escape",
            "release",
            N_("Leave the block"),
            N_("Back to the text; grades have their keys again"),
            "calc.release",
        ),
    ]
    TOP = 1
    EXPLAINS = False

    def __init__(self, calculation: Calculation, *, indent: int = 0) -> None:
        super().__init__(calculation)
        self.styles.margin = (1, 0, 1, indent)

    def lines_for(self, width: int) -> list[Line]:
        calculator = self.calculation.calculator
        hint = "" if self.has_focus else "   " + _("Tab, then arrows or a number")
        title: Line = [(calculator.describe(), "title"), (hint, "dim")]
        return [title, *super().lines_for(width), *figure_lines(self.calculation, width, steps=False)]
