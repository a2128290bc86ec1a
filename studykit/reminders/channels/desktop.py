"""The desktop's own notification: one that is replaced, not stacked, and opens the session when it is pressed.

A notification with an action lives as long as somebody waits for the press, so a process of its own does that
(`popup.py`); this one learns whether the desktop took it, and goes.
"""

import os
import shutil
import subprocess
import sys
from contextlib import suppress

from studykit import places
from studykit.locale import _
from studykit.reminders.channels.channel import TIMEOUT, ChannelError
from studykit.reminders.message import Message


class Desktop:
    """A popup; without a message bus there is none, and that is a failure."""

    def send(self, message: Message) -> None:
        """Raises ChannelError where no desktop takes it within `TIMEOUT` seconds."""
        if sys.platform == "darwin":
            _macos(message)
        else:
            _freedesktop(message)


def _freedesktop(message: Message) -> None:
    if shutil.which("notify-send") is None:
        raise ChannelError(_("notify-send is not installed."), _("On Debian: apt install libnotify-bin"))
    words = [sys.executable, "-m", "studykit.reminders.popup", places.data_folder(), _("Study now"),
             message.title, message.body]  # fmt: skip
    waiting = subprocess.Popen(
        words, env=with_bus(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    said = _first_line(waiting)
    if said != "shown":
        with suppress(OSError):
            waiting.kill()
        waiting.wait()
        raise ChannelError(_("The desktop took no notification: {why}").format(why=said))
    waiting.returncode = 0  # it goes on without us; nobody is left who could wait for it


def _first_line(process: "subprocess.Popen[bytes]") -> str:
    """What the process says first; a desktop that does not answer is as good as none."""
    import select

    assert process.stdout is not None
    ready, _w, _x = select.select([process.stdout], [], [], TIMEOUT)
    if not ready:
        return _("it did not answer within {n} seconds").format(n=int(TIMEOUT))
    line = process.stdout.readline().decode(errors="replace").strip()
    process.stdout.close()
    return line or _("it gave no reason")


def with_bus() -> dict[str, str]:
    """The environment, with the login's message bus where a scheduler gave none: cron gives next to nothing."""
    environment = dict(os.environ)
    if sys.platform != "win32":
        login = environment.setdefault("XDG_RUNTIME_DIR", f"/run/user/{os.getuid()}")
        if "DBUS_SESSION_BUS_ADDRESS" not in environment and os.path.exists(f"{login}/bus"):
            environment["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={login}/bus"
    return environment


def _macos(message: Message) -> None:
    """Through AppleScript, whose texts are given as arguments and never become part of the script."""
    script = "on run argv\ndisplay notification (item 2 of argv) with title (item 1 of argv)\nend run"
    words = ["osascript", "-e", script, message.title, message.body]
    try:
        subprocess.run(words, capture_output=True, timeout=TIMEOUT, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise ChannelError(_("The desktop took no notification: {why}").format(why=type(error).__name__)) from error


CHANNEL = Desktop()
