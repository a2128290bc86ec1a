"""The question, the answer, the grade: what each key does with the card on the screen."""

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

from studykit.locale import _
from studykit.tui.keys import DIGITS, FIND, HELP, N_, key
from studykit.tui.screens.card import CardScreen

if TYPE_CHECKING:
    from textual.widgets import Input

    from studykit.study.sessions.session import Session
    from studykit.tui.widgets.checklist import Checklist
    from studykit.tui.widgets.grade_bar import GradeBar
    from studykit.tui.widgets.note_view import NoteView
    from studykit.tui.widgets.verdict import Verdict

AFTER_FIRST_PAINT = 0.02
"""Seconds."""
GRADES = {1: N_("Again"), 2: N_("Hard"), 3: N_("Good"), 4: N_("Easy")}
GRADE_TIPS = {
    1: N_("Not remembered; it comes back in this session"),
    2: N_("Remembered with much effort or in part"),
    3: N_("Remembered"),
    4: N_("Remembered at once"),
}


class StudyScreen(CardScreen):
    """One card at a time. Holds nothing that could be lost: the session has every grade on disk already."""

    BINDINGS = [  # noqa: RUF012
        key(
            "space,enter",
            "reveal",
            N_("Show the answer"),
            N_("Show the answer; after that, a page down"),
            "study.reveal",
        ),
        *(key(DIGITS[n], f"grade({n})", GRADES[n], GRADE_TIPS[n], f"study.grade-{n}") for n in GRADES),
        key(
            "u",
            "undo",
            N_("Undo"),
            N_("Take back the last grade or change, also one of an earlier session"),
            "study.undo",
        ),
        key("e", "edit", N_("Edit"), N_("Open the card's note at its line in your editor"), "study.edit"),
        key("s", "suspend", N_("Suspend"), N_("Never ask this card again, until it is unsuspended"), "study.suspend"),
        key("b", "bury", N_("Bury"), N_("Not today: ask this card again tomorrow"), "study.bury"),
        key(
            "exclamation_mark,fullwidth_exclamation_mark",
            "flag",
            N_("Flag"),
            N_("Mark this card, or unmark it"),
            "study.flag",
        ),
        key("o", "note", N_("Whole note"), N_("Read the whole note this card comes from"), "study.note"),
        key(
            "c",
            "calculator",
            N_("Calculator"),
            N_("Open the calculators, with the question's numbers put in"),
            "study.calc",
        ),
        key(FIND, "find", N_("Search"), N_("Find cards by their words, deck, tag or state"), "study.find"),
        key(HELP, "help", N_("Keys"), N_("All keys and what they do"), "study.help"),
        key("q", "leave", N_("Leave"), N_("End the session; every grade is already saved"), "study.leave"),
    ]

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self.typed: str | None = None
        self.shown_at = monotonic()

    async def on_mount(self) -> None:
        self.set_interval(1, self._tick)
        await self.ask()
        self.set_timer(AFTER_FIRST_PAINT, self._finish_compose)

    async def ask(self) -> None:
        """Show the card in front, without its answer; the summary when there is none."""
        self.revealed, self.suggested, self.typed = False, None, None
        question = self.question
        if question is None:
            self._summarise()
            return
        if self.wants_number:
            await self._finish_compose()
        with self.app.batch_update():
            self._show_question(question)
            self._hide_answer()
            self.body.scroll_home(animate=False)
            self._focus_first()
        self.shown_at = monotonic()

    async def reveal(self) -> None:
        """Show the answer, its key points and the four grades."""
        await self._finish_compose()
        self.revealed = True
        answer = cast("NoteView", self.query_one("#answer"))
        await answer.update(self.attempt(self.session.answer, failed=""))
        with self.app.batch_update():
            answer.display = True
            points = self.session.key_points()
            cast("Checklist", self.query_one("#points")).show(points)
            self._show_grades()
            self.body.focus(scroll_visible=False)
            third = (_("Tab"), _("tick")) if points else ("o", _("note"))
            self._hint(("1-4", _("grade")), ("u", _("undo")), third, ("?", _("keys")), ("q", _("leave")))
        self.refresh(layout=True)  # now, lest the answer's own wish for room come after the look at where it stands
        self.call_after_refresh(self._scroll_to_answer)

    async def on_input_submitted(self, event: "Input.Submitted") -> None:
        """Judge what was typed; an empty answer is a wish to see the answer."""
        event.stop()
        if self.revealed or not event.value.strip():
            await self._attempt_reveal()
            return
        judgement = self.attempt(lambda: self.session.judge(event.value, seconds=monotonic() - self.shown_at))
        if judgement is None:
            return
        cast("Verdict", self.query_one("#verdict")).show(judgement)
        if judgement.suggested is None:  # it was no number: nothing is judged, the learner types again
            return
        self.typed, self.suggested = event.value, judgement.suggested
        event.input.disabled = True
        self._show_timeline()
        await self._attempt_reveal()

    def on_input_changed(self, event: "Input.Changed") -> None:
        """The row of hints follows: a `q` that is typed into the line leaves nothing."""
        event.stop()
        if not self.revealed and self.wants_number:
            self._hint_at_question(typing=bool(event.value))

    async def _attempt_reveal(self) -> None:
        if not self.revealed and self.question is not None:
            await self.reveal()

    async def action_reveal(self) -> None:
        if self.revealed:
            self.body.action_page_down()
        else:
            await self._attempt_reveal()

    async def action_grade(self, rating: int) -> None:
        if not self.revealed:
            self._say(_("First the answer: Space shows it."))
            return
        spent = round((monotonic() - self.shown_at) * 1000)
        await self._then_ask(lambda: self.session.grade(rating, spent, suggested=self.suggested, typed=self.typed))

    async def on_grade_bar_chosen(self, event: "GradeBar.Chosen") -> None:
        await self.action_grade(event.rating)

    async def action_undo(self) -> None:
        done = self.attempt(self.session.undo, failed="")
        if done == "":
            return
        self._say(_("Undone.") if done else _("There is nothing to undo."))
        if done:
            await self.ask()

    async def action_suspend(self) -> None:
        await self._then_ask(self.session.suspend, _("Suspended. u takes it back."))

    async def action_bury(self) -> None:
        await self._then_ask(self.session.bury, _("Buried until tomorrow. u takes it back."))

    def action_flag(self) -> None:
        self.attempt(self.session.flag)
        if self.question is not None:
            self._show_status(self.question)

    async def action_edit(self) -> None:
        from studykit.tui.editor import edit

        if self.question is None:
            return
        card = self.question.card

        def opened() -> bool:
            file, line = self.session.place()
            return edit(self.app, file, line, self.session.vault.settings.editor)

        if not self.attempt(opened, failed=False):
            return
        self.attempt(self.session.reload)
        revealed = self.revealed and self.question is not None and self.question.card == card
        await self.ask()
        if revealed:
            await self.reveal()

    def action_note(self) -> None:
        from studykit.tui.screens.note import NoteScreen

        text = self.attempt(self.session.note)
        if text is not None and self.question is not None:
            self.app.push_screen(NoteScreen(self.question.title, text))

    def action_calculator(self) -> None:
        from studykit.tui.screens.calculator import CalculatorScreen

        question = self.question
        name, inputs = (question.calculator, question.inputs) if question else (None, None)
        self.app.push_screen(CalculatorScreen(name, inputs))

    def action_find(self) -> None:
        from studykit.tui.screens.search import SearchScreen

        async def done(_result: None) -> None:
            if search.studies:
                await self.ask()

        search = SearchScreen(self.session)
        self.app.push_screen(search, done)

    def action_help(self) -> None:
        from studykit.tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen())

    def action_leave(self) -> None:
        self.app.exit(0)

    def _say(self, words: str, seconds: float = 2) -> None:
        """A word on what was done, in place of the word before."""
        self.app.clear_notifications()
        self.notify(words, timeout=seconds)

    def _summarise(self) -> None:
        from studykit.tui.screens.summary import SummaryScreen

        self.app.push_screen(SummaryScreen(self.session), self._after_summary)

    async def _after_summary(self, _result: Any) -> None:
        """The summary closes itself only when an undo brought a card back."""
        await self.ask()

    async def _then_ask(self, action: Callable[[], None], words: str = "") -> None:
        def done() -> bool:
            action()
            return True

        if self.question is None or not self.attempt(done):
            return
        if words:
            self._say(words, 3)
        await self.ask()
