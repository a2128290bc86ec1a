"""Vaults of any size: what a sync takes beside git and a plain parse, how it grows, and how much memory it has.

`STUDYKIT_BENCH_NOTES=100000` and `STUDYKIT_BENCH_CARDS=1000000` give the full sizes.
"""

import os
import shutil
import subprocess
import sysconfig
import threading
import time
from pathlib import Path
from queue import Queue

import frontmatter
import pytest
from markdown_it import MarkdownIt

from studykit import places
from studykit.store.cards import select_cards
from studykit.store.database import open_store
from studykit.study.sync import sync
from studykit.study.syncing.report import SyncReport
from studykit.study.syncing.watch import follow
from studykit.study.vault import open_vault
from tests.benchmarks.large import NOTES, SMALL, Ran, best, long_notes, run, small_notes

pytestmark = pytest.mark.benchmark
CARDS = int(os.environ.get("STUDYKIT_BENCH_CARDS", "200000"))
PROGRAM = str(Path(sysconfig.get_path("scripts")) / "studykit")


def _shown(ran: Ran) -> str:
    return f"{ran.wall * 1e3:.0f} ms ({ran.cpu * 1e3:.0f} ms of processors, {ran.peak:.0f} MB)"


def _one_changed(root: Path, runs: int) -> Ran:
    """The quickest of several syncs after each of which another note is written, each figure by itself."""
    ran = []
    for number in range(runs):
        note = root / "0000" / f"笔记 {number:06}.md"
        note.write_text(SMALL.format(n=f"{number}改"), encoding="utf-8")
        ran.append(run(PROGRAM, "sync", str(root)))
    return Ran(*map(min, zip(*ran, strict=True)))


def test_nothing_new_against_git_status_and_one_note_changed(tmp_path: Path) -> None:
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    root = tmp_path / "vault"
    small_notes(root, NOTES)
    for arguments in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True)
    first = run(PROGRAM, "sync", str(root))
    run(PROGRAM, "sync", str(root))
    again, git = best(PROGRAM, "sync", str(root)), best("git", "status", "--porcelain", cwd=root)
    print(f"\n{NOTES:,} small notes: first sync {_shown(first)}")
    print(
        f"nothing new {_shown(again)} = {again.wall / git.wall:.2f}x of git status {_shown(git)}"
        f"; by processor time {again.cpu / git.cpu:.2f}x (bar 1.5x)"
    )
    one = _one_changed(root, 5)
    print(
        f"one note changed {_shown(one)} = {one.wall / again.wall:.2f}x of nothing new;"
        f" by processor time {one.cpu / again.cpu:.2f}x (bar 1.3x)"
    )


def test_first_sync_of_long_notes_against_one_plain_parse(vault_dir: Path, tmp_path: Path) -> None:
    count = min(NOTES, 10_000)
    size = long_notes(tmp_path / "vault", vault_dir / "notes", count)
    files = sorted((tmp_path / "vault").rglob("*.md"))[::10]
    parser = MarkdownIt("commonmark").enable("table")
    began, used = time.perf_counter(), time.process_time()
    for path in files:
        parser.parse(frontmatter.loads(path.read_text(encoding="utf-8")).content)
    wall, cpu = ((time.perf_counter() - began) * 10, (time.process_time() - used) * 10)
    first = run(PROGRAM, "sync", str(tmp_path / "vault"))
    print(
        f"\n{count:,} notes of {size / 1e6:.0f} MB: first sync {_shown(first)} ="
        f" {first.wall / wall:.2f}x of a plain parse"
        f" ({wall:.1f} s, from a tenth of them); by processor time {first.cpu / cpu:.2f}x (bar 0.2x on the clock)"
    )


def test_growth(tmp_path: Path) -> None:
    """Seconds, and microseconds a note, of each kind of sync; a bar as long as the time a note of the first sync."""
    print("\n   notes   first sync  a note   nothing new  a note   one changed  a note      peak")
    size = 100
    while size <= NOTES:
        root = tmp_path / f"{size}"
        small_notes(root, size)
        first = run(PROGRAM, "sync", str(root))
        run(PROGRAM, "sync", str(root))
        again = best(PROGRAM, "sync", str(root), runs=3)
        one = _one_changed(root, 3)
        shown = (f"{ran.wall:9.2f} s {ran.wall / size * 1e6:7.1f} µs" for ran in (first, again, one))
        print(
            f"{size:8,} {' '.join(shown)} {max(first.peak, again.peak, one.peak):6.0f} MB"
            f"  {'█' * round(40 * first.wall / size / 0.01)}"
        )
        size *= 10


def test_the_first_twenty_of_a_million_due(tmp_path: Path) -> None:
    store = open_store(places.store_file(str(tmp_path)))
    with store.write():
        store.connection.executemany(
            "INSERT INTO cards(id, base, rule, kind, deck, file, line, prompt, answer, active, due, last, stability,"
            " difficulty) VALUES (?, ?, 'lead', 'recall', 'deck', ?, 1, 'front', 'back', 1, ?, '2020-01-01', 10, 5)",
            (
                (f"{n:016x}", f"{n:016x}", f"d/{n}.md", f"2026-{n % 12 + 1:02}-{n % 28 + 1:02}")
                for n in range(CARDS)
            ),
        )  # fmt: skip
    times = []
    for _ in range(50):
        began = time.perf_counter()
        queue = select_cards(
            store, "due IS NOT NULL AND due <= ? AND active = 1 AND suspended = 0", ("2026-11-28",),
            "ORDER BY due, id LIMIT 20",
        )  # fmt: skip
        times.append(time.perf_counter() - began)
        assert len(queue) == 20
    store.close()
    print(f"\nthe first 20 of {CARDS:,} cards: {min(times) * 1e3:.3f} ms at best (bar 1 ms)")


def test_a_saved_note_is_studyable(tmp_path: Path) -> None:
    pytest.importorskip("watchfiles", reason="the extra `watch` is not installed")
    root = tmp_path / "vault"
    small_notes(root, NOTES)
    vault = open_vault(str(root))
    sync(vault)
    sync(vault)
    reports: Queue[SyncReport] = Queue()
    stop = threading.Event()
    thread = threading.Thread(target=follow, args=(vault, reports.put, print), kwargs={"stop": stop})
    thread.start()
    try:
        reports.get(timeout=60)
        times = []
        for number in range(8):
            began = time.perf_counter()
            (root / "0000" / f"笔记 {number:06}.md").write_text(SMALL.format(n=f"{number}改"), encoding="utf-8")
            while not reports.get(timeout=60).found_change():
                pass
            times.append(time.perf_counter() - began)
            time.sleep(0.4)
    finally:
        stop.set()
        thread.join()
    at_best, mostly = min(times) * 1e3, sorted(times)[len(times) // 2] * 1e3
    print(f"\n{NOTES:,} notes: saved to studyable {at_best:.0f} ms at best, {mostly:.0f} ms mostly (bar 200 ms)")
