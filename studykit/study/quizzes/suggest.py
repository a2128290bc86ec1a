"""Offer quiz blocks for what notes already claim; nothing is written here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from studykit.calculators.quiz import Quiz, parse_quiz
from studykit.calculators.registry import get
from studykit.claims.checker import examine
from studykit.errors import Problem, StudyError
from studykit.locale import _
from studykit.study.checking.check import Checked, named_notes, notes_of_vault, read_note
from studykit.study.quizzes.quiz_draft import draft, is_chinese
from studykit.study.quizzes.recognised import Recognised, Standing, family, recognised
from studykit.vault.note import Note, parse_note

MOST = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """A quiz block for the claim on a line, from 1. `file` is shown, `path` opens it; `digest` is of the file read.

    `remark` says what is the matter with the claim's own number; it is empty where that is right.
    """

    file: str
    line: int
    calculator: str
    output: str
    block: str
    path: str
    digest: str
    remark: str = ""

    def as_json(self) -> dict[str, Any]:
        """The keys that other programs may rely on."""
        return {
            "file": self.file, "line": self.line, "calculator": self.calculator, "output": self.output,
            "block": self.block,
        }  # fmt: skip


@dataclass(slots=True)
class Suggested:
    """What was found: notes read, proposals by file and line, and what could not be read."""

    files: int = 0
    proposals: list[Proposal] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def suggest_blocks(paths: Sequence[str], vault_dir: str | None = None, most: int = MOST) -> Suggested:
    """Proposals for files and folders, or for the vault where none is named; `most` (at least 1) for a note.

    Raises VaultError for a path that is not there. A note that makes no cards gets no proposal.
    """
    suggested, reading = Suggested(), Checked()
    for shown, path in named_notes(paths) if paths else notes_of_vault(vault_dir):
        data = read_note(shown, path, reading)
        if data is None:
            continue
        suggested.files += 1
        note = parse_note(shown, data)
        if note.is_material:
            suggested.proposals += proposals(note, path, most)
    suggested.problems = reading.problems
    return suggested


def proposals(note: Note, path: str, most: int = MOST) -> list[Proposal]:
    """The proposals for one note. A question that the note has already counts towards `most`, so none comes later."""
    claims = recognised(note, examine(note))
    if not claims:
        return []
    chinese, quizzes = is_chinese(note.title + note.body), list(_quizzes(note))
    drafted = [(claim, block) for claim in claims if (block := draft(claim, chinese=chinese))]
    return [
        Proposal(note.path, claim.line, claim.calculator, claim.output, block, path, note.digest, _remark(claim))
        for claim, block in drafted[:most]
        if not any(_asks(quiz, claim) for quiz in quizzes)
    ]


def _quizzes(note: Note) -> Iterator[Quiz]:
    for fence in note.outline.fences:
        if fence.info.split(None, 1)[:1] == ["quiz"]:
            try:
                yield parse_quiz(fence.content)
            except StudyError:
                continue  # sync says what is wrong with it


def _asks(quiz: Quiz, claim: Recognised) -> bool:
    """Whether a quiz asks for the claim's output, with the same choices but for the convention."""
    if quiz.calculator != claim.calculator or claim.output not in quiz.answers:
        return False
    return all(
        family(each.name, claim.inputs.get(each.name, each.default))
        in {family(each.name, value) for value in quiz.given.get(each.name, (each.default,))}
        for each in get(claim.calculator).inputs
        if each.kind == "choice" and each.name != "convention" and not callable(each.default)
    )


def _remark(claim: Recognised) -> str:
    if claim.standing is Standing.WRONG:
        why = claim.message or _("it is {value}").format(value=claim.figure())
        return _("the number stated here is wrong: {why}").format(why=why)
    if claim.standing is Standing.OTHERWISE and claim.inputs.get("convention") == "ideal":
        return _("the note says {stated}, by the ideal convention (idle / work); the question names it.").format(
            stated=claim.stated
        )
    if claim.standing is Standing.OTHERWISE:
        return _("the note says {stated}; exactly it is {value}.").format(stated=claim.stated, value=claim.figure())
    return ""
