"""Lines of a body that hold no heading, fence or comment for sure: blank ones, rules, plain paragraphs, plain lists.

They are most of what stands between the headings and fences of a note, and one expression passes over all of them at
once. It takes a paragraph or a list whole or not at all: whatever might be a setext heading, a table, a lazy line or a
fence in an item is left to the scanner. Each line fits one of its pieces only, so it takes linear time; and each piece
repeats a limited number of times, for the engine remembers every repetition until the last.
"""

import re

# What the text of an item begins with; any other sign may open a block, of which only the scanner knows what it holds.
_TEXT = r"(?:[^ \t\n<>`~$*+0-9-]|`(?!``)|\*{1,3}[^\s*])"
_NESTED = r"(?:(?:[-+*]|[0-9]{1,2}[.)])[ ])?"
_REST = r".*+\n(?![ ]{0,3}(?:[|:]|-[-:|]))"  # of a line that is no head of a table: no row of dashes is below it
_HEADING_OR_FENCE = r"\#{1,6}[ \t\n]|```[^`\n]*+\n"


def _items(marker: str, width: int) -> str:
    """Items with a marker at the margin, and the lines indented to the text beside it, `width` columns wide."""
    indent = rf"[ ]{{{width},50}}+"
    formula = rf"\$\$\n(?:{indent}[^$`~<\n]++\n){{0,50}}{indent}\$\$\n"
    return rf"{marker}[ ](?={_TEXT}){_REST}(?:\n|{indent}(?:{_NESTED}{_TEXT}.*+\n|{formula})){{0,50}}"


plain_run = re.compile(
    rf"""(?:
    \n++
    # A paragraph, and what surely ends it.
    | (?: (?: [^ \t\n\#`~<>*+_=0-9\[$|-] | \*\*[^\s*|] | `[^`\s|] ) {_REST} ){{1,50}}
      (?: \n++ | (?= {_HEADING_OR_FENCE} | (?: [-+*] | 1[.)] ) [ ]+[^ \t\n] | \Z ) )
    # Lists; a line at the margin that ends the last one stands behind an empty one.
    | (?: {_items("[-+*]", 2)} | {_items("[0-9][.)]", 3)} | {_items("[0-9]{2}[.)]", 4)} ){{1,50}}
      (?= {_HEADING_OR_FENCE} | \Z | (?<=\n\n) (?! [ \t\n0-9] | [-+*](?:[ \t\n]|\Z) ) )
    # A rule, where no paragraph is before it.
    | (?: -{{3,}}+ | \*{{3,}}+ | _{{3,}}+ ) [ ]*+\n
    | [ \t]++\n
    ){{1,50}}""",
    re.VERBOSE,
).match
"""Matches at the beginning of a block, up to the end of the last plain line; None where that block is not plain."""
