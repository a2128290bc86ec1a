"""A systemd user timer. `Persistent=true`: what was missed while the machine slept is caught up at once."""

import os
import shutil
import subprocess

from studykit import places
from studykit.errors import ReminderError
from studykit.locale import _
from studykit.reminders.schedulers.job import Job, Written, call, remove
from studykit.reminders.times import DAYS, Times

NAME = "systemd"


def _folder() -> str:
    given = os.environ.get("XDG_CONFIG_HOME", "")
    return os.path.join(given if os.path.isabs(given) else os.path.expanduser("~/.config"), "systemd", "user")


class Systemd:
    """Two unit files in the person's own folder, switched on through `systemctl --user`."""

    name = NAME

    def missing(self) -> str:
        """A machine may have systemd and no user manager for this login (a container, `su`)."""
        if shutil.which("systemctl") is None:
            return _("{program} is not installed.").format(program="systemctl")
        state = ["systemctl", "--user", "show", "--property=Version"]
        try:
            done = subprocess.run(state, capture_output=True, timeout=5, check=False)
        except subprocess.TimeoutExpired:
            return _("systemd's user manager does not answer.")
        return "" if done.returncode == 0 else _("systemd's user manager does not run in this login.")

    def files(self, job: Job) -> tuple[Written, ...]:
        """The service and its timer."""
        return (
            Written(os.path.join(_folder(), f"{job.name}.service"), service(job).encode()),
            Written(os.path.join(_folder(), f"{job.name}.timer"), timer(job).encode()),
        )

    def install(self, job: Job) -> None:
        """Verified first: what systemd complains of is not left standing."""
        written = self.files(job)
        try:
            for file in written:
                places.write_whole(file.place, file.content)
            _verify([file.place for file in written])
            call(["systemctl", "--user", "daemon-reload"])
            call(["systemctl", "--user", "enable", "--quiet", f"{job.name}.timer"])
            call(["systemctl", "--user", "restart", f"{job.name}.timer"])
        except ReminderError:
            for file in written:
                remove(file.place)
            raise

    def uninstall(self, name: str) -> bool:
        """Switched off, then deleted; the time stamp that `Persistent` keeps goes with it."""
        if not self.installed(name):
            return False
        call(["systemctl", "--user", "disable", "--now", "--quiet", f"{name}.timer"])
        call(["systemctl", "--user", "clean", "--what=state", f"{name}.timer"])
        for ending in ("timer", "service"):
            remove(os.path.join(_folder(), f"{name}.{ending}"))
        call(["systemctl", "--user", "daemon-reload"])
        return True

    def installed(self, name: str) -> bool:
        """Whether the timer's file stands."""
        return os.path.exists(os.path.join(_folder(), f"{name}.timer"))


def service(job: Job) -> str:
    """Runs once; exit code 8 (nothing to say) is no failure."""
    environment = [f"Environment={_quoted(f'{name}={value}')}" for name, value in job.environment.items()]
    lines = [
        "[Unit]",
        f"Description={_plain(job.title)}",
        "",
        "[Service]",
        "Type=oneshot",
        *environment,
        f"ExecStart={' '.join(_quoted(word, command=True) for word in job.command)}",
        "SuccessExitStatus=8",
        "TimeoutStartSec=120",
        "KillMode=process",  # the popup outlives the run that showed it
    ]
    return "\n".join(lines) + "\n"


def timer(job: Job) -> str:
    """One `OnCalendar=` a time: `08:30,20:30` in one line would mean seconds."""
    lines = [
        "[Unit]",
        f"Description={_plain(job.title)}",
        "",
        "[Timer]",
        *(f"OnCalendar={line}" for line in calendar(job.times)),
        "Persistent=true",
        "",
        "[Install]",
        "WantedBy=timers.target",
    ]
    return "\n".join(lines) + "\n"


def calendar(times: Times) -> list[str]:
    """systemd.time(7) expressions, one a time of day.

    >>> from studykit.reminders.times import read_times
    >>> calendar(read_times(["8:30", "20:30"], "mon-wed"))
    ['Mon,Tue,Wed *-*-* 08:30:00', 'Mon,Tue,Wed *-*-* 20:30:00']
    """
    days = "" if times.every_day else ",".join(DAYS[day].capitalize() for day in times.days) + " "
    return [f"{days}*-*-* {at:%H:%M}:00" for at in times.at]


def _verify(files: list[str]) -> None:
    """`systemd-analyze verify` exits 0 on a bad calendar: what counts is that it has nothing to say."""
    if shutil.which("systemd-analyze") is None:
        return
    words = ["systemd-analyze", "verify", "--user", *files]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    if done.returncode or done.stderr.strip():
        why = done.stderr.strip() or f"exit {done.returncode}"
        raise ReminderError(_("systemd does not accept the timer: {why}").format(why=why))


def _quoted(word: str, *, command: bool = False) -> str:
    """In double quotes as systemd.syntax(7) reads them; `%` is a specifier, and `$` a variable in a command."""
    for sign, escaped in (("\\", "\\\\"), ('"', '\\"'), ("%", "%%"), ("\n", "\\n")):
        word = word.replace(sign, escaped)
    return f'"{word.replace("$", "$$") if command else word}"'


def _plain(text: str) -> str:
    return " ".join(text.replace("%", "%%").replace("\\", "/").split())


SCHEDULER = Systemd()
