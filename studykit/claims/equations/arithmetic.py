"""Arithmetic as people write it in prose, with units: read into a tree once, worked out by `evaluation`.

The typed answers' evaluator (`calculators.expression`) knows no units and takes 30 µs; notes hold thousands of
expressions, so this one parses a few tokens itself. Its powers are the same bounded ones.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from studykit.claims.reading.amounts import FUNCTIONS, Amount, read_amount, unit_of
from studykit.claims.reading.tokens import Token

DEEPEST = 20
MOST_TOKENS = 120


class UnreadableError(Exception):
    """The tokens are no expression that can be worked out."""


class Expression(NamedTuple):
    """`tree` is nested tuples with Amounts as leaves; `stop` the index of the first token behind it."""

    tree: Any
    start: int
    stop: int

    @property
    def single(self) -> Amount | None:
        """The amount, where the expression is nothing else."""
        return self.tree if isinstance(self.tree, Amount) else None

    @property
    def computes(self) -> bool:
        """Whether anything is worked out; a number with a sign is still only a number."""
        return self.single is None and self.tree[1] is not None

    def amounts(self) -> list[Amount]:
        """Every number in it, in order."""
        return _leaves(self.tree, [])

    def operators(self) -> set[str]:
        return _signs(self.tree, set())


def parse(tokens: Sequence[Token], start: int, end: int) -> Expression:
    """The longest expression from `tokens[start]`, within `end`. Raises UnreadableError."""
    if end - start > MOST_TOKENS:
        end = start + MOST_TOKENS
    reader = _Reader(tokens, start, end)
    tree = reader.sum()
    return Expression(tree, start, reader.at)


_SUM = frozenset("+-−–")
_PRODUCT = frozenset(["×", "*", "/", "÷", "·", "⋅", "∗", "x", "X", "//", "%"])
_POWER = frozenset(("^", "**"))
_TIMES = frozenset(("×", "*", "·", "⋅", "x"))


class _Reader:
    """Recursive descent over tokens: sum, product, power, atom."""

    def __init__(self, tokens: Sequence[Token], start: int, end: int) -> None:
        self.tokens, self.start, self.at, self.end, self.depth = tokens, start, start, end, 0

    def sign(self, signs: frozenset[str]) -> str:
        """The operator here if it is one of `signs` and an operand follows."""
        if self.at + 1 >= self.end:
            return ""
        token = self.tokens[self.at]
        if token.text not in signs:
            return ""
        following = self.tokens[self.at + 1]
        if following.kind in ("cjk", "word") and self._named(self.at + 1):
            return token.text
        operand = following.kind in ("number", "open") or _is_function(self.tokens, self.at + 1)
        lowered = signs is _POWER and following.text == "-" and self._number_at(self.at + 2)
        return token.text if operand or lowered else ""

    def _number_at(self, at: int) -> bool:
        return at < self.end and self.tokens[at].kind == "number"

    def _named(self, at: int) -> bool:
        """`900 / 总 1200`, `50ms + Kernel 30ms`: a short name before its number."""
        return self._number_at(at + 1) and is_name(self.tokens, at)

    def sum(self) -> Any:
        left = self.product()
        while sign := self.sign(_SUM):
            token = self.tokens[self.at]
            self.at += 1
            right = self.product()
            if sign != "+" and self._range(token, left, right):
                raise UnreadableError
            left = ("+" if sign == "+" else "-", left, right)
        return left

    def _range(self, sign: Token, left: Any, right: Any) -> bool:
        """`4-8` and `2–3` are ranges: no spaces, the smaller first. A dash with spaces is a dash only if short."""
        left, right = _edge(left, -1), _edge(right, 1)
        if left is None or right is None:
            return sign.text == "–" and not self.depth
        tight = sign.start == left.end and sign.end == right.start
        if tight and 1900 <= left.literal < 2100 and right.literal < 100 and left.digits == 4:
            return True  # years: `1982-84`
        return (sign.text == "–" and not self.depth) or (tight and left.literal < right.literal)

    def product(self) -> Any:
        left = self.raised()
        while sign := self.sign(_PRODUCT) or self._beside():
            self.at += sign != "beside"
            right = self.raised()
            left = (_SIGNS.get(sign, sign), left, right)
        return left

    def _beside(self) -> str:
        """`(8-1)(10+20)`: two groups with nothing between them are multiplied."""
        if not 0 < self.at < self.end - 1 or self.tokens[self.at].kind != "open":
            return ""
        before, inside = self.tokens[self.at - 1], self.tokens[self.at + 1]
        tight = before.kind == "close" and before.end == self.tokens[self.at].start
        return "beside" if tight and inside.kind in ("number", "open") else ""

    def raised(self) -> Any:
        if self.at < self.end and self.tokens[self.at].text in ("-", "+", "−"):
            sign = self.tokens[self.at].text
            self.at += 1
            inner = self.raised()
            return inner if sign == "+" else ("-", None, inner)
        base = self.atom()
        if sign := self.sign(_POWER):
            self.at += 1
            return (sign, base, self.raised())
        return base

    def atom(self) -> Any:
        if self.at >= self.end:
            raise UnreadableError
        token = self.tokens[self.at]
        if token.kind in ("cjk", "word") and self._behind_operator() and self._named(self.at):
            self.at += 1
            token = self.tokens[self.at]
        if token.kind == "number":
            return self._amount()
        if token.kind == "open":
            return self._annotated(self._group())
        if token.kind == "word" and _is_function(self.tokens, self.at):
            self.at += 1
            return (token.text, *self._arguments())
        raise UnreadableError

    def _behind_operator(self) -> bool:
        before = self.tokens[self.at - 1] if self.at else None
        return before is not None and (before.kind == "operator" or (self.at == self.start and before.text == "="))

    def _amount(self) -> Any:
        found = read_amount(self.tokens, self.at)
        if found is None or found[1] > self.end:
            raise UnreadableError
        amount, self.at = found
        if amount.unit is None and not amount.percent and self._scientific():
            sign, ten = self.tokens[self.at], self.tokens[self.at + 1]
            self.at += 3
            base = Amount(10.0, 1.0, 2, False, False, None, ten.start, ten.end)
            return (_SIGNS.get(sign.text, sign.text), amount, ("^", base, self._exponent()))
        if self.at < self.end and self._opens_factor(amount):
            return ("*", amount, self._group())
        return self._annotated(amount)

    def _exponent(self) -> Any:
        negative = self.tokens[self.at].text == "-"
        self.at += negative
        if self.at < self.end and self.tokens[self.at].kind == "open":
            inner = self._group()
        else:
            found = read_amount(self.tokens, self.at) if self._number_at(self.at) else None
            if found is None or found[1] > self.end:
                raise UnreadableError
            inner, self.at = found
        return ("-", None, inner) if negative else inner

    def _scientific(self) -> bool:
        """`3.5 × 10^12` is one number, also behind a `/`."""
        four = self.tokens[self.at : min(self.at + 4, self.end)]
        return (
            len(four) == 4 and four[0].text in _TIMES and four[1].text == "10" and four[2].text in _POWER
            and (four[3].kind in ("number", "open") or four[3].text == "-")
        )  # fmt: skip

    def _opens_factor(self, amount: Amount) -> bool:
        """`2(8-1)`: a parenthesis right behind a bare number, with a number in it."""
        token = self.tokens[self.at]
        tight = token.kind == "open" and token.start == amount.end and amount.unit is None
        return tight and self.at + 1 < self.end and self.tokens[self.at + 1].kind in ("number", "open")

    def _annotated(self, tree: Any) -> Any:
        """Passes over a remark in parentheses before another operator: `2 (K and V) × 32 (layers)`."""
        close = _remark(self.tokens, self.at, self.end)
        if close and close + 1 < self.end and self.tokens[close + 1].kind in ("operator", "relation"):
            self.at = close + 1
        return tree

    def _group(self) -> Any:
        self.depth += 1
        if self.depth > DEEPEST:
            raise UnreadableError
        self.at += 1
        inner = self.sum()
        self._close()
        return self._with_unit(inner)

    def _close(self) -> None:
        if self.at >= self.end or self.tokens[self.at].kind != "close":
            raise UnreadableError
        self.at += 1
        self.depth -= 1

    def _with_unit(self, inner: Any) -> Any:
        """Chinese words behind a closing parenthesis change nothing; a unit holds for what is in it: `(4 + 4) GB`."""
        if self.at < self.end and self.tokens[self.at].kind == "word":
            token = self.tokens[self.at]
            unit = unit_of(token.text)
            if unit is not None and unit.kind in ("byte", "count", "second"):
                self.at += 1
                one = Amount(1.0, 0.0, 1, False, False, unit, token.start, token.end, token.text)
                return ("*", inner, one) if unit.factor != 1 else inner
        while self.at < self.end and self.tokens[self.at].kind == "cjk":
            self.at += 1
        return inner

    def _arguments(self) -> tuple[Any, ...]:
        self.depth += 1
        if self.depth > DEEPEST:
            raise UnreadableError
        self.at += 1
        found = [self.sum()]
        while self.at < self.end and self.tokens[self.at].text in (",", "，"):
            self.at += 1
            found.append(self.sum())
        self._close()
        return tuple(found)


_SIGNS = {"beside": "*", "×": "*", "·": "*", "⋅": "*", "∗": "*", "x": "*", "X": "*", "÷": "/"}


def _edge(tree: Any, which: int) -> Amount | None:
    """The first number of a tree (`which` 1) or its last (-1), where that is not hidden by a function or a sign."""
    while isinstance(tree, tuple) and not isinstance(tree, Amount):
        tree = tree[which] if tree[0] in ("*", "/", "+", "-") else None
    return tree if isinstance(tree, Amount) else None


def is_name(tokens: Sequence[Token], at: int) -> bool:
    """A short word that names the number behind it, with a space between if it is no Chinese."""
    token = tokens[at]
    if token.kind == "cjk":
        return len(token.text) <= 4
    apart = tokens[at + 1].start > token.end
    return token.kind == "word" and apart and 2 <= len(token.text) <= 12 and token.text not in FUNCTIONS


def single(tree: Any) -> Any:
    """`2.3 × 10^22` as the one amount that it is; any other tree as it stands."""
    scientific = (
        isinstance(tree, tuple) and not isinstance(tree, Amount) and tree[0] == "*" and isinstance(tree[1], Amount)
        and not isinstance(tree[2], Amount) and tree[2][0] == "^"
    )  # fmt: skip
    power = tree[2][2] if scientific else None
    if not isinstance(power, Amount) or not isinstance(tree[2][1], Amount) or tree[2][1].literal != 10:
        return tree
    if power.literal != int(power.literal) or power.literal > MOST_TOKENS or power.percent:
        return tree
    scale = 10.0**power.literal
    return tree[1]._replace(
        literal=tree[1].literal * scale, step=tree[1].step * scale, unit=power.unit, word=power.word, end=power.end,
        decimal=True,
    )  # fmt: skip


def _is_function(tokens: Sequence[Token], at: int) -> bool:
    return tokens[at].text in FUNCTIONS and at + 1 < len(tokens) and tokens[at + 1].kind == "open"


def _remark(tokens: Sequence[Token], at: int, end: int) -> int:
    """The index of the `)` that ends a remark of words beginning here, or 0."""
    if at + 1 >= end or tokens[at].kind != "open" or tokens[at + 1].kind not in ("word", "cjk"):
        return 0
    for index in range(at + 2, min(end, at + 14)):
        if tokens[index].kind == "close":
            return index
        if tokens[index].kind in ("open", "relation"):
            return 0
    return 0


def _leaves(tree: Any, found: list[Amount]) -> list[Amount]:
    if isinstance(tree, Amount):
        found.append(tree)
    elif tree is not None:
        for part in tree[1:]:
            _leaves(part, found)
    return found


def _signs(tree: Any, found: set[str]) -> set[str]:
    if tree is not None and not isinstance(tree, Amount):
        found.add(tree[0])
        for part in tree[1:]:
            _signs(part, found)
    return found
