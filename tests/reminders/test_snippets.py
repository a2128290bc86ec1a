"""Every snippet is read by the program it is for, or by a reader of its format, and says what `due` says."""

import configparser
import json
import os
import shutil
import subprocess
import sys
import time
import tomllib
from datetime import datetime
from pathlib import Path

import pytest

from studykit import places
from studykit.errors import NotFoundError
from studykit.reminders.snippets import SNIPPETS, snippet
from studykit.study.planning import days_ahead
from studykit.study.vault import Vault
from tests.program import run


@pytest.fixture
def told(overdue: Vault) -> Vault:
    """The outlook as of now: two cards are overdue."""
    days_ahead.renewed(overdue)
    return overdue


def shell(command: str, program: str = "sh") -> str:
    done = subprocess.run([program, "-c", command], capture_output=True, text=True, timeout=30, check=False)
    assert done.stderr == ""
    return done.stdout.strip()


def rollover(vault: Vault) -> int:
    return vault.settings.schedule.rollover_hour


def test_starship_runs_its_command_in_sh(told: Vault) -> None:
    module = tomllib.loads(snippet("starship", rollover(told))[1])["custom"]["studykit"]
    assert shell(module["command"], module["shell"][0]) == "2 due"


def test_waybar_reads_json(told: Vault) -> None:
    module = json.loads(snippet("waybar", rollover(told))[1])["custom/studykit"]
    assert shell(module["exec"]) == "2 due"


def test_polybar_reads_an_ini_file(told: Vault) -> None:
    parser = configparser.RawConfigParser()
    parser.read_string(snippet("polybar", rollover(told))[1])
    assert shell(parser["module/studykit"]["exec"]) == "2 due"


def test_a_bar_shows_nothing_when_nothing_is_due(told: Vault) -> None:
    for each in Path(places.plain_outlook_file()).parent.glob("*.tsv"):
        each.write_text(f"{datetime.now():%Y-%m-%d}\t0\t5\t1\n")
    module = json.loads(snippet("waybar", 0)[1])["custom/studykit"]
    assert shell(module["exec"]) == ""


@pytest.mark.parametrize("program", ["bash", "zsh", "fish"])
def test_a_shell_tells_once(program: str, told: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    (tmp_path / "studykit").write_text(f'#!/bin/sh\nexec {sys.executable} -m studykit "$@"\n')
    (tmp_path / "studykit").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    text = snippet(program, 4)[1]
    assert shell(text, program).startswith("studykit: 2 cards due")
    assert shell(text, program) == ""


def test_tmux_draws_it_in_its_status_line(told: Vault, tmp_path: Path) -> None:
    if shutil.which("tmux") is None:
        pytest.skip("tmux is not installed")
    config = tmp_path / "tmux.conf"
    config.write_text("set -g status-right-length 60\nset -g status-right ''\n" + snippet("tmux", rollover(told))[1])
    tmux = ["tmux", "-L", f"studykit-{os.getpid()}", "-f", str(config)]
    screen = tmp_path / "screen"
    try:
        # A tmux within a tmux: the inner one's status line is on the outer one's screen.
        subprocess.run([*tmux, "new-session", "-d", "-s", "inner", "-x", "80", "-y", "10", "sleep 60"], check=True)
        inner = f"env -u TMUX {' '.join(tmux)} attach -t inner"
        subprocess.run([*tmux, "new-session", "-d", "-s", "outer", "-x", "80", "-y", "10", inner], check=True)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            shown = subprocess.run(
                [*tmux, "capture-pane", "-p", "-t", "outer"], capture_output=True, text=True, check=True
            )
            screen.write_text(shown.stdout)
            if "2 due" in shown.stdout:
                break
            time.sleep(0.2)
        assert "2 due" in screen.read_text()
    finally:
        subprocess.run([*tmux, "kill-server"], check=False)


def test_the_prompt_of_a_shell(told: Vault) -> None:
    assert "studykit due --prompt" in snippet("prompt", 4)[1]
    assert run("due", "--prompt", "[{due} due] ").stdout == "[2 due] \n"


def test_the_command_prints_all_or_the_named(told: Vault) -> None:
    whole = run("remind", "snippets")
    assert all(f"# {name}: into" in whole.stderr for name in SNIPPETS)
    assert run("remind", "snippets", "tmux").stdout == snippet("tmux", rollover(told))[1]
    with pytest.raises(NotFoundError, match="tmux"):
        snippet("screen", 4)
