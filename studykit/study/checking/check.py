"""Check the numbers in notes: which files, what each says, and where notes contradict one another."""

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from studykit.claims.checker import examine
from studykit.claims.consistency import contradictions
from studykit.claims.finding import Finding, Report, in_order
from studykit.errors import Problem, VaultError
from studykit.locale import _
from studykit.settings import Notes
from studykit.study.vault import open_vault
from studykit.vault.note import parse_note
from studykit.vault.scan import scan

SAME_CAUSE = 3
"""Findings of one cause in a note that are told as one."""


@dataclass(slots=True)
class Checked:
    """What a check came to: the files read, the numbers judged, the findings in order, and what could not be read."""

    files: int = 0
    numbers: int = 0
    findings: list[Finding] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def alarms(self) -> int:
        """How many findings are wrong or inconsistent."""
        return sum(finding.severity.alarming for finding in self.findings)


def check_notes(paths: Sequence[str], vault_dir: str | None = None) -> Checked:
    """Check files and folders, or the vault where none is named. Raises VaultError for a path that is not there."""
    checked, report = Checked(), Report()
    places = named_notes(paths) if paths else notes_of_vault(vault_dir)
    for shown, file in places:
        data = read_note(shown, file, checked)
        if data is not None:
            checked.files += 1
            report.add(examine(parse_note(shown, data), compare=True))
    checked.numbers = report.checked
    checked.findings = in_order([*report.findings, *contradictions(report.statements)])
    return checked


def by_cause(findings: Sequence[Finding]) -> list[tuple[Finding, list[Finding]]]:
    """The findings in order, each with the later ones of its note that have the same cause.

    A note that divides all its bubbles by the useful time is told so once. A pair stands for itself.
    """
    groups: dict[tuple[object, ...], list[Finding]] = defaultdict(list)
    for each in findings:
        alone = (each.line, each.column, each.stated) if not each.cause else ()
        groups[each.file, each.severity, each.cause, *alone].append(each)
    together = {id(group[0]): group[1:] for group in groups.values() if len(group) >= SAME_CAUSE}
    later = {id(each) for others in together.values() for each in others}
    return [(each, together.get(id(each), [])) for each in findings if id(each) not in later]


def notes_of_vault(vault_dir: str | None) -> Iterator[tuple[str, str]]:
    """The vault's notes, shown relative to it."""
    vault = open_vault(vault_dir)
    for path in _notes_in(vault.root, vault.settings.notes):
        yield path, os.path.join(vault.root, path)


def named_notes(paths: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each file once, shown as it was named, so that an editor can open it from where the person stands."""
    missing = [path for path in paths if not os.path.exists(path)]
    if missing:
        raise VaultError(
            _("{folder} is not there.").format(folder=missing[0]), _("Name files or folders of Markdown notes.")
        )
    seen: set[str] = set()
    for path in paths:
        for shown in _files(path):
            real = os.path.realpath(shown)
            if real not in seen:
                seen.add(real)
                yield shown, shown


def _files(path: str) -> Iterator[str]:
    if not os.path.isdir(path):
        yield path
        return
    for inner in _notes_in(path, Notes()):
        yield os.path.join(path, inner)


def _notes_in(root: str, options: Notes) -> list[str]:
    return sorted(scan(root, options.include, options.exclude).files)


def read_note(shown: str, file: str, checked: Checked) -> bytes | None:
    """The note's bytes; None, and a problem in `checked`, where it cannot be read."""
    try:
        with open(file, "rb") as opened:
            return opened.read()
    except OSError as error:
        checked.problems.append(Problem(shown, 1, _("cannot be read: {reason}").format(reason=error.strerror)))
        return None
