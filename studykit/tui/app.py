"""The application: its session, its theme, and every way of leaving it."""

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual.app import App
from textual.events import CursorPosition, Event, InputEvent, Key
from textual.filter import Monochrome, NoColor
from textual.screen import Screen

from studykit.errors import ExitCode
from studykit.locale import _
from studykit.tui.keys import N_, key, twins
from studykit.tui.prose import symbols
from studykit.tui.screens.frame import Frame
from studykit.tui.widgets.lines import LineView
from studykit.tui.widgets.prose import Prose

if TYPE_CHECKING:
    from studykit.study.sessions.session import Request
    from studykit.study.vault import Vault

ASCII = "-ascii"
"""The class of an application whose terminal draws lines and dots two cells wide."""
LEAVING = (*twins("q"), "ctrl+q", "ctrl+c")
LIGHT_BACKGROUNDS = ("7", "15")


class CalmApp(App[int]):
    """What study and calculator applications share: theme, crash report, signals, Ctrl-C."""

    CSS_PATH = os.path.join(os.path.dirname(__file__), "theme.tcss")  # absolute, so that subclasses find it
    TITLE = "studykit"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [  # noqa: RUF012
        key(
            "ctrl+c",
            "interrupt",
            N_("Stop"),
            N_("Leave at once; every grade is already saved"),
            "app.stop",
            priority=True,
        ),
        key("ctrl+q", "leave", N_("Leave"), N_("Leave; every grade is already saved"), "app.leave", priority=True),
        key("f2", "turn_theme", N_("Light or dark"), N_("Turn between the light and the dark theme"), "app.theme"),
    ]
    SIGNALS: ClassVar[tuple[str, ...]] = ("SIGHUP", "SIGTERM")

    def __init__(self) -> None:
        super().__init__()
        self.theme = "textual-light" if prefers_light(os.environ) else "textual-dark"
        self.set_class(symbols.is_wide_terminal(), ASCII)
        # Textual's own answer to NO_COLOR is shades of grey.
        self._filters = [NoColor() if isinstance(each, Monochrome) else each for each in self._filters]

    def run(self, *arguments: Any, **options: Any) -> int | None:
        """As in every application. What is loaded by now stays to the end, so no collection need walk through it.

        Without this one of them falls into the first paint and takes a fifth of it.
        """
        gc.freeze()
        return super().run(*arguments, **options)

    def on_mount(self) -> None:
        loop = asyncio.get_running_loop()
        for name in self.SIGNALS:
            with suppress(AttributeError, NotImplementedError, RuntimeError, ValueError):  # not on every platform
                loop.add_signal_handler(getattr(signal, name), self.exit, int(ExitCode.INTERRUPTED))

        self._ask_for_width()

    async def on_event(self, event: Event) -> None:
        """Where the terminal is too small to show anything, no key grades a card that nobody sees: q leaves."""
        if isinstance(event, InputEvent) and isinstance(self.screen, Frame) and not self.screen.has_room:
            if isinstance(event, Key) and event.key in LEAVING:
                self.exit(int(ExitCode.INTERRUPTED if event.key == "ctrl+c" else ExitCode.OK))
            return
        await super().on_event(event)

    def _ask_for_width(self) -> None:
        """Ask a real terminal how wide it draws an ambiguous sign; the answer comes as an event, or never."""
        if not self.is_headless and self._driver is not None and symbols.VARIABLE not in os.environ:
            self._driver.write(symbols.QUESTION)
            self._driver.flush()

    def on_cursor_position(self, event: CursorPosition) -> None:
        """One cell on: signs are as the tables have them. Two: draw with ASCII from now on."""
        symbols.use_wide(event.x >= 2)
        self.set_class(symbols.is_wide_terminal(), ASCII)
        if event.x >= 2:
            for prose in self.screen.query(Prose):
                prose.read_again()
            for view in self.screen.query(LineView):
                view.redraw()

    def action_interrupt(self) -> None:
        if self.screen.get_selected_text():
            self.screen.action_copy_text()
            return
        self.exit(int(ExitCode.INTERRUPTED))

    def action_leave(self) -> None:
        self.exit(int(ExitCode.OK))

    def action_turn_theme(self) -> None:
        self.theme = "textual-light" if self.theme == "textual-dark" else "textual-dark"

    def _fatal_error(self) -> None:
        """In place of the stock screen, which prints local variables and so people's notes."""
        from studykit.crash import write_report

        error = sys.exc_info()[1] or self._exception or RuntimeError()
        path = write_report(error, f"{self.size.width}x{self.size.height}")
        sentence = _("studykit failed ({kind}). Every grade is saved.").format(kind=type(error).__name__)
        if path:
            sentence += "\n" + _("A report with no text of your notes is in {path}").format(path=path)
        self._exit_renderables.append(Text(sentence))
        self._close_messages_no_wait()


class StudyApp(CalmApp):
    """Study what `request` asks of `vault`. Raises StudyError (a busy vault, a broken filter) before any screen."""

    def __init__(self, vault: "Vault", request: "Request", clock: Callable[[], datetime] = datetime.now) -> None:
        from studykit.study.sessions.session import Session

        super().__init__()
        self.session = Session.open(vault, request, clock)

    def get_default_screen(self) -> Screen[Any]:
        from studykit.tui.screens.study import StudyScreen

        return StudyScreen(self.session)


def prefers_light(environment: Any) -> bool:
    """Whether the terminal says that its background is light; `STUDYKIT_THEME` (light, dark) decides first."""
    wish = environment.get("STUDYKIT_THEME", "").lower()
    if wish in ("light", "dark"):
        return bool(wish == "light")
    return environment.get("COLORFGBG", "").split(";")[-1] in LIGHT_BACKGROUNDS


def run_study(vault: "Vault", request: "Request") -> int:
    """Study on the screen; the exit code. However it ends, the session is finished and says what it could not write."""
    from studykit.study.wording import summary_lines

    app = StudyApp(vault, request)
    session = app.session
    try:
        code = app.run()
    except OSError:  # the terminal went away
        code = int(ExitCode.INTERRUPTED)
    finally:
        problems = session.finish()
    if session.graded:
        _say(*summary_lines(session.summary()))
    _say(*map(str, problems))
    if app.return_code:
        return int(app.return_code)
    return int(ExitCode.OK) if code is None else code


def _say(*lines: str) -> None:
    """Remarks on stderr, unless the terminal is gone."""
    with suppress(OSError, ValueError):
        for line in lines:
            print(line, file=sys.stderr)  # noqa: T201
