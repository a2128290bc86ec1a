"""Benchmarks measure the program as it is installed: with its bytecode beside it, whatever this shell forbids."""

import compileall
import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

import studykit


@pytest.fixture(autouse=True, scope="session")
def _compiled() -> None:
    assert compileall.compile_dir(Path(studykit.__file__).parent, quiet=1)


@pytest.fixture(autouse=True)
def _a_heap_of_its_own() -> Iterator[None]:
    """What the test runner and earlier benchmarks hold is nothing that a program's collections would walk through."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
