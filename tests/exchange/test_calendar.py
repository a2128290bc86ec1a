"""The calendar of the coming days: read back by the library, and by real programs over a real server."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from studykit.errors import ExitCode, StudyError
from studykit.exchange.calendar import Form, write_calendar
from studykit.study.planning.workload import Workday, workload
from studykit.study.sync import sync
from studykit.study.vault import Vault, open_vault
from tests.program import run

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
MONDAY = date(2026, 11, 30)
DAYS = [Workday(MONDAY, 14, 9), Workday(MONDAY + timedelta(days=1), 0, 0), Workday(MONDAY + timedelta(days=2), 3, 1)]


def write(file: Path, days: list[Workday] = DAYS, form: Form = Form(), now: datetime = NOW) -> bool:  # noqa: B008
    return write_calendar(str(file), "studykit 笔记", "/home/a/笔记", days, form, now)


def entries(file: Path) -> list[Any]:
    return [each for each in Calendar.from_ical(file.read_bytes()).walk() if each.name in ("VEVENT", "VTODO")]


def test_a_day_with_cards_is_an_event(tmp_path: Path) -> None:
    file = tmp_path / "study.ics"
    assert write(file, form=Form(alarm=clock(8, 30)))
    first, second = entries(file)
    assert str(first["summary"]) == "studykit: 14 cards, about 9 min"
    assert (first["dtstart"].dt, first["dtend"].dt) == (MONDAY, MONDAY + timedelta(days=1))
    assert first.walk("VALARM")[0]["trigger"].dt == timedelta(hours=8, minutes=30)
    assert second["dtstart"].dt == MONDAY + timedelta(days=2)
    assert first["uid"] != second["uid"]


def test_an_hour_makes_it_an_appointment_as_long_as_the_cards_take(tmp_path: Path) -> None:
    file = tmp_path / "study.ics"
    write(file, form=Form(at=clock(20, 0), alarm=clock(19, 45)))
    event = entries(file)[0]
    assert event["dtstart"].dt == datetime(2026, 11, 30, 20, 0)  # no zone: eight in the evening wherever one is
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(minutes=9)
    assert event.walk("VALARM")[0]["trigger"].dt == timedelta(minutes=-15)


def test_tasks_are_due_on_their_day(tmp_path: Path) -> None:
    file = tmp_path / "study.ics"
    write(file, form=Form(tasks=True, alarm=clock(8, 0)))
    task = entries(file)[0]
    assert (task.name, task["due"].dt) == ("VTODO", MONDAY)
    assert task.walk("VALARM")[0]["trigger"].params["RELATED"] == "END"


@pytest.mark.parametrize("form", [Form(), Form(at=clock(8, 0), alarm=clock(8, 0)), Form(tasks=True, alarm=clock(9, 0))])
def test_nothing_new_leaves_every_byte_and_the_file_itself(form: Form, tmp_path: Path) -> None:
    file = tmp_path / "study.ics"
    write(file, form=form)
    before, inode = file.read_bytes(), file.stat().st_ino
    assert not write(file, form=form, now=NOW + timedelta(days=1))
    assert (file.read_bytes(), file.stat().st_ino) == (before, inode)


def test_a_changed_day_keeps_its_identity_and_the_others_their_stamp(tmp_path: Path) -> None:
    file = tmp_path / "study.ics"
    write(file)
    old = {each["uid"]: each for each in entries(file)}
    later = NOW + timedelta(hours=5)
    assert write(file, [DAYS[0]._replace(due=15), *DAYS[1:]], now=later)
    new = {each["uid"]: each for each in entries(file)}
    assert new.keys() == old.keys()
    changed, kept = new.values()
    assert (changed["dtstamp"].dt, changed["sequence"]) == (later, 1)
    assert (kept["dtstamp"].dt, kept["sequence"]) == (NOW, 0)


@pytest.mark.parametrize(
    "content", [b"notes about calendars\n", b"BEGIN:VCALENDAR\nPRODID:other\nEND:VCALENDAR\n", b"\xff"]
)
def test_somebody_else_s_file_is_not_overwritten(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "study.ics"
    file.write_bytes(content)
    with pytest.raises(StudyError, match="not a calendar that studykit wrote"):
        write(file)
    assert file.read_bytes() == content


def test_the_workload_of_a_vault(tmp_path: Path) -> None:
    vault = _overdue(tmp_path)
    days = workload(vault, datetime(2026, 11, 10, 9, 0), 4)
    assert [(each.day.day, each.due) for each in days] == [(10, 0), (11, 1), (12, 1), (13, 0)]
    late = workload(vault, datetime(2026, 11, 12, 9, 0), 2)
    assert [each.due for each in late] == [2, 0]  # the overdue card stands on the first day, once


def test_the_command_writes_and_says_when_it_did_not(tmp_path: Path) -> None:
    vault = _overdue(tmp_path)
    file = tmp_path / "study.ics"
    words = ("ics", str(file), "--vault", vault.root, "--alarm", "08:30")
    assert "1 of 30 days has cards" in run(*words).stderr
    assert "says so already" in run(*words).stderr
    assert run("ics", str(file), "--vault", vault.root, "--at", "8:3").returncode == ExitCode.USAGE


def _overdue(tmp_path: Path) -> Vault:
    root = tmp_path / "notes"
    root.mkdir()
    for day in (11, 12):
        front = f"last_reviewed: '2026-11-01'\nnext_review: '2026-11-{day}'\nreview_count: 2\n"
        (root / f"{day}.md").write_text(
            f"---\n{front}---\n# What is {day}?\n\n## Answer\n\nThe **number** itself, plainly said.\n"
        )
    vault = open_vault(str(root))
    sync(vault)
    return vault


# A server and two programs --------------------------------------------------------------------------------------


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """Radicale on this machine; its address."""
    if missing := [program for program in ("radicale", "vdirsyncer", "khal") if shutil.which(program) is None]:
        pytest.skip(f"not installed: {', '.join(missing)}")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = ["radicale", "--server-hosts", f"127.0.0.1:{port}", "--auth-type", "none",
             "--storage-filesystem-folder", str(tmp_path / "radicale"), "--logging-level", "error"]  # fmt: skip
    running = subprocess.Popen(words, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}/"
    running.terminate()
    running.wait()


@pytest.mark.slow
def test_a_calendar_program_shows_the_days_once_however_often_they_are_synced(server: str, tmp_path: Path) -> None:
    file, local = tmp_path / "study.ics", tmp_path / "khal"
    config = tmp_path / "vdirsyncer"
    config.write_text(_VDIRSYNCER.format(status=tmp_path / "status", file=file, url=server, local=local))
    khal = tmp_path / "khal.conf"
    khal.write_text(_KHAL.format(folder=local, database=tmp_path / "khal.db"))
    write(file)
    _call(["vdirsyncer", "-c", str(config), "discover"], "y\n" * 8)
    shown = _synced(config, khal)
    assert shown == ["2026-11-30 studykit: 14 cards, about 9 min", "2026-12-02 studykit: 3 cards, about 1 min"]
    write(file, now=NOW + timedelta(hours=1))
    assert _synced(config, khal) == shown
    write(file, [DAYS[0]._replace(due=15, minutes=10), *DAYS[1:]], now=NOW + timedelta(hours=2))
    assert _synced(config, khal) == ["2026-11-30 studykit: 15 cards, about 10 min", shown[1]]


def _synced(config: Path, khal: Path) -> list[str]:
    """What khal lists after the file went up to the server and the calendar came down from it."""
    for pair in ("up", "down"):
        _call(["vdirsyncer", "-c", str(config), "sync", pair])
    form = ["--format", "{start-date} {title}", "--day-format", ""]
    shown = _call(["khal", "-c", str(khal), "list", *form, "2026-11-28", "10d"])
    return [line for line in shown.splitlines() if line.strip()]


def _call(words: list[str], typed: str = "") -> str:
    done = subprocess.run(words, input=typed, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


_VDIRSYNCER = """
[general]
status_path = "{status}"
[pair up]
a = "ours"
b = "server"
collections = [["study", null, "study"]]
conflict_resolution = "a wins"
[storage ours]
type = "singlefile"
path = "{file}"
[storage server]
type = "caldav"
url = "{url}"
username = "me"
password = "none"
[pair down]
a = "server"
b = "local"
collections = ["study"]
[storage local]
type = "filesystem"
path = "{local}"
fileext = ".ics"
"""

_KHAL = """
[calendars]
[[study]]
path = {folder}/study
type = calendar
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {database}
"""
