"""The same inputs with two results, in one note or in two."""

from studykit.claims.consistency import contradictions
from tests.claims.notes import report


def test_two_notes_that_disagree() -> None:
    one = report("P=4, M=16：气泡率 15.8%", "one.md")
    two = report("P=4, M=16：气泡率 18.75%", "two.md")
    found = contradictions([*one.statements, *two.statements])
    assert [(finding.file, str(finding.severity)) for finding in found] == [("two.md", "inconsistent")]
    assert "one.md:1" in found[0].message


def test_two_roundings_agree() -> None:
    one = report("P=4, M=16：气泡率 15.8%", "one.md")
    two = report("4 级流水线、16 个 micro-batch：气泡约 16%", "two.md")
    assert len(one.statements) == len(two.statements) == 1
    assert not contradictions([*one.statements, *two.statements])


def test_other_inputs_are_another_matter() -> None:
    one = report("P=4, M=16：气泡率 15.8%", "one.md")
    two = report("P=4, M=8：气泡率 27.3%", "two.md")
    assert not contradictions([*one.statements, *two.statements])
