"""Expressions that are compiled later are sound, and none is compiled by an import."""

import pkgutil
import subprocess
import sys
from importlib import import_module

from studykit import calculators, cards, claims, vault
from studykit.vault.later import later

PACKAGES = (vault, cards, calculators, claims)


def test_every_expression_compiles() -> None:
    seen = 0
    for package in PACKAGES:
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            for name, value in vars(import_module(module.name)).items():
                for each in value if isinstance(value, tuple) else (value,):
                    if type(each).__name__ == "_Later":
                        assert each.search("") is None or each.search("")[0] == "", (module.name, name)
                        seen += 1
    assert seen > 300


def test_it_works_like_a_compiled_one() -> None:
    digits = later("[0-9]+")
    assert digits.sub("#", "P=8, M=16") == "P=#, M=#"
    assert digits.pattern == "[0-9]+"
    assert digits.fullmatch("16") is not None
    assert digits.split("8 16") == ["", " ", ""]


def test_importing_the_checker_compiles_little() -> None:
    """Sets of Chinese characters are what takes long to compile."""
    code = (
        "import re, sys; real = re.compile; made = []\n"
        "def compile(pattern, flags=0): made.append(pattern); return real(pattern, flags)\n"
        "re.compile = compile\n"
        "import studykit.claims.checker\n"
        "print(sum(isinstance(each, str) and not each.isascii() for each in made))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert int(done.stdout) == 0
