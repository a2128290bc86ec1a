"""From a vault to a delivered reminder, and every way in which it stays silent or fails."""

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from studykit import places
from studykit.cli.glance import glance
from studykit.errors import ExitCode
from studykit.reminders import record
from studykit.reminders.remind import remind_once, reminder
from studykit.store.database import is_held, only_writer
from studykit.study.planning import days_ahead
from studykit.study.planning.brief import read_text
from studykit.study.sessions.session import Request, Session
from studykit.study.sync import sync
from studykit.study.vault import Vault
from tests.program import run
from tests.reminders.conftest import MORNING, configure

TEXT = '[remind]\nchannels = ["text"]\nquiet_hours = []\n'


def test_what_is_due_is_said_once_and_then_not_for_hours(overdue: Vault, capsys: pytest.CaptureFixture[str]) -> None:
    vault = configure(overdue, TEXT)
    first = remind_once(vault, MORNING)
    assert (first.result, first.reason) == (record.DELIVERED, "due")
    said = capsys.readouterr().out
    assert "2 cards due" in said
    assert "gpu 1 · net 1" in said
    assert remind_once(vault, MORNING + timedelta(hours=3)).reason == "said-lately"
    assert remind_once(vault, MORNING + timedelta(hours=4)).result == record.DELIVERED
    kept = record.read(vault.root)
    assert kept["result"] == record.DELIVERED
    assert kept["message"].startswith("2 cards due")


def test_the_note_that_slips_most_is_named_first(overdue: Vault) -> None:
    """Both notes were learnt over the same ten days; the one seen earlier has slipped already and loses less."""
    body = reminder(overdue, MORNING).message.body
    assert body.splitlines()[2] == "Skipped, these slip most: 什么是 ring？ · What is a bubble?"


def test_after_a_review_it_is_silent_that_day(overdue: Vault) -> None:
    vault = configure(overdue, TEXT)
    session = Session.open(vault, Request(), clock=lambda: MORNING)
    session.grade(3, 4000)
    session.finish()
    assert remind_once(vault, MORNING).reason == "reviewed-today"
    assert remind_once(vault, MORNING + timedelta(days=1)).result == record.DELIVERED


def test_a_break_is_kept_and_its_end_is_noticed_at_once(overdue: Vault) -> None:
    """Over the command line, so that the glance reads what the other process left."""
    configure(overdue, TEXT)
    assert run("pause", "14d").returncode == ExitCode.OK
    assert run("remind", "--once").returncode == ExitCode.NOTHING
    assert record.read(overdue.root)["reason"] == "paused"
    assert run("remind", "shell").stdout == ""
    assert run("resume").returncode == ExitCode.OK
    assert run("remind", "shell").stdout.startswith("studykit: 2 cards due")
    assert run("remind", "--once").returncode == ExitCode.OK


def test_an_open_session_is_neither_disturbed_nor_waited_for(overdue: Vault) -> None:
    vault = configure(overdue, TEXT)
    session = Session.open(vault, Request(), clock=lambda: MORNING)
    assert is_held(vault.store_file)
    assert remind_once(vault, MORNING).reason == "studying-now"
    session.grade(3, 4000)
    session.finish()
    assert not is_held(vault.store_file)
    with only_writer(vault.store_file):  # to look was not to take
        pass


def test_channels_that_fail_are_recorded_and_stop_no_other(overdue: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    vault = configure(overdue, '[remind]\nchannels = ["desktop", "carrier-pigeon"]\nquiet_hours = []\n')
    failed = remind_once(vault, MORNING)
    assert failed.result == record.FAILED
    assert ["notify-send is not installed" in failed.deliveries[0].error, "no channel" in failed.deliveries[1].error]
    vault = configure(overdue, '[remind]\nchannels = ["desktop", "text"]\nquiet_hours = []\n')
    assert remind_once(vault, MORNING).result == record.DELIVERED
    assert [each["delivered"] for each in record.read(vault.root)["channels"]] == [False, True]


def test_exit_codes_tell_the_three_results_apart(overdue: Vault) -> None:
    configure(overdue, TEXT)
    assert run("remind", "--once").returncode == ExitCode.OK
    again = run("remind", "--once")
    assert again.returncode == ExitCode.NOTHING
    configure(overdue, '[remind]\nchannels = ["desktop"]\nquiet_hours = []\nhours_between = 0\n')
    assert run("remind", "--once", PATH="/nowhere").returncode == ExitCode.UNDELIVERED


def test_a_wrong_setting_is_a_sentence(overdue: Vault) -> None:
    place = Path(places.vault_config_file(overdue.root))
    place.parent.mkdir(exist_ok=True)
    place.write_text('[remind]\nquiet_hours = ["25:00", "08:00"]\n')
    done = run("remind", "--once")
    assert done.returncode == ExitCode.SETTINGS
    assert "remind.quiet_hours" in done.stderr


def test_the_glance_and_the_full_command_agree(overdue: Vault) -> None:
    """Nothing due (a month earlier), and due: the second is left to the full command."""
    with time_machine.travel(datetime(2026, 11, 1, 12, 0).astimezone(), tick=False):
        sync(overdue)
        assert reminder(overdue, datetime.now()).reason == "nothing-due"
        assert glance(["--once"]) == ExitCode.NOTHING
        assert record.read(overdue.root)["reason"] == "nothing-due"
    with time_machine.travel(MORNING.astimezone(), tick=False):
        assert glance(["--once"]) is None  # the outlook of the 1st ends before the 23rd
        days_ahead.renewed(overdue)
        assert glance(["--once"]) is None  # due: the full command says it
        vault = configure(overdue, "[remind]\nthreshold = 3\n")
        assert glance(["--once"]) is None  # a setting changed since
        assert reminder(vault, datetime.now()).reason == "below-threshold"
        assert glance(["--once"]) == ExitCode.NOTHING


def test_the_glance_loads_nothing_heavy(overdue: Vault) -> None:
    days_ahead.renewed(overdue)
    code = (
        "import sys; sys.argv = ['studykit', 'remind', 'shell']\n"
        "from studykit.cli.start import main\n"
        "try: main()\nfinally: print(*sorted(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.startswith("studykit: 2 cards due")
    assert {"click", "json", "re", "typing", "msgspec", "sqlite3", "platformdirs"}.isdisjoint(done.stderr.split())


def test_a_shell_is_told_once_a_day(overdue: Vault, capsys: pytest.CaptureFixture[str]) -> None:
    for day, expected in ((23, 1), (23, 0), (24, 1)):
        with time_machine.travel(datetime(2026, 11, day, 9, 0).astimezone(), tick=False):
            days_ahead.renewed(overdue)
            assert glance(["shell"]) == 0
            assert capsys.readouterr().out.count("cards due") == expected


def test_the_outlook_counts_what_comes(overdue: Vault) -> None:
    with time_machine.travel(datetime(2026, 11, 10, 9, 0).astimezone(), tick=False):
        ahead = days_ahead.renewed(overdue)
    assert [each["due"] for each in ahead["days"][:4]] == [0, 1, 2, 2]
    assert len(ahead["days"]) == days_ahead.DAYS
    written = json.loads(Path(places.outlook_file(overdue.root)).read_text(encoding="utf-8"))
    assert written == ahead
    plain = Path(places.plain_outlook_file()).read_text().splitlines()
    assert [line.split("\t")[:2] for line in plain[:3]] == [
        ["2026-11-10", "0"],
        ["2026-11-11", "1"],
        ["2026-11-12", "2"],
    ]


def test_the_brief_says_what_the_outlook_says(overdue: Vault) -> None:
    ahead = days_ahead.renewed(overdue)
    brief = read_text(Path(places.brief_file(overdue.root)).read_text(encoding="utf-8"))
    assert brief["days"] == ahead["days"]
    assert brief["remind"] == ahead["remind"]
    assert {name: brief[name] for name in ("format", "settings", "rollover_hour", "streak")} == {
        name: ahead[name] for name in ("format", "settings", "rollover_hour", "streak")
    }
    assert brief["reviewed"] == (ahead["reviewed"] or "")


def test_an_outlook_that_says_nothing_new_is_not_written_again(overdue: Vault) -> None:
    with time_machine.travel(MORNING.astimezone(), tick=False):
        days_ahead.renewed(overdue)
        places_ = [places.outlook_file(overdue.root), places.brief_file(overdue.root), places.plain_outlook_file()]
        before = [os.stat(place).st_ino for place in places_]
        days_ahead.renewed(overdue)
        assert [os.stat(place).st_ino for place in places_] == before


def test_a_streak_is_named_only_when_asked_for(overdue: Vault) -> None:
    for ahead in (0, 1):
        now = MORNING + timedelta(days=ahead)
        session = Session.open(overdue, Request(), clock=lambda now=now: now)  # type: ignore[misc]
        session.grade(1, 4000)
        session.finish()
    today = MORNING + timedelta(days=2)
    assert "in a row" not in reminder(overdue, today).message.body
    vault = configure(overdue, "[remind]\nstreak = true\n")
    assert "2 days in a row are at stake" in reminder(vault, today).message.body
    assert "in a row" not in reminder(vault, today + timedelta(days=1)).message.body


def test_the_status_says_in_words_what_came_of_the_last_run(overdue: Vault) -> None:
    configure(overdue, '[remind]\nquiet_hours = []\nchannels = ["nobody"]\n')
    assert run("remind", "--once").returncode == ExitCode.UNDELIVERED
    status = run("remind", "status").stdout
    assert "  not delivered\n" in status
    assert "last said  never\n" in status
    chinese = run("remind", "status", LANGUAGE="zh_CN").stdout
    assert "未送达" in chinese
    assert "failed" not in chinese
    configure(overdue, "[remind]\nquiet_hours = []\nthreshold = 100\n")
    assert run("remind", "--once").returncode == ExitCode.NOTHING
    assert "Fewer cards are due" in run("remind", "status").stdout
