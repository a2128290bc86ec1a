"""The person's own editor, opened at a line, the screen given back to it meanwhile."""

import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Mapping
from typing import Any

from textual.app import App, SuspendNotSupported

from studykit.errors import StudyError
from studykit.locale import _

AT_LINE = {
    "code": ("--wait", "--goto", "{file}:{line}"), "codium": ("--wait", "--goto", "{file}:{line}"),
    "cursor": ("--wait", "--goto", "{file}:{line}"), "subl": ("--wait", "{file}:{line}"),
    "zed": ("--wait", "{file}:{line}"),
    "hx": ("{file}:{line}",), "helix": ("{file}:{line}",), "gedit": ("--wait", "+{line}", "{file}"),
    "notepad": ("{file}",), "open": ("-W", "{file}"),
}  # fmt: skip
USUAL = ("+{line}", "{file}")
FALLBACKS = ("nano", "vim", "vi", "notepad")


def command(chosen: str, file: str, line: int, environment: Mapping[str, str] | None = None) -> list[str]:
    """The command that opens `file` at `line`: the setting, $VISUAL, $EDITOR, or an editor that is there.

    >>> command("code -n", "/n/a b.md", 7)
    ['code', '-n', '--wait', '--goto', '/n/a b.md:7']
    """
    environment = os.environ if environment is None else environment
    words = shlex.split(chosen or environment.get("VISUAL", "") or environment.get("EDITOR", ""))
    if not words:
        words = [next((name for name in FALLBACKS if shutil.which(name)), FALLBACKS[0])]
    name = os.path.basename(words[0]).removesuffix(".exe").lower()
    arguments = [part.format(file=file, line=line) for part in AT_LINE.get(name, USUAL)]
    return [*words, *(each for each in arguments if each not in words)]


def edit(app: App[Any], file: str, line: int, chosen: str = "") -> bool:
    """Open the editor and wait for it. Raises StudyError if it cannot be started or the screen not given up."""
    try:
        words = command(chosen, file, line)
    except ValueError as error:
        raise StudyError(_("The editor's command cannot be read: {why}.").format(why=error), _hint()) from error
    try:
        with app.suspend():
            failed = _run(words)
    except SuspendNotSupported as error:
        raise StudyError(_("This terminal cannot be given to an editor."), _hint()) from error
    if failed is not None:
        raise StudyError(_("The editor “{name}” cannot be started.").format(name=words[0]), _hint()) from failed
    return True


def _run(words: list[str]) -> OSError | None:
    """Run the editor; never raises, for an exception would leave the screen given up and the application standing.

    Ctrl-C in the meantime is the editor's: the terminal sends it to both.
    """
    before = signal.signal(signal.SIGINT, lambda *_: None)  # not SIG_IGN, which the editor would inherit
    try:
        subprocess.run(words, check=False)
    except OSError as error:
        return error
    finally:
        signal.signal(signal.SIGINT, before)
    return None


def _hint() -> str:
    return _("Set `editor` in the settings, or $VISUAL or $EDITOR.")
