"""Months closed into `.jsonl.gz`: every line stays, whatever comes late, from elsewhere, or twice."""

import gzip
import random
from pathlib import Path
from unittest.mock import patch

import pytest

from studykit.errors import LogError
from studykit.store.events import Event, encode, new_id, order
from studykit.store.log import Log
from studykit.store.log_close import Closed, close_months
from studykit.store.log_read import unpacked
from tests.store.log_cases import review


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / ".studykit" / "log"


@pytest.fixture
def history(root: Path) -> list[Event]:
    """Two devices, from 30 January 2026 to the end of March."""
    made: list[Event] = [
        review(
            f"id-{number:03d}", number // 2, number % 4 + 1, minute=number % 2, device=("laptop", "phone")[number % 2]
        )
        for number in range(120)
    ]
    for device in ("laptop", "phone"):
        Log(str(root), device).append(event for event in made if event.device == device)
    return sorted(made, key=order)


def events(root: Path) -> list[Event]:
    """Every event once."""
    read = Log(str(root), "laptop").read_all()
    return sorted({event.id: event for event in read.events}.values(), key=order)


def close(root: Path, before: str = "2026-03") -> list[Closed]:
    return list(close_months(str(root), "laptop", before))


def files(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*.*"))


def test_closed_months_are_read_as_before_and_only_this_devices(root: Path, history: list[Event]) -> None:
    before = files(root)
    closed = close(root)
    assert [each.month for each in closed] == ["2026-01", "2026-02"]
    shut = {f"laptop/{each.month}.jsonl" for each in closed}
    assert files(root) == sorted((set(before) - shut) | {f"{name}.gz" for name in shut})
    assert events(root) == history
    assert Log(str(root), "laptop").read_all().oddities == []
    assert close(root) == []


def test_a_closed_month_is_a_fraction_of_its_size(root: Path) -> None:
    draw = random.Random(1)
    made = [
        review(new_id(), number % 2, draw.choice((1, 3, 4)), f"{draw.getrandbits(64):016x}") for number in range(3000)
    ]
    Log(str(root), "laptop").append(made)
    assert all(each.after < each.before / 2 for each in close(root))


def test_a_late_event_opens_the_month_again_and_is_taken_in_by_the_next_closing(
    root: Path, history: list[Event]
) -> None:
    log = Log(str(root), "laptop")
    close(root)
    marks = log.read_all().offsets
    late = review("late", 0, 1)
    log.append([late])
    new = log.read_new(marks)
    assert (new.whole, new.events) == (False, [late])
    everything = sorted([*history, late], key=order)
    assert events(root) == everything
    assert [each.month for each in close(root)] == ["2026-01"]
    assert events(root) == everything
    assert "laptop/2026-01.jsonl" not in files(root)


def test_another_device_that_closed_nothing_joins_by_union(root: Path, history: list[Event], tmp_path: Path) -> None:
    """Its copy still has the plain files, and lines that never got here: both views together are everything."""
    old = {path.relative_to(root): path.read_bytes() for path in root.rglob("laptop/*.jsonl")}
    late = encode(review("late", 0, 1))
    close(root)
    for name, data in old.items():
        (root / name).write_bytes(data + (late + b"\n" if name.name == "2026-01.jsonl" else b""))
    everything = sorted([*history, review("late", 0, 1)], key=order)
    assert events(root) == everything
    close(root)
    assert events(root) == everything


def test_copies_and_lines_that_nobody_can_read_go_along(root: Path, history: list[Event]) -> None:
    folder = root / "laptop"
    strange = b'{"type":"pause","id":"9","at":"","day":"2026-01-30","device":"laptop","days":14}\n{"type":"rev'
    with (folder / "2026-01.jsonl").open("ab") as file:
        file.write(strange)
    copy = encode(review("copied", 0, 1)) + b"\n"
    (folder / "2026-01.sync-conflict-20260131-101112-ABCDEFG.jsonl").write_bytes(copy)
    (folder / "2026-01.jsonl.sync-conflict-20260131-101112-ABCDEFG.gz").write_bytes(gzip.compress(copy))
    everything = sorted([*history, review("copied", 0, 1)], key=order)
    assert events(root) == everything
    close(root)
    assert events(root) == everything
    assert [path.name for path in folder.glob("2026-01*")] == ["2026-01.jsonl.gz"]
    kept = gzip.decompress((folder / "2026-01.jsonl.gz").read_bytes())
    assert strange in kept
    assert [unknown.type for unknown in Log(str(root), "laptop").read_all().unknown] == ["pause"]


@pytest.mark.parametrize("fails", ["os.replace", "os.unlink"])
def test_a_crash_at_any_step_loses_nothing(root: Path, history: list[Event], fails: str) -> None:
    with (
        patch(fails, side_effect=OSError(28, "No space left on device")),
        pytest.raises(LogError, match="No space left"),
    ):
        close(root)
    assert events(root) == history
    close(root)
    assert events(root) == history


def test_a_file_that_grows_meanwhile_stays(root: Path, history: list[Event]) -> None:
    late = review("late", 0, 1)
    real = gzip.compress

    def slow(data: bytes, *rest: int, **named: int) -> bytes:
        if b"late" not in data:
            Log(str(root), "laptop").append([late])
        return real(data, *rest, **named)

    with patch("studykit.store.log_close.gzip.compress", slow):
        close(root, "2026-02")
    assert events(root) == sorted([*history, late], key=order)
    assert "laptop/2026-01.jsonl" in files(root)


def test_a_closed_month_cut_short_is_read_as_far_as_it_goes(root: Path, history: list[Event]) -> None:
    close(root)
    shut = root / "laptop" / "2026-02.jsonl.gz"
    whole = shut.read_bytes()
    for end in (0, 5, len(whole) // 2, len(whole) - 1):
        shut.write_bytes(whole[:end])
        read = Log(str(root), "laptop").read_all()
        assert [each.file for each in read.lost] == [".studykit/log/laptop/2026-02.jsonl.gz"] or end == 0
    assert unpacked(whole[: len(whole) // 2])[0]
    shut.write_bytes(whole[:-9])
    Log(str(root), "laptop").append([review("late", 20, 1)])
    with pytest.raises(LogError, match="damaged"):
        close(root)
    shut.write_bytes(whole)
    close(root)
    assert events(root) == sorted([*history, review("late", 20, 1)], key=order)
