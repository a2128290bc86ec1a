"""A popup on a real desktop: dunst under Xvfb with a message bus of its own, its button pressed with the mouse."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from studykit.reminders.channels import desktop
from studykit.reminders.channels.channel import ChannelError, deliver
from studykit.reminders.message import Message
from studykit.reminders.terminal import in_terminal

MESSAGE = Message("studykit：14 张卡片到期", "", "14 张卡片到期，约 9 分钟\ncuda 4 · 推理 10", 14, 9)
NEEDED = ("Xvfb", "dunst", "dbus-daemon", "notify-send", "xdotool", "import")
DISPLAY = ":97"


@pytest.fixture
def screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A screen with a notification daemon, and a `TERMINAL` that notes what it was told to run."""
    if missing := [program for program in NEEDED if shutil.which(program) is None]:
        pytest.skip(f"not installed: {', '.join(missing)}")
    bus = tmp_path / "bus"
    config = tmp_path / "dunstrc"
    config.write_text(
        "[global]\nmouse_left_click = do_action\nwidth = 400\noffset = 10x10\nfont = Noto Sans CJK SC 12\n"
    )
    terminal = tmp_path / "terminal"
    terminal.write_text(f'#!/bin/sh\necho "$STUDYKIT_VAULT $@" >> {tmp_path}/ran\n')
    terminal.chmod(0o755)
    monkeypatch.setenv("DISPLAY", DISPLAY)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={bus}")
    monkeypatch.setenv("TERMINAL", str(terminal))
    monkeypatch.setenv("STUDYKIT_VAULT", "/the/vault")
    running = [
        subprocess.Popen(["Xvfb", DISPLAY, "-screen", "0", "640x480x24"], stderr=subprocess.DEVNULL),
        subprocess.Popen(["dbus-daemon", "--session", f"--address=unix:path={bus}", "--nofork"]),
    ]
    _until(lambda: bus.exists() and Path(f"/tmp/.X11-unix/X{DISPLAY[1:]}").exists())
    running.append(subprocess.Popen(["dunst", "-conf", str(config)], stderr=subprocess.DEVNULL))
    time.sleep(1)  # asking dunst whether it is there would start another one through the bus
    _until(lambda: _count("displayed") == 0)
    yield tmp_path
    for process in reversed(running):
        process.terminate()
        process.wait()


def _until(happened: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def _count(kind: str) -> int:
    """Notifications that dunst says are `displayed`; -1 while it is not there yet."""
    done = subprocess.run(["dunstctl", "count", kind], capture_output=True, text=True, check=False)
    return int(done.stdout) if done.stdout.strip().isdigit() else -1


def _colours(place: Path) -> int:
    """Distinct colours in a picture of the screen: an empty screen has one."""
    subprocess.run(["import", "-window", "root", str(place)], check=True)
    shown = subprocess.run(["identify", "-format", "%k", str(place)], capture_output=True, text=True, check=True)
    return int(shown.stdout)


@pytest.mark.slow
def test_the_popup_is_seen_replaced_and_its_button_opens_the_session(screen: Path) -> None:
    assert _colours(screen / "empty.png") == 1
    assert deliver(MESSAGE, ["desktop"])[0].error == ""
    _until(lambda: _colours(screen / "popup.png") > 20)
    assert deliver(MESSAGE, ["desktop"])[0].error == ""
    time.sleep(0.5)
    assert _count("displayed") == 1  # replaced, not stacked
    subprocess.run(["xdotool", "mousemove", "600", "40", "click", "1"], check=True)
    _until(lambda: (screen / "ran").exists())
    time.sleep(1)  # the first popup's process heard the press too, and must not act
    ran = (screen / "ran").read_text().splitlines()
    assert ran == [f"/the/vault -e {sys.executable} -m studykit review"]


def test_without_a_message_bus_it_is_a_failure_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if shutil.which("notify-send") is None:
        pytest.skip("notify-send is not installed")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    with pytest.raises(ChannelError, match="The desktop took no notification: "):
        desktop.CHANNEL.send(MESSAGE)


def test_cron_gives_no_bus_so_the_login_s_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert "DBUS_SESSION_BUS_ADDRESS" not in desktop.with_bus()
    (tmp_path / "bus").touch()
    assert desktop.with_bus()["DBUS_SESSION_BUS_ADDRESS"] == f"unix:path={tmp_path}/bus"


def test_the_person_s_terminal_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = ["studykit", "review"]
    monkeypatch.setenv("TERMINAL", "gnome-terminal --maximize")
    assert in_terminal(command) == ["gnome-terminal", "--maximize", "--", *command]
    monkeypatch.delenv("TERMINAL")
    (tmp_path / "kitty").write_text("")
    (tmp_path / "kitty").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert in_terminal(command) == ["kitty", *command]
    os.unlink(tmp_path / "kitty")
    from studykit.errors import ReminderError

    with pytest.raises(ReminderError, match="TERMINAL"):
        in_terminal(command)
