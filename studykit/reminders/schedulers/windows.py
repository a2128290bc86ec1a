"""Windows: a task of the person in the Task Scheduler. `StartWhenAvailable` catches up what was missed."""

import os
import subprocess
import sys
import tempfile
from datetime import date, datetime
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from studykit.locale import _
from studykit.reminders.schedulers.job import Job, Written, call

NAME = "windows"
SCHEMA = "http://schemas.microsoft.com/windows/2004/02/mit/task"
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_FIRST = date(2024, 1, 1)  # any day in the past: from when on the triggers count


class Windows:
    """Made from XML through `schtasks`, which alone can say all of this."""

    name = NAME

    def missing(self) -> str:
        """There is a Task Scheduler on Windows alone."""
        return "" if sys.platform == "win32" else _("The Task Scheduler is part of Windows.")

    def files(self, job: Job) -> tuple[Written, ...]:
        """The task's XML; it is kept by the Task Scheduler, not in a file of ours."""
        return (Written(f"Task Scheduler: {job.name}", task(job)),)

    def install(self, job: Job) -> None:
        """`/F` puts it in place of one that stood there."""
        with tempfile.TemporaryDirectory() as folder:
            place = os.path.join(folder, "task.xml")
            with open(place, "wb") as file:
                file.write(task(job))
            call(["schtasks", "/Create", "/TN", job.name, "/XML", place, "/F"])

    def uninstall(self, name: str) -> bool:
        """Delete the task."""
        if not self.installed(name):
            return False
        call(["schtasks", "/Delete", "/TN", name, "/F"])
        return True

    def installed(self, name: str) -> bool:
        """Whether the Task Scheduler knows it."""
        words = ["schtasks", "/Query", "/TN", name]
        return subprocess.run(words, capture_output=True, timeout=30, check=False).returncode == 0


def task(job: Job) -> bytes:
    """Task XML, version 1.2, UTF-16 as schtasks wants it; the order of elements is the schema's.

    Source: the Task Scheduler schema, [MS-TSCH] 2.5.
    """
    root = Element("Task", {"version": "1.2", "xmlns": SCHEMA})
    _texts(SubElement(root, "RegistrationInfo"), {"Description": job.title})
    triggers = SubElement(root, "Triggers")
    for at in job.times.at:
        _trigger(triggers, job, datetime.combine(_FIRST, at).isoformat())
    principal = SubElement(SubElement(root, "Principals"), "Principal", {"id": "Author"})
    _texts(principal, {"LogonType": "InteractiveToken", "RunLevel": "LeastPrivilege"})
    _texts(SubElement(root, "Settings"), {
        "MultipleInstancesPolicy": "IgnoreNew", "DisallowStartIfOnBatteries": "false",
        "StopIfGoingOnBatteries": "false", "StartWhenAvailable": "true", "ExecutionTimeLimit": "PT5M",
    })  # fmt: skip
    action = SubElement(SubElement(root, "Actions", {"Context": "Author"}), "Exec")
    command, arguments = _action(job)
    _texts(action, {"Command": command, "Arguments": arguments})
    indent(root)
    content: bytes = tostring(root, encoding="utf-16", xml_declaration=True)
    return content


def _trigger(parent: Element, job: Job, start: str) -> None:
    trigger = SubElement(parent, "CalendarTrigger")
    _texts(trigger, {"StartBoundary": start, "Enabled": "true"})
    if job.times.every_day:
        _texts(SubElement(trigger, "ScheduleByDay"), {"DaysInterval": "1"})
        return
    week = SubElement(trigger, "ScheduleByWeek")
    _texts(week, {"WeeksInterval": "1"})
    days = SubElement(week, "DaysOfWeek")
    for day in job.times.days:
        SubElement(days, _DAYS[day])


def _action(job: Job) -> tuple[str, str]:
    """A task has no environment of its own, so `cmd` sets it where one is needed."""
    if not job.environment:
        return job.command[0], subprocess.list2cmdline(job.command[1:])
    settings = "&& ".join(f'set "{name}={value}"' for name, value in job.environment.items())
    return "cmd.exe", f'/d /c "{settings}&& {subprocess.list2cmdline(job.command)}"'


def _texts(parent: Element, values: dict[str, str]) -> None:
    for name, value in values.items():
        SubElement(parent, name).text = value


SCHEDULER = Windows()
