"""Equations: `7/(7+16) = 30%`, `2 × 70B × 2 bytes = 280GB`, chains of them, and those that go on in the next line."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from studykit.claims.equations.arithmetic import Expression, UnreadableError, is_name, parse, single
from studykit.claims.reading.amounts import is_known, is_percent
from studykit.claims.reading.tokens import LONGEST, Token, plainly, tokenise
from studykit.vault.later import later

# A pattern that begins with a set of characters is searched several times faster than one with alternatives.
CANDIDATE = later(
    r"[=≈≃＝等\\](?:(?<![等\\])|(?<=等)于|(?<=\\)(?:approx|simeq))[ \t~～约*${&]*(?:\\[a-z]+[ {]*)?-?\(?\d"
)
_OPERATION = later(
    r"[\d\\⌈⌊√smlrc](?:(?<=\d)(?:[⁰¹²³⁴-⁹⁻]|[^\n=≈]{0,20}?[×*/+÷^·−⋅%xX-][ \t{(]*"
    r"(?:[\u4e00-\u9fff]{1,4} ?|[A-Za-z][A-Za-z_\d]{1,11} )?(?:\d|\\|sqrt))"
    r"|(?<=\\)(?:times|cdot|[dt]?frac|sqrt|lceil|lfloor)|(?<=[⌈⌊√])"
    r"|(?<![A-Za-z_.].)(?:(?<=s)qrt|(?<=m)(?:in|ax)|(?<=l)og2|(?<=r)ound|(?<=c)eil)\()"
)
_LEADING = " \t-*>#|&$\\"
_ANY_SIGN = later("[=≈≃≅≒]|等于")
_REACH = 150
_COMMENT = later(r"//(?=\s|$)|(?<=\s)//|(?<=[;{}])//")
_WORDS = "mod log ln lg sqrt sum exp and or not sin cos tanh xor div"
_UNCLEAN_WORDS = frozenset(_WORDS.split())


class Equation(NamedTuple):
    """Two neighbours of a chain. `stated` is the side that is a plain number, `column` where it stands, from 0."""

    left: Expression
    right: Expression
    sign: str
    about: bool
    tokens: Sequence[Token]
    text: str


def continues(line: str) -> bool:
    """Whether a line begins with the sign of an equation that began above: `= 30%`, `> ≈ 30%`, but not `>= 30`."""
    head = line.lstrip(_LEADING)
    return head[:1] in ("=", "≈") and not line[: len(line) - len(head)].endswith(">")


def may_compute(line: str, before: str) -> bool:
    """Whether the line, or the one it goes on from, holds an operation on numbers: a quick look."""
    return bool(_OPERATION.search(line) or (continues(line) and _OPERATION.search(before)))


def equations(line: str, before: str = "", *, code: bool = False, python: bool = False) -> Iterator[Equation]:
    """The equations of a line that has a CANDIDATE; `before` is the line above, for one that starts with `=`."""
    text = plainly(line, code=code)
    if "//" in text and not python:
        text = _COMMENT.sub("；；", text)
    if len(text) > LONGEST:
        for piece in _pieces(text):
            yield from _chains(piece)
        return
    if before and continues(text):
        head = text.lstrip(_LEADING)
        above = plainly(before, code=code).rstrip(" \t\\&$,;")[-LONGEST // 2 :]
        text = f"{above} {head}"
    yield from _chains(text)


def _pieces(text: str) -> Iterator[str]:
    """Windows around the relations of an overlong line; each character is read a bounded number of times."""
    reach = LONGEST // 4
    done = 0
    for found in CANDIDATE.finditer(text):
        if found.start() >= done:
            done = found.end() + reach
            yield text[max(0, found.start() - reach) : done]


def _chains(text: str) -> Iterator[Equation]:
    tokens = tokenise(text, *_reach(text))
    marks = [at for at, token in enumerate(tokens) if token.kind == "relation"]
    bounds = [-1, *marks, len(tokens)]
    for index, mark in enumerate(marks):
        pair = _neighbours(tokens, bounds[index] + 1, mark, bounds[index + 2])
        if pair:
            left, right, about = pair
            if left.computes or right.computes:
                yield Equation(left, right, _sign(tokens[mark].text), about, tokens, text)


def _reach(text: str) -> tuple[int, int]:
    """The part of a line in which its equations stand: from some way before the first sign to behind the last."""
    signs = [found.span() for found in _ANY_SIGN.finditer(text)]
    if not signs:
        return 0, 0
    start, end = max(0, signs[0][0] - _REACH), signs[-1][1] + _REACH
    # Not to begin within a number or a word, start at a space or at Chinese.
    while 0 < start < signs[0][0] and not (text[start] == " " or text[start] > "\u3000"):
        start += 1
    return start, min(end, len(text))


def _sign(text: str) -> str:
    return "=" if text in ("=", "等于") else "≈"


def _neighbours(tokens: Sequence[Token], start: int, mark: int, end: int) -> tuple[Expression, Expression, bool] | None:
    """The expressions on both sides of the relation at `mark`."""
    if _assigns(tokens, mark):
        return None
    first = mark + 1
    about = False
    while first < end and tokens[first].kind == "about":
        first, about = first + 1, True
    if not _has_number(tokens, start, mark) or not _has_number(tokens, first, end):
        return None
    try:
        right = parse(tokens, first, end)
        if _goes_on(tokens, right.stop, end):
            return None
        left = _backwards(tokens, start, mark)
    except UnreadableError:
        return None
    if left and left.computes:
        right = right._replace(tree=single(right.tree))
    return (left, right, about) if left else None


def _assigns(tokens: Sequence[Token], mark: int) -> bool:
    """`1024x768-32 mtrr=3`: a name tight before the sign and a value tight behind it, as options are written."""
    if not 1 < mark < len(tokens) - 1:
        return False
    name, sign, value = tokens[mark - 1 : mark + 2]
    tight = name.end == sign.start and sign.end == value.start
    return tight and name.kind == "word" and name.start > tokens[mark - 2].end and not is_known(name.text)


def _has_number(tokens: Sequence[Token], start: int, end: int) -> bool:
    """A look before the reading: most relations in notes stand between a name and a number."""
    return any(tokens[at].kind == "number" for at in range(start, end))


def _goes_on(tokens: Sequence[Token], at: int, end: int) -> bool:
    """Whether what follows a right side changes its meaning: `6 × N`, `3~4`, `50%+`, `7/2`."""
    if at >= len(tokens):
        return False
    token = tokens[at]
    if token.kind == "about" and at + 1 < end and tokens[at + 1].kind == "number" and token.text != "约":
        return True
    if token.kind in ("operator", "percent"):
        if token.text in ("×", "x", "X"):
            return at + 1 < end and tokens[at + 1].kind in ("number", "open", "word", "cjk")
        return token.text not in ("-", "–") or token.start == tokens[at - 1].end
    if token.text == "|" and tokens[0].text != "|":
        return at + 1 < len(tokens) and tokens[at + 1].kind == "number"  # bits put together; a table's row begins so
    return (token.kind == "other" and token.text not in ("<", ">", "≤", "≥", "≪", "≫")) or (
        token.kind == "open" and token.start == tokens[at - 1].end and at > 0 and _index(tokens, at)
    )


def _index(tokens: Sequence[Token], at: int) -> bool:
    """`3(x)`: a parenthesis that multiplies, as it holds a lone variable."""
    inside = tokens[at + 1 : at + 3]
    return len(inside) == 2 and inside[0].kind == "word" and inside[1].kind == "close" and len(inside[0].text) == 1


def _backwards(tokens: Sequence[Token], start: int, mark: int) -> Expression | None:
    """The expression that ends right before `mark` and begins at a clean boundary."""
    at = _beginning(tokens, start, mark)
    if at is not None and _bullet(tokens, at):
        at += 1
    if at is None or not _clean(tokens, at):
        return None
    found = parse(tokens, at, mark)
    return found if found.stop == mark or _only_remark(tokens, found.stop, mark) else None


def _only_remark(tokens: Sequence[Token], at: int, mark: int) -> bool:
    """`4 × 8 (per node) = 32`; in `(8-1)(F+B) = 210` the parenthesis is a factor."""
    if tokens[at - 1].kind == "close" and tokens[at - 1].end == tokens[at].start:
        return False
    return tokens[at].kind == "open" and tokens[mark - 1].kind == "close" and tokens[at + 1].kind in ("word", "cjk")


def _beginning(tokens: Sequence[Token], start: int, mark: int) -> int | None:
    """The nearest token before `mark` at which an operand begins with no operator in front of it."""
    depth, at = 0, mark
    while at > start:
        token = tokens[at - 1]
        if token.kind == "close":
            depth += 1
        elif token.kind == "open":
            depth -= 1
            if depth < 0:
                return at
        elif (not depth and token.kind in ("stop", "other", "about")) or (
            not depth and at < mark and _stands_apart(tokens, at)
        ):
            return at
        at -= 1
    return start if not depth else None


def _stands_apart(tokens: Sequence[Token], at: int) -> bool:
    """Whether an operand begins at `at` and the token before it is no operator."""
    begins = tokens[at].kind in ("number", "open") or (
        tokens[at].kind == "word" and _calls(tokens, at) and not _worded(tokens, at + 1)
    )
    if not begins or tokens[at - 1].kind not in ("word", "cjk", "number", "percent", "close"):
        return False
    if _named(tokens, at):
        return False
    if tokens[at - 1].kind == "percent" and not is_percent(tokens, at - 1):
        return False
    if tokens[at].kind == "open":
        if _worded(tokens, at):
            return False
        # A parenthesis behind a number or a unit is a remark or a factor; behind Chinese prose it begins something.
        return tokens[at - 1].kind == "cjk" or (tokens[at - 1].kind == "word" and tokens[at].start > tokens[at - 1].end)
    return True


def _calls(tokens: Sequence[Token], at: int) -> bool:
    return at + 1 < len(tokens) and tokens[at + 1].kind == "open"


def _worded(tokens: Sequence[Token], at: int) -> bool:
    """`bytes (FP16)`, `4 (heads)`: a parenthesis that begins with a word is a remark, and nothing begins with it."""
    inside = at + 1
    return inside < len(tokens) and tokens[inside].kind in ("word", "cjk") and not _calls(tokens, inside)


def _named(tokens: Sequence[Token], at: int) -> bool:
    """`900 / 总 1200`: a number with a short name between it and the operator."""
    named = at > 2 and tokens[at - 1].kind in ("cjk", "word") and is_name(tokens, at - 1)
    return named and tokens[at - 2].kind == "operator" and not _bullet(tokens, at - 2)


def _clean(tokens: Sequence[Token], at: int) -> bool:
    """Whether the tokens before `at` are prose, so that nothing of the expression is cut off."""
    if at >= len(tokens) or (tokens[at].kind not in ("number", "open", "word") and tokens[at].text not in ("-", "−")):
        return False
    if at == 0:
        return True
    before = tokens[at - 1]
    if before.kind == "word":
        called = tokens[at].kind == "open" and tokens[at].start == before.end
        return not called and before.text not in _UNCLEAN_WORDS
    if before.kind in ("other", "operator", "percent"):
        return before.kind == "operator" and _bullet(tokens, at - 1)
    return before.text not in ("]", "}", "\\", "[", "{") and before.kind != "close"


def _bullet(tokens: Sequence[Token], at: int) -> bool:
    """A dash or star that begins the line (or a comment's `//`) and stands apart."""
    alone = at + 1 < len(tokens) and tokens[at + 1].start > tokens[at].end
    return alone and (at == 0 or tokens[at].text == "//") and tokens[at].text in ("-", "*", "+", "//")
