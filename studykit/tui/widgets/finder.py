"""A list that narrows as one types: calculators, presets."""

from collections.abc import Sequence

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import Click, Key
from textual.message import Message
from textual.widgets import Input

from studykit.tui.prose.wrap import Line
from studykit.tui.widgets.lines import LineView

ROWS = 12


class Choice(msgspec.Struct, frozen=True):
    """One entry: `value` is given back, `name` and `about` are shown and searched."""

    value: str
    name: str
    about: str

    def fits(self, words: Sequence[str]) -> bool:
        text = f"{self.name} {self.about}".casefold()
        return all(word in text for word in words)


class ChoiceList(LineView):
    """The entries that fit, the chosen one marked and in view."""

    choices: tuple[Choice, ...] = ()
    chosen = 0

    def show(self, choices: Sequence[Choice], chosen: int = 0) -> None:
        self.choices, self.chosen = tuple(choices), min(max(chosen, 0), max(len(choices) - 1, 0))
        self.redraw()

    @property
    def first(self) -> int:
        """The entry in the first row."""
        return max(min(self.chosen - ROWS // 2, len(self.choices) - ROWS), 0)

    def lines_for(self, width: int) -> list[Line]:
        lines: list[Line] = []
        for number, choice in enumerate(self.choices[self.first : self.first + ROWS], self.first):
            here = number == self.chosen
            style = "chosen" if here else "strong"
            lines.append([("> " if here else "  ", "marker"), (choice.name, style), (f"  {choice.about}", "dim")])
        return lines


class Finder(Vertical):
    """Hidden until `open`. Posts `Chosen` with the value, or `Closed`."""

    class Chosen(Message):
        """An entry was taken."""

        def __init__(self, purpose: str, value: str) -> None:
            super().__init__()
            self.purpose, self.value = purpose, value

    class Closed(Message):
        """The list went away, whether or not something was taken."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.purpose = ""
        self.all: tuple[Choice, ...] = ()

    def compose(self) -> ComposeResult:
        yield Input()
        yield ChoiceList()

    def on_mount(self) -> None:
        self.display = False

    def open(self, purpose: str, choices: Sequence[Choice], placeholder: str) -> None:
        """Show `choices` and take the keyboard."""
        self.purpose, self.all = purpose, tuple(choices)
        box = self.query_one(Input)
        box.value, box.placeholder = "", placeholder
        self.query_one(ChoiceList).show(self.all)
        self.display = True
        box.focus()

    def close(self) -> None:
        self.display = False
        self.post_message(self.Closed())

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        event.stop()
        words = event.value.casefold().split()
        self.query_one(ChoiceList).show([each for each in self.all if each.fits(words)])

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        event.stop()
        shown = self.query_one(ChoiceList)
        if shown.choices:
            self.post_message(self.Chosen(self.purpose, shown.choices[shown.chosen].value))
        self.close()

    def on_key(self, event: Key) -> None:
        shown = self.query_one(ChoiceList)
        if event.key == "escape":
            self.close()
        elif event.key in ("up", "down"):
            shown.show(shown.choices, shown.chosen + (1 if event.key == "down" else -1))
        else:
            return
        event.stop()
        event.prevent_default()

    def on_click(self, event: Click) -> None:
        shown = self.query_one(ChoiceList)
        if event.widget is shown and 0 <= event.y < min(len(shown.choices), ROWS):
            self.post_message(self.Chosen(self.purpose, shown.choices[shown.first + event.y].value))
            self.close()
