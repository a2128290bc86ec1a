"""What one collective operation moves and how long it takes, by the alpha-beta model.

Every rank sends over one link at a time; a step costs the latency once and each byte 1/bandwidth. `bandwidth` is one
direction of one rank's link: NVLink's printed 600 GB/s is 300 GB/s of it. Sources: Thakur, Rabenseifner and Gropp
2005 (ring algorithms); Patarasuk and Yuan 2009 (bandwidth-optimal all-reduce).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from studykit.pipeline.quantities import Number, amount, choice, exact, given_back, whole

__all__ = ["COLLECTIVES", "Collective", "Link", "collective"]

COLLECTIVES = ("all-reduce", "all-gather", "reduce-scatter", "all-to-all", "broadcast", "p2p")


@dataclass(frozen=True, slots=True)
class Link:
    """What a rank sends through: bytes a unit of time in one direction, and the time a message costs by itself."""

    bandwidth: Number
    latency: Number = 0

    def __post_init__(self) -> None:
        amount("bandwidth", self.bandwidth, above=True)
        amount("latency", self.latency)

    def time(self, sent: Number, messages: int = 1) -> Number:
        """Time to send `sent` bytes in `messages` messages one after another: messages x latency + sent / bandwidth."""
        total = messages * exact(self.latency) + exact(sent) / exact(self.bandwidth)
        return given_back(total, sent, self.bandwidth, self.latency)


@dataclass(frozen=True, slots=True)
class Collective:
    """One collective operation."""

    kind: str
    ranks: int
    data: Number
    """Bytes of the whole tensor; for all-to-all the bytes a rank holds for all others and itself."""
    sent: Number
    """Bytes each rank sends, and receives."""
    steps: int
    """Messages one after another."""
    time: Number | None
    """In the unit of the bandwidth, None where no link was given."""

    @property
    def bus_factor(self) -> Number:
        """sent / data: what nccl-tests multiplies the algorithm bandwidth with to get the bus bandwidth."""
        return given_back(exact(self.sent) / exact(self.data), self.sent) if self.data else 0


def collective(kind: str, data: Number, ranks: int, bandwidth: Number | None = None, latency: Number = 0) -> Collective:
    """Volume, steps and time of a ring collective over `ranks` ranks.

    all-reduce sends 2(N-1)/N of the data in 2(N-1) steps; all-gather, reduce-scatter and all-to-all (N-1)/N in N-1
    steps; broadcast (a pipelined chain) and p2p all of it.

    Args:
        kind: one of COLLECTIVES.
        data: bytes of the whole tensor (see `Collective.data`).
        ranks: N; with one rank nothing moves.
        bandwidth: bytes a unit of time, one direction; without it `time` is None.
        latency: time each step costs by itself.

    >>> collective("all-reduce", 1_600, 8, bandwidth=300).time
    Fraction(28, 3)
    >>> collective("all-to-all", 64, 8).sent
    56
    """
    kind = choice("kind", kind, COLLECTIVES)
    size, ranks = exact(amount("data", data)), whole("ranks", ranks)
    steps, share = _shape(kind, ranks)
    sent = given_back(size * share, data)
    time = Link(bandwidth, latency).time(sent, steps) if bandwidth is not None else None
    return Collective(kind, ranks, data, sent, steps, time)


def _shape(kind: str, ranks: int) -> tuple[int, Fraction]:
    """(steps, share of the data each rank sends)."""
    if ranks == 1:
        return 0, Fraction(0)
    around = Fraction(ranks - 1, ranks)
    if kind == "all-reduce":
        return 2 * (ranks - 1), 2 * around
    if kind == "p2p":
        return 1, Fraction(1)
    return ranks - 1, Fraction(1) if kind == "broadcast" else around
