"""Notes as people write them: what they are called, where they are cut, what is no material."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.vault.note import Note, parse_note
from studykit.vault.sections import Section
from tests.vault import nasty
from tests.vault.fixture import Example, examples


@pytest.mark.parametrize("example", examples("notes.md"), ids=str)
def test_fixture(example: Example) -> None:
    assert _shown(parse_note("folder/a_note.md", example.given.encode())) == example.expected


def _shown(note: Note) -> str:
    lines = [f"title: {note.title}"]
    if note.lead:
        lines.append(f"lead {note.lead_line}: {_one_line(note.lead)}")
    for section in note.sections:
        lines += _section(section)
    if not note.is_material:
        lines.append(f"not material: {note.why_not}")
    return "".join(line + "\n" for line in lines)


def _section(section: Section) -> list[str]:
    lines = [f"section {section.line} {' / '.join((*section.path, section.heading.title))}"]
    if section.body:
        lines.append(f"  body: {_one_line(section.body)}")
    if section.own != section.body:
        lines.append(f"  own: {_one_line(section.own)}")
    return lines


def _one_line(text: str) -> str:
    return text.replace("\n", "⏎")


@pytest.mark.parametrize(
    ("path", "deck", "title"),
    [
        ("a.md", "", "a"),
        ("gpu/deep/KV_cache（推理）.md", "gpu/deep", "KV cache（推理）"),
        (
            "x/请详细描述`LLMEngine.__init__()`/都做了哪些_工作？.md",
            "x/请详细描述`LLMEngine.__init__()`",
            "都做了哪些 工作？",
        ),
        ("_.md", "", "_"),
        ("x/.md", "x", ""),
    ],
)
def test_deck_and_title_come_from_the_path(path: str, deck: str, title: str) -> None:
    note = parse_note(path, b"text")
    assert (note.deck, note.title) == (deck, title)


@pytest.mark.parametrize(
    ("path", "is_material"),
    [
        ("CLAUDE.md", False),
        ("x/AGENTS.md", False),
        ("README.md", False),
        ("x/readme.zh-CN.md", False),
        ("claude.md", True),
        ("gemini.md", True),
        ("my_README.md", True),
        ("logseq/bak/pages/tcp/2022-01-01T10_00_00.000Z.Desktop.md", False),
        ("graph/logseq/version-files/local/pages/tcp/1.md", False),
        ("logseq/bak.md", True),
    ],
)
def test_files_that_are_no_material_by_their_names(path: str, is_material: bool) -> None:
    assert parse_note(path, b"# T\n\ntext").is_material is is_material
    assert parse_note(path, b"---\ncards: true\n---\n# T\n\ntext").is_material


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (b"# T\n\ntext \xff more", 3, "byte 10 (0xff) is not UTF-8"),
        (b"\xef\xbb\xbfa\n\xc3", 2, "byte 5 (0xc3) is not UTF-8"),
        ("# 题".encode("gb18030"), 1, "byte 2 (0xcc) is not UTF-8"),
        (b"# T\nPK\0\0", 2, "byte 6 is NUL"),
        ("# T".encode("utf-16"), 1, "the file is UTF-16"),
        (b"\xfe\xff\0#\0 \0T", 1, "the file is UTF-16"),
    ],
)
def test_what_is_no_text_is_a_problem_and_no_material(data: bytes, line: int, words: str) -> None:
    note = parse_note("a.md", data)
    assert not note.is_material
    assert [(problem.file, problem.line) for problem in note.problems] == [("a.md", line)]
    assert words in note.problems[0].message
    assert words in note.why_not


def test_utf_16_can_still_be_read() -> None:
    assert parse_note("a.md", "# 题目\r\ntext".encode("utf-16")).title == "题目"


def test_lines_count_in_the_file() -> None:
    note = parse_note("a.md", b"---\nid: x\n---\n\n# T\n\n\nlead\n\n## A\n")
    lines = note.text.split("\n")
    assert (note.body_line, note.lead_line) == (4, 8)
    assert lines[note.lead_line - 1] == "lead"
    assert [lines[section.line - 1] for section in note.sections] == ["# T", "## A"]


def test_the_digest_is_of_the_bytes() -> None:
    assert parse_note("a.md", b"a\r\n").digest != parse_note("a.md", b"a\n").digest
    assert parse_note("a.md", b"a\n").digest == parse_note("b.md", b"a\n").digest


@given(
    st.binary(max_size=60)
    | st.builds(bytes.__add__, st.sampled_from([b"---\n", b"\xff\xfe", b"\0"]), st.binary(max_size=40))
)
def test_no_bytes_raise(data: bytes) -> None:
    note = parse_note("a/b.md", data)
    assert note.is_material is (note.why_not == "")
    assert "\r" not in note.text


@given(nasty.documents())
def test_sections_are_pieces_of_the_body(text: str) -> None:
    note = parse_note("a.md", text.encode())
    for piece in (note.lead, *(part for section in note.sections for part in (section.body, section.own))):
        assert all(line in note.body for line in piece.split("\n"))
        assert piece == piece.strip()
    for section in note.sections:
        assert section.body.startswith(section.own)


def test_the_sample_vault(vault_dir: Path) -> None:
    root = vault_dir / "notes"
    notes = [parse_note(str(place.relative_to(root)), place.read_bytes()) for place in sorted(root.rglob("*.md"))]
    left_out = {note.path for note in notes if not note.is_material}
    assert left_out == {"_seeds/README.md", "outline_template/示例笔记.md"}
    assert [problem.file for note in notes for problem in note.problems] == ["outline_template/示例笔记.md"]
    for note in notes:
        pieces = [note.lead, *(section.body for section in note.sections)]
        assert not any("相关笔记" in piece and "自动生成" in piece for piece in pieces)
        assert note.title
