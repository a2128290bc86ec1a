"""Reading a log that other programs carried about: all that can be read is, and what is odd is named."""

import os
import random
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.store.events import Event, Review, encode
from studykit.store.log import Log
from studykit.store.log_read import Mark, Read
from tests.store.log_cases import histories, random_history, review, stamp

LINES = [encode(review(str(number), 0, 3)) for number in range(5)]
PLACE = ".studykit/log/laptop/2026-01.jsonl"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all examples of a property; each example removes what lay there."""
    return tmp_path_factory.mktemp("vault")


def put(folder: Path, data: bytes, name: str = "laptop/2026-01.jsonl") -> Path:
    path = folder / ".studykit" / "log" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def clear(folder: Path) -> None:
    for path in (folder / ".studykit" / "log").rglob("*.*"):
        path.unlink()


def log_of(folder: Path) -> Log:
    return Log(str(folder / ".studykit" / "log"), "other")


def read(folder: Path) -> Read:
    return log_of(folder).read_all()


def ids(found: Read) -> list[str]:
    return [event.id for event in found.events]


def text_of(lines: list[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)


def test_a_last_line_cut_at_every_byte_loses_only_itself(tmp_path: Path) -> None:
    whole = text_of(LINES)
    start = len(text_of(LINES[:-1]))
    for end in range(start, len(whole) + 1):
        put(tmp_path, whole[:end])
        found = read(tmp_path)
        complete = end >= len(whole) - 1  # only the newline is missing
        assert ids(found) == ["0", "1", "2", "3", *(["4"] if complete else [])]
        cut = start < end < len(whole) - 1
        assert [(each.file, each.line) for each in found.oddities] == ([(PLACE, 5)] if cut else [])


ODD_LINES = [
    pytest.param(b"<<<<<<< HEAD\n%b\n=======\n%b\n>>>>>>> theirs" % (LINES[1], LINES[2]), "12", 3, id="conflict"),
    pytest.param(b"\0" * 700, "", 1, id="zero bytes"),
    pytest.param(LINES[1] + b"\r", "1", 0, id="CRLF"),
    pytest.param(b"\n   \n", "", 0, id="empty lines"),
    pytest.param(b"\xef\xbb\xbf" + LINES[1], "1", 0, id="BOM"),
    pytest.param(LINES[1] + LINES[2], "12", 0, id="two lines glued"),
    pytest.param(LINES[1][:40] + LINES[2], "2", 1, id="a cut line with another glued to it"),
    pytest.param(b"\xff\xfe\x00", "", 1, id="no UTF-8"),
    pytest.param(b"hello", "", 1, id="no JSON"),
    pytest.param(b"[1, 2]", "", 1, id="no object"),
    pytest.param(b'{"type": "review"' + b',"x":[' * 3000 + b"]" * 3000 + b"}", "", 1, id="deep nesting"),
    pytest.param(LINES[1].replace(b'"rating":3', b'"rating":5'), "", 1, id="a rating that is none"),
    pytest.param(LINES[1].replace(b'"day":"2026-01-30"', b'"day":"2026-02-31"'), "", 1, id="a day that is none"),
    pytest.param(LINES[1].replace(b'"day":"2026-01-30"', b'"day":"20260131"'), "", 1, id="a day spelt otherwise"),
    pytest.param(LINES[1][:-1] + b',"mood":"good","tags":{"a":[1]}}', "1", 0, id="fields of another version"),
    pytest.param(b'{"id":"9","type":"pause","days":14,"at":"","day":"2026-01-30"}', "", 1, id="an unknown type"),
    pytest.param(b'{"id":"9","day":"2026-01-30"}', "", 1, id="no type"),
    pytest.param(
        b'{"type":"bury","id":"9","at":"","day":"2026-01-30","device":"x","card":"a","until":"soon"}', "", 1,
        id="buried until no day",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("odd", "more", "oddities"), ODD_LINES)
def test_odd_lines_are_named_and_all_others_read(tmp_path: Path, odd: bytes, more: str, oddities: int) -> None:
    put(tmp_path, text_of([LINES[0], odd, LINES[3]]))
    found = read(tmp_path)
    assert ids(found) == ["0", *more, "3"]
    assert len(found.oddities) == oddities
    assert all(each.file == PLACE and each.line >= 2 and each.message for each in found.oddities)


def test_what_another_version_wrote_is_kept_as_it_is(tmp_path: Path) -> None:
    pause = b'{"type":"siesta","id":"9","at":"","day":"2026-01-30","device":"x","days":14}'
    bad = LINES[1].replace(b'"rating":3', b'"rating":5')
    put(tmp_path, text_of([LINES[0], pause, bad]))
    found = read(tmp_path)
    assert [(each.file, each.line, each.type, each.raw) for each in found.unknown] == [
        (PLACE, 2, "siesta", pause),
        (PLACE, 3, "review", bad),
    ]
    assert "siesta" in found.oddities[0].message
    assert "rating" in found.oddities[1].message


def test_copies_and_strangers_in_the_folder(tmp_path: Path) -> None:
    put(tmp_path, text_of(LINES[:3]))
    put(tmp_path, text_of(LINES[1:4]), "laptop/2026-01.sync-conflict-20260131-101112-ABCDEFG.jsonl")
    put(tmp_path, text_of(LINES[4:]), "laptop/2026-01 (conflicted copy).jsonl")
    put(tmp_path, b"x", "laptop/notes.txt")
    put(tmp_path, b"x", "laptop/.syncthing.2026-01.jsonl.tmp")
    put(tmp_path, b"x", ".stfolder/x.jsonl")
    found = read(tmp_path)
    assert sorted(set(ids(found))) == ["0", "1", "2", "3", "4"]
    assert len(found.oddities) == 3
    assert not any(".stfolder" in each.file or ".syncthing" in each.file for each in found.oddities)


def test_no_log_is_an_empty_log(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert (found.events, found.offsets, found.oddities, found.whole) == ([], {}, [], True)


def test_a_file_that_cannot_be_read_stops_no_other(tmp_path: Path) -> None:
    put(tmp_path, text_of(LINES[:1]))
    before = log_of(tmp_path).read_all()
    broken = tmp_path / ".studykit" / "log" / "laptop" / "2026-02.jsonl"
    broken.symlink_to(tmp_path / "nowhere")
    found = log_of(tmp_path).read_new(before.offsets)
    assert (found.whole, ids(found), len(found.oddities)) == (False, [], 1)
    assert found.offsets == before.offsets


def test_a_large_log_with_odd_lines_anywhere_loses_nothing(tmp_path: Path) -> None:
    draw = random.Random(5)
    lines = [encode(event) for event in random_history(draw, 6000)]
    strange = sorted(draw.sample(range(len(lines)), 20))
    mixed = list(lines)
    for shift, place in enumerate(strange):
        mixed.insert(place + shift, b"=======")
    put(tmp_path, text_of(mixed))
    assert len(text_of(mixed)) > 3 * (1 << 18)  # several blocks
    found = read(tmp_path)
    assert [encode(event) for event in found.events] == lines
    assert [each.line for each in found.oddities] == [place + shift + 1 for shift, place in enumerate(strange)]


def test_a_line_longer_than_a_block(tmp_path: Path) -> None:
    long = encode(Review(*stamp("long", 0), card="aaaa", rating=3, answer="因为" * 200_000))
    put(tmp_path, text_of([LINES[0], long, LINES[1], b"=======", long.replace(b'"long"', b'"last"')]))
    found = read(tmp_path)
    assert ids(found) == ["0", "long", "1", "last"]
    assert [each.line for each in found.oddities] == [4]


@given(st.binary(max_size=300))
def test_any_bytes_are_read_without_an_error(folder: Path, data: bytes) -> None:
    clear(folder)
    put(folder, LINES[0] + b"\n" + data + b"\n" + LINES[1] + b"\n")
    assert ids(read(folder))[:1] + ids(read(folder))[-1:] == ["0", "1"]


@given(histories(), st.data())
def test_reading_what_is_new_adds_up_to_reading_all(folder: Path, history: list[Event], data: st.DataObject) -> None:
    """The file grows at any byte, as a file sync or a slow writer may leave it; every read takes what is whole."""
    clear(folder)
    whole = text_of([encode(event) for event in history])
    ends = [*sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=6))), len(whole)]
    offsets: dict[str, Mark] = {}
    seen: list[Event] = []
    for end in ends:
        path = put(folder, whole[:end])
        os.utime(path, ns=(0, end))
        found = log_of(folder).read_new(offsets)
        assert found.whole == (not offsets)
        offsets = found.offsets
        seen += found.events
    assert seen == history
    assert log_of(folder).read_new(offsets).events == []


def test_line_numbers_go_on_where_the_reading_stopped(tmp_path: Path) -> None:
    put(tmp_path, text_of(LINES[:3]))
    before = read(tmp_path)
    put(tmp_path, text_of([*LINES[:3], LINES[3], b"=======", LINES[4]]))
    found = log_of(tmp_path).read_new(before.offsets)
    assert ids(found) == ["3", "4"]
    assert [each.line for each in found.oddities] == [5]


def test_nothing_new_opens_no_file(tmp_path: Path) -> None:
    put(tmp_path, text_of(LINES))
    before = read(tmp_path)
    with patch("builtins.open", side_effect=AssertionError("a file was opened")):
        found = log_of(tmp_path).read_new(before.offsets)
    assert (found.events, found.whole, found.offsets) == ([], False, before.offsets)


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(text_of(LINES[:2]), id="shorter"),
        pytest.param(text_of([LINES[0], b"<<<<<<< HEAD", *LINES[1:]]), id="markers put in"),
        pytest.param(text_of([LINES[4], *LINES[1:4]]), id="the same length, other words"),
        pytest.param(None, id="gone"),
    ],
)
def test_a_file_changed_other_than_by_growing_starts_over(tmp_path: Path, after: bytes | None) -> None:
    path = put(tmp_path, text_of(LINES[:4]))
    put(tmp_path, text_of(LINES[4:]), "phone/2026-01.jsonl")
    before = read(tmp_path)
    path.unlink()
    if after is not None:
        os.utime(put(tmp_path, after), ns=(1, 1))
    found = log_of(tmp_path).read_new(before.offsets)
    assert found.whole
    assert ids(found) == ids(read(tmp_path))
    assert bool(found.oddities) == (after is None or b"<<<" in after)
