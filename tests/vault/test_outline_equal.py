"""The scanner against the parser: the same headings, fences and comments for any text."""

from pathlib import Path

import pytest
from hypothesis import given, settings

from studykit.vault.note import parse_note
from studykit.vault.outline import outline, parsed
from tests.vault import nasty

TRICKY = [
    "- a\n\ntext\n---",
    "- a\ntext\n---",
    "- *\ntext\n--",
    "- # a\ntext\n===",
    "- a\n  ---\ntext\n---",
    "-\n\n  text\n---",
    "- a\n\n１. b\n---",
    "> a\n１. b\n---",
    "|a|b|\n|-|-|\n１. b\n---",
    "- a\n\n      code\ntext\n---",
    "10. a\n\n  text\n---",
    "1. a\n\n  ```\n# no\n  ```\n",
    "- a | b\n- c | d\n|---|---|\n# H",
    "- x\n- a | b\n|---|---|\nc\n===",
    "- $$\n  x\n\n# no\n\n$$\n# yes",
    "- $$\n  x\n  $$\n- b\n# yes",
    "$$\n\n# no\n$$\n# yes",
    "$$ a $$ b\n# yes",
    "text\n$$\n# yes\n$$",
    "> ```\n> # no\n# yes\n```\n# no",
    ">\ntext\n---",
    "> - a\ntext\n---",
    "> # a\ntext\n---",
    "> a\n1. b\n# yes",
    "a\n2. b\n---",
    "a\n01. b\n---",
    "a\n-\n-",
    "a\n    ---\n---",
    "|a|\n---",
    "|a|\n---\n# yes\nb\n---",
    "a | b\n--|--\nc\n===\n\nd\n===",
    "a \\| b\n--|--",
    "[a]: /u\n===",
    "[a]: /u\n'title\n---\nb\n---",
    "[a\nb]: /u\n2. c\n---",
    "[a] text\n===",
    "<div>\n# no\n\n# yes",
    "<!-- a\n\n# no -->\n# yes",
    "a\n<br>\n===",
    "a\n<div>\n===",
    "- <!-- a\n# yes",
    "```\n~~~\n# no\n````\n# yes",
    "   ```\n  \tx\n    ```\n```\n# yes",
    "``` a`b\n# yes",
    "- a\n  - b\n\n    ```py\n    x\n    ```\n\n  ~~~\n  y\n# yes",
    "#\tT #\n## \n###x\n# a \\#\n# #",
    "\u3000\n===",
    "a\n===\u00a0\n===",
    "- " * 60 + "a\n# no",
    "a\n\n---\n# yes\n***\n## yes",
    "a\n- b\n---\n# yes",
    "**a**\n1. b\n# yes",
    "a\n```py\n# no\n```\n# yes",
    "a\n``` `\nb\n===",
    "a | b\nc\n\n- a | b\n- c\n\n# yes",
    "- a | b\n:-|-\nc\n===",
    "- a\n\n  $$\n  x\n  $$\n- b\n# yes",
    "- a\n\n  $$\n  ```\n# no\n  $$\n# yes",
    "- a\n  - ```\n    # no\n# yes",
    "- a\n\n 1) b\n===",
    "- a\n\n1) b\n- - -\n# yes",
    "- **a**\n* ** *\n# yes",
    "- a\n\n\n10000000000. b\n===",
    "- a\n  b\nlazy\n===\n# yes",
    "10. a\n   b\n\n   ```\n# no\n",
    "a\n" * 60 + "===\n# yes",
    "- a\n" * 60 + "\n  ```\n# yes",
]
"""Where one wrong step loses or invents a heading; `no` and `yes` say what the title is meant to show."""


@pytest.mark.parametrize("text", TRICKY, ids=repr)
def test_tricky(text: str) -> None:
    for form in (text, text + "\n", text + "\n\nmore\n---\n"):
        assert outline(form) == parsed(form)
    assert "no" not in [heading.title for heading in outline(text).headings]
    assert "yes" in [heading.title for heading in outline(text).headings] or "yes" not in text


@settings(max_examples=300)
@given(nasty.documents())
def test_nasty_documents_are_read_as_the_parser_reads_them(text: str) -> None:
    assert outline(text) == parsed(text)


@settings(max_examples=300)
@given(nasty.small)
def test_any_text_of_markup_characters(text: str) -> None:
    assert outline(text) == parsed(text)


@pytest.mark.slow
@settings(max_examples=12_000)
@given(nasty.documents())
def test_many_more_nasty_documents(text: str) -> None:
    assert outline(text) == parsed(text)


def test_every_note_of_the_sample_vault(vault_dir: Path) -> None:
    seen = 0
    for place in sorted(vault_dir.rglob("*.md")):
        body = parse_note(place.name, place.read_bytes()).body
        assert outline(body) == parsed(body), place
        seen += 1
    assert seen > 100
