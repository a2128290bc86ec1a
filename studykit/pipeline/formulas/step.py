"""Step time of each schedule: the formula, when it is exact, and where it comes from.

Each was compared with the simulation over all P 1..16, M 1..8P and V 1..4 that its condition admits; just
outside the condition there is a case where it is wrong. Where the published form is narrower, the text of
the formula is the wider one, which reduces to it.
"""

from collections.abc import Callable
from typing import NamedTuple

from studykit.pipeline.formulas.numbers import Numbers
from studykit.pipeline.times import Time, share


class Formula(NamedTuple):
    """A step time. `span` is the longest time from a rank's first start to its last end; None: as the makespan."""

    text: str
    condition: str
    holds: Callable[[Numbers], bool]
    makespan: Callable[[Numbers], Time]
    span: Callable[[Numbers], Time] | None = None
    span_text: str = ""


def _always(_: Numbers) -> bool:
    return True


def _one_f_one_b(n: Numbers) -> Time:
    stops = n.M + n.P - 2
    return (n.M + n.P - 1) * (n.F + n.B) + 2 * n.c * (stops - stops // n.P)


def _interleaved(n: Numbers) -> Time:
    steps = max(n.M, n.P) * n.V + min(n.M, n.P) - 1
    hops = 2 * (n.P * n.V - 1) if n.P > 1 else 0
    return share(n.F + n.B, n.V) * steps + hops * n.c


def _interleaved_holds(n: Numbers) -> bool:
    if not n.even or n.c == 0 or n.P == 1:
        return n.even
    in_rounds = n.V == 1 or n.M <= n.P or n.M % n.P == 0
    return in_rounds and n.c * n.V <= min(n.F, n.B)


def _looped_bfs(n: Numbers) -> Time:
    return _breadth(n, share(n.F, n.V)) + _breadth(n, share(n.B, n.V))


def _breadth(n: Numbers, chunk: Time) -> Time:
    """One direction of a breadth-first pass: a chunk's turn lasts its M ops, or a trip around all ranks."""
    around = n.P * (chunk + n.c) if n.P > 1 else chunk
    return (n.V - 1) * max(n.M * chunk, around) + (n.M + n.P - 1) * chunk + (n.P - 1) * n.c


def _zero_bubble(n: Numbers, shift: Time) -> Time:
    """M full steps and a shift a rank; with one chunk, below M = P a hop forward and back a missing micro-batch."""
    missing = max(0, n.P - n.M) * (n.F + n.I - shift) if n.V == 1 else 0
    return n.M * (n.F + n.B) + (n.P - 1) * share(shift, n.V) + missing


def _unit(n: Numbers) -> bool:
    return n.even and n.c == 0 and n.F == n.I == n.W


def _zb_v(n: Numbers, shift: Time) -> Time:
    return max((2 * n.M + 2 * n.P - 1) * n.F, 3 * n.M * n.F + shift)


def _dual(n: Numbers, hops: Time) -> Time:
    return n.M * (n.F + n.B) + hops * (n.F + 2 * n.B - 3 * n.W)


def _chimera(n: Numbers) -> Time:
    units = -(-n.M // n.P)
    rest = n.M - (units - 1) * n.P
    slow, fast = max(n.F, n.B), min(n.F, n.B)
    return n.M * (n.F + n.B) + (n.P - 2) * (slow + (units - 1) * (slow - fast)) + (n.P - rest) * fast


def _even_free(n: Numbers) -> bool:
    return n.even and n.c == 0


_ONE_F_ONE_B = Formula(
    "(M+P-1)(F+B) + 2c(h - floor(h/P)) with h = M+P-2",
    "even stages",
    lambda n: n.even,
    _one_f_one_b,
)

FORMULAS: dict[str, Formula] = {
    "naive": Formula(
        "M(sum F + sum B + 2(P-1)c)",
        "any times",
        _always,
        lambda n: n.M * (n.forwards + n.backwards + 2 * (n.P - 1) * n.c),
    ),
    "forward": Formula(
        "sum F + (M-1) max F + (P-1)c",
        "any times",
        _always,
        lambda n: n.forwards + (n.M - 1) * n.F + (n.P - 1) * n.c,
        lambda n: n.M * n.F,
        "M max F",
    ),
    "gpipe": Formula(
        "sum F + sum B + (M-1)(max F + max B) + 2(P-1)c",
        "any times",
        _always,
        lambda n: n.forwards + n.backwards + (n.M - 1) * (n.F + n.B) + 2 * (n.P - 1) * n.c,
    ),
    "1f1b": _ONE_F_ONE_B,
    "pipedream": _ONE_F_ONE_B,
    "pipedream-2bw": _ONE_F_ONE_B,
    "interleaved": Formula(
        "(F+B)/V (max(M,P)V + min(M,P) - 1) + 2(PV-1)c",
        "even stages; and c = 0, or c <= min(F,B)/V with V = 1, M <= P or M a multiple of P",
        _interleaved_holds,
        _interleaved,
    ),
    "looped-bfs": Formula(
        "sum over t = F/V, B/V of (V-1) max(Mt, P(t+c)) + (M+P-1)t + (P-1)c",
        "even stages",
        lambda n: n.even,
        _looped_bfs,
    ),
    "zb-h1": Formula(
        "M(F+B) + (P-1)x + max(0,P-M)(F+I-x) with x = max(F, I, F+I-W)",
        "even stages and c = 0",
        _even_free,
        lambda n: _zero_bubble(n, max(n.F, n.I, n.F + n.I - n.W)),
        lambda n: _zero_bubble(n, max(n.I, n.F + n.I - n.W)),
        "the same with x = max(I, F+I-W)",
    ),
    "interleaved-zb": Formula(
        "M(F+B) + (P-1)x/V with x = max(F, I, F+I-W); for V = 1 as zb-h1",
        "even stages and c = 0, M >= P or V = 1",
        lambda n: _even_free(n) and (n.M >= n.P or n.V == 1),
        lambda n: _zero_bubble(n, max(n.F, n.I, n.F + n.I - n.W)),
        lambda n: _zero_bubble(n, max(n.I, n.F + n.I - n.W)),
        "the same with x = max(I, F+I-W)",
    ),
    "zb-h2": Formula(
        "M(F+B) + (P-1) max(F, I-F, F+I-2W)",
        "even stages and c = 0, M >= 2P-1",
        lambda n: _even_free(n) and n.M >= 2 * n.P - 1,
        lambda n: n.M * (n.F + n.B) + (n.P - 1) * max(n.F, n.I - n.F, n.F + n.I - 2 * n.W),
        lambda n: n.M * (n.F + n.B) + (n.P - 1) * max(0 * n.F, n.I - n.F, n.F + n.I - 2 * n.W),
        "M(F+B) + (P-1) max(0, I-F, F+I-2W)",
    ),
    "zb-v": Formula(
        "max(2M+2P-1, 3M+(P-1)/2) F",
        "even stages, c = 0 and F = I = W",
        _unit,
        lambda n: _zb_v(n, share(n.P - 1, 2) * n.F),
        lambda n: _zb_v(n, 0),
        "max(2M+2P-1, 3M) F",
    ),
    "dualpipe": Formula(
        "M(F+B) + (P/2-1)(F+2B-3W), a fused F&B taking F + B",
        "even stages, c = 0 and F = I >= W",
        lambda n: _even_free(n) and n.F == n.I >= n.W,
        lambda n: _dual(n, n.P // 2 - 1),
    ),
    "dualpipev": Formula(
        "M(F+B) + (P-1)(F+2B-3W)/2, a fused F&B taking F + B",
        "even stages, c = 0 and F = I >= W",
        lambda n: _even_free(n) and n.F == n.I >= n.W,
        lambda n: _dual(n, share(n.P - 1, 2)),
    ),
    "chimera": Formula(
        "M(F+B) + (P-2)(s + (u-1)(s-f)) + (P-R)f with s, f the slower and faster of F, B, "
        "u = ceil(M/P) units, R micro-batches in the last",
        "even stages and c = 0, M <= P or M a multiple of P or F >= B",
        lambda n: _even_free(n) and (n.M <= n.P or n.M % n.P == 0 or n.F >= n.B),
        _chimera,
    ),
}
