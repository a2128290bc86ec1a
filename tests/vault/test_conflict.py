"""Conflicts that merges leave in notes, with real git as the one that writes them."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.vault.conflict import find_conflict
from studykit.vault.frontmatter import REVIEW_KEYS
from studykit.vault.review_fields import alike, alike_with_base

BETWEEN = "title: A # kept\ntags:\n- a\n- b\n- c\n"
FRONT = f"---\nlast_reviewed: {{day}}\n{BETWEEN}next_review: '{{due}}'\nreview_count: {{count}}\n---\n"
BODY = "# A\n\nText of the note.\n"
BASE = FRONT.format(day="null", due="2026-11-01", count=0) + BODY
OURS = FRONT.format(day="2026-11-20", due="2026-11-25", count=1) + BODY
THEIRS = FRONT.format(day="2026-11-22", due="2026-12-05", count=2) + BODY
STYLES = ("merge", "diff3", "zdiff3")


def merged(folder: Path, base: bytes, ours: bytes, theirs: bytes, style: str = "merge") -> bytes:
    """What `git merge-file` makes of three versions."""
    for name, data in (("base", base), ("ours", ours), ("theirs", theirs)):
        (folder / name).write_bytes(data)
    command = ["git", "-c", f"merge.conflictStyle={style}", "merge-file", "-p", "ours", "base", "theirs"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).stdout


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("style", STYLES)
def test_several_hunks_in_the_frontmatter_are_one_conflict_between_two_notes(
    tmp_path: Path, style: str, ends: str
) -> None:
    base, ours, theirs = (text.replace("\n", ends).encode() for text in (BASE, OURS, THEIRS))
    text = merged(tmp_path, base, ours, theirs, style)
    assert text.count(b"<<<<<<<") >= 2
    found = find_conflict(text)
    assert found is not None
    assert (found.line, found.ours, found.theirs) == (2, ours, theirs)
    assert found.shown.count(b"\n") == text.count(b"\n")
    assert alike(found.ours, found.theirs) == [theirs, theirs]


def test_a_conflict_in_the_text_is_found_at_its_line(tmp_path: Path) -> None:
    ours, theirs = BASE.replace("Text", "Our text"), BASE.replace("Text", "Their text")
    found = find_conflict(merged(tmp_path, BASE.encode(), ours.encode(), theirs.encode()))
    assert found is not None
    assert found.line == BASE.splitlines().index("Text of the note.") + 1
    one, other = alike(found.ours, found.theirs)
    assert one != other


@pytest.mark.parametrize(
    "text",
    [
        b"```\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n```\n",
        b"<<<<<<< HEAD\na\n=======\nb\n",
        b"<<<<<<< HEAD\na\n>>>>>>> x\n",
        b"a <<<<<<< HEAD\n=======\n>>>>>>> x\n",
        b"<<<<<<<<< HEAD\na\n=========\nb\n>>>>>>>>> x\n",
        b"<<<<<<<HEAD\na\n=======\nb\n>>>>>>>x\n",
    ],
)
def test_what_is_no_conflict(text: bytes) -> None:
    assert find_conflict(text) is None


@given(
    st.lists(st.sampled_from([b"<<<<<<< a\n", b"||||||| b\n", b"=======\n", b">>>>>>> c\r\n", b"x\n", b"```\n", b"y"]))
)
def test_any_lines_are_read_and_their_number_stays(lines: list[bytes]) -> None:
    data = b"".join(lines)
    found = find_conflict(data)
    if found:
        assert found.shown.count(b"\n") == data.count(b"\n")
        assert find_conflict(found.ours) is None or b"<<<<<<<" in found.ours


VALUES = st.sampled_from(["", "null", "~", "'2026-11-20'", '"2026-11-22"', "2026-11-25", "3", "0.25 # so", "[1]", "|"])


@given(st.lists(st.tuples(st.sampled_from([*REVIEW_KEYS, "tags"]), VALUES), max_size=6), st.data())
def test_versions_end_up_alike_in_any_order_and_nothing_else_changes(
    pairs: list[tuple[str, str]], data: st.DataObject
) -> None:
    def note(values: list[tuple[str, str]]) -> bytes:
        return ("---\n" + "".join(f"{key}: {value}\n" for key, value in values) + "---\n# T\n").encode()

    other = [(key, data.draw(VALUES)) for key, _ in pairs]
    one, two = note(pairs), note(other)
    a, b = alike(one, two)
    assert alike(two, one) == [b, a]
    assert {a.splitlines()[0], a.splitlines()[-1]} == {b"---", b"# T"}
    assert alike(a, b) == [a, b]
    assert alike_with_base(one, a, b)[1:] == [a, b]
