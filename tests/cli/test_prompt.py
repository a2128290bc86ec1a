"""`studykit due` without click: the same words as the full command, and nothing heavy on the way."""

import subprocess
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from studykit import places
from studykit.cli.prompt import HEADS, local_today
from studykit.locale import LANGUAGES
from studykit.spacing.day import local_day
from tests.cli.test_commands import vault  # noqa: F401 - a fixture
from tests.program import loaded_by, run


@pytest.fixture
def known(vault: Path) -> Path:  # noqa: F811
    run("sync", str(vault))
    return vault


@pytest.mark.parametrize("language", ["en", "zh_CN", "zh_TW.UTF-8", "de"])
@pytest.mark.parametrize("chosen", ["auto", "en", "zh_CN"])
def test_both_answers_are_in_the_language_of_the_settings_or_the_locale(
    known: Path, language: str, chosen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", language)
    (known / ".studykit").mkdir(exist_ok=True)
    (known / ".studykit" / "config.toml").write_text(f'language = "{chosen}"\n')
    run("sync", str(known))
    fast = run("due").stdout
    code = "import sys; from studykit.cli.app import run; run(['due'])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == fast
    chinese = chosen == "zh_CN" or (chosen == "auto" and language.startswith("zh"))
    assert fast.splitlines()[0].split() == (["到期", "新卡", "牌组"] if chinese else ["due", "new", "deck"])


def test_every_language_has_its_heads() -> None:
    assert HEADS.keys() == set(LANGUAGES)


def test_the_fast_answer_is_the_full_answer(known: Path) -> None:
    for words in (["--json"], [], ["--prompt", "{due} {new} {day}"], ["--vault", str(known)]):
        fast = run("due", *words).stdout
        full = subprocess.run(
            [sys.executable, "-c", "import sys; from studykit.cli.app import run; run(sys.argv[1:])", "due", *words],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        assert fast == full
        assert fast


def test_the_fast_answer_loads_nothing_heavy(known: Path) -> None:
    loaded = loaded_by("due")
    heavy = {"click", "pathlib", "re", "json", "dataclasses", "argparse", "msgspec", "platformdirs", "textual", "rich"}
    assert heavy.isdisjoint(loaded)
    assert "sqlite3" in loaded


def test_no_command_loads_the_screen_to_explain_itself() -> None:
    """One process explains them all: what one of them loads is there after it, and the first to load it is named."""
    code = """
import sys
from studykit.cli.app import run
for command in sys.argv[1:]:
    assert run([command, "--help"]) in (None, 0), command
    print(command, *{"textual", "sqlite_utils", "numpy", "pint"} & set(sys.modules), file=sys.stderr)
"""
    commands = ["sync", "cards", "show", "review", "undo", "doctor", "config", "init", "check", "calc"]
    done = subprocess.run([sys.executable, "-c", code, *commands], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines() == commands


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)).map(lambda moment: moment.replace(microsecond=0)),
    st.integers(0, 23),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe"]),
)
def test_both_clocks_agree_on_the_day(moment: datetime, hour: int, zone: str) -> None:
    aware = moment.replace(tzinfo=ZoneInfo(zone))
    with time_machine.travel(aware, tick=False):
        assert local_today(hour) == local_day(datetime.now(), hour).isoformat()


def test_the_data_folder_is_where_platformdirs_puts_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import platformdirs

    monkeypatch.delenv("STUDYKIT_HOME")
    for variable, value in (("XDG_DATA_HOME", None), ("XDG_DATA_HOME", "/elsewhere"), ("XDG_DATA_HOME", "relative")):
        monkeypatch.delenv(variable, raising=False)
        if value is not None:
            monkeypatch.setenv(variable, value)
        assert places.data_folder() == platformdirs.user_data_dir("studykit", False)
        assert places.config_file() == platformdirs.user_config_dir("studykit", False) + "/config.toml"
