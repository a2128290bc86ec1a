"""A note on disk is replaced whole or not at all, and only if it is still the note that was read."""

import errno
import os
import signal
import subprocess
import sys
import textwrap
import time
from datetime import date
from pathlib import Path

import pytest

from studykit.errors import VaultError
from studykit.vault.decode import digest
from studykit.vault.patch import write_patched

NOTE = b"\xef\xbb\xbf---\r\nnext_review: '2025-10-19'\r\n---\r\n\xe6\xad\xa3\xe6\x96\x87"
AFTER = NOTE.replace(b"2025-10-19", b"2025-11-02")
VALUES = {"next_review": date(2025, 11, 2)}


@pytest.fixture
def note(tmp_path: Path) -> Path:
    place = tmp_path / "文件夹" / ("长" * 80 + ".md")
    place.parent.mkdir()
    place.write_bytes(NOTE)
    return place


def _names(note: Path) -> list[str]:
    return [place.name for place in note.parent.iterdir()]


def test_written_once_then_unchanged(note: Path) -> None:
    note.chmod(0o640)
    assert write_patched(str(note), digest(NOTE), VALUES) == "written"
    assert note.read_bytes() == AFTER
    assert note.stat().st_mode & 0o777 == 0o640
    before = note.stat()
    assert write_patched(str(note), digest(AFTER), VALUES) == "unchanged"
    assert note.stat().st_mtime_ns == before.st_mtime_ns
    assert note.stat().st_ino == before.st_ino
    assert _names(note) == [note.name]


def test_a_note_that_changed_since_it_was_read_stays(note: Path) -> None:
    note.write_bytes(NOTE + b"!")
    assert write_patched(str(note), digest(NOTE), VALUES) == "changed-since"
    assert note.read_bytes() == NOTE + b"!"


def test_a_note_that_changes_while_it_is_written_stays(note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync

    def edit_meanwhile(descriptor: int) -> None:
        real(descriptor)
        if note.read_bytes() == NOTE:
            note.write_bytes(b"edited in the meantime, and longer than it was before")

    monkeypatch.setattr(os, "fsync", edit_meanwhile)
    assert write_patched(str(note), digest(NOTE), VALUES) == "changed-since"
    assert note.read_bytes().startswith(b"edited")
    assert _names(note) == [note.name]


@pytest.mark.parametrize("call", ["fsync", "replace", "chmod"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EACCES])
def test_a_failing_disk_leaves_the_note_and_nothing_else(
    note: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int
) -> None:
    def fail(*_arguments: object, **_more: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, call, fail)
    with pytest.raises(VaultError, match=os.strerror(code)):
        write_patched(str(note), digest(NOTE), VALUES)
    monkeypatch.undo()
    assert note.read_bytes() == NOTE
    assert _names(note) == [note.name]


def test_a_read_only_note_is_respected(note: Path) -> None:
    note.chmod(0o444)
    with pytest.raises(VaultError, match="is read-only"):
        write_patched(str(note), digest(NOTE), VALUES)
    assert note.read_bytes() == NOTE


def test_a_note_that_is_gone_and_a_folder_in_its_place(note: Path) -> None:
    note.unlink()
    with pytest.raises(VaultError, match="cannot be read"):
        write_patched(str(note), digest(NOTE), VALUES)
    note.mkdir()
    with pytest.raises(VaultError, match="cannot be read"):
        write_patched(str(note), digest(NOTE), VALUES)


def test_a_link_stays_a_link(note: Path) -> None:
    link = note.parent / "link.md"
    link.symlink_to(note)
    assert write_patched(str(link), digest(NOTE), VALUES) == "written"
    assert link.is_symlink()
    assert note.read_bytes() == AFTER


def test_killed_at_any_moment_the_note_is_whole(note: Path) -> None:
    script = f"""
        from datetime import date, timedelta
        from studykit.vault.decode import digest
        from studykit.vault.patch import write_patched
        data = open({str(note)!r}, "rb").read()
        print("ready", flush=True)
        day = date(2025, 1, 1)
        while True:
            day += timedelta(1)
            data = open({str(note)!r}, "rb").read()
            write_patched({str(note)!r}, digest(data), {{"next_review": day}})
    """
    versions = set()
    for round_ in range(40):  # on a busy machine the first ones may die before they have written anything
        process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE)
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        time.sleep(0.02 + round_ * 0.007)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        data = note.read_bytes()
        assert len(data) == len(NOTE)
        assert data[:22] == NOTE[:22]
        assert data[32:] == NOTE[32:]
        date.fromisoformat(data[22:32].decode())
        versions.add(data)
        if round_ >= 8 and len(versions) > 1:
            break
    assert len(versions) > 1
