"""What goes wrong around a reminder: each fault has one outcome, a sentence, and leaves everything whole."""

import os
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine

from studykit import places
from studykit.errors import ExitCode
from studykit.reminders import record
from studykit.reminders.remind import remind_once
from studykit.reminders.schedulers import launchd, systemd, windows
from studykit.reminders.schedulers.job import job_for
from studykit.reminders.times import read_times
from studykit.store.database import is_current, only_writer
from studykit.store.version import VERSION
from studykit.study.planning import days_ahead
from studykit.study.sync import sync
from studykit.study.vault import Vault
from tests.program import run
from tests.reminders.conftest import MORNING, configure

SPEAKS = '[remind]\nchannels = ["text"]\nquiet_hours = []\nhours_between = 2\n'


def test_a_vault_on_an_unmounted_disk_is_said_and_recorded(overdue: Vault) -> None:
    configure(overdue, SPEAKS)
    away = Path(overdue.root).rename(Path(overdue.root).with_name("away"))
    done = run("remind", "--once")
    assert done.returncode == ExitCode.VAULT
    assert "is not there" in done.stderr
    assert record.read(overdue.root)["result"] == record.FAILED
    assert "is not there" in record.read(overdue.root)["reason"]
    away.rename(overdue.root)
    assert run("remind", "--once").returncode == ExitCode.OK


def test_a_vault_that_was_never_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "fresh").mkdir()
    done = run("remind", "--once", "--vault", str(tmp_path / "fresh"))
    assert done.returncode == ExitCode.STORE
    assert "were never read" in done.stderr
    assert not Path(places.store_file(str(tmp_path / "fresh"))).exists()


def age(store: str) -> None:
    with sqlite3.connect(store) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION - 1}")


def test_a_store_that_is_being_migrated_is_left_to_whoever_does_it(overdue: Vault) -> None:
    vault = configure(overdue, SPEAKS)
    age(vault.store_file)
    with only_writer(vault.store_file):
        assert remind_once(vault, MORNING).reason == "studying-now"
        assert not is_current(vault.store_file)
    assert remind_once(vault, MORNING).result == record.DELIVERED
    assert is_current(vault.store_file)


def test_a_store_that_is_no_store_is_a_sentence_and_recorded(overdue: Vault) -> None:
    configure(overdue, SPEAKS)
    for ending in ("-wal", "-shm"):
        Path(overdue.store_file + ending).unlink(missing_ok=True)
    Path(overdue.store_file).write_bytes(b"not a database, but long enough to be looked at " * 99)
    done = run("remind", "--once")
    assert done.returncode == ExitCode.STORE
    assert "studykit sync --rebuild" in done.stderr
    assert record.read(overdue.root)["result"] == record.FAILED


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 1}', '{"format": 1, "rollover_hour": "x"}', "\x00"])
def test_a_damaged_outlook_or_record_is_made_anew(content: str, overdue: Vault) -> None:
    configure(overdue, SPEAKS)
    for file in (places.outlook_file, places.brief_file):
        Path(file(overdue.root)).write_text(content)
    place = Path(places.reminder_file(overdue.root))
    place.parent.mkdir(exist_ok=True)
    place.write_text(content)
    assert run("remind", "--once").returncode == ExitCode.OK
    assert record.read(overdue.root)["result"] == record.DELIVERED
    assert days_ahead.read(places.outlook_file(overdue.root))["days"]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_data_folder_that_cannot_be_written_is_a_sentence(overdue: Vault) -> None:
    configure(overdue, SPEAKS)
    folder = Path(places.reminder_file(overdue.root)).parent
    folder.mkdir(exist_ok=True)
    folder.chmod(0o500)
    assert run("remind", "--once").returncode == ExitCode.STORE
    folder.chmod(0o700)


def test_an_hour_that_comes_twice_reminds_once(overdue: Vault) -> None:
    """Berlin, 25 October 2026: at 03:00 the clock goes back to 02:00, so 02:30 comes twice."""
    vault = configure(overdue, SPEAKS)
    sync(vault)
    zone = ZoneInfo("Europe/Berlin")
    results = []
    for fold in (0, 1):
        with time_machine.travel(datetime(2026, 11, 25, 2, 30, tzinfo=zone), tick=False):
            results.append(remind_once(vault, datetime(2026, 11, 25, 2, 30, fold=fold)).reason)
    assert results == ["due", "said-lately"]


def test_a_machine_that_slept_through_two_times_is_told_once(overdue: Vault) -> None:
    """systemd, launchd and Windows run what was missed at waking; both runs come within the same minute."""
    vault = configure(overdue, SPEAKS)
    woken = MORNING + timedelta(hours=12)
    assert [remind_once(vault, woken + timedelta(seconds=each)).result for each in (0, 20)] == ["delivered", "nothing"]
    job = job_for(vault.root, read_times(["08:30", "20:30"]))
    assert "Persistent=true" in systemd.timer(job)
    assert "<StartWhenAvailable>true" in windows.task(job).decode("utf-16")
    assert b"StartCalendarInterval" in launchd.agent(job)  # launchd.plist(5): started at waking if the time was missed


def test_a_clock_that_was_a_year_ahead_silences_nobody_for_a_year(overdue: Vault) -> None:
    vault = configure(overdue, SPEAKS)
    assert remind_once(vault, MORNING + timedelta(days=365)).result == record.DELIVERED
    assert remind_once(vault, MORNING).result == record.DELIVERED
