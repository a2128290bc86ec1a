"""The block structure of a Markdown body, without its inline text: headings, code fences, comments.

It equals what markdown-it-py makes of the same text (`parsed`, the reference); `outline` gets there some ten times
faster by a scanner that hands what it is not sure of to the parser.
"""

from studykit.vault.blocks import Blocks
from studykit.vault.structure import Collected, Comment, Fence, Heading, Outline, parse_blocks, split_lines

__all__ = ["Comment", "Fence", "Heading", "Outline", "outline", "parsed"]


def outline(text: str) -> Outline:
    """The structure of a body. Never raises, and takes time linear in the text."""
    lines = split_lines(text.replace("\0", "\ufffd"))
    ended = len(lines) <= text.count("\n")
    return Blocks(lines, ended).run().outline(lines)


def parsed(text: str) -> Outline:
    """The same by the parser alone: slow, and the reference."""
    collected = Collected()
    collected.add(parse_blocks(text), 0)
    return collected.outline(split_lines(text.replace("\0", "\ufffd")))
