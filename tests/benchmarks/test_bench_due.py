"""`studykit due` against the floor (a bare Python) and against taskwarrior's list of due tasks."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import pytest

from studykit import places
from studykit.store.database import open_store

CARDS = 10_000
RUNS = 15
FAR = "2099-01-01"


def best(*command: str, **environment: str) -> float:
    """The quickest of several runs, in seconds: what the machine can do when nothing disturbs it."""
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        subprocess.run(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, check=True)
        times.append(time.perf_counter() - began)
    return min(times)


@pytest.fixture
def vault(tmp_path: Path) -> str:
    """A store of 10,000 cards, a tenth of them due."""
    root = tmp_path / "vault"
    root.mkdir()
    store = open_store(places.store_file(str(root)))
    with store.write():
        store.set_meta("settings", places.settings_mark(str(root)))  # as a sync leaves it: nothing is to be read again
        store.connection.executemany(
            "INSERT INTO cards(id, base, rule, kind, deck, file, line, prompt, answer, active, due, last, stability,"
            " difficulty) VALUES (?, ?, 'lead', 'recall', ?, ?, 1, 'front', 'back', 1, ?, '2020-01-01', 10, 5)",
            [
                (f"{n:016x}", f"{n:016x}", f"deck{n % 20}", f"d/{n}.md", "2020-01-11" if n % 10 == 0 else FAR)
                for n in range(CARDS)
            ],
        )  # fmt: skip
    store.close()
    return str(root)


def program() -> str:
    """The installed console script, as a shell prompt calls it."""
    return str(Path(sysconfig.get_path("scripts")) / "studykit")


@pytest.mark.benchmark
def test_due_against_bare_python(vault: str) -> None:
    counted = json.loads(subprocess.check_output([program(), "due", "--json", "--vault", vault]))
    assert counted["due"] == CARDS // 10
    floor = best(sys.executable, "-c", "pass")
    due = best(program(), "due", "--vault", vault)
    print(
        f"\nstudykit due, {CARDS} cards: {due * 1e3:.1f} ms = {due / floor:.2f}x of bare Python ({floor * 1e3:.1f} ms)"
    )


@pytest.mark.benchmark
def test_due_against_taskwarrior(vault: str, tmp_path: Path) -> None:
    task = shutil.which("task")
    if task is None:
        pytest.skip("taskwarrior (`task`) is not installed")
    home = {"TASKDATA": str(tmp_path / "task"), "TASKRC": "/dev/null"}
    tasks = [
        {"description": f"card {n}", "status": "pending", "project": f"deck{n % 20}",
         "due": "20200111T000000Z" if n % 10 == 0 else "20990101T000000Z"}
        for n in range(CARDS)
    ]  # fmt: skip
    subprocess.run(
        [task, "rc.confirmation=off", "import", "-"], input="\n".join(map(json.dumps, tasks)), text=True,
        env={**os.environ, **home}, capture_output=True, check=True,
    )  # fmt: skip
    theirs = best(task, "rc.confirmation=off", "rc.gc=off", "due.before:today", "list", **home)
    ours = best(program(), "due", "--vault", vault)
    print(f"\nstudykit due: {ours * 1e3:.1f} ms = {ours / theirs:.2f}x of taskwarrior's list ({theirs * 1e3:.1f} ms)")
