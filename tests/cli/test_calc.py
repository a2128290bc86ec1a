"""`studykit calc`."""

import json

import pytest
from click.testing import CliRunner, Result

from studykit.calculators.registry import BUILT_IN, get
from studykit.cli.app import studykit
from studykit.errors import NotFoundError, StudyError


def calc(*words: str) -> Result:
    return CliRunner().invoke(studykit, ["calc", *words])


def test_figures_and_steps() -> None:
    run = calc("bubble", "--schedule", "1f1b", "--stages", "8", "--microbatches", "16")
    assert run.exit_code == 0
    assert "30.43 %" in run.stdout
    assert "(8-1)/(16+8-1)" in run.stdout


def test_json() -> None:
    data = json.loads(calc("bubble", "--schedule", "gpipe", "--stages", "8", "--microbatches", "16", "--json").stdout)
    assert data["values"]["ratio"] == pytest.approx(7 / 23)
    assert data["exact"]["ratio"] == "7/23"
    assert data["inputs"]["stages"] == 8
    assert data["inputs"]["weight"] == 1


def test_without_a_terminal_the_list() -> None:
    for words in ((), ("--list",)):
        assert all(name in calc(*words).stdout for name in BUILT_IN)
    assert [each["calculator"] for each in json.loads(calc("--list", "--json").stdout)] == list(BUILT_IN)


@pytest.mark.parametrize("name", BUILT_IN)
def test_each_has_help_with_an_example_that_runs(name: str) -> None:
    shown = calc(name, "--help")
    assert shown.exit_code == 0
    assert f"studykit calc {name}" in shown.stdout
    assert calc(*get(name).example.split()).exit_code == 0
    assert get(name).source[:20] in calc(name, "--explain").stdout
    described = json.loads(calc(name, "--explain", "--json").stdout)
    assert described["calculator"] == name
    assert all(each["formula"] for each in described["outputs"])
    assert all(each["explain"] for each in described["slips"])


def test_mistakes() -> None:
    assert isinstance(calc("bubbel").exception, NotFoundError)
    assert isinstance(calc("bubble", "--stages", "8").exception, StudyError)
    wrong = calc("bubble", "--stagse", "8")
    assert wrong.exit_code == 2
    assert "--stages" in wrong.stderr
