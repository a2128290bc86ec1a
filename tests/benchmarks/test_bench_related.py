"""One changed note among 10,000: its relations renewed and asked for, against reading all anew."""

import random
import time
from pathlib import Path

import pytest

from studykit import places
from studykit.store.database import open_store
from studykit.store.related import Relations, outdated
from studykit.study.browsing.related import ready_relations
from studykit.study.vault import open_vault

NOTES = 10_000
TOPICS = 400


def _text(pick: random.Random, topic: int) -> str:
    """About 1.5 KB of Chinese: half of it the words of a topic, half those of everybody."""
    own = [chr(0x4E00 + topic * 17 + n) + chr(0x5E00 + topic * 13 + n) for n in range(40)]
    common = [chr(0x4E00 + 23 * n) + chr(0x4F00 + 7 * n) for n in range(600)]
    return "，".join(pick.choice(own if pick.random() < 0.5 else common) for _ in range(170))


@pytest.mark.benchmark
def test_one_changed_note_among_ten_thousand(tmp_path: Path) -> None:
    root = tmp_path / "vault"
    root.mkdir()
    pick = random.Random(5)
    rows = []
    for n in range(NOTES):
        (root / f"{n}.md").write_text(f"# Note {n}\n\n{_text(pick, n % TOPICS)}\n", encoding="utf-8")
        rows.append((f"{n}.md", f"digest {n}"))
    store = open_store(places.store_file(str(root)))
    with store.write():
        store.connection.executemany(
            "INSERT INTO notes(path, mtime_ns, size, digest, title, deck, label, tags, material, keys)"
            " VALUES (?, 0, 0, ?, '', '', '', '', 1, '')",
            rows,
        )
        store.set_meta("related", "")
    vault = open_vault(str(root))
    began = time.process_time()
    ready_relations(vault, store, [], pairs=False)
    whole = time.process_time() - began
    with store.write():  # the pairs of all take minutes more; from now on they are kept note by note
        store.set_meta("related_paired", "0")
    with store.write():  # what a sync notes: each note's digest as it was read
        store.connection.execute(
            "UPDATE notes SET digest = (SELECT digest FROM related_notes AS r WHERE r.path = notes.path)"
        )
    assert outdated(store) == ([], [])
    times = []
    for n in range(9):
        path = f"{n * 37}.md"
        (root / path).write_text(f"# Note {n}\n\n{_text(pick, n)}\n", encoding="utf-8")
        with store.write():
            store.connection.execute("UPDATE notes SET digest = ? WHERE path = ?", (f"changed {n}", path))
        began = time.process_time()
        found = ready_relations(vault, store, [], pairs=True).like(path, 5, 0.3)
        times.append(time.process_time() - began)
        assert found
        with store.write():
            store.connection.execute(
                "UPDATE notes SET digest = (SELECT digest FROM related_notes AS r WHERE r.path = notes.path)"
                " WHERE path = ?", (path,),
            )  # fmt: skip
    assert isinstance(Relations(store).counts.total, int)
    one = sorted(times)[len(times) // 2]
    size = Path(store.file).stat().st_size / 1e6
    store.close()
    print(f"\nprocessor time: all of {NOTES}: {whole:.1f} s; one changed: {one * 1000:.1f} ms")
    print(f"(best {min(times) * 1000:.1f}); ratio {one / whole:.5f}; store {size:.0f} MB")
