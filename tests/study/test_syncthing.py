"""Two real Syncthing instances on the loopback interface carry one vault between two computers.

Debian and others have it as the package `syncthing`. Nothing leaves this machine: no discovery, no relay, no report.
"""

import os
import shutil
import socket
import subprocess
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from studykit.study.logs.log_upkeep import close_old_months
from tests.study.conftest import Notes
from tests.study.devices import Device

PATIENCE = 60  # seconds for any one exchange
PROGRAM = shutil.which("syncthing")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(PROGRAM is None, reason="the program syncthing is not installed"),
]
NOW = datetime(2026, 11, 23, 20, 0)
QUIET = {
    "globalAnnounceEnabled": "false", "localAnnounceEnabled": "false", "relaysEnabled": "false", "natEnabled": "false",
    "crashReportingEnabled": "false", "startBrowser": "false", "autoUpgradeIntervalH": "0", "urAccepted": "-1",
    "reconnectionIntervalS": "1", "setLowPriority": "false", "progressUpdateIntervalS": "-1",
}  # fmt: skip


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Instance:
    """One Syncthing: its settings folder, the notes it shares, and its process while it runs."""

    home: Path
    root: Path
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    def __post_init__(self) -> None:
        self.root.mkdir(exist_ok=True)
        self.run("generate", f"--home={self.home}", "--no-default-folder")
        own = ET.parse(self.home / "config.xml").getroot().find("device")
        assert own is not None
        self.name = own.attrib["id"]

    def environment(self) -> dict[str, str]:
        return {**os.environ, "HOME": str(self.home), "STNOUPGRADE": "1", "STNORESTART": "1"}

    def run(self, *words: str) -> None:
        subprocess.run([str(PROGRAM), *words], env=self.environment(), check=True, capture_output=True, timeout=60)

    def share_with(self, other: "Instance") -> None:
        tree = ET.parse(self.home / "config.xml")
        top = tree.getroot()
        options, gui = top.find("options"), top.find("gui/address")
        assert options is not None
        assert gui is not None
        gui.text = f"127.0.0.1:{free_port()}"
        for name, value in {**QUIET, "listenAddress": f"tcp://127.0.0.1:{self.port}"}.items():
            found = options.find(name)
            (found if found is not None else ET.SubElement(options, name)).text = value
        device = ET.SubElement(top, "device", id=other.name, name="other")
        ET.SubElement(device, "address").text = f"tcp://127.0.0.1:{other.port}"
        folder = ET.SubElement(
            top, "folder", id="notes", path=str(self.root), type="sendreceive", rescanIntervalS="5",
            fsWatcherEnabled="true", fsWatcherDelayS="1",
        )  # fmt: skip
        ET.SubElement(folder, "maxConflicts").text = "10"
        for name in (self.name, other.name):
            ET.SubElement(folder, "device", id=name)
        tree.write(self.home / "config.xml")

    def start(self) -> None:
        command = [str(PROGRAM), "serve", f"--home={self.home}", "--no-browser", "--no-restart"]
        with (self.home / "output").open("ab") as output:
            self.process = subprocess.Popen(command, env=self.environment(), stdout=output, stderr=output)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None


@dataclass
class Pair:
    """Two computers, and the file sync between them."""

    devices: tuple[Device, Device]
    instances: tuple[Instance, Instance]

    def online(self) -> None:
        for instance in self.instances:
            instance.start()

    def offline(self) -> None:
        for instance in self.instances:
            instance.stop()

    def wait(self, wanted: Callable[[dict[str, bytes]], bool] = bool) -> None:
        """Until both folders hold the same files, and those are as `wanted`; with the programs' words where not."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            one, other = (contents(instance.root) for instance in self.instances)
            if one == other and wanted(one):
                return
            time.sleep(0.25)
        said = [(instance.home / "output").read_text(errors="replace")[-2000:] for instance in self.instances]
        differing = sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
        raise AssertionError(
            f"not as wanted after {PATIENCE} s; both have {sorted(one.keys() & other.keys())}, "
            f"different are {differing}:\n{said[0]}\n---\n{said[1]}"
        )


def contents(root: Path) -> dict[str, bytes]:
    """The files but for Syncthing's own, which come and go while it works."""
    found = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if name.startswith((".stfolder", ".stversions")) or path.name.startswith((".syncthing.", "~syncthing~")):
            continue
        try:
            if path.is_file():
                found[name] = path.read_bytes()
        except FileNotFoundError:
            continue
    return found


@pytest.fixture
def pair(three: Notes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pair]:
    """Two computers that have the same three notes and are offline."""
    instances = Instance(tmp_path / "st a", three.root), Instance(tmp_path / "st b", tmp_path / "b")
    instances[0].share_with(instances[1])
    instances[1].share_with(instances[0])
    devices = [
        Device(tmp_path / f"home {number}", instance.root, NOW, monkeypatch)
        for number, instance in enumerate(instances)
    ]
    both = Pair((devices[0], devices[1]), instances)
    with ExitStack() as held:
        held.callback(both.offline)
        both.online()
        both.wait()
        both.offline()
        yield both


def logs(files: dict[str, bytes]) -> int:
    return sum(name.startswith(".studykit/log/") for name in files)


def test_offline_reviews_undos_and_closed_months_end_in_one_state(pair: Pair) -> None:
    a, b = pair.devices
    for device in (a, b):
        (device.root / ".studykit").mkdir()
        (device.root / ".studykit" / "config.toml").write_text('[notes]\nwrite_back = "never"\n')
    a.review(3, 1, 3)
    b.now = NOW + timedelta(hours=1)
    b.review(4, 2)
    pair.online()
    pair.wait(lambda files: logs(files) == 2)
    assert a.state() == b.state()
    assert sum(card.reps for card in a.state()) == 5
    assert not any("conflict" in name for name in contents(a.root))
    before = a.state()
    b.now = NOW + timedelta(days=1)
    b.review(3)
    assert b.undo() == "review"
    size = sum(len(data) for name, data in contents(b.root).items() if name.startswith(".studykit/log/"))
    pair.wait(lambda files: sum(len(data) for name, data in files.items() if name.startswith(".studykit/log/")) == size)
    assert a.state() == b.state() == before
    with a.here() as vault:
        (closed,) = close_old_months(vault, NOW + timedelta(days=30))
    assert closed.lines == 3
    a.now = NOW + timedelta(days=6)
    a.review(3)  # an event for the month that was closed
    pair.wait(lambda files: any(name.endswith(".gz") for name in files) and logs(files) == 3)
    assert a.state() == b.state()
    assert sum(card.reps for card in b.state()) == 6


def test_values_written_into_one_note_on_both_make_a_copy_and_no_second_card(pair: Pair) -> None:
    a, b = pair.devices
    a.review(3, 3, 3)
    b.now = NOW + timedelta(days=1)
    b.review(4, 1, 3)
    pair.online()
    pair.wait(lambda files: logs(files) == 2 and sum(".sync-conflict-" in name for name in files) >= 3)
    assert len(a.state()) == 3
    assert a.state() == b.state()
    said = [problem for problem in a.sync().problems if ".sync-conflict-" in problem.file]
    assert len(said) == 3
    assert "kept this copy of gpu/bubble.md" in "\n".join(problem.message for problem in said)
    for path in a.root.rglob("*.sync-conflict-*.md"):
        path.unlink()
    pair.wait(lambda files: not any(".sync-conflict-" in name for name in files))
    assert a.state() == b.state()
    pair.wait()
    assert b"review_count: 2\n" in contents(b.root)["gpu/bubble.md"]
