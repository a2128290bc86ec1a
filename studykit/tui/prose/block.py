"""From Markdown to a flat list of blocks, each with the prefix its lines carry.

Block structure is parsed at once; inline text only when its block is laid out, so a long note opens as fast
as its first screen.
"""

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from studykit.tui.prose.inline import inline_runs
from studykit.tui.prose.obsidian import callout
from studykit.tui.prose.symbols import Symbols, spelling, symbols
from studykit.tui.prose.wrap import Line, Run
from studykit.vault.later import later

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_PLAIN = re.compile(r"(?![ \t#>+=*-]|\d+[.)])[^\\`*_~$<&\[\]|\n\t]*[^\\`*_~$<&\[\]|\n\t ]")
_LAZY_RULES = {"normalize", "block", "inline", "text_join"}
# Escape sequences in a note must not reach the terminal; VS16 makes widths differ between terminals.
_UNSAFE = dict.fromkeys((*range(9), *range(11, 32), *range(127, 160)), 65533) | {0x0D: None, 0xFE0F: None}


_DISPLAYED = later(r"^[ \t]*\$\$((?:(?!\$\$)[\s\S])+)\$\$[ \t]*$", re.MULTILINE)
_COMMENT = re.compile(r"(?:<!--.*?-->\s*)+", re.DOTALL)


class Block(msgspec.Struct):
    """One piece of a note: what it is, its token or its text, and the runs before its first and its other lines."""

    kind: str
    token: "Token | None" = None
    text: list[Run] | None = None
    rows: "list[list[Token]]" = msgspec.field(default_factory=list)
    first: Line = msgspec.field(default_factory=list)
    rest: Line = msgspec.field(default_factory=list)
    gap: Line | None = None  # the prefix of the empty line before it; None: no such line
    is_item: bool = False

    @property
    def source(self) -> str:
        """What stands in the note, for blocks that are shown as they are written."""
        return self.token.content or self.token.markup if self.token else ""

    @property
    def info(self) -> str:
        """What a fence says of itself: a language, `calc`."""
        return self.token.info if self.token else ""

    def runs(self, env: dict[str, Any], base: str = "") -> list[Run]:
        """Its inline text, parsed now if it was not yet."""
        if self.text is not None:
            return self.text
        return inline_runs(children(self.token, env), base) if self.token else []


class _Frame(msgspec.Struct, eq=False):
    """An open quote or list item: `first` is used once, `rest` on every further line."""

    first: Run
    rest: Run
    used: bool = False


@lru_cache(1)
def _parser() -> "MarkdownIt":
    from studykit.vault.markdown import parser

    return parser()


def read_blocks(text: str) -> tuple[list[Block], dict[str, Any]]:
    """The blocks of `text`, and the environment its inline text is parsed in."""
    text = text.translate({**_UNSAFE, **spelling()})
    if "==" not in text and _PLAIN.fullmatch(text):  # most questions: the parser, 40 ms to load, would find nothing
        return [Block("paragraph", text=[(text.strip(), "")])], {}
    from markdown_it.rules_core import StateCore

    parser, env = _parser(), dict[str, Any]()
    rules = parser.get_active_rules()["core"]
    if set(rules) <= _LAZY_RULES:
        state = StateCore(text, parser, env)
        for name, rule in zip(rules, parser.core.ruler.getRules(""), strict=True):
            if name in ("normalize", "block"):
                rule(state)
        tokens = state.tokens
    else:
        tokens = parser.parse(text, env)
    blocks = _Flattener(symbols()).flatten(tokens)
    return blocks + _lost_footnotes(text, env), env


def children(token: "Token", env: dict[str, Any]) -> "list[Token]":
    """The inline tokens of `token`, parsed now if they were not yet."""
    if not token.children and token.content:
        parser = _parser()
        token.children = []
        parser.inline.parse(token.content, parser, env, token.children)
    return token.children or []


def _lost_footnotes(text: str, env: dict[str, Any]) -> list[Block]:
    """`[^1]: 一句话。` is a link definition to the parser when it has no space; its text is shown as it stands."""
    lines: list[str] | None = None
    blocks: list[Block] = []
    for label, reference in env.get("references", {}).items():
        if label.startswith("^"):
            lines = lines or text.split("\n")
            start, end = reference.get("map") or (0, 0)
            content = "\n".join(lines[start:end]).strip()
            blocks.append(Block("paragraph", text=[(content, "")], gap=[]))
    return blocks


class _Flattener:
    """Walks block tokens and keeps the prefixes of open quotes and list items."""

    def __init__(self, signs: Symbols) -> None:
        self.signs = signs
        self.frames: list[_Frame] = []
        self.lists: list[tuple[bool, int]] = []  # tight, next number (-1: bullets)
        self.blocks: list[Block] = []
        self.before: list[_Frame] = []
        self.gap = False
        self.heading = ""

    def flatten(self, tokens: "list[Token]") -> list[Block]:
        index = 0
        while index < len(tokens):
            index = self._take(tokens, index)
        return self.blocks

    def _take(self, tokens: "list[Token]", index: int) -> int:
        token = tokens[index]
        match token.type:
            case "heading_open":
                self.heading = token.tag
            case "inline":
                self._inline(token)
                self.heading = ""
            case "blockquote_open":
                self.frames.append(_Frame((self.signs.bar + " ", "quote-bar"), (self.signs.bar + " ", "quote-bar")))
            case "bullet_list_open" | "ordered_list_open":
                self._open_list(tokens, index)
            case "bullet_list_close" | "ordered_list_close":
                self.lists.pop()
                self.gap = True
            case "list_item_open":
                self._open_item(token)
            case "list_item_close" | "blockquote_close":
                self._close(token)
            case "table_open":
                return self._table(tokens, index)
            case kind if token.nesting == 0 and not (
                kind == "html_block" and _COMMENT.fullmatch(token.content.strip())
            ):
                self._add(kind, token)
        return index + 1

    def _add(self, kind: str, token: "Token | None", rows: "list[list[Token]] | None" = None) -> None:
        gap = [frame.rest for frame in self.frames if frame in self.before] if self.gap else None
        first = [frame.rest if frame.used else frame.first for frame in self.frames]
        fresh = bool(self.frames) and not self.frames[-1].used
        for frame in self.frames:
            frame.used = True
        rest = [frame.rest for frame in self.frames]
        self.blocks.append(Block(kind, token, None, rows or [], first, rest, gap, fresh))
        self.before, self.gap = list(self.frames), not (self.lists and self.lists[-1][0] and kind == "paragraph")

    def _inline(self, token: "Token") -> None:
        """A paragraph or heading; the head of a callout is a heading of its own."""
        fresh = bool(self.frames) and not self.frames[-1].used and self.frames[-1].first[1] == "quote-bar"
        if not fresh or (parts := callout(token.content)) is None:
            self._text(token)
            return
        self._add("h5", token.copy(content=parts[0], children=None))
        if parts[1]:
            self.gap = False
            self._text(token.copy(content=parts[1], children=None))

    def _text(self, token: "Token") -> None:
        """Text, and between it the formulas with lines of their own; the parser sees those only after an empty line."""
        if self.heading or "$$" not in token.content:
            self._add(self.heading or "paragraph", token)
            return
        for number, part in enumerate(_DISPLAYED.split(token.content)):
            if part.strip():
                kind = "math_block" if number % 2 else "paragraph"
                self._add(kind, token.copy(content=part.strip("\n"), children=None, info=""))

    def _open_list(self, tokens: "list[Token]", index: int) -> None:
        token, level = tokens[index], tokens[index].level
        tight = False
        for following in tokens[index + 1 :]:
            if following.level <= level:
                break
            if following.type == "paragraph_open" and following.level == level + 2:
                tight = following.hidden
                break
        nested_tight = bool(self.lists) and self.lists[-1][0] and tight
        self.gap = self.gap and not nested_tight
        number = int(token.attrs.get("start", 1)) if token.type == "ordered_list_open" else -1
        self.lists.append((tight, number))

    def _open_item(self, token: "Token") -> None:
        tight, number = self.lists[-1]
        depth = sum(1 for _, each in self.lists if each < 0)
        marker = f"{number}{token.markup} " if number >= 0 else self.signs.bullets[(depth - 1) % 3] + " "
        self.lists[-1] = (tight, number + 1 if number >= 0 else number)
        if not tight and self.blocks:
            self.gap = True
        self.frames.append(_Frame((marker, "marker"), (" " * len(marker), "")))

    def _close(self, token: "Token") -> None:
        if not self.frames[-1].used:  # an empty item still shows its mark
            self._add("paragraph", None)
        self.frames.pop()
        if token.type == "list_item_close" and self.lists[-1][0]:
            self.gap = False
        elif token.type == "blockquote_close":
            self.gap = True

    def _table(self, tokens: "list[Token]", index: int) -> int:
        rows: list[list[Token]] = []
        start = index
        while tokens[index].type != "table_close":
            if tokens[index].type == "tr_open":
                rows.append([])
            elif tokens[index].type == "inline":
                tokens[index].attrs = tokens[index - 1].attrs
                rows[-1].append(tokens[index])
            index += 1
        self._add("table", tokens[start], rows)
        return index + 1
