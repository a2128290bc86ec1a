"""The block structure of a Markdown body, without its inline text: headings, code fences, comments.

It equals what markdown-it-py makes of the same text (`parsed`, the reference); `outline` gets there some ten times
faster by a scanner that hands what it is not sure of to the parser.
"""

from studykit.vault.blocks import Blocks
from studykit.vault.structure import Collected, Comment, Fence, Heading, Outline, line_starts, parse_blocks, split_lines

__all__ = ["Comment", "Fence", "Heading", "Outline", "outline", "parsed"]


def outline(text: str) -> Outline:
    """The structure of a body. Never raises, and takes time linear in the text."""
    text = text.replace("\0", "\ufffd")
    lines = split_lines(text)
    starts = line_starts(lines)
    return Blocks(text, lines, starts).run().outline(lines, starts)


def parsed(text: str) -> Outline:
    """The same by the parser alone: slow, and the reference."""
    collected = Collected()
    collected.add(parse_blocks(text), 0)
    lines = split_lines(text.replace("\0", "\ufffd"))
    return collected.outline(lines, line_starts(lines))
