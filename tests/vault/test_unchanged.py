"""What differs is told as a scan of everything would tell it, and no more than that is looked at."""

import os
import signal
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from studykit.vault.halves import by_halves
from studykit.vault.scan import Scan, scan
from studykit.vault.unchanged import Stood, changes, standing

ALL, NONE = ["./**/*.md "], ["drafts"]
LONG_AGO = 1_600_000_000


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path in ("a.md", "x/b.md", "x/y/气泡.md", "x/picture.png", "empty/.keep", "drafts/c.md"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(path, encoding="utf-8")
    _settle(tmp_path)
    return tmp_path


def _settle(root: Path) -> None:
    for place in [root, *(place for place in root.rglob("*") if place.is_dir())]:
        os.utime(place, (LONG_AGO, LONG_AGO))


def _standing(root: Path) -> dict[str, Stood]:
    found = scan(str(root), ALL, NONE)
    return standing(found.folders, found.files)


def _told(root: Path, known: dict[str, Stood], exclude: list[str] = NONE) -> tuple[Scan, set[str]]:
    told = changes(str(root), ALL, exclude, known)
    assert told is not None
    return told


def test_notes_that_stand_as_they_were_are_counted(root: Path) -> None:
    known = _standing(root)
    assert _told(root, known) == (Scan(unchanged=3), set())
    (root / "drafts" / "c.md").write_text("no note of ours", encoding="utf-8")
    assert _told(root, known) == (Scan(unchanged=3), set())
    assert list(_told(root, known, [])[0].files) == ["drafts/c.md"]
    assert changes(str(root), ALL, NONE, {}) is None


def _link(root: Path) -> None:
    (root / "a.md").rename(root / "a")
    (root / "a.md").symlink_to("a")


CHANGES: dict[str, Callable[[Path], object]] = {
    "longer": lambda root: (root / "x/b.md").write_text("something longer", encoding="utf-8"),
    "of another time": lambda root: os.utime(root / "x/b.md", ns=(1, 1)),
    "new": lambda root: (root / "x/y/new.md").write_text("new", encoding="utf-8"),
    "gone": lambda root: (root / "a.md").unlink(),
    "renamed": lambda root: (root / "a.md").rename(root / "b.md"),
    "moved": lambda root: (root / "a.md").rename(root / "x/a.md"),
    "a link": _link,
    "in a new folder": lambda root: (root / "empty/new").mkdir(),
    "in a folder gone": lambda root: (root / "x").rename(root / ".x"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_becomes_of_a_note_is_told_as_a_whole_scan_tells_it(
    root: Path, change: Callable[[Path], object]
) -> None:
    before, known = scan(str(root), ALL, NONE), _standing(root)
    change(root)
    after, told = scan(str(root), ALL, NONE), changes(str(root), ALL, NONE, known)
    if told is None:
        assert not all((root / folder).is_dir() for folder in known)
        return
    found, gone = told
    assert found.files == {path: seen for path, seen in after.files.items() if before.files.get(path) != seen}
    assert gone == before.files.keys() - after.files.keys()
    assert found.unchanged + len(found.files) == len(after.files)
    assert known | found.standing == standing(after.folders, after.files)


def test_a_folder_that_is_gone_or_a_link_is_told_by_a_scan_of_the_vault_alone(root: Path, tmp_path: Path) -> None:
    known = _standing(root)
    (root / "x").rename(root / ".x")
    assert changes(str(root), ALL, NONE, known) is None
    (root / "x").symlink_to(".x")  # the same folder below it, with the same stamp
    assert changes(str(root), ALL, NONE, known) is None


def test_only_the_folders_in_which_something_differs_are_scanned(root: Path) -> None:
    known = _standing(root)
    (root / "x/b.md").write_text("something longer", encoding="utf-8")
    found, gone = _told(root, known)
    assert (list(found.files), list(found.folders), found.unchanged, gone) == (["x/b.md"], ["x"], 2, set())


def test_a_folder_that_is_fresh_or_has_a_problem_is_scanned_each_time(root: Path) -> None:
    (root / "x/out.md").symlink_to("/etc/hostname")
    assert list(_told(root, _standing(root))[0].folders) == ["x"]  # it is fresh too
    _settle(root)
    assert [problem.file for problem in _told(root, _standing(root))[0].problems] == ["x/out.md"]
    (root / "x/out.md").unlink()
    _settle(root)
    assert _told(root, _standing(root))[0].folders == {}


def test_two_processes_find_what_one_finds(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = _standing(root)
    (root / "x/b.md").write_text("something longer", encoding="utf-8")
    one = _told(root, known)
    monkeypatch.setattr("studykit.vault.unchanged._MANY", 0)
    monkeypatch.setattr("studykit.vault.unchanged.may_halve", lambda: True)
    assert _told(root, known) == one
    (root / "x/y").rename(root / "x/.y")
    assert changes(str(root), ALL, NONE, known) is None


@pytest.mark.parametrize("fails", [0, 1])
def test_what_fails_in_either_process_is_raised_in_this_one(fails: int) -> None:
    def work(numbers: Sequence[int]) -> int:
        if fails in numbers:
            raise PermissionError(fails)
        return sum(numbers)

    with pytest.raises(PermissionError):
        by_halves(work, [0, 1, 2, 3])
    assert by_halves(sum, [0, 1, 2, 3]) == (2, 4)


def test_an_answer_that_was_cut_short_is_none() -> None:
    """A process that ends while it speaks has said half a list, and does not count."""
    here = os.getpid()

    def work(items: Sequence[int]) -> list[int]:
        if os.getpid() == here:
            if items == [0]:
                os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
            return [*items]
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        return [12] * 1_000_000  # more than a pipe holds: it waits for its reader, and is ended

    assert by_halves(work, [0, 1]) == ([0], [1])


def test_no_process_to_be_had_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> int:
        raise BlockingIOError("no process left")

    monkeypatch.setattr(os, "fork", refused)
    assert by_halves(sum, [0, 1, 2, 3]) == (2, 4)
