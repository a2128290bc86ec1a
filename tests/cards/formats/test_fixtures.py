"""Every format of another program against readable pairs of a note and its cards (`fixtures/*.txt`)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from studykit.cards.card import Draft
from studykit.cards.extract import RuleOptions, extract
from studykit.cards.rules import NATIVE
from studykit.vault.note import parse_note

FIXTURES = Path(__file__).parent / "fixtures"


@dataclass(frozen=True)
class Case:
    rule: str
    name: str
    path: str
    note: str
    expected: str


def cases() -> Iterator[Case]:
    for file in sorted(FIXTURES.glob("*.txt")):
        for block in ("\n" + file.read_text(encoding="utf-8")).split("\n== ")[1:]:
            head, _, expected = block.partition("\n-- cards\n")
            name, path, note = head.split("\n", 2)
            yield Case(file.stem, name, path.removeprefix("@ "), note, expected.strip("\n"))


def shown(draft: Draft) -> Iterator[str]:
    first, *more = draft.prompt.split("\n")
    kind = f"gap {draft.cloze}" if draft.kind == "cloze" else draft.kind
    yield f"{draft.line} [{draft.deck}] {kind} | {first}"
    yield from (f"| {line}".rstrip() for line in more)
    yield from (f"> {line}".rstrip() for line in draft.answer.split("\n"))
    if draft.explicit_id:
        yield f"# {draft.explicit_id}"
    if draft.schedule:
        yield f"% {draft.schedule.last} {draft.schedule.interval} {draft.schedule.label}"


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.rule}: {case.name}")
def test_fixture(case: Case) -> None:
    found = extract(parse_note(case.path, case.note.encode()), RuleOptions())
    marked = any(draft.rule == case.rule for draft in found.drafts)
    lines = [line for draft in found.drafts if marked for line in shown(draft)]
    assert "\n".join([*lines, *(f"! {problem.line}" for problem in found.problems)]) == case.expected
    assert not marked or {draft.rule for draft in found.drafts} == {case.rule}


def test_every_format_has_fixtures() -> None:
    assert {case.rule for case in cases()} == set(NATIVE)


@pytest.mark.parametrize("rule", NATIVE)
def test_a_format_that_is_off_makes_no_card(rule: str) -> None:
    for case in cases():
        note = parse_note(case.path, case.note.encode())
        assert rule not in {draft.rule for draft in extract(note, RuleOptions(enabled={rule: False})).drafts}
