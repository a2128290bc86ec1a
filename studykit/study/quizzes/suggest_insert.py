"""Write proposed blocks into their notes: each at the end of its claim's section, every other byte as it was."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from studykit.errors import Problem, StudyError
from studykit.locale import _
from studykit.study.quizzes.suggest import Proposal
from studykit.vault.decode import digest
from studykit.vault.note import Note, parse_note
from studykit.vault.rewrite import read_bytes, replace_file
from studykit.vault.tail import generated_tails

_LINE_END = re.compile(rb"\r\n|\n|\r")
_RULE = re.compile(r" {0,3}(?:-[ \t]*){3,}$| {0,3}(?:\*[ \t]*){3,}$| {0,3}(?:_[ \t]*){3,}$")


@dataclass(slots=True)
class Inserted:
    """What was written: blocks, notes, and why others were left."""

    blocks: int = 0
    notes: int = 0
    problems: list[Problem] = field(default_factory=list)


def insert_blocks(proposals: Iterable[Proposal]) -> Inserted:
    """Insert the proposals, a note at a time: whole or not at all. A note that has changed since is left alone."""
    inserted = Inserted()
    for path, group in groupby(proposals, key=lambda each: each.path):
        rows = list(group)
        try:
            _into_note(path, rows, inserted)
        except StudyError as error:
            inserted.problems.append(Problem(rows[0].file, rows[0].line, str(error)))
    return inserted


def _into_note(path: str, rows: Sequence[Proposal], inserted: Inserted) -> None:
    data, seen = read_bytes(path)
    changed = _("The note has changed meanwhile; nothing was written. Run the command again.")
    if digest(data) != rows[0].digest:
        raise StudyError(changed)
    new, count = data, 0
    for each in _from_below(parse_note("", data), rows):
        made = with_block(new, each.line, each.block)
        if made is None:
            message = _("no place was found for the block at the end of this section")
            inserted.problems.append(Problem(each.file, each.line, message))
        else:
            new, count = made, count + 1
    if not count:
        return
    if not replace_file(path, new, seen):
        raise StudyError(changed)
    inserted.blocks += count
    inserted.notes += 1


def _from_below(note: Note, rows: Sequence[Proposal]) -> list[Proposal]:
    """The last section first, so that the lines of claims stay what they are; within a section in order."""
    starts = [section.line for section in note.sections]
    return sorted(rows, key=lambda row: (-bisect_right(starts, row.line), row.line))


def with_block(data: bytes, line: int, block: str) -> bytes | None:
    """The file with `block` at the end of the section that holds `line` (from 1); None if no place is safe.

    Safe is a place where the block stands by itself, outside of lists and fences, and all else reads as before.
    """
    note = parse_note("", data)
    for place in _places(note, line - note.body_line):
        made = _spliced(data, place + note.body_line - 1, block)
        if _stands_alone(note, parse_note("", made), block):
            return made
    return None


def _places(note: Note, at: int) -> Iterator[int]:
    """The lines of the body after which the block may go: before rules at the section's end, else behind them."""
    lines = note.outline.lines
    starts = [section.heading.line for section in note.sections]
    starts += [tail.start for tail in generated_tails(note.outline)]
    last = min((start for start in starts if start > at), default=len(lines)) - 1
    first = last
    while last > at and (not lines[last].strip() or _RULE.match(lines[last])):
        last -= 1
    yield last
    while first > last and not lines[first].strip():
        first -= 1
    if first != last:
        yield first


def _spliced(data: bytes, after: int, block: str) -> bytes:
    """The bytes with the block between blank lines after the file's line `after`, from 0, in the file's line ends."""
    ends = list(_LINE_END.finditer(data))
    newline = ends[0][0] if ends else b"\n"
    at = ends[after].start() if after < len(ends) else len(data)
    text = newline * 2 + newline.join(line.encode() for line in block.split("\n"))
    follows = data[ends[after].end() : ends[after + 1].start() if after + 1 < len(ends) else len(data)] if (
        after < len(ends)
    ) else b""  # fmt: skip
    return data[:at] + text + (newline if follows.strip() else b"") + data[at:]


def _stands_alone(before: Note, after: Note, block: str) -> bool:
    """Whether the new note is the old one and a quiz block that is in no list or quote."""
    content = block.split("\n", 1)[1].rsplit("\n", 1)[0] + "\n"
    fences = [(fence.info, fence.content, fence.depth) for fence in after.outline.fences]
    own = ("quiz", content, 0)
    old = [(fence.info, fence.content, fence.depth) for fence in before.outline.fences]
    places = [index for index, fence in enumerate(fences) if fence == own]
    return (
        any(fences[:index] + fences[index + 1 :] == old for index in places)
        and [(each.level, each.title) for each in after.outline.headings]
        == [(each.level, each.title) for each in before.outline.headings]
        and [each.text for each in after.outline.comments] == [each.text for each in before.outline.comments]
        and after.frontmatter == before.frontmatter
    )
