"""What is imported when: answers need no pint, yaml or simpleeval until one asks for it."""

import doctest
import importlib
import pkgutil
import subprocess
import sys

import pytest

import studykit.calculators

MODULES = sorted(each.name for each in pkgutil.iter_modules(studykit.calculators.__path__))


def loaded_after(code: str, *modules: str) -> set[str]:
    program = f"import sys\n{code}\nprint(*(each for each in {modules!r} if each in sys.modules))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


@pytest.mark.parametrize("module", ["answer", "declare", "registry", "reading", "units"])
def test_nothing_heavy_comes_with_the_import(module: str) -> None:
    heavy = ("pint", "yaml", "simpleeval", "numpy", "textual", "rich", "click", "studykit.pipeline", "sqlite_utils")
    assert loaded_after(f"import studykit.calculators.{module}", *heavy) == set()


def test_a_plain_answer_and_a_plain_unit_load_nothing() -> None:
    code = "from studykit.calculators.answer import judge\nassert judge('80 GiB', 85.9, unit='GB').right"
    assert loaded_after(code, "pint", "yaml", "simpleeval") == set()


def test_arithmetic_loads_simpleeval_alone() -> None:
    code = "from studykit.calculators.answer import read_answer\nread_answer('(8-1)/23')"
    assert loaded_after(code, "pint", "yaml", "simpleeval") == {"simpleeval"}


@pytest.mark.parametrize("module", MODULES)
def test_examples_in_docstrings_run(module: str) -> None:
    found = importlib.import_module(f"studykit.calculators.{module}")
    assert doctest.testmod(found).failed == 0
