"""What the checker says: a number it judged, and a number it found wrong."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How bad a finding is. Only the first two are alarms, and only they make `studykit check` fail."""

    WRONG = "wrong"
    INCONSISTENT = "inconsistent"
    CONVENTION = "convention"
    IMPRECISE = "imprecise"

    @property
    def alarming(self) -> bool:
        return self in (Severity.WRONG, Severity.INCONSISTENT)


@dataclass(frozen=True, slots=True)
class Finding:
    """One number that is not what it should be.

    `line` and `column` count from 1 in the file. `text` is the claim as written, `stated` its number, `value` what it
    comes to (None if there is no single right value). `calculator` is the calculator's name, or `arithmetic`,
    `change`, `table` and the like where no calculator was needed. `suggestion` is what could stand there instead.
    `cause` names what a note may have got wrong once and then everywhere; empty where each finding stands for itself.
    """

    file: str
    line: int
    column: int
    severity: Severity
    text: str
    stated: str
    value: float | None
    calculator: str
    inputs: Mapping[str, Any] = field(default_factory=dict)
    message: str = ""
    suggestion: str = ""
    cause: str = ""

    def as_json(self) -> dict[str, Any]:
        """The keys that other programs may rely on."""
        return {
            "file": self.file, "line": self.line, "column": self.column, "severity": str(self.severity),
            "text": self.text, "stated": self.stated, "value": self.value, "calculator": self.calculator,
            "inputs": dict(self.inputs),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Statement:
    """A result that a note states for known inputs, kept to be compared with what other notes say.

    `quantity` names the result, `inputs` are sorted pairs, `value` is in base units and `step` the worth of its last
    digit shown. `right` tells whether the calculator agrees; of bubbles and efficiencies the inputs are P, M and V, of
    all else the calculator's own, by declared name.
    """

    quantity: str
    inputs: tuple[tuple[str, Any], ...]
    value: float
    step: float
    file: str
    line: int
    column: int
    text: str
    stated: str
    right: bool
    calculator: str = "bubble"


@dataclass(slots=True)
class Report:
    """What came of one note, or of many: how many numbers were judged, and what was found."""

    checked: int = 0
    findings: list[Finding] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)

    def take(self, judged: Iterable[Finding | None]) -> None:
        """Count numbers that were judged: those that are right (None), and what was found of the others."""
        for each in judged:
            self.checked += 1
            if each:
                self.findings.append(each)

    def add(self, other: "Report") -> None:
        """What came of another note, or of another look at this one."""
        self.checked += other.checked
        self.findings += other.findings
        self.statements += other.statements


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """By file, line and column; of several at one place only the most severe."""
    ranks = {severity: rank for rank, severity in enumerate(Severity)}
    kept: dict[tuple[str, int, str], Finding] = {}
    for each in sorted(findings, key=lambda found: ranks[found.severity]):
        kept.setdefault((each.file, each.line, each.stated), each)
    return sorted(kept.values(), key=lambda found: (found.file, found.line, found.column))
