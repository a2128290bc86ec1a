"""What the outline of a Markdown body is made of, and how the parser's tokens become it."""

from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

import msgspec

if TYPE_CHECKING:
    from markdown_it.token import Token


class Heading(msgspec.Struct, frozen=True):
    """A heading that is in no list or quote. `title` is Markdown as written; `line` is 0-based in the body.

    `end` is the line after it. A setext heading (underlined with `===` or `---`) takes two lines or more.
    """

    level: int
    title: str
    line: int
    end: int
    setext: bool = False


class Fence(msgspec.Struct, frozen=True):
    """A fenced code block anywhere; `depth` counts the containers around it (a list and its item are two)."""

    info: str
    content: str
    line: int
    end: int
    depth: int


class Comment(NamedTuple):
    """An HTML block that begins with `<!--`, anywhere."""

    line: int
    text: str


class Outline(msgspec.Struct, frozen=True):
    """What a body is made of, its lines, and `starts`: the character with which each line begins, and one more."""

    headings: tuple[Heading, ...]
    fences: tuple[Fence, ...]
    comments: tuple[Comment, ...]
    lines: list[str]
    starts: list[int]


def split_lines(text: str) -> list[str]:
    """The lines as the parser counts them: what follows the last newline is a line only if it is not blank."""
    lines = text.split("\n")
    if not lines[-1].strip(" \t"):
        lines.pop()
    return lines


def line_starts(lines: Sequence[str]) -> list[int]:
    """Where each line begins in the text, in characters, and where the next one after the last would.

    >>> line_starts(["ab", "", "c"])
    [0, 3, 4, 6]
    """
    return [0, *accumulate([len(line) + 1 for line in lines])]


def parse_blocks(text: str) -> "list[Token]":
    """The parser's block tokens; a NUL is replaced as CommonMark says."""
    from studykit.vault.markdown import parser

    tokens: list[Token] = []
    parser().block.parse(text.replace("\0", "\ufffd"), parser(), {}, tokens)
    return tokens


class Collected:
    """What has been found so far, in the order of lines."""

    def __init__(self) -> None:
        self.headings: list[Heading] = []
        self.fences: list[Fence] = []
        self.comments: list[Comment] = []

    def add(self, tokens: "Sequence[Token]", offset: int) -> None:
        """Take over the parser's tokens of a text that begins `offset` lines into the body."""
        for index, token in enumerate(tokens):
            if token.map is None:
                continue
            line, end = token.map[0] + offset, token.map[1] + offset
            if token.type == "heading_open" and not token.level:
                title, setext = tokens[index + 1].content, token.markup in ("=", "-")
                self.headings.append(Heading(int(token.tag[1]), title, line, end, setext))
            elif token.type == "fence":
                self.fences.append(Fence(token.info.strip(), token.content, line, end, token.level))
            elif token.type == "html_block" and token.content.lstrip().startswith("<!--"):
                self.comments.append(Comment(line, token.content.strip()))

    def outline(self, lines: list[str], starts: list[int]) -> Outline:
        return Outline(tuple(self.headings), tuple(self.fences), tuple(self.comments), lines, starts)
