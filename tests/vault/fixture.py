"""Readable fixtures: a title, a line with a dot, the input, a dot, what is expected, a dot.

What cannot be seen is written as a sign: ␍ carriage return, ␉ tab, ␠ a blank at the end, ␀ NUL, ␎ byte order mark,
␃ at the very end: no newline there.
"""

from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "fixtures"
_SIGNS = {"␍": "\r", "␉": "\t", "␠": " ", "␀": "\0", "␎": "\ufeff", "␃\n": ""}


class Example(NamedTuple):
    title: str
    given: str
    expected: str

    def __str__(self) -> str:
        return self.title


def examples(name: str) -> list[Example]:
    """All examples of one fixture file."""
    found: list[Example] = []
    parts: list[list[str]] = [[]]
    for line in (FOLDER / name).read_text(encoding="utf-8").split("\n"):
        if line != ".":
            parts[-1].append(line)
            continue
        parts.append([])
        if len(parts) == 4:
            title, given, expected = ["".join(lines).strip() for lines in parts[:1]] + [_text(p) for p in parts[1:3]]
            found.append(Example(title, _visible(given), _visible(expected)))
            parts = [[]]
    assert not "".join(parts[0]).strip(), f"{name}: an example is not closed with a dot"
    return found


def _text(lines: list[str]) -> str:
    return "".join(line + "\n" for line in lines)


def _visible(text: str) -> str:
    for sign, meant in _SIGNS.items():
        text = text.replace(sign, meant)
    return text
