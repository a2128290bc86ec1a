"""macOS: a launch agent of the person. launchd runs at waking what was missed while the machine slept."""

import os
import plistlib
import sys
from typing import Any

from studykit import places
from studykit.errors import ReminderError
from studykit.locale import _
from studykit.reminders.schedulers.job import Job, Written, call, remove

NAME = "launchd"


class Launchd:
    """One property list in ~/Library/LaunchAgents, loaded into the person's own session."""

    name = NAME

    def missing(self) -> str:
        """There is launchd on macOS alone."""
        return "" if sys.platform == "darwin" else _("launchd is part of macOS.")

    def files(self, job: Job) -> tuple[Written, ...]:
        """The agent."""
        return (Written(_place(job.name), agent(job)),)

    def install(self, job: Job) -> None:
        """Unload what stood there, write, load."""
        self._unload(job.name)
        (file,) = self.files(job)
        places.write_whole(file.place, file.content)
        try:
            call(["launchctl", "bootstrap", _session(), file.place])
        except ReminderError:
            remove(file.place)
            raise

    def uninstall(self, name: str) -> bool:
        """Unload and delete."""
        if not self.installed(name):
            return False
        self._unload(name)
        return remove(_place(name))

    def installed(self, name: str) -> bool:
        """Whether the agent's file stands."""
        return os.path.exists(_place(name))

    def _unload(self, name: str) -> None:
        if self.installed(name):
            try:
                call(["launchctl", "bootout", f"{_session()}/{_label(name)}"])
            except ReminderError:
                return  # it was not loaded; that is what was wanted


def agent(job: Job) -> bytes:
    """The property list (launchd.plist(5)): one interval a time and day; Sunday is 0 there."""
    days: list[dict[str, int]] = [{}] if job.times.every_day else [{"Weekday": (day + 1) % 7} for day in job.times.days]
    intervals = [{"Hour": at.hour, "Minute": at.minute, **day} for day in days for at in job.times.at]
    content: dict[str, Any] = {
        "Label": _label(job.name),
        "ProgramArguments": list(job.command),
        "StartCalendarInterval": intervals,
        "ProcessType": "Background",
        "RunAtLoad": False,
    }
    if job.environment:
        content["EnvironmentVariables"] = dict(job.environment)
    return plistlib.dumps(content, sort_keys=False)


def _label(name: str) -> str:
    return f"org.{name.replace('-', '.')}"


def _place(name: str) -> str:
    return os.path.join(os.path.expanduser("~/Library/LaunchAgents"), f"{_label(name)}.plist")


def _session() -> str:
    return f"gui/{os.getuid()}" if sys.platform != "win32" else "gui"


SCHEDULER = Launchd()
