"""What the README and the docstrings say is so: examples run, commands exist, exit codes agree."""

import doctest
import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import walk_packages

import pytest

import studykit
from studykit.cli.app import COMMANDS, EPILOG
from studykit.errors import ExitCode

README = Path(__file__).resolve().parent.parent / "README.md"
MODULES = sorted(
    module.name for module in walk_packages(studykit.__path__, "studykit.") if not module.name.endswith("__main__")
)


WITH_EXAMPLES = [
    name
    for name in MODULES
    if (spec := find_spec(name))
    and spec.origin
    and re.search(r"^ *>>> ", Path(spec.origin).read_text(encoding="utf-8"), re.MULTILINE)
]


def test_there_are_examples() -> None:
    assert len(WITH_EXAMPLES) > 50


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_the_examples_in_docstrings_run(name: str) -> None:
    done = doctest.testmod(import_module(name))
    assert (done.failed, done.attempted > 0) == (0, True)


def test_the_examples_in_the_readme_run() -> None:
    assert doctest.testfile(str(README), module_relative=False).failed == 0


def test_every_command_that_the_readme_names_is_there_and_every_one_is_named() -> None:
    code = "\n".join(re.findall(r"`([^`\n]+)`", README.read_text()))
    assert set(re.findall(r"studykit ([a-z]+)\b", code)) <= set(COMMANDS)
    assert set(COMMANDS) <= set(re.findall(r"[a-z]+", code))


def test_the_exit_codes_are_those_of_the_program() -> None:
    listed = {int(code) for code in re.findall(r"^\| (\d+) \|", README.read_text(), re.MULTILINE)}
    assert listed == {int(code) for code in ExitCode}
    assert {int(code) for code in re.findall(r"\b(\d{1,3})  [a-z]", EPILOG)} == listed


def test_every_module_and_public_name_is_explained() -> None:
    bare = []
    for name in MODULES:
        module = import_module(name)
        if not module.__doc__ and not name.endswith(".conftest"):
            bare.append(name)
        bare += [
            f"{name}.{each}"
            for each, value in vars(module).items()
            if not each.startswith("_") and getattr(value, "__module__", "") == name and callable(value)
            and not value.__doc__
        ]  # fmt: skip
    assert bare == []


def test_no_file_has_outgrown_its_room() -> None:
    root = Path(studykit.__path__[0])
    long = {str(path): count for path in root.rglob("*.py") if (count := len(path.read_text().splitlines())) > 400}
    assert long == {}
