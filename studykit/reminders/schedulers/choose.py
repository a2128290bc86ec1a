"""The scheduler that this machine has, or the one that was named."""

from importlib import import_module

from studykit.errors import ReminderError
from studykit.locale import _
from studykit.reminders.schedulers.job import Scheduler

NAMES = ("systemd", "launchd", "windows", "cron")
"""In order of preference: those that catch up what was missed come first."""


def scheduler(name: str) -> Scheduler:
    """The scheduler of that name, usable here or not."""
    made: Scheduler = import_module(f"studykit.reminders.schedulers.{name}").SCHEDULER
    return made


def choose(name: str | None = None) -> Scheduler:
    """The named one, or the first that this machine has. Raises ReminderError with why none can be used."""
    reasons = []
    for each in (name,) if name else NAMES:
        found = scheduler(each)
        if not (why := found.missing()):
            return found
        reasons.append(f"{each}: {why}")
    raise ReminderError(
        _("No scheduler can be used here: {reasons}").format(reasons=" ".join(reasons)),
        _("Let anything that runs programs by the clock run `studykit remind --once`."),
    )


def standing(job: str) -> list[Scheduler]:
    """The schedulers of this machine in which the job stands now; more than one after a change of heart."""
    return [found for name in NAMES if not (found := scheduler(name)).missing() and found.installed(job)]
