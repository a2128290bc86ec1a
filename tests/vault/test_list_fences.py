"""Fences in the items of a list: found where they are plain to see, and otherwise left to the parser."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studykit.vault.list_fences import fences_in_list
from studykit.vault.outline import outline, parsed

PLAIN = [
    "- a\n\n  ```py\n  x\n\n    y\n  ```\n- b",
    "1. a\n   ```\n   x\n   ```\n\n2. b\n    ```c\n    y\n    ```",
    "* a\n  - b\n  ````\n  ```\n  ````\n  text",
    "- `a`\n  text `b`\n\n  ```\n  - no item\n  <br>\n  ```\t ",
]
LEFT = [
    "- ```\n  x\n  ```",
    "- a\n  - b\n    ```\n    x\n    ```",
    "- a\n      ```\n      x",
    "- a\n\n  ```\n  x\n- b",
    "- a\n  ```\n x\n  ```",
    "- a\n  ```\n\tx\n  ```",
    "- a\n  <div>\n  ```\n  x\n  ```",
    "- a\n  > b\n  ```\n  x\n  ```",
    " - ~~~",
    " - a\n   ```\n   ```",
    "* a\n - b\n   ```\n\n  - c\n   ```",
    "- a\n  ~~~\n  ```\n  ~~~",
    "- a\n  ```x``` b",
]


@pytest.mark.parametrize("text", PLAIN, ids=repr)
def test_plain_fences_are_those_of_the_parser(text: str) -> None:
    lines = text.split("\n")
    found = fences_in_list(lines, 0, len(lines))
    assert found is not None
    expected = [(each.info, each.line, each.end - 1) for each in parsed(text).fences]
    assert [(each.info, each.line, each.last) for each in found] == expected
    assert outline(text) == parsed(text)


@pytest.mark.parametrize("text", LEFT, ids=repr)
def test_what_is_not_plain_is_left_to_the_parser(text: str) -> None:
    lines = text.split("\n")
    assert fences_in_list(lines, 0, len(lines)) is None
    assert outline(text) == parsed(text)


_OPEN = st.sampled_from(
    [
        "- a",
        "* b",
        "1. c",
        "10. e",
        "- **b**: t",
        " - a",
        "-   w",
        "- - a",
        "- > b",
        "1) k",
        "-",
        " - ~~~",
        " - ```",
        "  1. ```",
    ]
)
_INSIDE = st.sampled_from(
    [
        "", "", "   - n", "  - n", "    - m", "  ```cpp", "   ```", "  ```", "    ```", "   ```py x", "  x", "   y",
        "    z", "      ```", "```", "  - ```", "  > ```", "  <div>", "  ~~~", "  ```` ", "  ```x``` t", "\t```",
        "  \t```", "  $$", "  | a |", "  |---|", "  # h", "# h", "  ===", "  ---", "text", "   1. q", "<!-- c",
    ]
)  # fmt: skip
_LISTS = st.lists(st.one_of(_OPEN, _INSIDE, _INSIDE), max_size=14)


@settings(max_examples=150)
@given(_OPEN, _LISTS, st.sampled_from(["", "\n"]))
def test_any_list_is_read_as_the_parser_reads_it(first: str, others: list[str], end: str) -> None:
    text = "\n".join([first, *others]) + end
    assert outline(text) == parsed(text)


@pytest.mark.slow
@settings(max_examples=6_000)
@given(_OPEN, _LISTS, st.sampled_from(["", "\n"]))
def test_many_more_lists(first: str, others: list[str], end: str) -> None:
    text = "\n".join([first, *others]) + end
    assert outline(text) == parsed(text)
