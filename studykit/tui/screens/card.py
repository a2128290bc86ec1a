"""One card on the screen: the parts that show it, each made when it is first needed, shown and hidden."""

import asyncio
import os
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.widget import MountError

from studykit.locale import _
from studykit.tui.prose.page import warm_up
from studykit.tui.screens.frame import Body, Frame, TooSmall
from studykit.tui.widgets.hints import Hints
from studykit.tui.widgets.prose import Prose
from studykit.tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from textual.widgets import Input

    from studykit.study.sessions.session import Question, Session
    from studykit.tui.widgets.grade_bar import GradeBar
    from studykit.tui.widgets.timeline import Timeline


class CardScreen(Frame):
    """Question, answer, key points, grades of the card in front of `session`; what keys do is `StudyScreen`'s."""

    def __init__(self, session: "Session") -> None:
        super().__init__()
        self.session = session
        self.revealed = False
        self.suggested: int | None = None
        self._composed = False
        self._composing = asyncio.Lock()

    def compose(self) -> ComposeResult:
        yield StatusLine(id="status")
        with Body(id="body"):
            yield Prose(id="context")
            yield Prose(id="question")
        yield Hints(id="hints")

    async def _finish_compose(self) -> None:
        """Load and mount what only the answer needs, once: the first question is there 70 ms earlier without it.

        A key typed ahead may ask for it while it is under way, and waits then.
        """
        async with self._composing:
            if not self._composed:
                await self._mount_the_rest()
                self._composed = True

    async def _mount_the_rest(self) -> None:
        from studykit.tui.widgets.answer_box import AnswerBox
        from studykit.tui.widgets.checklist import Checklist
        from studykit.tui.widgets.grade_bar import GradeBar
        from studykit.tui.widgets.note_view import NoteView
        from studykit.tui.widgets.timeline import Timeline
        from studykit.tui.widgets.verdict import Verdict

        rest = (
            AnswerBox(id="typed"),
            Verdict(id="verdict"),
            NoteView(id="answer"),
            Timeline(id="timeline"),
            Checklist(id="points"),
        )
        bar = GradeBar(id="grades")
        for widget in (*rest, bar):
            widget.display = False
        with self.app.batch_update(), suppress(MountError):  # the screen may be closing already
            await self.body.mount(*rest)
            await self.mount(bar, before="#hints")
            await self.mount(TooSmall())
        Thread(target=self._warm_up, daemon=True).start()

    def _warm_up(self) -> None:
        """What the first reveal and the first grade would load."""

        warm_up()

    @property
    def question(self) -> "Question | None":
        return self.session.question

    @property
    def wants_number(self) -> bool:
        """Whether something is to be typed before the answer is shown."""
        question = self.question
        return question is not None and question.kind in ("numeric", "typed") and bool(question.calculator)

    @property
    def body(self) -> Body:
        return self.query_one("#body", Body)

    def _show_question(self, question: "Question") -> None:
        context = self.query_one("#context", Prose)
        from studykit.study.wording import foreword

        shown = "\n\n".join(part for part in (foreword(self.session), question.context) if part)
        context.display = bool(shown)
        context.update(shown)
        self.query_one("#question", Prose).update(question.prompt)
        self._show_status(question)

    def _show_status(self, question: "Question") -> None:
        session = self.session
        status = self.query_one(StatusLine)
        deck = question.deck or os.path.basename(session.vault.root)  # a note beside the folders
        status.show(deck, session.counts, session.done, session.total, flagged=question.flagged)
        self._tick()

    def _hide_answer(self) -> None:
        for widget in self.query("#answer, #verdict, #timeline, #points, #grades"):
            widget.display = False
        if self._composed:
            box = self.typed_box
            box.display, box.value, box.disabled = self.wants_number, "", False
            box.placeholder = self._what_to_type()
        self._hint_at_question()

    def _hint_at_question(self, *, typing: bool = False) -> None:
        """What the keys do before the answer is shown; while something is typed, letters do nothing else."""
        if typing:
            self._hint((_("Enter"), _("check")), ("Esc", _("empty the line")))
            return
        reveal = (_("Enter"), _("check")) if self.wants_number else (_("Space"), _("show answer"))
        self._hint(reveal, ("u", _("undo")), ("/", _("search")), ("?", _("keys")), ("q", _("leave")))

    def _what_to_type(self) -> str:
        asked = self.question.outputs if self.question else ()
        if len(asked) > 1:
            return _("{count} numbers, parted by “;” … then Enter").format(count=len(asked))
        return _("a number: 30.4%, 7/23, 80 GB … then Enter")

    def _focus_first(self) -> None:
        target = self.typed_box if self.wants_number and not self.revealed else self.body
        target.focus(scroll_visible=False)

    def _hint(self, *hints: tuple[str, str]) -> None:
        self.query_one(Hints).show(hints)

    def _tick(self) -> None:
        self.query_one(StatusLine).tick(self.session.clock() - self.session.started)

    def _scroll_to_answer(self) -> None:
        """A question that fills the screen makes way for its answer (or the verdict on it)."""
        shown = [self.query_one(name) for name in ("#typed", "#answer")]
        tops = [each.virtual_region.y for each in shown if each.display]
        if not tops:
            return  # graded before the answer was laid out: the next question is there
        top = min(tops)
        below = self.body.virtual_size.height - top
        if top + min(below, self.body.size.height // 2) > self.body.size.height:
            self.body.scroll_to(y=top, animate=False, immediate=True)

    def _show_grades(self) -> None:
        bar = cast("GradeBar", self.query_one("#grades"))
        bar.show([choice.label for choice in self.session.choices()], self.suggested)
        bar.display = True

    @property
    def typed_box(self) -> "Input":
        """Where a number is typed; there once the screen is complete."""
        return cast("Input", self.query_one("#typed"))

    def _show_timeline(self) -> None:
        """The schedule behind the question, where its calculator has one."""
        from studykit.tui.calculation import Calculation
        from studykit.tui.widgets.calc_block import timeline_of

        question = self.question
        if question is None or not question.calculator:
            return
        from studykit.calculators.registry import get

        name, inputs = question.calculator, question.inputs
        plan = self.attempt(lambda: timeline_of(Calculation(get(name), inputs)))
        cast("Timeline", self.query_one("#timeline")).show(plan)
