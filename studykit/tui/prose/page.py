"""A text laid out for one width, as far as it was looked at."""

from collections.abc import Sequence
from time import perf_counter

from studykit.tui.prose.block import Block, read_blocks
from studykit.tui.prose.layout import Env, lay_out
from studykit.tui.prose.wrap import Line


class Page:
    """The lines of `blocks` in `width` cells. Lines exist only up to where they were asked for."""

    def __init__(self, blocks: Sequence[Block], env: Env, width: int) -> None:
        self.blocks, self.env, self.width = blocks, env, width
        self.lines: list[Line] = []
        self._next = 0

    @property
    def complete(self) -> bool:
        """Whether every block is laid out."""
        return self._next >= len(self.blocks)

    def until(self, count: int) -> None:
        """Lay out blocks until there are `count` lines or no more blocks."""
        while len(self.lines) < count and not self.complete:
            self._lay_next()

    def for_a_while(self, seconds: float) -> None:
        """Lay out blocks for about `seconds`; one block is never interrupted."""
        end = perf_counter() + seconds
        while not self.complete and perf_counter() < end:
            self._lay_next()

    def _lay_next(self) -> None:
        self.lines.extend(lay_out(self.blocks[self._next], self.width, self.env))
        self._next += 1


def warm_up() -> None:
    """Load the Markdown parser, the line breaker and the colours of code before the first answer needs them."""
    blocks, env = read_blocks("**w** " * 40 + "\n\n```python\nw = 1\n```\n")
    Page(blocks, env, 40).until(1 << 20)
