"""The process that holds a desktop notification and waits for the press: `python -m studykit.reminders.popup`.

Arguments: the folder for its state, the words on the button, title, body. Its first line on standard output is
`shown`, or why not. Only the latest of these processes acts on a press: a notification that was replaced is heard by
the one that replaced it as well.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from threading import Timer

from studykit.errors import ReminderError
from studykit.reminders.terminal import in_terminal

LONGEST = 12 * 3600.0
"""Seconds that a press is waited for; the popup of yesterday is no use today."""


def main(words: list[str]) -> int:
    """Show it, say so, wait, act. Returns the exit code."""
    folder, button, title, body = words
    state = os.path.join(folder, "reminders", "popup")
    command = ["notify-send", "--app-name=studykit", "--print-id", f"--action=study={button}"]
    if before := _read(state).partition(" ")[0]:
        command.append(f"--replace-id={before}")
    output = _start([*command, "--", title, body])
    # Without a bus it prints 0, and the words that it could not be shown.
    number = next((line.strip() for line in output if line.strip().isdigit() and int(line)), "")
    if not number:
        return _without_button(title, body)
    mine = f"{number} {os.getpid()}"
    _write(state, mine)
    _say("shown")
    if "study" in (line.strip() for line in output) and _read(state) == mine:
        with suppress(OSError, ReminderError):
            subprocess.Popen(in_terminal([sys.executable, "-m", "studykit", "review"]), start_new_session=True)
    return 0


def _start(command: list[str]) -> Iterator[str]:
    """The lines of notify-send as they come, until it ends.

    It writes on a terminal of its own: into a pipe it would keep the number of the popup to itself until the end.
    """
    import pty

    ours, its = pty.openpty()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=its, stderr=subprocess.DEVNULL)
    os.close(its)
    limit = Timer(LONGEST, process.kill)
    limit.daemon = True
    limit.start()
    return _lines(ours)


def _lines(terminal: int) -> Iterator[str]:
    with open(terminal, encoding="utf-8", errors="replace") as file, suppress(OSError):  # EIO: the other end is gone
        yield from file


def _without_button(title: str, body: str) -> int:
    """An older notify-send knows no actions; whatever else went wrong goes wrong here too, and is said."""
    words = ["notify-send", "--app-name=studykit", "--", title, body]
    plain = subprocess.run(words, capture_output=True, text=True, check=False)
    why = "" if plain.returncode == 0 else " ".join(plain.stderr.split()) or f"exit {plain.returncode}"
    _say(why or "shown")
    return 1 if why else 0


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
    # The reader goes now; a later write into the pipe would end this process.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _read(place: str) -> str:
    try:
        with open(place, encoding="utf-8") as file:
            return file.read().strip()
    except OSError:
        return ""


def _write(place: str, text: str) -> None:
    with suppress(OSError):
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "w", encoding="utf-8") as file:
            file.write(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
