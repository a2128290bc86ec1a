"""The person's terminal: how to run a command in a window of it."""

import os
import shlex
import shutil

from studykit.errors import ReminderError
from studykit.locale import _

# Each with the words that come between it and the command. Debian's alternative comes first: it was chosen.
KNOWN = {
    "x-terminal-emulator": ("-e",), "gnome-terminal": ("--",), "konsole": ("-e",), "kgx": ("--",), "ptyxis": ("--",),
    "xfce4-terminal": ("-x",), "alacritty": ("-e",), "kitty": (), "foot": (), "wezterm": ("start", "--"),
    "ghostty": ("-e",), "tilix": ("-e",), "terminator": ("-x",), "urxvt": ("-e",), "st": ("-e",), "xterm": ("-e",),
}  # fmt: skip


def in_terminal(command: list[str]) -> list[str]:
    """`command` in a new terminal window: `$TERMINAL`, which may hold options, or the first known one.

    Raises ReminderError when there is none.
    """
    if chosen := shlex.split(os.environ.get("TERMINAL", "")):
        return [*chosen, *KNOWN.get(os.path.basename(chosen[0]), ("-e",)), *command]
    for name, between in KNOWN.items():
        if shutil.which(name):
            return [name, *between, *command]
    raise ReminderError(_("No terminal program was found."), _("Name yours in the environment variable TERMINAL."))
