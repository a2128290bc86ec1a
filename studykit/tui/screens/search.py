"""Search: type a filter, read what it names as one types, open a card, study them."""

from asyncio import to_thread
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.events import Key
from textual.widgets import Input

from studykit.errors import StudyError
from studykit.locale import _
from studykit.tui.keys import FIND, HELP, N_, key
from studykit.tui.prose.wrap import Line
from studykit.tui.screens.frame import Body, Frame, TooSmall
from studykit.tui.widgets.hints import Hints
from studykit.tui.widgets.hit_list import HitList
from studykit.tui.widgets.lines import LineView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from studykit.study.browsing.search import Hit
    from studykit.study.sessions.session import Session

MOST = 200
PAUSE = 0.12
"""Seconds without a key before a search begins."""


class Remark(LineView):
    """How many were found, or what is wrong with the filter, lines as they stand: a caret points into them."""

    words = ""

    def show(self, words: str) -> None:
        self.words = words
        self.redraw()

    def lines_for(self, width: int) -> list[Line]:
        style = "bad" if self.words.startswith("!") else "dim"
        return [[(line, style)] for line in self.words.split("\n")]


class SearchScreen(Frame):
    """A filter above its results. `studies` says, once it is closed, whether the session turned to what was found."""

    BINDINGS = [  # noqa: RUF012
        key("enter,space", "open", N_("Open"), N_("Show the card; a quiz shows its note"), "search.open"),
        key("o", "note", N_("Whole note"), N_("Read the whole note of the result"), "search.note"),
        key(
            "r,ctrl+r",
            "study",
            N_("Study these"),
            N_("Go on with the cards found that are due or new; Ctrl-R while typing"),
            "search.study",
        ),
        key(FIND, "type", N_("Search again"), N_("Back to the line where the filter is typed"), "search.type"),
        key(HELP, "help", N_("Keys"), N_("All keys and what they do"), "search.help"),
        key("q,escape", "back", N_("Back"), N_("Back to where you were"), "search.back"),
    ]

    def __init__(self, session: "Session") -> None:
        super().__init__()
        self.session = session
        self.studies = False
        self.query_text = ""
        self.answered = ""  # the words whose results are shown

    def compose(self) -> ComposeResult:
        yield Input(placeholder=_("words, deck:… tag:… is:due kind:numeric -not (a or b)"), id="query")
        yield Remark(id="found")
        with Body(id="body", can_focus=False):
            yield HitList(id="hits")
        yield Hints(id="hints")
        yield TooSmall()

    def on_mount(self) -> None:
        self.query_one("#query").focus()

    def on_descendant_focus(self) -> None:
        """Where one types, a letter is a letter: only keys that do something there are named."""
        typing = isinstance(self.focused, Input)
        keys = [("↓", _("results")), ("Ctrl-R", _("study these"))] if typing else [("r", _("study these")),
                ("/", _("search again")), ("?", _("keys"))]  # fmt: skip
        self.query_one(Hints).show([("↵", _("open")), *keys, ("Esc", _("back"))])

    @property
    def hits(self) -> HitList:
        return self.query_one("#hits", HitList)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.query_text = event.value.strip()
        self.set_timer(PAUSE, lambda: self._search_if(event.value.strip()))

    def _search_if(self, words: str) -> None:
        """Search unless more was typed since."""
        if words == self.query_text:
            self.run_worker(self._search(words), exclusive=True)

    async def _search(self, words: str) -> None:
        from studykit.study.browsing.search import search_cards
        from studykit.study.wording import count_line

        hits: Sequence[Hit] = ()
        said = ""
        if words:
            try:
                found = await to_thread(search_cards, self.session.vault, words, MOST)
                hits, said = found.hits, count_line(found)
            except StudyError as error:
                said = f"! {error}"
        if words == self.query_text:
            self._show(hits, said)
            self.answered = words

    def _show(self, hits: "Sequence[Hit]", words: str) -> None:
        self.hits.show(hits)
        self.query_one(Remark).show(words)
        self.query_one(Body).scroll_home(animate=False)

    def on_key(self, event: Key) -> None:
        """From the line into the results."""
        if event.key in ("down", "up") and isinstance(self.focused, Input):
            event.stop()
            self.hits.focus(scroll_visible=False)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_open()

    @on(HitList.Opened)
    def action_open(self) -> None:
        hit = self.hits.hit
        if hit is None:
            return
        card = hit.card
        if card.kind == "numeric":
            self.action_note()
        else:
            self._read(card.title, f"# {card.prompt}\n\n{card.answer}")

    def action_note(self) -> None:
        hit = self.hits.hit
        text = self.attempt(lambda: self.session.note(hit.card.file)) if hit else None
        if hit and text is not None:
            self._read(hit.card.title, text)

    def _read(self, title: str, text: str) -> None:
        from studykit.tui.screens.note import NoteScreen

        self.app.push_screen(NoteScreen(title, text))

    def action_study(self) -> None:
        if not self.query_text:
            return
        count = self.attempt(lambda: self.session.turn_to(self.query_text))
        if count:
            self.studies = True
            self.dismiss()
        elif count == 0:
            self.notify(_("None of these cards is due or new today."), timeout=4)

    def action_type(self) -> None:
        self.query_one("#query").focus()

    def action_help(self) -> None:
        from studykit.tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen())

    def action_back(self) -> None:
        self.dismiss()
