"""Patching changes the values it is given, and no other byte."""

from datetime import date

import frontmatter as peer
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studykit.vault.frontmatter import read_frontmatter
from studykit.vault.patch import Value, apply, inverse, patch, replacements
from tests.vault.fixture import Example, examples

VALUES: dict[str, Value] = {
    "last_reviewed": date(2025, 11, 2),
    "next_review": date(2025, 11, 5),
    "review_count": 4,
    "mastery_level": 0.6,
}


@pytest.mark.parametrize("example", examples("patch.md"), ids=str)
def test_fixture(example: Example) -> None:
    data = example.given.encode()
    assert patch(data, VALUES).decode() == example.expected
    assert patch(patch(data, VALUES), VALUES) == patch(data, VALUES)
    changes = replacements(data, VALUES)
    assert apply(apply(data, changes), inverse(data, changes)) == data


keys = st.sampled_from([*VALUES, "created", "title", "'next_review'", '"review_count"', "tags", "标题"])
scalars = st.sampled_from([
    "", "null", "~", "'2025-10-19'", '"2025-10-19"', "2025-10-19", "3", "'3'", "0.60", "0.5", "x y", "''",
    "'it''s'", '"a\\nb"', "[a, b]", "{a: 1}", "|\n  next_review: 1", ">-\n  x", "\n  - a", "\n- a",
    "\n  review_count: 9", "&a 1", "*a", "!!str 1", "文字",
])  # fmt: skip
gaps = st.sampled_from([": ", ":  ", " : ", ":", ":\t"])
ends = st.builds(
    str.__add__, st.sampled_from(["", " ", "\t", " # note", "  # '"]), st.sampled_from(["\n", "\r\n", "\n\n"])
)
entries = st.builds("{}{}{}{}".format, keys, gaps, scalars, ends)
others = st.sampled_from(["# comment\n", "\n", "---x\n", " indented: 1\n", "...\n", "? a\n: b\n", "<<: {a: 1}\n"])
heads = st.lists(entries | entries | others, max_size=6).map("".join)
tops = st.builds(
    str.__add__, st.sampled_from(["", "", "\ufeff", "\n", "x"]), st.sampled_from(["---\n", "---\r\n", "----  \n", ""])
)
notes = st.builds(
    "{}{}{}".format, tops, heads, st.sampled_from(["---\n正文\nnext_review: null\n", "---", "--- \r\nx", ""])
)
values = st.dictionaries(
    st.sampled_from(list(VALUES)), st.dates() | st.none() | st.integers(-5, 10**6) | st.floats(0, 1)
)


@settings(max_examples=200)
@given(notes, st.binary(max_size=6), values)
def test_only_the_bytes_of_values_differ(note: str, rest: bytes, wanted: dict[str, Value]) -> None:
    data = note.encode() + rest
    changes = replacements(data, wanted)
    assert len(changes) <= len(wanted)
    patched = apply(data, changes)
    assert apply(patched, inverse(data, changes)) == data
    assert patch(data, wanted) == patched
    assert patch(patched, wanted) == patched
    at = 0
    for start, end, _new in changes:
        assert at <= start <= end <= data.rfind(b"---")
        assert b"\n" not in data[start:end]
        at = end


@settings(max_examples=200)
@given(notes, values)
def test_what_is_patched_is_read_back_and_nothing_else_is_changed(note: str, wanted: dict[str, Value]) -> None:
    patched = patch(note.encode(), wanted).decode()
    if patched == note:
        return
    before, after = (peer.parse(text.removeprefix("\ufeff")) for text in (note, patched))
    assert after[1] == before[1]
    assert list(after[0]) == list(before[0])
    for key, value in after[0].items():
        if before[0][key] != value:
            assert _same(value, wanted[key])


def _same(read: object, wanted: Value) -> bool:
    if isinstance(read, str) and wanted is not None:
        return read in (str(wanted), f"{float(wanted):.2f}" if isinstance(wanted, int | float) else "")
    if isinstance(wanted, float) and isinstance(read, float):
        return abs(read - wanted) <= 0.005001
    return read == wanted


@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    assert patch(data, VALUES) == data or b"---" in data


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), 1e300])
def test_what_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match=r"mastery_level: .* is no finite number"):
        patch(b"---\nmastery_level: 0.1\n---\n", {"mastery_level": value})


def test_every_note_of_the_sample_vault_reads_back_what_was_written(vault_notes: list[tuple[str, bytes]]) -> None:
    wanted: dict[str, Value] = {
        "last_reviewed": date(2031, 1, 2),
        "next_review": date(2031, 1, 9),
        "review_count": 77,
        "mastery_level": 0.995,
    }
    for path, data in vault_notes:
        patched = patch(data, wanted)
        changed = [(a, b) for a, b in zip(data.splitlines(), patched.splitlines(), strict=True) if a != b]
        assert len(changed) == (0 if b"{{DATE}}" in data else 4), path
        assert data.splitlines(keepends=True)[-1] == patched.splitlines(keepends=True)[-1]
        if changed:
            found = read_frontmatter(patched.decode(), path).frontmatter
            assert (found.last_reviewed, found.next_review) == (date(2031, 1, 2), date(2031, 1, 9))
            assert (found.review_count, found.mastery) == (77, 0.99)
            assert b"next_review: '2031-01-09'" in patched
            assert b"last_reviewed: '2031-01-02'" in patched
            assert b"mastery_level: 0.99" in patched
