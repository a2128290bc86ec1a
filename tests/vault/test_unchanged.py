"""A vault is unchanged only if a scan would find each note as it was."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from studykit.vault.scan import scan
from studykit.vault.unchanged import count_unchanged, standing

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


def test_notes_that_stand_as_they_were_are_counted(root: Path) -> None:
    known = standing(scan(str(root), ALL, NONE))
    assert known is not None
    assert count_unchanged(str(root), ALL, NONE, known) == 3
    (root / "drafts" / "c.md").write_text("no note of ours", encoding="utf-8")
    assert count_unchanged(str(root), ALL, NONE, known) == 3
    assert count_unchanged(str(root), ALL, [], known) is None


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
def test_whatever_becomes_of_a_note_is_seen(root: Path, change: Callable[[Path], object]) -> None:
    known = standing(scan(str(root), ALL, NONE))
    assert known is not None
    change(root)
    assert count_unchanged(str(root), ALL, NONE, known) is None


def test_a_folder_that_is_fresh_or_has_a_problem_is_not_relied_on(root: Path) -> None:
    (root / "x/out.md").symlink_to("/etc/hostname")
    assert standing(scan(str(root), ALL, NONE)) is None
    _settle(root)
    assert standing(scan(str(root), ALL, NONE)) is None
    (root / "x/out.md").unlink()
    _settle(root)
    assert standing(scan(str(root), ALL, NONE)) is not None
    assert count_unchanged(str(root), ALL, NONE, {}) is None
