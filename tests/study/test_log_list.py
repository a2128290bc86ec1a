"""The log shown and examined: what a person sees of it is what the schedule rests on."""

from contextlib import closing
from pathlib import Path

import pytest
import time_machine

from studykit.spacing.scheduler import scheduler
from studykit.store import events
from studykit.store.database import open_store
from studykit.store.log import Log
from studykit.study.logs.log_list import list_log
from studykit.study.logs.log_verify import verify_log
from studykit.study.sync import sync
from tests.study.conftest import Notes


@pytest.fixture
def studied(three: Notes, monkeypatch: pytest.MonkeyPatch) -> Notes:
    """The note on bubbles reviewed three times, the last one taken back; that on stages suspended and back."""
    monkeypatch.setattr(events, "_latest", events._latest)
    for rating in (3, 1, 4):
        session = three.open(filter="file:bubble", cram=False)
        session.grade(rating, 1500, suggested=rating)
        if rating == 4:
            session.undo()
        session.finish()
        three.pass_days(3)
    session = three.open(filter="file:stage")
    session.suspend()
    session.undo()
    session.finish()
    return three


def test_each_review_with_what_came_of_it(studied: Notes) -> None:
    entries = list_log(studied.vault)
    assert [(each.type, each.rating, each.undone) for each in entries] == [
        ("review", 3, False), ("review", 1, False), ("review", 4, True), ("suspend", None, True),
    ]  # fmt: skip
    assert {each.front for each in entries} == {"What is a bubble?", "What is a stage?"}
    with closing(open_store(studied.vault.store_file)) as store:
        due, last, stability = store.connection.execute(
            "SELECT due, last, stability FROM cards WHERE id = ?", (entries[0].card,)
        ).fetchone()
    assert (entries[1].day, entries[1].interval, entries[1].stability) == (last, 0, stability)
    assert due == last
    first = scheduler("fsrs").review(None, 3, studied.vault.day(studied.now))
    assert (entries[0].stability, entries[0].difficulty) == (first.stability, first.difficulty)
    assert entries[0].details == {"suggested": 3}
    assert entries[2].interval is None
    assert list_log(studied.vault, entries[0].card[:6]) == entries[:3]
    assert list_log(studied.vault, limit=2) == entries[2:]


def test_a_card_is_followed_through_its_edits(studied: Notes) -> None:
    place = studied.root / "gpu" / "bubble.md"
    place.write_text(place.read_text().replace("# What is a", "# In a pipeline, what is a"), encoding="utf-8")
    sync(studied.vault)
    entries = list_log(studied.vault)
    heir = entries[0].card
    assert entries[0].front == "In a pipeline, what is a bubble?"
    of_it = {each.type: each for each in list_log(studied.vault, heir)}
    assert len(list_log(studied.vault, heir)) == 4
    alias = of_it["alias"]
    assert alias.details == {"to": heir, "by_hand": False, "file": "gpu/bubble.md"}


def test_a_good_log_is_found_good(studied: Notes) -> None:
    with time_machine.travel(studied.now.astimezone()):
        verdict = verify_log(studied.vault)
    assert (verdict.wrong, verdict.notes) == ([], [])
    assert (verdict.events, verdict.undone, verdict.twice) == (6, 2, 0)
    assert verdict.types == {"review": 3, "undo": 2, "suspend": 1}
    assert list(verdict.devices) == [studied.vault.device]
    assert verdict.bytes == sum(path.stat().st_size for path in studied.root.rglob("*.jsonl"))


def test_what_is_wrong_is_told_from_what_is_odd(studied: Notes) -> None:
    file = min(studied.root.rglob("*.jsonl"))
    lines = file.read_bytes().splitlines(keepends=True)
    copy = file.with_name("2026-11.sync-conflict-20261124-101112-ABCDEFG.jsonl")
    copy.write_bytes(lines[0] + lines[1].replace(b'"rating":1', b'"rating":2') + b'{"type":"review","id":"cut\n')
    later = events.Review("0", "2099-01-01T08:00:00.000Z", "2099-01-01", "other", "aaaa", 3)
    undo = events.Undo("1", "2026-11-24T08:00:00.000Z", "2026-11-24", "other", "not here")
    Log(studied.vault.log_folder, "other").append([later, undo])
    verdict = verify_log(studied.vault)
    assert verdict.twice == 2
    said = "\n".join(verdict.wrong)
    assert len(verdict.wrong) == 2
    assert ".jsonl:3: this is no log line" in said
    assert "says different things" in said
    noted = "\n".join(verdict.notes)
    for part in (
        "a copy made by another program",
        "of other is dated after today",
        "1 undo names an event",
        "2 events wait",
    ):
        assert part in noted


def test_a_line_that_a_crash_cut_is_no_fault_for_ever(studied: Notes) -> None:
    """What the device wrote next stands behind it; nobody was told that the cut line was kept."""
    file = min(studied.root.rglob("*.jsonl"))
    whole = file.read_bytes()
    for length in (3, 40, whole.index(b"\n") - 1):
        file.write_bytes(whole + whole[:length])  # the crash
        log = Log(studied.vault.log_folder, studied.vault.device)
        log.append([events.Flag("9", "2026-11-24T08:00:00.000Z", "2026-11-24", studied.vault.device, "aaaa", True)])
        verdict = verify_log(studied.vault)
        assert verdict.wrong == []
        assert any("a crash cut short while it was written" in note for note in verdict.notes)
        assert verdict.types["flag"] == 1
    file.write_bytes(whole + whole[:40].replace(b'"id"', b"'id'") + b"\n" + whole)
    assert len(verify_log(studied.vault).wrong) == 1


def test_a_store_that_says_otherwise_is_found(studied: Notes) -> None:
    with closing(open_store(studied.vault.store_file)) as store:
        store.connection.execute("UPDATE cards SET stability = 99 WHERE reps > 0")
    assert "schedule of 1 cards" in verify_log(studied.vault).wrong[0]
    sync(studied.vault, rebuild=True)
    assert verify_log(studied.vault).wrong == []
    for file in studied.root.rglob("*.jsonl"):
        file.unlink()
    assert "6 events that the log does not have" in verify_log(studied.vault).wrong[0]
    assert Path(studied.vault.store_file).exists()
