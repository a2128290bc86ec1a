"""The parser's block half, for text that makes the stock one raise.

markdown-it-py 4.3 reads beyond the text where an HTML block in a list in a quote ends without a newline. Loaded with
the parser only, for it needs markdown-it-py at import.
"""

from contextlib import suppress

from markdown_it import MarkdownIt
from markdown_it.parser_block import ParserBlock
from markdown_it.token import Token
from markdown_it.utils import EnvType


class SteadyBlocks(ParserBlock):
    """Parses as the stock class does; what that cannot is tried with a newline at the end, or becomes code."""

    def parse(self, src: str, md: MarkdownIt, env: EnvType, outTokens: list[Token]) -> list[Token] | None:
        before = len(outTokens)
        for text in (src, src + "\n"):
            with suppress(IndexError, RecursionError):
                return super().parse(text, md, env, outTokens)
            del outTokens[before:]
        outTokens.append(Token("code_block", "code", 0, content=src, map=[0, src.count("\n") + 1], block=True))
        return outTokens


def steady_blocks(md: MarkdownIt) -> None:
    """A markdown-it plugin: keeps the block rules that are set and runs them without raising."""
    steady = SteadyBlocks()
    steady.ruler = md.block.ruler
    md.block = steady
