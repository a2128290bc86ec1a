"""Peak activations of rank r, in micro-batches of a whole rank; they depend on the order alone, not on times."""

from collections.abc import Callable
from typing import NamedTuple

from studykit.pipeline.schedules.rounds import group
from studykit.pipeline.schedules.schedule import Shape
from studykit.pipeline.times import Time, share


class Peak(NamedTuple):
    """The most micro-batches that rank r holds between the start of a forward and the end of its I or B."""

    text: str
    of: Callable[[Shape, int], Time]


def _looped(hops: int) -> Peak:
    """Interleaved schedules: V-1 rounds of g, `hops` more for each rank behind, and the one in work."""

    def of(s: Shape, r: int) -> Time:
        ops = min(s.M * s.V, (s.V - 1) * group(s) + hops * (s.P - 1 - r) + 1)
        return share(ops, s.V)

    step = f"{hops if hops > 1 else ''}(P-1-r)"
    return Peak(f"min(MV, (V-1)g + {step} + 1)/V with g = M // max(1, M // P)", of)


_IN_FLIGHT = Peak("min(M, P-r)", lambda s, r: min(s.M, s.P - r))
_ALL = Peak("M", lambda s, _: s.M)
_ONE = Peak("1", lambda _s, _r: 1)

PEAKS: dict[str, Peak] = {
    "naive": _ONE,
    "forward": _ONE,
    "gpipe": _ALL,
    "looped-bfs": Peak("M", lambda s, _: share(s.M, 1)),
    "1f1b": _IN_FLIGHT,
    "pipedream": _IN_FLIGHT,
    "pipedream-2bw": _IN_FLIGHT,
    "interleaved": _looped(2),
    "interleaved-zb": _looped(1),
    "zb-h1": _IN_FLIGHT,
    "zb-h2": Peak("min(M, 2P-2r-1)", lambda s, r: min(s.M, 2 * (s.P - r) - 1)),
    "zb-v": Peak(
        "(min(M, 2P-1-r) + min(M, r+1))/2, that is P for M >= 2P-1",
        lambda s, r: share(min(s.M, 2 * s.P - 1 - r) + min(s.M, r + 1), 2),
    ),
    "dualpipe": Peak("P + 1", lambda s, _: s.P + 1),
    "dualpipev": Peak("P + 1/2", lambda s, _: share(2 * s.P + 1, 2)),
    "chimera": Peak(
        "min(M/2, P/2) + min(M/2, 1 + min(r, P-1-r))",
        lambda s, r: min(s.M // 2, s.P // 2) + min(s.M // 2, 1 + min(r, s.P - 1 - r)),
    ),
}
