"""The examples in the room's docstrings run."""

import doctest
import importlib
import pkgutil

import pytest

import studykit.cards

MODULES = [module.name for module in pkgutil.walk_packages(studykit.cards.__path__, "studykit.cards.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
