"""A whole note, to read; its calculators live."""

import re

from textual.app import ComposeResult

from studykit.locale import _
from studykit.tui.keys import HELP, N_, key
from studykit.tui.screens.frame import Body, Frame, TooSmall
from studykit.tui.widgets.hints import Hints
from studykit.tui.widgets.note_view import NoteView
from studykit.tui.widgets.prose import Prose

CALC = re.compile(r"^[\s>*+-]*(```|~~~)\s*calc\b", re.MULTILINE)
"""The first line of a live calculator, within a list too."""


class NoteScreen(Frame):
    """The text of a note under its title."""

    BINDINGS = [  # noqa: RUF012
        key("o,q,escape", "back", N_("Back"), N_("Back to the question"), "note.back"),
        key("space", "page", N_("Page down"), N_("Read on"), "note.page"),
        key(HELP, "help", N_("Keys"), N_("All keys and what they do"), "note.help"),
    ]

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self.heading, self.text = title, text

    def compose(self) -> ComposeResult:
        if not self.text.lstrip().startswith("# "):  # a note without its own title
            yield Prose(f"**{self.heading}**", id="heading")
        with Body(id="body"):
            yield NoteView(self.text)
        yield Hints(self._hints(), id="hints")
        yield TooSmall()

    def _hints(self) -> list[tuple[str, str]]:
        calculators = [(_("Tab"), _("next calculator"))] if CALC.search(self.text) else []
        return [("o", _("back")), *calculators, (_("Space"), _("page down"))]

    def on_mount(self) -> None:
        self.query_one(Body).focus(scroll_visible=False)

    def action_page(self) -> None:
        self.query_one(Body).action_page_down()

    def action_back(self) -> None:
        self.dismiss()

    def action_help(self) -> None:
        from studykit.tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen())
