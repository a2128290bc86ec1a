"""The job that a scheduler runs, and what every scheduler can do with it."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from studykit import places
from studykit.errors import ReminderError
from studykit.locale import _
from studykit.reminders.times import Times

_PASSED_ON = ("STUDYKIT_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
_TIMEOUT = 30.0  # seconds for a scheduler's own program


class Job(NamedTuple):
    """Run `command` at `times` with `environment` on top of what the scheduler gives. `name` is ASCII, one a vault."""

    name: str
    vault: str
    times: Times
    command: tuple[str, ...]
    environment: Mapping[str, str]

    @property
    def title(self) -> str:
        """For people who look into their scheduler."""
        return f"studykit: review reminder for {os.path.basename(self.vault)}"


class Written(NamedTuple):
    """A file as a scheduler is to find it. `place` is a path, or what stands for one (`crontab`)."""

    place: str
    content: bytes


class Scheduler(Protocol):
    """The scheduler of one kind of system."""

    name: str

    def missing(self) -> str:
        """Why it cannot be used on this machine, as a sentence; empty where it can."""

    def files(self, job: Job) -> tuple[Written, ...]:
        """What `install` writes, without writing it."""

    def install(self, job: Job) -> None:
        """Write and switch on; installing twice is installing once. Raises ReminderError, and nothing was installed."""

    def uninstall(self, name: str) -> bool:
        """Leave nothing of the job; whether there was one. Raises ReminderError."""

    def installed(self, name: str) -> bool:
        """Whether the job stands there now."""


def job_name(vault: str) -> str:
    """`studykit-remind-b364571b3ce9`: a unit's or a task's name may hold no Chinese, so the digest alone serves."""
    return f"studykit-remind-{places.vault_key(vault).rpartition('-')[2]}"


def job_for(vault: str, times: Times) -> Job:
    """The job for a vault, run by this very Python, in the language and with the folders of this very moment."""
    environment = {name: value for name in _PASSED_ON if (value := os.environ.get(name))}
    command = (_python(), "-m", "studykit", "remind", "--once", "--vault", vault)
    return Job(job_name(vault), vault, times, command, environment)


def _python() -> str:
    """This Python; on Windows the one that opens no console window, where it stands beside it."""
    quiet = os.path.join(os.path.dirname(sys.executable), "pythonw.exe")
    return quiet if sys.platform == "win32" and os.path.exists(quiet) else sys.executable


def call(words: Sequence[str], given: bytes | None = None) -> bytes:
    """Standard output of a scheduler's program. Raises ReminderError with what it said where it fails or hangs."""
    try:
        done = subprocess.run(words, input=given, capture_output=True, timeout=_TIMEOUT, check=False)
    except FileNotFoundError as error:
        raise ReminderError(_("{program} is not installed.").format(program=words[0])) from error
    except subprocess.TimeoutExpired as error:
        late = _("{program} did not answer within {n} seconds.")
        raise ReminderError(late.format(program=words[0], n=int(_TIMEOUT))) from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip() or f"exit {done.returncode}"
        raise ReminderError(_("{command} failed: {said}").format(command=" ".join(words), said=said))
    return done.stdout


def remove(path: str) -> bool:
    """Delete a file; whether it was there."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        return False
    return True
