"""What is written for each system's scheduler, checked by the system's own readers where there are any."""

import os
import plistlib
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.cli.remind import NAMES as IN_THE_HELP
from studykit.errors import ExitCode, ReminderError
from studykit.reminders import appointments
from studykit.reminders.schedulers import cron, launchd, systemd, windows
from studykit.reminders.schedulers.choose import NAMES, choose, scheduler
from studykit.reminders.schedulers.job import Job, job_for, job_name
from studykit.reminders.times import read_times
from studykit.study.vault import Vault
from tests.program import run
from tests.reminders.conftest import MORNING, configure

AWKWARD = "/home/a b/知识 100%/$HOME \"x\" 'y'"


def job(vault: str = AWKWARD, at: tuple[str, ...] = ("08:30", "20:30"), days: str = "mon-fri") -> Job:
    return job_for(vault, read_times(at, days))


def test_the_help_names_the_schedulers_there_are() -> None:
    assert IN_THE_HELP == NAMES
    assert [scheduler(name).name for name in NAMES] == list(NAMES)


# systemd ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def analyze(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """systemd's own reader of its files; it wants the folder of a login."""
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not installed")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return program


def test_systemd_has_nothing_to_say_about_the_units(analyze: str, tmp_path: Path) -> None:
    """`verify` exits 0 on a bad calendar, so only silence counts."""
    places = []
    for file in systemd.SCHEDULER.files(job()):
        place = tmp_path / os.path.basename(file.place)
        place.write_bytes(file.content)
        places.append(str(place))
    done = subprocess.run([analyze, "verify", "--user", *places], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    timer = Path(places[1])
    timer.write_text(timer.read_text().replace("08:30:00", "08:61:00"))
    done = subprocess.run([analyze, "verify", "--user", *places], capture_output=True, text=True, check=False)
    assert done.stderr != ""


def test_systemd_understands_each_calendar_line_as_that_time(analyze: str) -> None:
    for line, (hour, minute) in zip(systemd.calendar(job().times), ((8, 30), (20, 30)), strict=True):
        said = subprocess.run(
            [analyze, "calendar", "--base-time=2026-11-28 00:00:00", line],  # a Saturday
            capture_output=True, text=True, check=True, env={**os.environ, "TZ": "UTC"},
        ).stdout  # fmt: skip
        assert f"Mon 2026-11-30 {hour:02}:{minute:02}:00" in said


def test_systemd_reads_a_command_line_as_it_was_meant(tmp_path: Path) -> None:
    """`$`, `%`, quotes and spaces of a path come back through systemd.syntax(7): undone here by its rules."""
    line = next(row for row in systemd.service(job()).splitlines() if row.startswith("ExecStart="))
    words = shlex.split(line.removeprefix("ExecStart="))
    assert tuple(word.replace("%%", "%").replace("$$", "$") for word in words) == job().command


@pytest.fixture
def fake_systemctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `systemctl` that notes how it was called and agrees; the last word of its log may make it fail."""
    calls = tmp_path / "calls"
    program = tmp_path / "bin" / "systemctl"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$@" >> {calls}\ncase "$*" in *{{FAIL}}*) echo no >&2; exit 1;; esac\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return calls


def test_install_is_idempotent_and_uninstall_leaves_nothing(fake_systemctl: Path, overdue: Vault) -> None:
    units = Path(os.environ["XDG_CONFIG_HOME"]) / "systemd" / "user"
    times = read_times(["08:30"])
    assert appointments.install(overdue, times, "systemd") == "systemd"
    first = {place.name: place.read_bytes() for place in units.iterdir()}
    assert {Path(name).suffix for name in first} == {".service", ".timer"}
    appointments.install(overdue, times, "systemd")
    assert {place.name: place.read_bytes() for place in units.iterdir()} == first
    shown = appointments.status(overdue, MORNING)
    assert (shown["schedulers"], shown["times"], shown["next"]) == (["systemd"], "08:30", "2026-11-24T08:30")
    assert appointments.uninstall(overdue) == ["systemd"]
    assert list(units.iterdir()) == []
    assert appointments.uninstall(overdue) == []
    assert appointments.status(overdue, MORNING)["next"] is None
    assert f"enable --quiet {job_name(overdue.root)}.timer" in fake_systemctl.read_text()


def test_a_timer_that_cannot_be_switched_on_is_not_left_standing(fake_systemctl: Path, overdue: Vault) -> None:
    program = fake_systemctl.parent / "bin" / "systemctl"
    program.write_text(program.read_text().replace("{FAIL}", "enable"))
    with pytest.raises(ReminderError, match="enable"):
        appointments.install(overdue, read_times(["08:30"]), "systemd")
    assert list((Path(os.environ["XDG_CONFIG_HOME"]) / "systemd" / "user").iterdir()) == []


# cron ------------------------------------------------------------------------------------------------------------


@given(st.binary(max_size=200).map(lambda data: data.replace(b"\0", b"")), st.booleans())
def test_every_other_byte_of_a_crontab_is_kept(before: bytes, ended: bool) -> None:
    own = before + (b"\n" if ended and before else b"")
    after = cron.with_block(own, job())
    assert cron.with_block(after, job()) == after
    kept = cron.without_block(after, job().name)
    assert kept == (own if not own or own.endswith(b"\n") else own + b"\n")
    later = cron.with_block(after + b"0 0 * * * own\n", job(at=("09:00",)))
    assert cron.without_block(later, job().name) == kept + b"0 0 * * * own\n"


def test_a_block_without_its_end_is_left_alone() -> None:
    whole = cron.with_block(b"1 2 * * * own\n", job())
    broken = whole[: whole.rindex(b"# <<<")] + b"3 4 * * * own too\n"
    assert cron.without_block(broken, job().name) == broken


def test_cron_runs_it_on_those_days_and_the_shell_reads_what_was_meant() -> None:
    lines = cron.with_block(b"", job(days="sun,mon")).decode().splitlines()[1:-1]
    assert [line.split(" ", 5)[:5] for line in lines] == [["30", "8", "*", "*", "1,0"], ["30", "20", "*", "*", "1,0"]]
    command = lines[0].split(" ", 5)[5].replace("\\%", "%")
    words = shlex.split(command.removesuffix(" 2>/dev/null"))
    assert tuple(words[-len(job().command) :]) == job().command


@pytest.fixture
def real_cron() -> Iterator[None]:
    """The machine's own crontab, put back afterwards. Only where that was allowed: it is somebody's."""
    if os.environ.get("STUDYKIT_TEST_CRON") != "1":
        pytest.skip("this test writes into your crontab; allow it with STUDYKIT_TEST_CRON=1")
    if shutil.which("crontab") is None or shutil.which("cron") is None:
        pytest.skip("cron is not installed")
    before = subprocess.run(["crontab", "-l"], capture_output=True, check=False)
    daemon = subprocess.Popen(["cron", "-f"])
    yield
    daemon.terminate()
    daemon.wait()
    subprocess.run(["crontab", "-r"], capture_output=True, check=False)
    if before.returncode == 0:
        subprocess.run(["crontab", "-"], input=before.stdout, check=True)


@pytest.mark.slow
@pytest.mark.usefixtures("real_cron")
def test_a_real_cron_daemon_reminds_within_two_minutes(overdue: Vault, tmp_path: Path) -> None:
    vault = configure(overdue, '[remind]\nchannels = ["text"]\nquiet_hours = []\nhours_between = 0\n')
    subprocess.run(["crontab", "-"], input=b"# mine\n59 23 31 12 * true\n", check=True)
    soon = datetime.fromtimestamp(time.time() + 61)
    later = datetime.fromtimestamp(time.time() + 121)
    done = run("remind", "install", "--with", "cron", "--at", f"{soon:%H:%M}", "--at", f"{later:%H:%M}")
    assert done.returncode == ExitCode.OK, done.stderr
    deadline = time.monotonic() + 190
    while time.monotonic() < deadline:
        last = appointments.status(vault, datetime.now())["last"]
        if last:
            break
        time.sleep(1)
    assert last, "cron ran nothing"
    assert last["result"] == "delivered"
    assert run("remind", "uninstall").returncode == ExitCode.OK
    left = subprocess.run(["crontab", "-l"], capture_output=True, check=True).stdout
    assert left == b"# mine\n59 23 31 12 * true\n"


# launchd, Windows ------------------------------------------------------------------------------------------------


def test_the_launch_agent_is_a_property_list_with_the_keys_of_launchd(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    read = plistlib.loads(launchd.agent(job(days="sun")))
    assert read["ProgramArguments"] == list(job().command)
    assert read["StartCalendarInterval"] == [
        {"Hour": 8, "Minute": 30, "Weekday": 0},
        {"Hour": 20, "Minute": 30, "Weekday": 0},
    ]
    assert read["EnvironmentVariables"]["LANG"] == "zh_CN.UTF-8"
    assert read["Label"] == "org." + job().name.replace("-", ".")
    daily = plistlib.loads(launchd.agent(job(days="")))
    assert daily["StartCalendarInterval"] == [{"Hour": 8, "Minute": 30}, {"Hour": 20, "Minute": 30}]


def test_the_windows_task_has_the_elements_of_the_schema_in_their_order() -> None:
    content = windows.task(job())
    assert content[:2] == b"\xff\xfe"  # schtasks takes UTF-16 with its mark
    task = ElementTree.fromstring(content.decode("utf-16").split("?>", 1)[1])
    space = f"{{{windows.SCHEMA}}}"
    assert [each.tag.removeprefix(space) for each in task] == [
        "RegistrationInfo", "Triggers", "Principals", "Settings", "Actions",
    ]  # fmt: skip
    triggers = task.findall(f".//{space}CalendarTrigger")
    starts = [trigger.findtext(f"{space}StartBoundary") for trigger in triggers]
    assert [start and start[11:] for start in starts] == ["08:30:00", "20:30:00"]
    days = triggers[0].find(f".//{space}DaysOfWeek")
    assert days is not None
    assert [day.tag.removeprefix(space) for day in days] == ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
    assert task.findtext(f".//{space}StartWhenAvailable") == "true"
    daily = ElementTree.fromstring(windows.task(job(days="")).decode("utf-16").split("?>", 1)[1])
    assert daily.findtext(f".//{space}ScheduleByDay/{space}DaysInterval") == "1"


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there these can be used")
def test_a_scheduler_of_another_system_is_refused_with_the_reason() -> None:
    for name, said in (("launchd", "macOS"), ("windows", "Windows")):
        with pytest.raises(ReminderError, match=said):
            choose(name)


def test_without_any_scheduler_the_sentence_says_what_to_do(overdue: Vault) -> None:
    done = run("remind", "install", PATH="/nowhere")
    assert done.returncode == ExitCode.UNDELIVERED
    assert "crontab is not installed" in done.stderr
    assert "studykit remind --once" in done.stderr


def test_a_wrong_time_is_a_sentence(overdue: Vault) -> None:
    done = run("remind", "install", "--at", "25:00", "--dry-run")
    assert done.returncode == ExitCode.USAGE
    assert "'25:00' is no time of day" in done.stderr


def test_a_trial_goes_to_every_channel(overdue: Vault) -> None:
    configure(overdue, '[remind]\nchannels = ["text", "desktop"]\n')
    done = run("remind", "test", PATH="/nowhere")
    assert done.returncode == ExitCode.UNDELIVERED
    assert "This is a trial" in done.stdout
    assert "text: delivered" in done.stderr
    assert "desktop: notify-send is not installed" in done.stderr
