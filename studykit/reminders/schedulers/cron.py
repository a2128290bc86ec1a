"""The person's crontab: a marked block at its end, every other byte kept. Cron does not catch up what was missed."""

import os
import shlex
import shutil
import subprocess

from studykit.errors import ReminderError
from studykit.locale import _
from studykit.reminders.schedulers.job import Job, Written, call

NAME = "cron"
# What a popup, and the terminal that its button opens, need of the login; cron gives nothing of it.
_SCREEN = ("DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS", "TERMINAL")


class Cron:
    """Read and written through `crontab`, which checks what it is given."""

    name = NAME

    def missing(self) -> str:
        """Without the program there is no cron to speak to."""
        return "" if shutil.which("crontab") else _("{program} is not installed.").format(program="crontab")

    def files(self, job: Job) -> tuple[Written, ...]:
        """The whole crontab as it would be."""
        return (Written("crontab", with_block(_read(), job)),)

    def install(self, job: Job) -> None:
        """Put the block in, in place of one that stood there."""
        before = _read()
        after = with_block(before, job)
        if after != before:
            call(["crontab", "-"], after)

    def uninstall(self, name: str) -> bool:
        """Take the block out; a crontab that held nothing else is removed."""
        before = _read()
        after = without_block(before, name)
        if after == before:
            return False
        call(["crontab", "-"], after) if after else call(["crontab", "-r"])
        return True

    def installed(self, name: str) -> bool:
        """Whether the block stands there."""
        return _first(name) in _read()


def with_block(crontab: bytes, job: Job) -> bytes:
    """`crontab` with the job's block at its end."""
    kept = without_block(crontab, job.name)
    if kept and not kept.endswith(b"\n"):
        kept += b"\n"  # cron itself ignores a last line without an end
    lines = [f"{at.minute} {at.hour} * * {_days(job)} {_command(job)}" for at in job.times.at]
    return kept + _first(job.name) + "".join(f"{line}\n" for line in lines).encode() + _last(job.name)


def without_block(crontab: bytes, name: str) -> bytes:
    """`crontab` without the job's block; a block whose end is missing is left, for nobody can tell where it ends."""
    start = crontab.find(_first(name))
    end = crontab.find(_last(name), start + 1) if start >= 0 else -1
    return crontab if end < 0 else crontab[:start] + crontab[end + len(_last(name)) :]


def _first(name: str) -> bytes:
    return f"# >>> {name} (made by `studykit remind install`)\n".encode()


def _last(name: str) -> bytes:
    return f"# <<< {name}\n".encode()


def _days(job: Job) -> str:
    return "*" if job.times.every_day else ",".join(str((day + 1) % 7) for day in job.times.days)


def _command(job: Job) -> str:
    """For `sh`; `%` would be a line end to cron. Errors are in `remind status`, so that no mail is sent for them."""
    screen = {name: value for name in _SCREEN if (value := os.environ.get(name))}
    environment = {**job.environment, **screen}
    words = ["env", *(f"{name}={value}" for name, value in environment.items()), *job.command]
    line = shlex.join(words if environment else job.command)
    if "\n" in line:
        raise ReminderError(_("A crontab cannot hold a path with a line end: {path}").format(path=repr(job.vault)))
    return line.replace("%", "\\%") + " 2>/dev/null"


def _read() -> bytes:
    try:
        done = subprocess.run(["crontab", "-l"], capture_output=True, timeout=30, check=False,
                              env={**os.environ, "LC_ALL": "C"})  # fmt: skip
    except FileNotFoundError as error:
        raise ReminderError(_("{program} is not installed.").format(program="crontab")) from error
    if done.returncode and b"no crontab" not in done.stderr:
        raise ReminderError(_("The crontab cannot be read: {why}").format(why=done.stderr.decode(errors="replace")))
    return done.stdout if not done.returncode else b""


SCHEDULER = Cron()
