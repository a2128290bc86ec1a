"""Every rule against readable pairs of a note and its cards (`fixtures/*.txt`)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from studykit.cards.extract import RuleOptions, extract
from studykit.cards.rules import NAMES, NATIVE
from studykit.vault.note import parse_note

FIXTURES = Path(__file__).parent / "fixtures"


@dataclass(frozen=True)
class Case:
    name: str
    path: str
    note: str
    expected: str


def cases() -> Iterator[Case]:
    for file in sorted(FIXTURES.glob("*.txt")):
        for block in ("\n" + file.read_text(encoding="utf-8")).split("\n== ")[1:]:
            head, _, expected = block.partition("\n-- cards\n")
            name, path, note = head.split("\n", 2)
            yield Case(f"{file.stem}: {name}", path.removeprefix("@ "), note + "\n", expected.rstrip("\n"))


def written(case: Case) -> str:
    """The cards of a case in the form of the fixtures."""
    found = extract(parse_note(case.path, case.note.encode()), RuleOptions())
    lines: list[str] = []
    for draft in found.drafts:
        first, *more = draft.prompt.split("\n")
        lines += [f"{draft.line} {draft.rule} | {first}", *(f"| {line}".rstrip() for line in more)]
        lines += [f"~ {draft.context}"] if draft.context else []
        lines += [f"# {draft.explicit_id}"] if draft.explicit_id else []
        lines += [f"> {line}".rstrip() for line in draft.answer.rstrip("\n").split("\n")]
    return "\n".join(lines + [f"! {problem.line}" for problem in found.problems])


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_fixture(case: Case) -> None:
    assert written(case) == case.expected


def test_every_rule_has_fixtures() -> None:
    rules = {line.split(" ")[1] for case in cases() for line in case.expected.split("\n") if line[:1].isdigit()}
    assert rules == set(NAMES) - set(NATIVE)


@pytest.mark.parametrize("rule", NAMES)
def test_a_rule_that_is_off_makes_no_card(rule: str) -> None:
    for case in cases():
        note = parse_note(case.path, case.note.encode())
        assert rule not in {draft.rule for draft in extract(note, RuleOptions(enabled={rule: False})).drafts}


def test_the_answer_headings_are_a_setting() -> None:
    note = parse_note("a.md", b"# Ownership in Rust\n\n## Kernpunkt\n\nOne owner at a time.\n")
    assert extract(note, RuleOptions()).drafts == ()
    [draft] = extract(note, RuleOptions(answer_headings=["Kernpunkt"])).drafts
    assert (draft.prompt, draft.answer) == ("Ownership in Rust", "One owner at a time.")


def test_a_long_question_section_makes_no_card() -> None:
    body = "\n\n".join(["A paragraph of some length about the subject."] * 30)
    long = parse_note("a.md", f"# Title\n\n## What is it?\n\n{body}\n".encode())
    assert extract(long, RuleOptions()).drafts == ()
    own = parse_note(
        "a.md", f"# Title\n\n## What is it?\n\nA short answer that says it all.\n\n### More\n\n{body}\n".encode()
    )
    assert [draft.answer for draft in extract(own, RuleOptions()).drafts] == ["A short answer that says it all."]
