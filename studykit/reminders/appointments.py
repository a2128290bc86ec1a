"""The use cases around the clock: install, uninstall, status, and a trial of all channels."""

import json
import os
from datetime import datetime
from typing import Any

from studykit import places
from studykit.locale import _
from studykit.reminders import record
from studykit.reminders.channels.channel import Delivery, deliver
from studykit.reminders.message import Message
from studykit.reminders.schedulers.choose import choose, standing
from studykit.reminders.schedulers.job import Written, job_for, job_name, remove
from studykit.reminders.times import Times, next_run, read_times
from studykit.study.vault import Vault

DEFAULT_TIME = "08:30"


def plan(vault: Vault, times: Times, name: str | None = None) -> tuple[str, tuple[Written, ...]]:
    """The scheduler that `install` would use, and what it would write. Raises ReminderError when there is none."""
    chosen = choose(name)
    return chosen.name, chosen.files(job_for(vault.root, times))


def install(vault: Vault, times: Times, name: str | None = None) -> str:
    """Have the system remind at `times`, in place of what it did before; the scheduler's name. Raises ReminderError."""
    chosen = choose(name)
    chosen.install(job_for(vault.root, times))
    for other in standing(job_name(vault.root)):
        if other.name != chosen.name:
            other.uninstall(job_name(vault.root))
    kept = {"scheduler": chosen.name, "at": [f"{at:%H:%M}" for at in times.at], "days": list(times.days)}
    places.write_whole(_file(vault), json.dumps(kept).encode())
    return chosen.name


def uninstall(vault: Vault) -> list[str]:
    """Leave nothing of it in any scheduler; the names of those that had it."""
    job = job_name(vault.root)
    done = [found.name for found in standing(job) if found.uninstall(job)]
    for place in (_file(vault), places.reminder_file(vault.root), f"{places.reminder_file(vault.root)}.shell"):
        remove(place)
    return done


def status(vault: Vault, now: datetime) -> dict[str, Any]:
    """`schedulers` in which the job stands, `times` in words, `next` run, and the last `record`."""
    times = _installed_times(vault)
    names = [found.name for found in standing(job_name(vault.root))]
    following = next_run(times, now).isoformat(timespec="minutes") if names and times else None
    last = record.read(vault.root)
    return {
        "schedulers": names,
        "times": times.in_words() if times else None,
        "next": following,
        "last": last or None,
    }


def trial(vault: Vault, now: datetime) -> tuple[Delivery, ...]:
    """Send a message that says it is a trial over every channel; nothing is recorded as a reminder."""
    line = _("This is a trial. Reminders will come here, for the notes in {folder}.")
    line = line.format(folder=os.path.basename(vault.root))
    message = Message(_("studykit: a trial"), line, f"{line}\n{now:%Y-%m-%d %H:%M}", 0, 0)
    return deliver(message, vault.settings.remind.channels)


def _file(vault: Vault) -> str:
    return f"{places.reminder_file(vault.root)}.times"


def _installed_times(vault: Vault) -> Times | None:
    try:
        with open(_file(vault), encoding="utf-8") as file:
            kept = json.load(file)
        return read_times(kept["at"])._replace(days=tuple(kept["days"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
