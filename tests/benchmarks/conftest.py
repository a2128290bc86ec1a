"""Benchmarks measure the program as it is installed: with its bytecode beside it, whatever this shell forbids."""

import compileall
from pathlib import Path

import pytest

import studykit


@pytest.fixture(autouse=True, scope="session")
def _compiled() -> None:
    assert compileall.compile_dir(Path(studykit.__file__).parent, quiet=1)
