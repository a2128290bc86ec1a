"""Two computers joined by real git: offline reviews, pulls, and the conflicts in notes that these make."""

import os
import shutil
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from studykit.spacing.scheduler import scheduler
from studykit.study.syncing.git_merge import planned, remove, write
from tests.study.conftest import Notes
from tests.study.devices import Device, pair

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
NOW = datetime(2026, 11, 23, 20, 0)


@pytest.fixture
def devices(three: Notes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Device, Device]:
    return pair(tmp_path, monkeypatch, three.root, NOW)


def never_write(device: Device) -> None:
    """Notes stay as they are; only the log travels."""
    place = device.root / ".studykit" / "config.toml"
    place.parent.mkdir(exist_ok=True)
    place.write_text('[notes]\nwrite_back = "never"\n')


def exchange(*devices: Device) -> None:
    """Everyone pulls and pushes until all have everything."""
    for device in (*devices, *devices):
        device.git("pull", "-q", "--rebase")
        device.git("push", "-q")


def test_offline_reviews_pull_without_conflict_and_end_in_one_state(devices: tuple[Device, Device]) -> None:
    a, b = devices
    never_write(a)
    a.commit()
    a.git("push", "-q")
    b.git("pull", "-q")
    for day in range(4):
        for device, ratings in ((a, (3, 1)), (b, (4, 2, 3))):
            device.now = NOW + timedelta(days=day * 3)
            device.review(*ratings[: 1 + day % 2])
            device.commit()
    exchange(a, b)
    state = a.state()
    assert state == b.state()
    assert sum(card.reps for card in state) >= 8
    assert a.git("status", "--porcelain") == ""


def test_an_undo_reaches_the_other_device_and_survives_restarts(devices: tuple[Device, Device]) -> None:
    a, b = devices
    never_write(a)
    before = a.state()
    a.review(3)
    a.commit()
    exchange(a, b)
    assert [card.reps for card in b.state()].count(1) == 1
    assert a.undo() == "review"
    a.commit()
    exchange(a, b)
    assert b.state() == a.state() == before
    shutil.rmtree(b.home)
    assert b.state() == before


def test_one_card_on_both_on_one_day_is_one_day_with_two_reviews(devices: tuple[Device, Device]) -> None:
    a, b = devices
    never_write(a)
    a.commit()
    a.git("push", "-q")
    b.git("pull", "-q")
    b.now = NOW + timedelta(hours=1)
    a.review(3, filter="file:bubble")
    b.review(1, filter="file:bubble")
    a.commit()
    b.commit()
    exchange(a, b)
    assert a.state() == b.state()
    (card,) = (card for card in a.state() if card.reps)
    fsrs, day = scheduler("fsrs"), date(2026, 11, 23)
    assert (card.reps, card.days) == (2, 1)
    assert card.recall == fsrs.review(fsrs.review(None, 3, day), 1, day)


@pytest.mark.slow
def test_a_clock_a_day_ahead_harms_nobody(devices: tuple[Device, Device]) -> None:
    """Its review counts for tomorrow; a review made tomorrow on the other then is the second on that day."""
    a, b = devices
    never_write(a)
    a.commit()
    a.git("push", "-q")
    b.git("pull", "-q")
    b.now = NOW + timedelta(days=1)
    b.review(3, filter="file:bubble")
    b.commit()
    exchange(a, b)
    (card,) = (card for card in a.state() if card.reps)
    assert card.last == "2026-11-24"
    a.review(3, 3)  # today, with the other cards
    a.now = NOW + timedelta(days=3)
    a.review(3, filter="file:bubble")
    a.commit()
    exchange(a, b)
    assert a.state() == b.state()
    (card,) = (card for card in b.state() if card.file.endswith("bubble.md"))
    fsrs = scheduler("fsrs")
    expected = fsrs.review(fsrs.review(None, 3, date(2026, 11, 24)), 3, date(2026, 11, 26))
    assert (card.stability, card.difficulty, card.reps) == (expected.stability, expected.difficulty, 2)


def conflicting(a: Device, b: Device) -> None:
    """Both review every note on different days and write the values into the notes; `a` is the first to push."""
    a.review(3, 3, 3)
    a.commit()
    a.git("push", "-q")
    b.now = NOW + timedelta(days=1)
    b.review(4, 1, 3)
    b.commit()


@pytest.mark.parametrize(
    "style", ["diff3", pytest.param("merge", marks=pytest.mark.slow), pytest.param("zdiff3", marks=pytest.mark.slow)]
)
def test_sync_settles_a_conflict_over_review_fields(devices: tuple[Device, Device], style: str) -> None:
    a, b = devices
    conflicting(a, b)
    said = b.git("-c", f"merge.conflictStyle={style}", "pull", "--rebase", check=False)
    assert "CONFLICT" in said
    marked = {path.name for path in b.root.rglob("*.md") if b"<<<<<<<" in path.read_bytes()}
    assert len(marked) == 3
    report = b.sync()
    assert {Path(path).name for path in report.settled} == marked
    assert not any(b"<<<<<<<" in path.read_bytes() for path in b.root.rglob("*.md"))
    b.git("add", "-A")
    b.git("rebase", "--continue")
    b.sync()  # the log of the commit that was being applied is whole now
    b.commit()
    b.git("push", "-q")
    a.git("pull", "-q", "--rebase")
    assert a.state() == b.state()
    assert a.git("status", "--porcelain") == ""
    text = (a.root / "gpu" / "bubble.md").read_text()
    assert "review_count: 2\n" in text
    assert "last_reviewed: '2026-11-24'\n" in text or "last_reviewed: 2026-11-24\n" in text


def test_every_other_conflict_is_left_with_a_sentence(devices: tuple[Device, Device]) -> None:
    a, b = devices
    place = Path("gpu", "bubble.md")
    for device, word in ((a, "waits long"), (b, "waits and waits")):
        text = (device.root / place).read_text()
        (device.root / place).write_text(text.replace("waits", word))
    conflicting(a, b)
    cards = {card.file: (card.id, card.reps) for card in b.state()}
    b.git("pull", "--rebase", check=False)
    before = (b.root / place).read_bytes()
    report = b.sync()
    assert place.as_posix() not in report.settled
    assert len(report.settled) == 2
    (problem,) = (problem for problem in report.problems if problem.file == place.as_posix())
    assert before.splitlines()[problem.line - 1].startswith(b"<<<<<<<")
    assert "not over review fields alone" in problem.message
    assert (b.root / place).read_bytes() == before
    assert {card.file: card.id for card in b.state()} == {file: name for file, (name, _) in cards.items()}
    assert not any("<<<" in card.answer for card in b.state())


@pytest.mark.slow
def test_a_vault_that_is_never_written_stays_so(devices: tuple[Device, Device]) -> None:
    a, b = devices
    conflicting(a, b)
    b.git("pull", "--rebase", check=False)
    never_write(b)
    before = {path: path.read_bytes() for path in b.root.rglob("*.md")}
    report = b.sync()
    assert report.settled == []
    assert sum("write_back is never" in problem.message for problem in report.problems) == 3
    assert {path: path.read_bytes() for path in b.root.rglob("*.md")} == before


def with_driver(*devices: Device) -> None:
    for device in devices:
        with device.here() as vault:
            write(vault.root, planned(vault.root))
    first, *others = devices
    first.commit()
    first.git("push", "-q")
    for device in others:
        (device.root / ".gitattributes").unlink()
        device.git("pull", "-q", "--rebase")


def test_the_driver_settles_them_during_the_pull(devices: tuple[Device, Device]) -> None:
    a, b = devices
    with_driver(a, b)
    conflicting(a, b)
    assert "CONFLICT" not in b.git("pull", "--rebase")
    assert not any(b"<<<<<<<" in path.read_bytes() for path in b.root.rglob("*.md"))
    b.sync()
    b.commit()
    b.git("push", "-q")
    a.git("pull", "-q", "--rebase")
    assert a.state() == b.state()
    assert a.git("status", "--porcelain") == ""
    assert "review_count: 2\n" in (a.root / "gpu" / "bubble.md").read_text()


@pytest.mark.slow
def test_the_driver_merges_texts_as_git_does_and_keeps_line_ends(devices: tuple[Device, Device]) -> None:
    a, b = devices
    crlf, clash = Path("gpu", "bubble.md"), Path("gpu", "stage.md")
    a.git("config", "core.autocrlf", "false")
    more = b"\r\nOne.\r\n\r\nTwo.\r\n\r\nEnd.\r\n"
    (a.root / crlf).write_bytes((a.root / crlf).read_bytes().replace(b"\n", b"\r\n") + more)
    with_driver(a, b)
    for device, word, line in ((a, "many", b"One."), (b, "some", b"End.")):
        text = (device.root / clash).read_text()
        (device.root / clash).write_text(text.replace("A run", f"A run of {word}"))
        (device.root / crlf).write_bytes((device.root / crlf).read_bytes().replace(line, line + b" More."))
    conflicting(a, b)
    said = b.git("pull", "--rebase", check=False)
    assert said.count("CONFLICT") == 1
    assert "gpu/stage.md" in said
    merged = (b.root / crlf).read_bytes()
    assert b"One. More." in merged
    assert b"End. More." in merged
    assert merged.count(b"\r\n") == merged.count(b"\n")
    text = (b.root / clash).read_text()
    front, body = text.split("---\n")[1:]
    assert "<<<<<<<" not in front
    assert "A run of many" in body
    assert "A run of some" in body


@pytest.mark.slow
@pytest.mark.parametrize("studykit", ["elsewhere", "missing"])
def test_without_studykit_where_it_was_git_goes_on(
    devices: tuple[Device, Device], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, studykit: str
) -> None:
    a, b = devices
    monkeypatch.setattr("studykit.study.syncing.git_merge._program", lambda: "/gone/bin/studykit")
    with_driver(a, b)
    conflicting(a, b)
    folder = tmp_path / "bin"
    folder.mkdir()
    path = f"{folder}{os.pathsep}{os.path.dirname(shutil.which('git') or '')}{os.pathsep}/usr/bin{os.pathsep}/bin"
    if studykit == "elsewhere":
        (folder / "studykit").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m studykit "$@"\n')
        (folder / "studykit").chmod(0o755)
    said = b.git("pull", "--rebase", check=False, PATH=path)
    marked = [path for path in b.root.rglob("*.md") if b"<<<<<<<" in path.read_bytes()]
    assert ("CONFLICT" in said, len(marked)) == ((False, 0) if studykit == "elsewhere" else (True, 3))


@pytest.mark.slow
def test_what_was_written_is_taken_out_and_nothing_else(devices: tuple[Device, Device]) -> None:
    a, _ = devices
    attributes = a.root / ".gitattributes"
    config = a.git("config", "--local", "--list")
    for own in (None, "*.png binary\n", "*.png binary"):
        if own is not None:
            attributes.write_text(own)
        write(str(a.root), planned(str(a.root)))
        assert not planned(str(a.root)).changed
        assert a.git("check-attr", "merge", "gpu/bubble.md").endswith("merge: studykit\n")
        assert remove(str(a.root))
        assert not remove(str(a.root))
        assert a.git("config", "--local", "--list") == config
        assert (attributes.read_text().rstrip() if attributes.exists() else None) == (own.rstrip() if own else None)
