"""Whatever a file holds, extraction raises nothing, and takes time in proportion to it."""

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.cards.extract import RuleOptions, extract
from studykit.cards.identity import assign, base
from studykit.cards.keypoints import key_points
from studykit.cards.rules import MAIN
from studykit.vault.note import parse_note
from tests.linear import in_proportion

# Pieces out of which notes with cards, and notes that nearly have cards, are made.
PIECES = (
    "# T\n", "## 答案\n", "### Answer (short)\n", "## What is it?\n", "#### 1.2 为什么？\n", "**Q1: 为什么？**\n",
    "Q: Why?\n", "A: because\n", "答：因为\n", "**答案**：\n", "```\n", "```quiz\n", "ask: {x}\n", "~~~\n", "---\n",
    "\n", "- item\n", "1. **Why?**\n", "   indented\n", "<!-- cards -->\n", "| a | b |\n", "|---|---|\n",
    "| 1 | \\| |\n", "<!--ID: 12-->\n", "<!--", "-->\n", "> quote\n", "好的，下面是：\n\n", "text ends:\n", "\t",
    "$$\n", "\x00", "\u2028", "\ufeff", "\r", "**", "__", "？\n", "相关笔记", "## 参考文献\n", "## 题目描述\n",
    "## 代码\n", "title\n===\n", "<details>\n", "</details>\n", "🎯 ", "{", "}", "\ud7ff", "e\u0301",
)  # fmt: skip
notes = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=6)), max_size=40).map("".join)


@given(notes)
def test_no_text_raises(text: str) -> None:
    note = parse_note("a/b.md", text.encode("utf-8", "surrogatepass"))
    found = extract(note, RuleOptions())
    lines = note.text.count("\n") + 1
    for draft in found.drafts:
        assert draft.prompt.strip()
        assert draft.answer.strip()
        assert 1 <= draft.line <= lines
        key_points(draft.answer)
    assert sum(draft.rule in MAIN for draft in found.drafts) <= max(3, text.count("#"))
    cards = assign(found.drafts, {})
    assert len({card.id for card in cards}) == len(cards)


@given(st.binary(max_size=200))
def test_no_bytes_raise(data: bytes) -> None:
    extract(parse_note("a.md", data), RuleOptions())


@given(notes)
def test_answers_are_the_notes_own_text(text: str) -> None:
    """Every line of an answer stands in the note, less the indentation of a list item or a label before it."""
    note = parse_note("a.md", text.encode("utf-8", "surrogatepass"))
    for draft in extract(note, RuleOptions()).drafts:
        for line in draft.answer.split("\n"):
            assert line.strip() in note.body


@given(st.text())
def test_any_text_has_a_base(text: str) -> None:
    assert len(base(text)) == 16


LARGE = {
    "one line": lambda n: "a" * (n * 50),
    "one heading": lambda n: "# " + "为什么" * (n * 10) + "？\n\ntext",
    "nested quotes": lambda n: ">" * (n // 10) + " Q: why?\n",
    "double colons": lambda n: "a::b\n" * n,
    "colons on one line": lambda n: "::" * n,
    "questions": lambda n: "**Q: why is that?**\nA: because\n\n" * n,
    "questions without answers": lambda n: "Q: why is that?\n" * n,
    "question headings": lambda n: "# T\n" + "## Why this?\nBecause it is.\n" * n,
    "answer sections": lambda n: "# T\n" + "## X\n### Answer\nBecause it is so.\n" * n,
    "bold": lambda n: "**答案**\n" * n,
    "asterisks": lambda n: "*" * n + "\n" + "**a" * n,
    "open brackets": lambda n: "# T\n\n" + "![" * n + "(" * n,
    "greetings": lambda n: "# T\n\n" + "好的，我来帮你。\n\n" * n,
    "offers": lambda n: "# T\n\n## Answer\n\nText of the answer.\n\n" + "要不要我再说？\n\n" * n,
    "comments": lambda n: "# T\n\n## Answer\n\n" + "-->" * n + "<!--" * n,
    "id comments": lambda n: "# T\n\n## Answer\n\nText of it.\n\n" + "<!--ID: 1-->\n" * n,
    "quiz fences": lambda n: "# T\n\n## Answer\n\n" + "```quiz\n" * n,
    "quizzes": lambda n: "```quiz\nask: [\n```\n" * (n // 100),
    "table rows": lambda n: "<!-- cards -->\n| a | b |\n|---|---|\n" + "| x | y |\n" * n,
    "a wide row": lambda n: "<!-- cards -->\n" + "| a " * n + "|\n" + "|---" * n + "|\n" + "| x " * n + "|\n",
    "marks": lambda n: "<!-- cards -->\n\n" * n,
    "numbering": lambda n: "## " + "1. " * n + "why?\n",
    "breaks": lambda n: "## why?\n" + "- " * n + "x\n",
}  # fmt: skip


def extraction(kind: str, size: int) -> Callable[[], object]:
    """The reading of a large note of that kind, parsed already."""
    return partial(extract, parse_note("a.md", LARGE[kind](size).encode()), RuleOptions())


@pytest.mark.parametrize("kind", LARGE)
def test_time_is_linear(kind: str) -> None:
    """Eight times the text takes about eight times as long; a square would take 64 times as long."""
    assert in_proportion(partial(extraction, kind), 400, 3_200, floor=0.025)


@pytest.mark.slow
@pytest.mark.parametrize("kind", LARGE)
def test_a_hundred_thousand(kind: str) -> None:
    assert in_proportion(partial(extraction, kind), 10_000, 100_000, floor=0.5)
