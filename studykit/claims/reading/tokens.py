"""A line as tokens: numbers, operators, relations, words, and the boundaries between claims and prose.

One regular expression with no nested repetition reads a line once from left to right, so the time is linear whatever
stands there.
"""

import re
from typing import NamedTuple

from studykit.calculators.superscripts import with_powers
from studykit.vault.later import later


class Token(NamedTuple):
    """`kind`: number, operator, relation, open, close, word, cjk, about, percent, stop (a clean end), other."""

    kind: str
    text: str
    start: int
    end: int


_TOKEN = later(
    r"""
    (?P<space>\s+)
  | (?P<other>\d+(?:\.\d+){2,}|0[xX][0-9a-fA-F]+|\d{4}-\d{1,2}-\d{1,2}|\d{1,2}:\d{2}(?!\d)
      |==+|[<>!+*%&|^:]=|[-/]=(?=\s)|=[>~]|<<|>>|->|\.\.+|&&|\|\||\+\+|--+)
  | (?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d{1,3}(?:_\d{3})+(?!\d)
      |\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3}(?![\w.]))?)
  | (?P<relation>[=≈≃≅≒]|~=|约等于|等于)
  | (?P<operator>(?<=[\d)\s])[xX](?=\s*[\d(])|\*\*|//|[-+*/^×÷·⋅∗−–])
  | (?P<percent>%)
  | (?P<open>[(])
  | (?P<close>[)])
  | (?P<word>[A-Za-z_µμ]\w*(?<=[A-Za-z0-9_µμ])(?:-[A-Za-z\u4e00-\u9fff]+)*)
  | (?P<about>[~∼约])
  | (?P<cjk>(?:(?!约|等于)[\u3400-\u9fff])+)
  | (?P<stop>[,，。；;：:、|$"'`“”‘’\#!！？?\[\]{}【】《》「」\\→⇒←✓✗✅❌…●○├└─│·•]|\.(?=\s|$))
  | (?P<rest>.)
    """,
    re.VERBOSE | re.ASCII,
)
SENTENCE_END = later(r"[。；;！？!?|]|(?<!\.e)\.(?=\s|$)")
"""Where a sentence of a line ends, or a cell of a table; `i.e.` is no end."""
LONGEST = 600
"""Characters of a line that are read around a relation; what is longer is no claim on one line."""


def tokenise(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """The tokens of one line, or of a part of it; spaces are dropped, a run of Chinese is one token.

    >>> [token.kind for token in tokenise("7/(7+16) = 30%")][-3:]
    ['relation', 'number', 'percent']
    """
    found: list[Token] = []
    make, add = tuple.__new__, found.append
    for match in _TOKEN.finditer(text, start, len(text) if end is None else end):
        kind = match.lastgroup
        if kind != "space":
            add(make(Token, ("other" if kind == "rest" else kind, match[0], *match.span())))
    return found


_TEX_WORDS = {
    "times": "×", "cdot": "×", "div": "÷", "approx": "≈", "simeq": "≈", "sim": "~", "left": "", "right": "",
    "quad": " ", "qquad": " ", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ll": "≪", "gg": "≫", "lt": "<", "gt": ">",
    "lceil": "ceil(", "rceil": ")", "lfloor": "floor(", "rfloor": ")",
    "rightarrow": "→", "to": "→", "Rightarrow": "→", "implies": "→", "displaystyle": "",
}  # fmt: skip
_FRACTION = later(r"\\[dt]?frac\s*\{([^{}]{0,80})\}\s*\{([^{}]{0,80})\}")
_BOXED = later(r"\\(?:text|mathrm|mathbf|textbf|boldsymbol|operatorname|boxed)\s*\{([^{}]{0,80})\}")
_SQUARE_ROOT = later(r"\\sqrt\s*\{([^{}]{0,40})\}")
_RAISED = later(r"\^\{([^{}]{0,40})\}")
_COMMAND = later(r"\\([A-Za-z]+)")
_ESCAPED = later(r"\\\\(?=(?:times|cdot|div|approx|[dt]?frac|sqrt)\b)")  # as in a string of a program
_SPACING = later(r"\\[,;:! ]|\{,\}|~(?=\\)")
_BOLD = later(r"\*\*(?!\d)|(?<!\d)\*\*")
_WIDE = dict(zip("（）＝％～　０１２３４５６７８９＋－／＜＞", "()=%~ 0123456789+-/<>", strict=True))
_WIDE_SIGN = later("[（）＝％～　０-９＋－／＜＞]")
_ROUNDED = str.maketrans({"⌈": "ceil(", "⌊": "floor(", "⌉": ")", "⌋": ")"})
_ROOT = later(r"√ ?(\d+(?:\.\d+)?)")


def plainly(line: str, *, code: bool = False) -> str:
    """A line with full-width signs, bold marks and TeX spelled as plain arithmetic; the length may change.

    >>> plainly(r"$\\frac{7}{7+16} \\approx 30.4\\%$ **好**")
    '$((7)/(7+16)) ≈ 30.4%$ 好'
    """
    text = line if line.isascii() else _WIDE_SIGN.sub(_narrow, line)
    if not code:
        text = _BOLD.sub("", text).replace("`", " ") if "**" in text else text.replace("`", " ")
    if "√" in text or "⌈" in text or "⌊" in text:
        text = _ROOT.sub(r"sqrt(\1)", text.translate(_ROUNDED)).replace("√(", "sqrt(")
    if not text.isascii():
        text = with_powers(text)
    return _without_tex(text) if "\\" in text else text


def _narrow(sign: re.Match[str]) -> str:
    return _WIDE[sign[0]]


def _without_tex(text: str) -> str:
    text = _ESCAPED.sub(r"\\", text)
    for pattern, put in (
        (_BOXED, r"\1"),
        (_SQUARE_ROOT, r"sqrt(\1)"),
        (_RAISED, r"^(\1)"),
        (_FRACTION, r"((\1)/(\2))"),
        (_FRACTION, r"((\1)/(\2))"),
    ):
        text = pattern.sub(put, text)
    text = _SPACING.sub(lambda found: "," if found[0] == "{,}" else " ", text)
    text = _COMMAND.sub(lambda found: _TEX_WORDS.get(found[1], found[0]), text)
    return text.replace("\\%", "%").replace("\\\\", " ").replace("&", " ")
