"""The end of a session in figures, and what returns when."""

from datetime import date
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from studykit.locale import _, ngettext
from studykit.study.wording import why_nothing
from studykit.tui.keys import FIND, HELP, N_, key
from studykit.tui.prose.symbols import symbols
from studykit.tui.prose.wrap import Line, wrap
from studykit.tui.screens.frame import Body, Frame, TooSmall
from studykit.tui.widgets.hints import Hints
from studykit.tui.widgets.lines import LineView

if TYPE_CHECKING:
    from studykit.study.sessions.session import Session, Summary


class Figures(LineView):
    """A session's summary: reviewed, retention, minutes, tomorrow, a bar for each day; or `nothing`, why none was."""

    def __init__(self, summary: "Summary", nothing: str = "") -> None:
        super().__init__()
        self.summary, self.nothing = summary, nothing

    def lines_for(self, width: int) -> list[Line]:
        summary = self.summary
        if not summary.reviewed:
            lines: list[Line] = [
                [(_("Nothing is due."), "h1")],
                *wrap([(self.nothing, "")], width),
            ]
        else:
            lines = [[(_("Session done"), "h1")], [], *(self._figure(*pair) for pair in figures(summary))]
        return [*lines, *self._days(width)]

    def _figure(self, name: str, value: str) -> Line:
        return [(f"  {value:>8}  ", "value"), (name, "")]

    def _days(self, width: int) -> list[Line]:
        returning = self.summary.returning
        most = max((count for _day, count in returning), default=0)
        if not most:
            return []
        room = min(width - 24, 50)
        lines: list[Line] = [[], [(_("What returns"), "h2")]]
        for day, count in returning:
            bar = symbols().full * max(round(room * count / most), 1 if count else 0)
            lines.append([(f"  {_day_name(day)}  ", "dim"), (f"{count:>4}  ", "value"), (bar, "marker")])
        return lines


def figures(summary: "Summary") -> list[tuple[str, str]]:
    """(what, how many) in words."""
    minutes, seconds = divmod(summary.seconds, 60)
    pairs = [(ngettext("card reviewed", "cards reviewed", summary.reviewed), str(summary.reviewed))]
    if summary.retention is not None:
        pairs.append((_("of the cards seen before were remembered"), f"{summary.retention:.0%}"))
    pairs.append((_("times “again”"), str(summary.again)))
    pairs.append((_("minutes"), f"{minutes}:{seconds:02}"))
    pairs.append((ngettext("card returns tomorrow", "cards return tomorrow", summary.tomorrow), str(summary.tomorrow)))
    return pairs


def _day_name(day: date) -> str:
    names = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    return f"{names[day.weekday()]} {day:%m-%d}"


class SummaryScreen(Frame):
    """Stands until the learner leaves; an undo closes it and the card is back."""

    BINDINGS = [  # noqa: RUF012
        key(
            "q,enter,escape", "leave", N_("Leave"), N_("End the session; every grade is already saved"), "summary.leave"
        ),
        key("u", "undo", N_("Undo"), N_("Take back the last grade; its card is asked again"), "summary.undo"),
        key("c", "calculator", N_("Calculator"), N_("Open the calculators"), "summary.calc"),
        key(FIND, "find", N_("Search"), N_("Find cards by their words, deck, tag or state"), "summary.find"),
        key(HELP, "help", N_("Keys"), N_("All keys and what they do"), "summary.help"),
    ]

    def __init__(self, session: "Session") -> None:
        super().__init__()
        self.session = session

    def compose(self) -> ComposeResult:
        with Body(id="body"):
            summary = self.session.summary()
            yield Figures(summary, "" if summary.reviewed else why_nothing(self.session.waiting()))
        yield Hints(
            [("u", _("undo")), ("c", _("calculator")), ("/", _("search")), ("?", _("keys")), ("q", _("leave"))],
            id="hints",
        )
        yield TooSmall()

    def on_mount(self) -> None:
        self.query_one(Body).focus(scroll_visible=False)

    def action_leave(self) -> None:
        self.app.exit(0)

    def action_undo(self) -> None:
        done = self.attempt(self.session.undo, failed="")
        if done == "":
            return
        if done is None or self.session.question is None:
            self.notify(_("There is nothing to undo."), timeout=2)
        else:
            self.dismiss()

    def action_calculator(self) -> None:
        from studykit.tui.screens.calculator import CalculatorScreen

        self.app.push_screen(CalculatorScreen())

    def action_find(self) -> None:
        from studykit.tui.screens.search import SearchScreen

        def done(_result: None) -> None:
            if search.studies:
                self.dismiss()

        search = SearchScreen(self.session)
        self.app.push_screen(search, done)

    def action_help(self) -> None:
        from studykit.tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen())
