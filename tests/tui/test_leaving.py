"""Every way out of a real process on a real terminal: the log has each grade, the notes are whole."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from studykit.study.sync import sync
from tests.tui.conftest import logged, the_vault

PROGRAM = """
import sys
from studykit.study.sessions.session import Request
from studykit.study.vault import open_vault
from studykit.tui.app import run_study
sys.exit(run_study(open_vault(sys.argv[1]), Request(deck="1")))
"""


class Terminal:
    """A pseudo-terminal of 100x30 with the study screen in it."""

    def __init__(self, notes: Path) -> None:
        self.main, self.far = pty.openpty()
        import fcntl
        import struct
        import termios

        fcntl.ioctl(self.far, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(notes)],
            stdin=self.far,
            stdout=self.far,
            stderr=self.far,
            start_new_session=True,
            env={**os.environ, "TERM": "xterm-256color"},
        )
        os.close(self.far)
        self.seen = b""
        self.last = ""

    def wait_for(self, text: str, seconds: float = 20) -> None:
        """Read the screen until `text` has appeared since the last call."""
        end = time.monotonic() + seconds
        while text.encode() not in self.seen:
            assert time.monotonic() < end, f"{text!r} did not appear: {self.seen[-2000:]!r}"
            self._read(0.1)
        self.last, self.seen = self.seen.decode(errors="replace"), b""

    def _read(self, seconds: float) -> None:
        if select.select([self.main], [], [], seconds)[0]:
            try:
                self.seen += os.read(self.main, 65536)
            except OSError:  # the far side is closed
                time.sleep(0.02)

    def type(self, keys: bytes) -> None:
        os.write(self.main, keys)

    def ended(self, seconds: float = 15) -> int:
        end = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < end:
            self._read(0.1)
        assert self.process.returncode is not None, "it did not end"
        return self.process.returncode

    def close(self) -> None:
        """As closing the window does: the far side loses its terminal."""
        os.close(self.main)
        self.main = -1


@pytest.fixture
def terminal(notes: Path) -> Iterator[Terminal]:
    sync(the_vault(notes))
    opened = Terminal(notes)
    yield opened
    if opened.process.poll() is None:
        opened.process.kill()
    opened.process.wait()
    if opened.main >= 0:
        os.close(opened.main)


WAYS: dict[str, tuple[Callable[[Terminal], None], int]] = {
    "q": (lambda terminal: terminal.type(b"q"), 0),
    "ctrl-c": (lambda terminal: terminal.type(b"\x03"), 130),
    "sigterm": (lambda terminal: terminal.process.send_signal(signal.SIGTERM), 130),
    "sighup": (lambda terminal: terminal.process.send_signal(signal.SIGHUP), 130),
}


@pytest.mark.parametrize(
    "way", ["q", "ctrl-c", *(pytest.param(way, marks=pytest.mark.slow) for way in ("sigterm", "sighup"))]
)
def test_it_leaves_cleanly_with_the_grade_saved(terminal: Terminal, notes: Path, way: str) -> None:
    leave, code = WAYS[way]
    terminal.wait_for("show answer")
    terminal.type(b" ")
    terminal.wait_for("Again")
    terminal.type(b"1")  # it comes back, so a question is on the screen
    terminal.wait_for("show answer")
    leave(terminal)
    assert terminal.ended() == code, terminal.seen[-3000:]
    assert [event["rating"] for event in logged(notes)] == [1]
    assert "review_count: 1" in (notes / "1" / "气泡.md").read_text(encoding="utf-8")  # written back on the way out


def test_a_closed_terminal_mid_card_loses_nothing(terminal: Terminal, notes: Path) -> None:
    terminal.wait_for("show answer")
    terminal.type(b" ")
    terminal.wait_for("Again")
    terminal.type(b"1")
    terminal.wait_for("show answer")
    terminal.process.send_signal(signal.SIGHUP)
    terminal.close()
    terminal.process.wait(timeout=15)
    assert [event["rating"] for event in logged(notes)] == [1]
    assert "review_count: 1" in (notes / "1" / "气泡.md").read_text(encoding="utf-8")


def test_kill_9_keeps_what_was_graded(terminal: Terminal, notes: Path) -> None:
    terminal.wait_for("show answer")
    terminal.type(b" ")
    terminal.wait_for("Again")
    terminal.type(b"1")
    terminal.wait_for("show answer")
    terminal.process.kill()
    terminal.process.wait()
    assert [event["rating"] for event in logged(notes)] == [1]


@pytest.mark.parametrize(("column", "bullet"), [pytest.param(2, "• ", marks=pytest.mark.slow), (3, "* ")])
def test_the_terminal_is_asked_how_wide_it_draws(terminal: Terminal, column: int, bullet: str) -> None:
    terminal.wait_for("\x1b[6n")
    terminal.type(f"\x1b[2;{column}R".encode())
    time.sleep(0.4)  # nothing on the screen tells that the answer was taken
    terminal.type(b" ")
    terminal.wait_for("Again")
    assert bullet in terminal.last
    assert bool(re.search("[•│─]", terminal.last)) == (bullet == "• ")


def test_a_missing_editor_gives_the_screen_back(
    notes: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setenv("VISUAL", "no-such-editor-anywhere")
    terminal: Terminal = request.getfixturevalue("terminal")
    terminal.wait_for("show answer")
    terminal.type(b"e")
    terminal.wait_for("cannot be started")
    terminal.type(b"q")
    assert terminal.ended() == 0


def test_a_signal_ends_it_though_text_is_selected(notes: Path) -> None:
    from studykit.tui.app import CalmApp

    class Selected(CalmApp):
        def action_interrupt(self) -> None:
            """What Ctrl-C does with a selection: it copies, and stays."""

    async def hang_up() -> int | None:
        app = Selected()
        async with app.run_test() as pilot:
            os.kill(os.getpid(), signal.SIGTERM)
            await pilot.pause(0.2)
            return app.return_value

    import asyncio

    assert asyncio.run(hang_up()) == 130
