"""Hostile notes take time linear in their length: four times the text, never ten times the time."""

import gc
import time

import pytest

from studykit.vault.note import parse_note
from studykit.vault.structure import parse_blocks

REPEATED = [
    "a", "气泡 ", " ", "\n", "a\n", "> ", ">", "- ", "1. ", "[", "`", "*", "-", "_", "|", "#", "\\", "<", "\t",
    "\r", "=", "~", "```\n", "~~~\n", "- ```\n", "> ```\n\n", "$$a\n\n", "$$\n", "- $$\n", "$$ (", "<!--\n",
    "<!-- a\n\n", "<a a=1 ", "<a\n", "<?\n", "<div>\n\n", "</script>\n<script>\n", "<br>\n", "| a |\n|---|\n",
    "| a | b\n", "a|b\n-|-\n", "- a\nlazy\n", "- a\n\n  b\n\n", "[a]: /u\n", "[a\n", "[a\n# h\n", "# a\n",
    "a\n=\n", "a.\n---\n", "    a\n\n", "1. a\n\n   ```\n   x\n   ```\n", "- a\n> b\n", "## 相关笔记\n",
    "## 相关笔记 <!-- 自动生成 -->\n- a\n", "> - ", "> - a\n", "- > a\nb\n", "**a", "_a", "[a](", "![", "$a",
    "a_b", "---\na: b\n", "---\n", "+\n", "-\ta\n", "10. a\n  b\n\n", "::", "a::b\n", "{{c1::", "Q: a\nA: b\n",
    "《》：", "&amp",
]  # fmt: skip


def _seconds(text: str) -> float:
    data = text.encode()
    gc.disable()
    try:
        start = time.process_time()
        parse_note("a.md", data)
        return time.process_time() - start
    finally:
        gc.enable()


def _is_linear(make_text: "list[str]") -> bool:
    """Measured again where another process may have been in the way."""
    short, long = make_text
    for _attempt in range(4):
        slow = _seconds(long)
        if slow < 0.05 or slow < 9 * _seconds(short):
            return True
    return False


@pytest.mark.parametrize("piece", REPEATED, ids=repr)
def test_repeated(piece: str) -> None:
    assert _is_linear([piece * (length // len(piece)) for length in (8_000, 32_000)])


def _stairs(step: str, head: str, length: int) -> str:
    """Lines each of which is nested one deeper than the one before it."""
    lines: list[str] = []
    while sum(map(len, lines[-1:])) * len(lines) < 2 * length:
        lines.append(step * len(lines) + head)
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("step", "head"), [("  ", "- a"), (">", " a"), ("> ", "- a"), ("   ", "1. a"), ("- ", "a"), (" ", "#")]
)
def test_ever_deeper(step: str, head: str) -> None:
    assert _is_linear([_stairs(step, head, length) for length in (20_000, 80_000)])


def test_ten_thousand_quotes() -> None:
    note = parse_note("a.md", b">" * 10_000 + b" # a\n\n# T\n")
    assert note.title == "T"
    parse_blocks(">" * 10_000 + " a")


@pytest.mark.slow
@pytest.mark.parametrize("piece", ["a", "气泡 ", "# a\n", "- a\n", "> a\n", "a | b\n"])
def test_five_megabytes(piece: str) -> None:
    text = piece * (5_000_000 // len(piece))
    start = time.process_time()
    assert parse_note("a.md", text.encode()).text == text
    assert time.process_time() - start < 60
