"""One file of the vault as a `Note`: what it is called, what it says, and whether it can be studied."""

from collections.abc import Sequence

import msgspec

from studykit.errors import Problem
from studykit.vault.decode import decode, digest
from studykit.vault.frontmatter import Frontmatter, read_frontmatter
from studykit.vault.later import later
from studykit.vault.material import why_not
from studykit.vault.outline import Heading, Outline, outline
from studykit.vault.sections import Cutter, Section, cut, real_headings
from studykit.vault.tail import generated_tails

_CARD = later(r"::|==\S")  # a heading that is a card as other programs write them says something by itself


class Note(msgspec.Struct, frozen=True):
    """A note as read. `path` is relative to the vault with `/`; `deck` is its folder, empty at the root.

    `title` is Markdown as written. `text` is the whole file and `body` what follows the frontmatter, both with
    `\\n` line ends; `body_line` is the file's line, from 1, on which the body starts. `lead` is the text before
    the first heading below the title, and `lead_line` the file's line where it starts. `digest` is of the bytes.
    `why_not` says why a note that is no material makes no cards.
    """

    path: str
    title: str
    deck: str
    text: str
    body: str
    body_line: int
    frontmatter: Frontmatter
    outline: Outline
    sections: tuple[Section, ...]
    lead: str
    lead_line: int
    digest: str
    problems: tuple[Problem, ...]
    is_material: bool
    why_not: str


def parse_note(path: str, data: bytes) -> Note:
    """Read a note from its bytes. Never raises: what cannot be read is no material and carries a problem."""
    decoded = decode(path, data)
    text = decoded.text
    read = read_frontmatter(text, path)
    body, body_line = text[read.body_offset :], read.body_line + 1
    structure = outline(body)
    tails = generated_tails(structure) if "<!--" in body else ()
    headings = real_headings(structure, tails)
    cutter = Cutter(body, structure, tails)
    name = title_heading(headings)
    lead, lead_at = _lead(headings, name, cutter)
    title = _title(name, read.frontmatter, path)
    sections = cut(headings, cutter, body_line)
    prose = lead or next((section.own for section in sections if section.own), "")
    if not prose.strip() and headings:
        prose = "\n".join(structure.lines[: headings[0].line])
        prose = prose if prose.strip() else next((one.title for one in headings if _CARD.search(one.title)), "")
    reason = decoded.why_not or why_not(path, text[: read.body_offset], title, prose, read.frontmatter)
    problems = (*decoded.problems, *read.problems)
    return Note(
        path, title, path.rpartition("/")[0], text, body, body_line, read.frontmatter, structure, sections,
        lead, lead_at + body_line, digest(data), problems, not reason, reason,
    )  # fmt: skip


def title_heading(headings: Sequence[Heading]) -> Heading | None:
    """The heading that names the note: its first, if that is an H1, or else its only H1.

    A note that begins with an H2 and has several H1s (mostly `#` comments of unfenced code) has none.
    """
    named = [heading for heading in headings if heading.level == 1]
    if not named or not (named[0] is headings[0] or len(named) == 1):
        return None
    return named[0]


def _title(name: Heading | None, frontmatter: Frontmatter, path: str) -> str:
    if name and name.title:
        return " ".join(name.title.split())
    stem = path.rpartition("/")[2].removesuffix(".md")
    return frontmatter.title or " ".join(stem.replace("_", " ").split()) or stem


def _lead(headings: Sequence[Heading], name: Heading | None, cutter: Cutter) -> tuple[str, int]:
    """The text between the title (or the top) and the next heading, and its first line, 0-based in the body."""
    first = headings[1:] if name and headings[0] is name else headings
    start = headings[0].end if name and headings[0] is name else 0
    end = first[0].line if first else len(cutter.lines)
    lead = cutter.text(start, end)
    if not lead:
        return "", start
    while not cutter.lines[start].strip():
        start += 1
    return lead, start
