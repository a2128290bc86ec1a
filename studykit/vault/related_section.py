"""The section of related notes in a note's bytes: its generated lines replaced, and every other byte as it was."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from studykit.vault.note import Note, parse_note
from studykit.vault.tail import MARK, Tail, generated_tails

TOLERANCE = 2
"""Percentage points by which a figure may differ from what stands: an edit elsewhere moves all of them a little."""

_LINE_END = re.compile(rb"\r\n|\n|\r")
_GENERATED = re.compile(
    r"\s*[-*+]\s+\[.*\]\(.*\)\s+-\s+(?:相似度|similarity)[:：]\s*(?P<percent>\d+)\s*%.*", re.IGNORECASE
)
_NOTHING = re.compile(r"\s*[*_(]*(?:暂无相关笔记|暫無相關筆記|no related notes)", re.IGNORECASE)
_CHINESE = re.compile(r"相关笔记|相關筆記")


class Entry(NamedTuple):
    """One related note as it is listed: a link's text and address, the similarity in percent, tags."""

    label: str
    address: str
    percent: int
    tags: tuple[str, ...] = ()


def has_section(note: Note) -> bool:
    """Whether a generated section stands in the note."""
    return bool(generated_tails(note.outline))


def with_related(data: bytes, entries: Sequence[Entry]) -> bytes:
    """The note with these entries in its generated section, or as it is where there is none or nothing differs.

    Lines of the list that a person wrote stay, below the others. The figures count as the same within `TOLERANCE`.
    """
    note = parse_note("", data)
    tails = generated_tails(note.outline)
    if not tails:
        return data
    first, last = _listed(note, tails[-1])
    old = note.outline.lines[first:last]
    new = _renewed(old, _lines(entries, chinese=_is_chinese(note, tails[-1])))
    if new == old:
        return data
    made = _spliced(data, note.body_line - 1 + first, note.body_line - 1 + last, new)
    return made if _same_beside(note, parse_note("", made)) else data


def with_new_section(data: bytes, entries: Sequence[Entry], *, chinese: bool) -> bytes | None:
    """The note with a generated section at its end; None where none can stand there (an open code fence)."""
    ends = _LINE_END.findall(data)
    newline = ends[0] if ends else b"\n"
    head = ["## 相关笔记", "<!-- 自动生成 -->"] if chinese else ["## Related notes", "<!-- generated -->"]
    lines = ["", *head, "", *_lines(entries, chinese=chinese)]
    gap = b"" if not data or data.endswith((b"\n", b"\r")) else newline
    made = data + gap + b"".join(line.encode() + newline for line in lines)
    before, after = parse_note("", data), parse_note("", made)
    return made if has_section(after) and _same_beside(before, after) else None


def _lines(entries: Sequence[Entry], *, chinese: bool) -> list[str]:
    if not entries:
        return ["暂无相关笔记" if chinese else "No related notes"]
    similarity, tags = ("相似度", "标签") if chinese else ("similarity", "tags")
    return [
        f"- [{each.label}]({each.address}) - {similarity}: {each.percent}%"
        + (f" | {tags}: {', '.join(each.tags)}" if each.tags else "")
        for each in entries
    ]


def _is_chinese(note: Note, tail: Tail) -> bool:
    return bool(_CHINESE.search(note.outline.lines[tail.start]))


def _listed(note: Note, tail: Tail) -> tuple[int, int]:
    """The lines of the body from the first entry to behind the last; both behind the mark where there is none."""
    lines = note.outline.lines
    start = next(heading.end for heading in note.outline.headings if heading.line == tail.start)
    if not MARK.search(lines[tail.start]):
        start = next(number for number in range(start, tail.end) if lines[number].strip()) + 1
    filled = [number for number in range(start, tail.end) if lines[number].strip()]
    return (filled[0], filled[-1] + 1) if filled else (start, start)


def _renewed(old: list[str], wanted: list[str]) -> list[str]:
    """The lines for the old ones; the same list where nothing differs that matters."""
    generated = [line for line in old if _GENERATED.fullmatch(line) or _NOTHING.match(line)]
    own = [line for line in old if line.strip() and line not in generated]
    if generated and _say_the_same(generated, wanted):
        return old
    gap = [] if old else [""]
    return [*gap, *wanted, *own]


def _say_the_same(old: Sequence[str], new: Sequence[str]) -> bool:
    return len(old) == len(new) and all(map(_says_the_same, old, new))


def _says_the_same(old: str, new: str) -> bool:
    one, two = _GENERATED.fullmatch(old), _GENERATED.fullmatch(new)
    if not one or not two:
        return old == new
    near = abs(int(one["percent"]) - int(two["percent"])) <= TOLERANCE
    return near and _without_figure(old, one) == _without_figure(new, two)


def _without_figure(line: str, match: re.Match[str]) -> str:
    return line[: match.start("percent")] + line[match.end("percent") :]


def _spliced(data: bytes, first: int, last: int, lines: Sequence[str]) -> bytes:
    """The bytes with the file's lines `first` to before `last`, from 0, replaced, in the file's line ends."""
    ends = list(_LINE_END.finditer(data))
    newline = ends[0][0] if ends else b"\n"
    starts = [0, *(end.end() for end in ends)]
    text = newline.join(line.encode() for line in lines)
    if first == last:  # nothing stood there: behind the line before
        place = ends[first - 1].start() if first <= len(ends) else len(data)
        return data[:place] + newline + text + data[place:]
    stop = ends[last - 1].start() if last <= len(ends) else len(data)
    return data[: starts[first]] + text + data[stop:]


def _same_beside(before: Note, after: Note) -> bool:
    """Whether two notes say the same but for their generated sections."""
    one = [(section.heading.title, section.own) for section in before.sections]
    two = [(section.heading.title, section.own) for section in after.sections]
    return one == two and before.lead == after.lead and before.frontmatter == after.frontmatter
