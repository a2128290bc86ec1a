"""A first sync and one with nothing new, beside `inka2`, which brings the cards of Markdown notes into Anki.

It is looked for on PATH, or where `STUDYKIT_BENCH_INKA2` says; `pip install inka2==3.2.2` in an environment of its own
brings it and the `anki` that it needs. It keeps its settings and what it knows of files beside its code, so a copy of
that runs here and the installed one stays as it was.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sysconfig
from contextlib import closing
from pathlib import Path

import pytest

from tests.benchmarks.large import NOTES, Ran, best, run

pytestmark = pytest.mark.benchmark
PROGRAM = str(Path(sysconfig.get_path("scripts")) / "studykit")
COUNT = min(NOTES, 10_000)

# One card for each of the two programs. inka2 writes its ids into notes, and finds them by the question's first place.
NOTE = """# 第 {n} 个问题是什么？

## 答案

这是第 {n} 个问题的回答，它说明了流水线里的一个事实。

---
Deck: Bench

1. 请说出第 {n} 个事实。

> 这是第 {n} 个问题的回答，它说明了流水线里的一个事实。
---
"""

_A_PROFILE = """
import sys
from pathlib import Path
from aqt.profiles import ProfileManager
profiles = ProfileManager(Path(sys.argv[1]))
profiles.setupMeta()
profiles.create("bench")
"""


@pytest.fixture
def peer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The interpreter that has inka2, ready to run a copy of it as `-m inka2` with a new Anki profile."""
    program = os.environ.get("STUDYKIT_BENCH_INKA2") or shutil.which("inka2")
    if not program:
        pytest.skip("inka2 is not installed: it is neither on PATH nor named by STUDYKIT_BENCH_INKA2")
    python = Path(program).read_text(encoding="utf-8").splitlines()[0].removeprefix("#!").strip()
    where = "import importlib.util as u; print(u.find_spec('inka2').submodule_search_locations[0])"
    package = subprocess.check_output([python, "-c", where], text=True).strip()
    shutil.copytree(package, tmp_path / "peer" / "inka2", ignore=shutil.ignore_patterns("hashes.json", "config.ini"))
    anki = tmp_path / "anki"
    anki.mkdir()
    for name, value in {
        "HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(tmp_path / "peer"),
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    subprocess.run([python, "-c", _A_PROFILE, str(anki)], check=True, capture_output=True)
    subprocess.run([python, "-m", "inka2", "config", "anki.path", str(anki)], check=True, capture_output=True)
    return python


def _vault(root: Path) -> str:
    for number in range(COUNT):
        folder = root / f"{number // 100:04}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number:06}.md").write_text(NOTE.format(n=number), encoding="utf-8")
    return str(root)


def _cards_in_anki(root: Path) -> int:
    with closing(sqlite3.connect(root / "anki" / "bench" / "collection.anki2")) as collection:
        return int(collection.execute("SELECT count(*) FROM cards").fetchone()[0])


def _shown(what: str, own: Ran, peer: Ran, bar: float) -> str:
    return (
        f"{what} {own.wall:.2f} s ({own.cpu:.2f} s of processors, {own.peak:.0f} MB) = {own.wall / peer.wall:.3f}x of"
        f" inka2's {peer.wall:.2f} s; by processor time {own.cpu / peer.cpu:.3f}x (bar {bar}x)"
    )


def test_first_sync_and_nothing_new_against_inka2(peer: str, tmp_path: Path) -> None:
    own, others = _vault(tmp_path / "own"), _vault(tmp_path / "others")
    collect = (peer, "-m", "inka2", "collect", "--recursive", "--ignore-errors", others)
    sync = (PROGRAM, "sync", own)
    first, its_first = run(*sync), run(*collect)
    made = json.loads(subprocess.check_output([*sync, "--json"]))["cards"]
    assert sum(made["by_rule"].values()) == _cards_in_anki(tmp_path) == COUNT
    run(*sync)
    again, its_again = best(*sync, runs=3), best(*collect, runs=3)
    print(f"\n{COUNT:,} notes of one card for each program")
    print(_shown("first sync", first, its_first, 0.1))
    print(_shown("nothing new", again, its_again, 0.05))
