"""Whether the two sides of an equation agree, under any reading of their units that a person may mean."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from studykit.claims.equations.arithmetic import Expression, UnreadableError
from studykit.claims.equations.equation import Equation
from studykit.claims.equations.evaluation import evaluate
from studykit.claims.judging.agreement import (
    EXACT,
    ROUNDED,
    WORKED_OUT,
    Agreement,
    Tolerance,
    agree,
    loose_step,
    tolerance,
)
from studykit.claims.reading.amounts import Amount, Reading, Unit, dotted
from studykit.vault.later import later

_READINGS = (
    Reading(), Reading(binary=True), Reading(byte=True), Reading(bit=True), Reading(binary=True, byte=True),
    Reading(binary=True, bit=True),
)  # fmt: skip
_ABSURD = 3e5
"""Nobody is so far off: something was not read as it was meant."""
_NEXT = 1.5
_BASE = later(r"二进制|十六进制|进制|\bbinary\b|\bhex")


class Outcome(NamedTuple):
    """How an equation came out; `value` is in the units of `stated`."""

    agreement: Agreement
    stated: Amount
    value: float
    text: str


def judge(equation: Equation) -> Outcome | None:
    """Whether both sides agree; None where a mismatch may mean that it is no equation of plain numbers."""
    stated, computed, swapped = _sides(equation)
    if stated is None:
        return _both_computed(equation)
    if not computed.computes or _bit_pattern(equation.text, stated) or _BASE.search(equation.text):
        return None
    if (swapped and _crossed(equation, computed)) or _has_unknown(computed):
        return None
    allowed, step = _allowance(equation, computed, stated)
    best: Agreement | None = None
    first: float | None = None
    values: list[float] = []
    for left in _useful(computed, stated):
        for right in _useful(computed, stated):
            if left.binary != right.binary and _both_bytes(computed, stated):
                continue
            try:
                exact, doubt = evaluate(computed.tree, left)
            except UnreadableError:
                return None
            scale = stated.scale(right)
            found = _best(exact, stated.literal * scale, step * scale, allowed, doubt, stated)
            first = exact / scale if first is None else first
            values.append(exact / scale)
            best = found if best is None or found.value < best.value else best
            if best is Agreement.RIGHT:
                return Outcome(best, stated, exact / scale, equation.text)
    if best is None or first is None:
        return None
    if best is Agreement.WRONG and stated.literal and _unsaid(computed, stated, first):
        return Outcome(Agreement.RIGHT, stated, stated.literal, equation.text)
    if best is Agreement.WRONG and not 1 / _ABSURD < abs(first / stated.literal if stated.literal else 1.0) < _ABSURD:
        meant = _bare(computed, stated) or _nearest(computed, stated, values)
        if meant is None:
            return None
        first = meant
    if best is Agreement.WRONG and (_turned(equation, computed, stated) or _cut(computed, stated)):
        return None
    if best is Agreement.WRONG and (
        (swapped and not _same_kind(computed, stated)) or _excused(computed, stated, first)
    ):
        return None
    return Outcome(best, stated, first, equation.text)


def _crossed(equation: Equation, computed: Expression) -> bool:
    """`2 = 640x480`: an `x` between two numbers without a space is a width by a height, if no product follows."""
    tokens = equation.tokens
    return any(
        tokens[at].text in ("x", "X")
        and tokens[at - 1].end == tokens[at].start
        and tokens[at].end == tokens[at + 1].start
        for at in range(computed.start + 1, computed.stop - 1)
    )


def _has_unknown(computed: Expression) -> bool:
    """`2x - 3 = 4`: a sum of plain numbers and some with an `x` is to be solved; speed-ups all have theirs."""
    crosses = [amount.word in ("x", "X") for amount in computed.amounts()]
    return any(crosses) and not all(crosses) and bool(computed.operators() & {"+", "-"})


def _turned(equation: Equation, computed: Expression, stated: Amount) -> bool:
    """`native 32,086 / ours 34,263 = 1.068x`: two named things side by side, and their ratio the other way round."""
    amounts, tokens = computed.amounts(), equation.tokens
    if len(amounts) != 2 or computed.operators() != {"/"} or not amounts[0].literal:
        return False
    named = any(
        tokens[at].kind in ("word", "cjk") and tokens[at + 1].kind == "number"
        for at in range(max(computed.start - 1, 0), computed.stop - 1)
    )
    return named and abs(amounts[1].literal / amounts[0].literal - stated.literal) <= stated.step


def _cut(computed: Expression, stated: Amount) -> bool:
    """`16 = 17 / 8 * 8`: whole numbers, and the quotient cut off to a whole one as programs do."""
    if computed.operators() != {"/", "*"} or any(each.decimal or each.percent for each in computed.amounts()):
        return False
    try:
        return evaluate(_whole_quotients(computed.tree), Reading())[0] == stated.literal
    except UnreadableError:
        return False


def _whole_quotients(tree: Any) -> Any:
    if tree is None or isinstance(tree, Amount):
        return tree
    return ("//" if tree[0] == "/" else tree[0], *map(_whole_quotients, tree[1:]))


def _nearest(computed: Expression, stated: Amount, values: Sequence[float]) -> float | None:
    """`1024 × 4 B = 8 KB`: of the readings of a lone B the one that comes near, where the other is absurd."""
    if not any(amount.unit and amount.unit.kind == "billion" for amount in computed.amounts()) or not stated.literal:
        return None
    near = [value for value in values if 0.1 < abs(value / stated.literal) < 10]
    return near[0] if near and stated.unit and stated.unit.kind == "byte" else None


def _bare(computed: Expression, stated: Amount) -> float | None:
    """The value of numbers without any unit in the unit of the result, which then holds for them, too."""
    if any(amount.unit for amount in computed.amounts()) or stated.unit is None:
        return None
    try:
        return evaluate(computed.tree, Reading(raw=True))[0]
    except UnreadableError:
        return None


def _bit_pattern(text: str, stated: Amount) -> bool:
    """`0110`, a byte or more, or `1010` beside numbers without another digit: likelier bits than a number."""
    digits = text[stated.start : stated.end]
    if len(digits) < 4 or not set(digits) <= {"0", "1"}:
        return False
    return digits[0] == "0" or ("1" in digits[1:] and (len(digits) >= 8 or not set("23456789") & set(text)))


def _sides(equation: Equation) -> tuple[Amount | None, Expression, bool]:
    if equation.right.single:
        return equation.right.single, equation.left, False
    return equation.left.single, equation.right, True


def _allowance(equation: Equation, computed: Expression, stated: Amount) -> tuple[Tolerance, float]:
    allowed = tolerance(equation.sign, equation.about)
    if equation.sign == "=" and not equation.about and _integers(computed, stated):
        return EXACT, stated.step
    if not equation.about and stated.digits >= 3 and stated.literal % (10 * stated.step) and _exact(computed):
        # Of whole numbers three digits that do not end in zero are worked out, not guessed.
        return WORKED_OUT[stated.digits > 3], stated.step
    step = loose_step(stated.literal, stated.step) if equation.about or equation.sign == "≈" else stated.step
    return allowed, step


def _exact(computed: Expression) -> bool:
    """Whether only whole numbers without a unit that is rounded away make the value."""
    return all(
        not number.decimal and not number.percent and (number.unit is None or not number.unit.prefixed)
        for number in computed.amounts()
    )


def _integers(computed: Expression, stated: Amount) -> bool:
    """Plain integers added and multiplied have an exact result, with nothing to round."""
    numbers = [*computed.amounts(), stated]
    if computed.tree[0] in ("ceil", "floor", "round", "int") and len(computed.tree) == 2:
        return not stated.decimal and not stated.percent and (stated.unit is None or stated.unit.factor == 1)
    return computed.operators() <= {"+", "-", "*", "^", "**"} and all(
        not number.decimal and not number.percent and (number.unit is None or number.unit.factor == 1)
        for number in numbers
    )


def _both_bytes(computed: Expression, stated: Amount) -> bool:
    """Whether both sides are given in KB, MB or GB, which then mean the same on both."""
    units = [amount.unit for amount in computed.amounts()]
    return _prefixed_bytes(stated.unit) and any(_prefixed_bytes(unit) for unit in units)


def _prefixed_bytes(unit: Unit | None) -> bool:
    return unit is not None and unit.kind.startswith("byte") and unit.binary != unit.factor


def _useful(computed: Expression, stated: Amount) -> list[Reading]:
    """The readings that make a difference to these amounts."""
    units = [amount.unit for amount in (*computed.amounts(), stated) if amount.unit]
    if [unit.kind for unit in units if "second" in unit.kind] == ["watt second"]:
        return [Reading(raw=True)]  # `10 kW × 24 = 240 kWh`: the hours are left unsaid
    binary = any(unit.binary != unit.factor for unit in units)
    byte = any(unit.kind == "billion" for unit in units)
    bit = any(unit.kind == "bit" for unit in units)
    return [
        reading for reading in _READINGS
        if (binary or not reading.binary) and (byte or not reading.byte) and (bit or not reading.bit)
    ]  # fmt: skip


def _best(exact: float, stated: float, step: float, allowed: Tolerance, doubt: float, amount: Amount) -> Agreement:
    """The best agreement over what a result may leave unsaid: per cent, cut off to a whole number."""
    found = agree(exact, stated, step, allowed, doubt)
    if found is Agreement.RIGHT:
        return found
    if amount.percent or 0 < abs(exact) < 1 < abs(stated):
        other = (
            agree(exact, stated * 100, step * 100, allowed, doubt)
            if amount.percent
            else agree(exact * 100, stated, step, allowed, doubt * 100)
        )
        found = min(found, other, key=lambda each: each.value)
    if found is not Agreement.RIGHT and not amount.decimal and not amount.percent and allowed is not EXACT:
        scaled = step or 1.0
        counted = amount.unit is None or (amount.unit.kind == "count" and not amount.unit.prefixed)
        whole = abs(exact - stated) < scaled * (1 - 1e-9) and abs(stated) >= scaled
        # Cut off, or the next whole one that is needed: of things that are counted.
        if exact / scaled > 0 and whole and counted and (abs(stated) <= abs(exact) or stated / exact < _NEXT):
            return Agreement.RIGHT
    return found


def _both_computed(equation: Equation) -> Outcome | None:
    """`(8-1)/(64+8-1) = 7/71`: two expressions are equal or not; only equality is sure to be meant."""
    last = equation.right.amounts()[-1]
    ratio = 0.0
    for one in _READINGS[:2]:
        for other in _READINGS[:2]:
            try:
                left, right = evaluate(equation.left.tree, one), evaluate(equation.right.tree, other)
            except UnreadableError:
                return None
            if agree(left[0], right[0], 0.0, ROUNDED, left[1] + right[1]) is not Agreement.WRONG:
                return Outcome(Agreement.RIGHT, last, last.literal, equation.text)
            ratio = ratio or (left[0] / right[0] if right[0] else 0.0)
    # A step of a calculation with the unit lost: off by a thousand or a million, all else equal.
    prefixed = any(amount.unit and amount.unit.prefixed for amount in equation.right.amounts())
    lost = prefixed and ratio and any(abs(ratio / power - 1) < 0.04 for power in (1e3, 1e-3, 1e6, 1e-6))
    return Outcome(Agreement.WRONG, last, last.literal * ratio, equation.text) if lost else None


def _same_kind(computed: Expression, stated: Amount) -> bool:
    """`1 warp = 32 × 4 bytes` defines nothing that can be compared; `64 = 4 × 32` can."""
    if not stated.word:
        return True
    return bool(stated.unit and stated.unit.kind not in ("count",) and stated.unit.kind in {
        amount.unit.kind for amount in computed.amounts() if amount.unit
    })  # fmt: skip


def _excused(computed: Expression, stated: Amount, value: float) -> bool:
    """A mismatch that has another explanation than a wrong number."""
    amounts = computed.amounts()
    units = [amount.unit for amount in amounts if amount.unit]
    if not stated.literal or not value:
        return True
    if any(unit.kind == "bit" for unit in units) and any(amount.word.endswith("bps") for amount in amounts):
        # The rate of a pin times the pins: what is a bit, and what a width, cannot be told.
        return True
    sized = any(unit.kind in ("byte", "bit", "billion") or "/" in unit.kind for unit in units)
    if stated.unit and stated.unit.kind == "byte" and all(amount.word for amount in amounts) and not sized:
        # `128K 序列 × 60 层 ≈ 4.2 GB`: what one of them takes is left unsaid.
        return True
    ratio = abs(value / stated.literal)
    return _variables(units, stated, ratio) or dotted((*amounts, stated), ratio)


def _unsaid(computed: Expression, stated: Amount, value: float) -> bool:
    """Whether it is right if a unit is filled in or passed over, as people do."""
    return (
        _unsaid_prefix(computed, stated, value)
        or _bare_time(computed, stated)
        or _smaller_seconds(computed, stated, value)
    )


def _variables(units: Sequence[Unit], stated: Amount, ratio: float) -> bool:
    """`2M × 2 = 64`: the letters may be names, if only one side has them and orders of magnitude lie between."""
    prefixed = any(unit.prefixed for unit in units)
    has = bool(stated.unit and stated.unit.prefixed)
    return prefixed and not has and not 1 / 300 < ratio < 300


def _unsaid_prefix(computed: Expression, stated: Amount, value: float) -> bool:
    """`500 × 8 = 4 GB` leaves MB unsaid; `2 × 2048 × 4096 × 14336 = 239M` does not."""
    if (
        not stated.unit
        or not stated.unit.prefixed
        or any(each.unit and each.unit.prefixed for each in computed.amounts())
    ):
        return False
    plain = value * stated.unit.factor
    if plain > 1e6:
        return False
    if 0.5 < abs(plain / stated.literal) < 2 and not any(amount.unit for amount in computed.amounts()):
        # The numbers are in the unit of the result: nothing but rounding lies between.
        return abs(plain / stated.literal - 1) < 0.06
    return any(
        abs(plain * base**power / stated.unit.factor / stated.literal - 1) < 0.06
        for base in (1000.0, 1024.0)
        for power in range(1, 5)
    )


def _bare_time(computed: Expression, stated: Amount) -> bool:
    """`1000 tok/s × 60 = 60000 tok/min`, `24 × 1 天 = 24 小时`: right if the units of time are passed over."""
    units = [amount.unit for amount in (*computed.amounts(), stated) if amount.unit]
    if not any("second" in unit.kind for unit in units):
        return False
    try:
        value, doubt = evaluate(computed.tree, Reading(raw=True))
    except UnreadableError:
        return False
    return agree(value, stated.literal, stated.step, EXACT, doubt) is Agreement.RIGHT


def _smaller_seconds(computed: Expression, stated: Amount, value: float) -> bool:
    """`300 + 199×25 ≈ 5.3s`: the numbers are milliseconds, which the line said before."""
    if not stated.unit or stated.unit.kind != "second" or stated.unit.factor != 1 or value < 100 * stated.literal:
        return False
    if any(amount.unit for amount in computed.amounts()):
        return False
    exact = (value / 1e3, value / 1e6)
    return any(agree(each, stated.literal, stated.step, ROUNDED) is Agreement.RIGHT for each in exact)
