"""Keys put into a frontmatter: only their lines are new, whatever stands around."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from studykit.errors import VaultError
from studykit.vault.frontmatter import read_frontmatter
from studykit.vault.insert_keys import with_keys, with_text
from studykit.vault.note import parse_note

KEYS = {"last_reviewed": "null", "review_count": "0", "difficulty": "medium"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Text", "---\nlast_reviewed: null\nreview_count: 0\ndifficulty: medium\n---\nText"),
        ("", "---\nlast_reviewed: null\nreview_count: 0\ndifficulty: medium\n---\n"),
        ("\ufeffa\r\nb", "\ufeff---\r\nlast_reviewed: null\r\nreview_count: 0\r\ndifficulty: medium\r\n---\r\na\r\nb"),
        (
            "---\n# mine\nreview_count:   3 # so far\ntags:\n- a\n---\nText",
            "---\n# mine\nreview_count:   3 # so far\ntags:\n- a\nlast_reviewed: null\ndifficulty: medium\n---\nText",
        ),
        ("---\n---\nText", "---\nlast_reviewed: null\nreview_count: 0\ndifficulty: medium\n---\nText"),
        (
            "---\n\nA rule above.\n\n---\nText",
            "---\nlast_reviewed: null\nreview_count: 0\ndifficulty: medium\n---\n---\n\nA rule above.\n\n---\nText",
        ),
    ],
)
def test_where_the_lines_go(before: str, after: str) -> None:
    assert with_keys(before.encode(), KEYS).decode() == after


@pytest.mark.parametrize(
    "front", ["a: [", "{tags: [a]}", "tags: |\n  text\n  more\nb: {{X}}", "created: {{DATE}}", "- a\n- b"]
)
def test_what_cannot_be_read_whole_is_left_or_refused(front: str) -> None:
    """A list between dashes is no frontmatter, so the note gets one of its own above it."""
    data = f"---\n{front}\n---\nText".encode()
    try:
        made = with_keys(data, KEYS)
    except VaultError:
        return
    assert made.endswith(data)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(VaultError):
        with_keys(b"\xff\xfe\x00", KEYS)
    with pytest.raises(VaultError):
        with_keys("标题".encode("gbk"), KEYS)


pieces = st.sampled_from(
    ("tags: [a, b]", "created: '2025-10-19'", "review_count: 3", "# note", 'difficulty: "easy"', "x:", "- item", "")
)
bodies = st.lists(st.sampled_from(["", "# T", "---", "text 中文", "```", "x: 1"]), max_size=6)


@given(front=st.none() | st.lists(pieces, max_size=6), body=bodies, end=st.sampled_from(["\n", "\r\n", "\r"]),
       bom=st.booleans())  # fmt: skip
def test_taking_the_new_lines_out_gives_the_note_back(
    front: list[str] | None, body: list[str], end: str, bom: bool
) -> None:
    head = [] if front is None else ["---", *front, "---"]
    data = ("\ufeff" * bom + end.join([*head, *body])).encode()
    try:
        made = with_keys(data, KEYS)
    except VaultError:
        return
    old, new = (read_frontmatter(parse_note("", each).text, "").frontmatter for each in (data, made))
    assert new.keys == old.keys | KEYS.keys()
    added = [f"{key}: {value}{end}".encode() for key, value in KEYS.items() if key not in old.keys]
    block = b"".join(added)
    dashes = f"---{end}".encode()
    # A note of one line has no line end to go by.
    assume(end.encode() in data)
    assert data in (made.replace(block, b"", 1), made.replace(dashes + block + dashes, b"", 1))
    assert with_keys(made, KEYS) == made


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("difficulty: easy # so far", "difficulty: hard # so far"),
        ("difficulty:   \"easy\"", "difficulty:   \"hard\""),
        ("difficulty:", "difficulty: hard"),
        ("tags: [中文]\ndifficulty: medium", "tags: [中文]\ndifficulty: hard"),
        ("tags: []", "tags: []\ndifficulty: hard"),
    ],
)  # fmt: skip
def test_a_word_is_set_in_its_place(before: str, after: str) -> None:
    assert with_text(f"---\n{before}\n---\nT".encode(), "difficulty", "hard").decode() == f"---\n{after}\n---\nT"
