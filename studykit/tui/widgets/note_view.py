"""A text with calculators in it: prose, a live block for each ```calc fence, prose again."""

from collections import Counter
from typing import Any

from textual.app import ComposeResult
from textual.containers import Vertical

from studykit.calculators.registry import get
from studykit.tui.calculation import Calculation
from studykit.tui.prose.block import Block, read_blocks
from studykit.tui.prose.wrap import line_width
from studykit.tui.widgets.calc_block import CalcBlock
from studykit.tui.widgets.prose import Prose

Key = tuple[str, int]
"""What a calc line says, and which of its equals it is."""


class NoteView(Vertical):
    """`update` shows a text. What was set in a calculator stays while the text still has that calculator."""

    def __init__(self, markdown: str = "", *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._kept: dict[Key, Calculation] = {}
        self._parts: list[Block | list[Block]] = []
        self._env: dict[str, Any] = {}
        self._only = Prose(id="only")
        self._read(markdown)

    def compose(self) -> ComposeResult:
        yield self._only
        yield from self._widgets()

    async def update(self, markdown: str) -> None:
        """Show `markdown`; awaiting it means that it is mounted."""
        focused = self.screen.focused
        chosen = focused.calculation if isinstance(focused, CalcBlock) else None
        had_blocks = len(self.children) > 1
        self._read(markdown)
        if had_blocks:
            await self.query("NoteView > *").exclude("#only").remove()
        if widgets := self._widgets():
            await self.mount(*widgets)
        for block in self.query(CalcBlock):
            if block.calculation is chosen:
                block.focus(scroll_visible=False)

    def _read(self, markdown: str) -> None:
        blocks, self._env = read_blocks(markdown) if markdown else ([], {})
        self._parts = _split(blocks)
        first = self._parts[0] if self._parts else []
        self._only.show(first if isinstance(first, list) else [], self._env)

    def _widgets(self) -> list[Prose | CalcBlock]:
        """A widget for every part after the first prose."""
        rest = self._parts[1:] if self._parts and isinstance(self._parts[0], list) else self._parts
        seen: Counter[str] = Counter()
        made: list[Prose | CalcBlock] = []
        for part in rest:
            made += [self._prose(part)] if isinstance(part, list) else self._calculators(part, seen)
        return made

    def _prose(self, blocks: list[Block]) -> Prose:
        prose = Prose()
        prose.show(blocks, self._env)
        return prose

    def _calculators(self, block: Block, seen: Counter[str]) -> list[Prose | CalcBlock]:
        """A live calculator for each line of a fence; where a line cannot be read, the fence as text and the reason."""
        from studykit.calculators.line import parse_lines

        lines, errors = parse_lines(block.source)
        made: list[Prose | CalcBlock] = []
        if errors or not lines:
            reasons = [Block("paragraph", text=[(f"! {error}".replace("\n", " "), "bad")]) for _line, error in errors]
            made.append(self._prose([block, *reasons]))
        for line in lines:
            source = f"{line.calculator} {line.given}"
            key = (source, seen[source])
            seen[source] += 1
            if key not in self._kept:
                self._kept[key] = Calculation(get(line.calculator), line.given)
            made.append(CalcBlock(self._kept[key], indent=line_width(block.rest)))
        return made


def _split(blocks: list[Block]) -> list[Block | list[Block]]:
    """Runs of prose, and between them each calc fence by itself."""
    parts: list[Block | list[Block]] = []
    for block in blocks:
        if block.kind == "fence" and block.info.strip().split(" ")[0] == "calc":
            parts.append(block)
        elif parts and isinstance(parts[-1], list):
            parts[-1].append(block)
        else:
            parts.append([block])
    return parts
