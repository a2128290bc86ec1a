"""What the head of a note says, and what it costs if it says it wrongly."""

from datetime import date
from pathlib import Path

import frontmatter as peer
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.vault.frontmatter import NONE, Frontmatter, Read, read_frontmatter
from tests.vault.fixture import Example, examples

PATH = "notes/folder/a_note.md"


@pytest.mark.parametrize("example", examples("frontmatter.md"), ids=str)
def test_fixture(example: Example) -> None:
    assert _shown(read_frontmatter(example.given, PATH)) == example.expected


def _shown(read: Read) -> str:
    lines = [f"{name}: {_value(value)}" for name, value in _said(read.frontmatter)]
    lines.append(f"body starts after {read.body_line} lines")
    lines += [f"line {problem.line}: {problem.message}" for problem in read.problems]
    assert all(problem.file == PATH for problem in read.problems)
    return "".join(line + "\n" for line in lines)


def _said(found: Frontmatter) -> list[tuple[str, object]]:
    pairs = [(name, getattr(found, name)) for name in found.__struct_fields__]
    return [(name, value) for name, value in pairs if value != getattr(NONE, name)]


def _value(value: object) -> str:
    if isinstance(value, tuple | frozenset):
        return ", ".join(sorted(value) if isinstance(value, frozenset) else value)
    return value.isoformat() if isinstance(value, date) else str(value)


@given(st.text(alphabet="ab:-'\"#[]{}&*!|>%@`,?<0129\n \t~.\u3000é", max_size=80))
def test_nothing_between_the_dashes_raises(inner: str) -> None:
    text = f"---\n{inner}\n---\nbody"
    read = read_frontmatter(text, PATH)
    assert text[read.body_offset :].count("\n") == text.count("\n") - read.body_line


@pytest.mark.parametrize(
    "inner",
    [
        "a: " + "[" * 30_000,
        "a: " + "{a: " * 10_000,
        "- " * 30_000,
        "? " * 30_000,
        "a: &a {x: 1}\nb: &b {<<: [*a, *a]}\nc: &c {<<: [*b, *b]}\nd: {<<: [*c, *c]}",
        "a: " + "x" * 5_000_000,
        "review_count: " + "9" * 5_000,
        "a: !!python/object/apply:os.system ['true']",
        "a: !!binary x",
        "a: !!timestamp x",
        "\x00: 1",
        "a: \ud800",
        "<<: 1",
        "a: 190:20:30.15",
        "review_count: .inf",
        "mastery_level: .nan",
    ],
    ids=lambda inner: inner[:12],
)
def test_a_hostile_head_is_a_problem_or_a_default(inner: str) -> None:
    read = read_frontmatter(f"---\nid: x\n{inner}\n---\nbody", PATH)
    assert read.frontmatter.review_count == 0
    assert read.frontmatter.mastery == 0.0
    assert all(len(problem.message) < 250 for problem in read.problems)


def test_every_key_of_the_sample_vault_reads_as_python_frontmatter_reads_it(vault_dir: Path) -> None:
    seen = 0
    for place in sorted((vault_dir / "notes").rglob("*.md")):
        text = place.read_text(encoding="utf-8")
        if "{{DATE}}" in text:
            continue
        values, body = peer.parse(text)
        read = read_frontmatter(text, str(place.relative_to(vault_dir)))
        found = read.frontmatter
        assert found.keys == values.keys()
        assert found.review_count == values["review_count"]
        assert str(found.created) == str(values["created"])
        assert found.label == values["difficulty"]
        assert text[read.body_offset :].strip() == body
        assert not read.problems
        assert not any(tag.endswith(".md") for tag in found.tags)
        seen += 1
    assert seen > 100
