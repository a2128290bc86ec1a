"""The calculators: inputs at left, figures, steps and timeline at right, everything live."""

from collections.abc import Mapping
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.geometry import Region

from studykit.calculators.declare import both
from studykit.calculators.registry import get, names
from studykit.errors import StudyError
from studykit.locale import _
from studykit.tui.calculation import Calculation, starting_point
from studykit.tui.keys import FIND, HELP, N_, key
from studykit.tui.quiz_text import figures_text, quiz_text
from studykit.tui.screens.frame import Body, Frame, TooSmall
from studykit.tui.widgets.calc_block import CalcFigures, CalcForm
from studykit.tui.widgets.finder import Choice, Finder
from studykit.tui.widgets.hints import Hints
from studykit.tui.widgets.prose import Prose

FIRST = "bubble"


class CalculatorScreen(Frame):
    """One calculator at a time; each keeps its numbers while the screen is open."""

    BINDINGS = [  # noqa: RUF012
        key(FIND, "find", N_("Find"), N_("Find a calculator by its name or title"), "calculator.find"),
        key("p", "presets", N_("Presets"), N_("Put in the numbers of a model or of hardware"), "calculator.presets"),
        key("y", "copy", N_("Copy"), N_("Copy the inputs and figures"), "calculator.copy"),
        key(
            "t",
            "card",
            N_("Make a card"),
            N_("Keep a quiz block that asks this in the notes; where there are none, copy it"),
            "calculator.card",
        ),
        key(HELP, "help", N_("Keys"), N_("All keys and what they do"), "calculator.help"),
        key("q,escape", "back", N_("Back"), N_("Back to where you were"), "calculator.back"),
    ]

    def __init__(
        self, name: str | None = None, inputs: Mapping[str, Any] | None = None, *, leaves: bool = False
    ) -> None:
        super().__init__()
        self.leaves = leaves
        self.kept: dict[str, Calculation] = {}
        calculator = get(name or FIRST)
        self.calculation = Calculation(calculator, inputs or starting_point(calculator))
        self.kept[self.calculation.calculator.name] = self.calculation

    def compose(self) -> ComposeResult:
        yield Prose(id="heading")
        yield Prose(id="about")
        yield Finder(id="finder")
        with Horizontal(id="columns"):
            with Body(id="inputs", can_focus=False):
                yield CalcForm(self.calculation)
            with Body(id="figures"):
                yield CalcFigures(self.calculation, steps=True)
        hints = [("/", _("find")), ("p", _("presets")), ("y", _("copy")), ("?", _("keys")), ("q", _("back"))]
        yield Hints(hints, id="hints")
        yield TooSmall()

    def on_mount(self) -> None:
        self._show(self.calculation)

    def _show(self, calculation: Calculation) -> None:
        self.calculation = calculation
        calculator = calculation.calculator
        self.query_one("#heading", Prose).update(f"**{calculator.describe()}**  `{calculator.name}`")
        self.set_class(calculator.plan is not None, "-timeline")
        self.query_one("#about", Prose).update(both(calculator.about, calculator.about_zh))
        self.query_one(CalcForm).show(calculation)
        self.query_one(CalcFigures).show(calculation)
        self.query_one(CalcForm).focus()

    @on(CalcForm.Changed)
    def _recomputed(self) -> None:
        self.query_one(CalcFigures).show(self.calculation)
        self.query_one("#inputs").scroll_to_region(Region(0, self.calculation.row, 1, 1), animate=False)

    def action_find(self) -> None:
        choices = [Choice(name, name, get(name).describe()) for name in names() if self._loads(name)]
        self.query_one(Finder).open("calculator", choices, _("find a calculator"))

    def _loads(self, name: str) -> bool:
        try:
            get(name)
        except StudyError:
            return False
        return True

    def action_presets(self) -> None:
        choices = [
            Choice(f"{each.name} {choice}", choice, each.describe())
            for each in self.calculation.calculator.inputs
            if each.fills
            for choice in each.allowed()
        ]
        if choices:
            self.query_one(Finder).open("preset", choices, _("find a model or hardware"))
        else:
            self.notify(_("This calculator has no presets."), timeout=3)

    @on(Finder.Chosen)
    def _found(self, event: Finder.Chosen) -> None:
        if event.purpose == "calculator":
            if event.value not in self.kept:
                calculator = get(event.value)
                self.kept[event.value] = Calculation(calculator, starting_point(calculator))
            self._show(self.kept[event.value])
        else:
            name, choice = event.value.split(" ", 1)
            self.calculation.set(name, choice)
            self._show(self.calculation)

    @on(Finder.Closed)
    def _typing_again(self) -> None:
        self.query_one(CalcForm).focus()

    def action_copy(self) -> None:
        self.app.copy_to_clipboard(figures_text(self.calculation))
        self.notify(_("Copied."), timeout=2)

    def action_card(self) -> None:
        from studykit.study.quizzes.inbox import keep_block

        block = quiz_text(self.calculation)
        try:
            path = keep_block(block)
        except StudyError as error:
            self.app.copy_to_clipboard(block)
            self.notify(f"{error.message} " + _("The quiz block is in the clipboard: paste it into a note."), timeout=6)
            return
        self.notify(_("A card was added to {file}; the next sync finds it.").format(file=path), timeout=6)

    def action_help(self) -> None:
        from studykit.tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen())

    def action_back(self) -> None:
        """Back to the screen below; where there is none, the end."""
        if self.leaves:
            self.app.exit(0)
        else:
            self.dismiss()
