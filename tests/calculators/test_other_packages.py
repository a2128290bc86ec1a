"""A calculator of another package, installed as packages are: with an entry point in its metadata."""

import doctest
import json
import sys
import textwrap
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from studykit.calculators import declare, registry
from studykit.calculators.checking import judge_output
from studykit.calculators.declare import get, names, parse_inputs
from studykit.calculators.inputs import RefusalError
from studykit.calculators.line import parse_line, verify
from studykit.calculators.quiz import draw, judge_quiz, parse_quiz, question
from studykit.cards.extract import extract
from studykit.cards.page import RuleOptions
from studykit.cli.app import studykit
from studykit.errors import NotFoundError
from studykit.vault.note import parse_note

DOCUMENTED = str(declare.__doc__)
OTHERS = """
from dataclasses import replace
from hop_calculators import HOPS

NONSENSE = 7
FAILING = replace(HOPS, name="failing", function=lambda inputs: {"hops": {}["nothing"]})
"""
POINTS = {
    "nonsense": "other_calculators:NONSENSE",
    "failing": "other_calculators:FAILING",
    "renamed": "hop_calculators:HOPS",
    "bubble": "hop_calculators:HOPS",
    "gone": "no_such_module:X",
    "leaving": "leaving_module:X",
}
QUIZ = "ask: How many sends with {{stages}} stages?\ncalculator: {name}\ngiven: {{stages: 2..64}}\n"


def documented_module() -> str:
    """The code of the documentation's example: its import and its declaration."""
    return "".join(each.source for each in doctest.DocTestParser().get_examples(DOCUMENTED)[:2])


def documented_points() -> dict[str, str]:
    """The entry points of the documentation's pyproject.toml."""
    lines = DOCUMENTED.splitlines()
    start = next(at for at, line in enumerate(lines) if "[project.entry-points" in line)
    table = tomllib.loads(textwrap.dedent("\n".join(lines[start : start + 2])))
    points: dict[str, str] = table["project"]["entry-points"][registry.GROUP]
    return points


def install(folder: Path, name: str, points: dict[str, str], modules: dict[str, str]) -> None:
    """What an installer leaves in site-packages."""
    for module, text in modules.items():
        (folder / f"{module}.py").write_text(text, encoding="utf-8")
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
    lines = [f"[{registry.GROUP}]", *(f"{key} = {value}" for key, value in points.items())]
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture(autouse=True)
def other_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    install(tmp_path, "hop_calculators", documented_points(), {"hop_calculators": documented_module()})
    install(
        tmp_path, "other_calculators", POINTS, {"other_calculators": OTHERS, "leaving_module": "raise SystemExit(3)\n"}
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(registry, "_loaded", {})
    monkeypatch.setattr(registry, "_broken", {})
    yield
    for module in ("hop_calculators", "other_calculators", "leaving_module"):
        sys.modules.pop(module, None)


def test_the_documented_one_is_listed_found_and_computes() -> None:
    assert "hops" in names()
    hops = get("hops")
    inputs = parse_inputs(hops, {"stages": "8"})
    assert hops.compute(inputs).values == {"hops": 7}
    assert any("8-1" in line for line in hops.steps(inputs))
    assert judge_output(hops, inputs, "hops", "8").used == "P = 8 = 8 hops"


def test_commands_lines_and_quiz_blocks_know_it() -> None:
    run = CliRunner().invoke(studykit, ["calc", "hops", "--stages", "8", "--json"])
    assert json.loads(run.stdout)["values"] == {"hops": 7}
    stated = verify(parse_line("hops stages=8 => 7"))
    assert stated is not None
    assert stated.right
    quiz = parse_quiz(QUIZ.format(name="hops"))
    inputs = draw(quiz, "card", 0)
    assert str(inputs["stages"]) in question(quiz, inputs)
    assert judge_quiz(quiz, inputs, str(inputs["stages"] - 1)).right


def test_broken_ones_are_reported_and_stop_no_other() -> None:
    with pytest.raises(NotFoundError, match="Calculator"):
        get("nonsense")
    found = registry.broken()
    assert set(found) == {"nonsense", "gone", "leaving", "renamed", "bubble"}
    assert "no_such_module" in found["gone"]
    assert "hops" in found["renamed"]
    assert get("bubble").title == "Bubble of a pipeline step"
    assert get("hops").name == "hops"
    listed = CliRunner().invoke(studykit, ["calc", "--list"])
    assert listed.exit_code == 0
    assert "hops" in listed.stdout
    assert "gone could not be loaded" in listed.stderr


def test_one_that_fails_while_computing_says_so() -> None:
    failing = get("failing")
    with pytest.raises(RefusalError, match="failing failed for these inputs: KeyError"):
        failing.compute(parse_inputs(failing, {"stages": 8}))


@pytest.mark.parametrize("name", ["gone", "leaving", "nonsense", "failing"])
def test_a_note_that_uses_a_broken_one_loses_that_card_alone(name: str) -> None:
    blocks = [f"```quiz\n{QUIZ.format(name=each)}```\n" for each in (name, "hops")]
    note = parse_note("note.md", ("# Hops\n\n" + "\n".join(blocks)).encode())
    found = extract(note, RuleOptions())
    assert [draft.kind for draft in found.drafts if draft.rule == "quiz"] == ["numeric"]
    (problem,) = found.problems
    assert problem.line in (5, 6)
    assert name in problem.message
