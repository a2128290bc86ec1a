"""Writing the review log: on the disk before it returns, and whole after every accident."""

import os
import signal
import subprocess
import sys
import textwrap
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path
from unittest.mock import patch

import msgspec
import pytest
from hypothesis import given

from studykit.errors import LogError
from studykit.store.events import Event, Flag, Review, decoder, encode, front_of, is_day, new_id, order, timestamp
from studykit.store.log import Log
from tests.store.log_cases import day, histories, review, stamp


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / ".studykit" / "log"


@pytest.fixture
def log(root: Path) -> Log:
    return Log(str(root), "laptop")


def ids(log: Log) -> list[str]:
    return [event.id for event in log.read_all().events]


def test_events_go_to_the_month_of_their_day_and_come_back(log: Log, root: Path) -> None:
    events: list[Event] = [
        review("1", 0, 3),
        review("2", 1, 1),
        review("3", 2, 4),
        Flag(*stamp("4", 0), card="aaaa", on=True),
    ]
    log.append(events[:2])
    log.append(events[2:])
    files = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.jsonl"))
    assert files == ["laptop/2026-01.jsonl", "laptop/2026-02.jsonl"]  # the cases start on 30 January
    assert sorted(log.read_all().events, key=order) == sorted(events, key=order)
    assert log.read_all().oddities == []


@given(histories())
def test_every_event_survives_its_line(history: list[Event]) -> None:
    lines = [encode(event) for event in history]
    assert [decoder.decode(line) for line in lines] == history
    assert not any(b"\n" in line for line in lines)


def test_a_hundred_thousand_reviews_are_under_25_megabytes() -> None:
    """20 reviews a card: one that says file and question, both long and Chinese, and nineteen that do not."""
    head = new_id(), timestamp(datetime(2026, 11, 23)), day(0), "somebody-laptop-1a2b"
    long = Review(*head, "0123456789abcdef", 3, 123_456, -12, suggested=3)
    question = front_of("为什么流水线并行的气泡率随着微批次数量的增加而下降？" * 4)
    first = msgspec.structs.replace(long, file="10_并行策略/" + "流水线并行的气泡率_" * 3 + ".md", front=question)
    assert len(question) == 80
    assert 100_000 * (19 * (len(encode(long)) + 1) + len(encode(first)) + 1) / 20 < 25_000_000
    assert encode(long).startswith(b'{"type":"review","id":"')


def test_a_file_name_that_is_no_unicode_is_kept_readable() -> None:
    odd = Review(*stamp("1", 0), card="aaaa", rating=3, file="note\udcff.md")
    assert msgspec.json.decode(encode(odd))["file"] == "note\\udcff.md"


def test_the_disk_has_it_before_append_returns(log: Log, root: Path) -> None:
    done: list[str] = []

    def recorded(descriptor: int) -> None:
        path = os.readlink(f"/proc/self/fd/{descriptor}") if os.path.exists("/proc/self/fd") else ""
        done.append(os.path.relpath(path, root.parent.parent))

    with patch("os.fsync", recorded):
        log.append([review("1", 0, 3)])
        first, done[:] = list(done), []
        log.append([review("2", 0, 3)])
    if Path("/proc/self/fd").exists():
        # The file, and every folder that got a new name in it; then the file alone.
        assert first[0] == ".studykit/log/laptop/2026-01.jsonl"
        assert set(first[1:]) == {".studykit/log/laptop", ".studykit/log", ".studykit", "."}
        assert done == [".studykit/log/laptop/2026-01.jsonl"]


def test_one_write_a_file(log: Log) -> None:
    log.append([review("0", 0, 3)])
    with patch("os.write", wraps=os.write) as write:
        log.append([review(str(number), 0, 3) for number in range(1, 50)])
    assert write.call_count == 1


@pytest.mark.parametrize("kept", [1, 30, 100])
def test_a_line_cut_short_spoils_only_itself(log: Log, root: Path, kept: int) -> None:
    log.append([review("1", 0, 3), review("2", 0, 3)])
    file = root / "laptop" / "2026-01.jsonl"
    whole = file.read_bytes()
    file.write_bytes(whole[: whole.index(b"\n") + 1 + kept])
    log.append([review("3", 0, 3)])
    assert file.read_bytes() == whole[: whole.index(b"\n") + 1 + kept] + b"\n" + encode(review("3", 0, 3)) + b"\n"
    assert ids(log) == ["1", "3"]
    assert [(each.file, each.line) for each in log.read_all().oddities] == [(".studykit/log/laptop/2026-01.jsonl", 2)]


def test_a_full_disk_is_said_and_the_next_answer_is_kept(log: Log) -> None:
    log.append([review("1", 0, 3)])
    real, calls = os.write, 0

    def half(descriptor: int, data: bytes) -> int:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise OSError(28, "No space left on device")
        return real(descriptor, data[: len(data) // 2])

    with patch("os.write", half), pytest.raises(LogError, match="No space left") as raised:
        log.append([review("2", 0, 3)])
    assert "not kept" in raised.value.hint
    log.append([review("3", 0, 3)])
    assert ids(log) == ["1", "3"]


def test_a_log_that_cannot_be_written_is_a_sentence(log: Log, root: Path) -> None:
    root.mkdir(parents=True)
    (root / "laptop").write_text("a file where the folder should be")
    with pytest.raises(LogError, match="cannot be written"):
        log.append([review("1", 0, 3)])


def test_a_notes_folder_that_vanished_is_not_made_again(tmp_path: Path) -> None:
    gone = tmp_path / "unplugged"
    with pytest.raises(LogError, match="unplugged"):
        Log(str(gone / ".studykit" / "log"), "laptop").append([review("1", 0, 3)])
    assert not gone.exists()


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a\\b", ".hidden"])
def test_a_device_that_cannot_be_a_folder_is_refused(name: str) -> None:
    with pytest.raises(LogError):
        Log("/tmp", name)


def test_a_day_that_is_none_is_never_written(log: Log, root: Path) -> None:
    with pytest.raises(ValueError, match="calendar day"):
        log.append([Review("1", "", "../../../etc", "laptop", "aaaa", 3)])
    assert not root.exists()


WRITER = """
    import sys
    from studykit.store.events import Review, new_id
    from studykit.store.log import Log
    log = Log(sys.argv[1], "laptop")
    for number in range(int(sys.argv[2])):
        event = Review(new_id(), "2026-01-30T08:00:00.000Z", "2026-01-30", "laptop", "aaaa", 3, file="x" * 3000)
        log.append([event])
        print(event.id, flush=True)
"""


def start_writer(root: Path, count: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", textwrap.dedent(WRITER), str(root), str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("after", [1, 7, 23])
def test_a_killed_process_loses_nothing_that_it_confirmed(log: Log, root: Path, after: int) -> None:
    """What the screen went on from is in the log, however the process ends."""
    with start_writer(root, 100_000) as process:
        assert process.stdout is not None
        confirmed = [process.stdout.readline().strip() for _ in range(after)]
        process.send_signal(signal.SIGKILL)
        confirmed += process.stdout.read().split()
    log.append([review("after", 0, 3)])
    found = ids(log)
    assert found[-1] == "after"
    assert set(confirmed) <= set(found)
    assert len(log.read_all().oddities) <= 1


def test_two_processes_of_one_device_tear_no_line(log: Log, root: Path) -> None:
    with start_writer(root, 60) as one, start_writer(root, 60) as two:
        assert one.stdout is not None
        assert two.stdout is not None
        confirmed = one.stdout.read().split() + two.stdout.read().split()
    assert len(confirmed) == 120
    assert sorted(ids(log)) == sorted(confirmed)
    assert log.read_all().oddities == []


@pytest.fixture
def clock() -> Iterator[list[int]]:
    now = [time.time_ns()]
    nothing_made = patch("studykit.store.events._latest", (0, 0))  # another test's clock may have been ahead
    with nothing_made, patch("studykit.store.events.time.time_ns", lambda: now[0]):
        yield now


def test_ids_are_uuid7_of_now(clock: list[int]) -> None:
    made = uuid.UUID(new_id())
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 == clock[0] // 1_000_000


def test_ids_rise_within_a_millisecond_and_with_the_clock_set_back(clock: list[int]) -> None:
    made = [new_id() for _ in range(2000)]
    clock[0] -= 10**15
    made += [new_id() for _ in range(2000)]
    assert made == sorted(set(made))
    assert all(uuid.UUID(each).version == 7 and uuid.UUID(each).variant == uuid.RFC_4122 for each in made)


def test_ids_of_threads_differ() -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: new_id(), range(4000)))
    assert len(set(made)) == 4000


def test_times_are_utc_in_milliseconds() -> None:
    east = timezone(timedelta(hours=8))
    assert timestamp(datetime(2026, 11, 23, 7, 5, 9, 1999, tzinfo=east)) == "2026-11-22T23:05:09.001Z"


@pytest.mark.parametrize(
    "text", ["", "2026-1-1", "20260101", "2026-W01-1", "2026-02-29", "2026-01-01T00", "０026-01-01"]
)
def test_what_is_no_day(text: str) -> None:
    assert not is_day(text)
