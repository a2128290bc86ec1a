"""Outlines: topics and their notes, mastery by chapter, broken links, and studying in an outline's order."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.errors import NotFoundError
from studykit.study.outlines.outline import cover, outline_notes
from studykit.study.outlines.outline_topics import chapters
from studykit.vault.note import parse_note
from tests.study.conftest import FRONT, Notes

TEXT = """---
title: not a topic
---
# GPU

## Pipeline
- Basics
  - [x] [bubbles](../notes/gpu/b%20%281%29.md)
  - [stages](<../notes/gpu/a stage #2.md>)
- What is a ring all-reduce?
- Chimera
1. [gone](../notes/gpu/stages.md)

```
- no topic, see [x](../notes/x.md)
```

## Memory

A line with [[KV：缓存]] in it, and [the web](https://a.b/c.md).

### Only a heading
"""


@pytest.fixture
def outlined(notes: Notes) -> Notes:
    answer = "It is one of the things that every answer here has to say at some length."
    notes.write("gpu/b (1).md", "What is a bubble?", answer)
    notes.write("gpu/a stage #2.md", "What is a stage?", answer)
    notes.write("net/ring.md", "What is a ring all-reduce?", answer)
    notes.write("mem/KV：缓存.md", "What is a KV cache?", answer, FRONT.replace("tags: []", "related_outlines: [gpu]"))
    notes.write(
        "late.md", "What comes late?", answer, FRONT.replace("tags: []", "related_outlines:\n- ../outlines/gpu.md")
    )
    place = notes.root.parent / "outlines" / "gpu.md"
    place.parent.mkdir()
    place.write_text(TEXT, encoding="utf-8")
    return notes


def test_each_topic_and_its_note(outlined: Notes) -> None:
    found = cover(outlined.vault, str(outlined.root.parent / "outlines" / "gpu.md"))
    assert [(each.topic.title, each.topic.line, each.state, each.path or each.nearest) for each in found.covered] == [
        ("bubbles", 8, "linked", "gpu/b (1).md"),
        ("stages", 9, "linked", "gpu/a stage #2.md"),
        ("What is a ring all-reduce?", 10, "named", "net/ring.md"),
        ("Chimera", 11, "missing", None),
        ("gone", 12, "broken", "gpu/a stage #2.md"),
        ("KV：缓存", 20, "linked", "mem/KV：缓存.md"),
        ("Only a heading", 22, "missing", None),
    ]
    assert (found.topics, found.with_note, found.outside) == (7, 4, ["late.md"])
    assert [(part.title, part.topics, part.with_note) for part in found.parts] == [
        ("GPU", 7, 4), ("Pipeline", 5, 3), ("Memory", 2, 1),
    ]  # fmt: skip


def test_mastery_is_the_mean_of_the_chapters_notes(outlined: Notes) -> None:
    """Oracle: what the notes themselves come to say of their mastery when a session ends."""
    session = outlined.open(files=("gpu/b (1).md",))
    session.grade(4, 1000)
    session.finish()
    says = parse_note("", (outlined.root / "gpu/b (1).md").read_bytes()).frontmatter.mastery
    assert says > 0
    found = cover(outlined.vault, "gpu")
    assert found.parts[1].mastery == pytest.approx(says / 3, abs=0.006)
    assert found.parts[2].mastery == 0.0


def test_study_goes_in_the_order_of_the_outline(outlined: Notes) -> None:
    order = outline_notes(outlined.vault, "gpu")
    assert order == ("gpu/b (1).md", "gpu/a stage #2.md", "net/ring.md", "mem/KV：缓存.md", "late.md")
    session = outlined.open(files=order)
    assert [card.file for card in session.queue] == list(order)
    session.finish()
    few = outlined.open(files=order[::-1], new=2)
    assert [card.file for card in few.queue] == ["late.md", "mem/KV：缓存.md"]
    few.finish()


def test_an_outline_that_is_not_there(outlined: Notes) -> None:
    with pytest.raises(NotFoundError, match="no outline") as raised:
        cover(outlined.vault, "cpu")
    assert "gpu.md" in raised.value.hint


def test_an_outline_within_the_vault(outlined: Notes) -> None:
    inside = outlined.root / "outlines" / "own.md"
    inside.parent.mkdir()
    inside.write_text("# Own\n\n- [ring](../net/ring.md)\n- own\n", encoding="utf-8")
    assert [(each.state, each.path) for each in cover(outlined.vault, str(inside)).covered] == [
        ("linked", "net/ring.md"), ("missing", None),
    ]  # fmt: skip


def test_a_file_without_topics(outlined: Notes, tmp_path: Path) -> None:
    place = tmp_path / "empty.md"
    place.write_text("", encoding="utf-8")
    found = cover(outlined.vault, str(place))
    assert (found.topics, found.mastery, found.notes()) == (0, None, [])


@given(st.lists(st.sampled_from(["# a", "### b", "- x", "  - [y](z.md)", "\t* w", "```", "", "text [[n]]", "---"])))
def test_reading_never_raises_and_lines_are_those_of_the_file(lines: list[str]) -> None:
    for chapter in chapters(parse_note("", "\n".join(lines).encode())):
        for topic in chapter.topics:
            assert lines[topic.line - 1].strip("#-* \t[`")
