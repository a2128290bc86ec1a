"""The numbers that formulas are made of, under the names they have on paper."""

from typing import NamedTuple

from studykit.pipeline.case import Case
from studykit.pipeline.times import Clock, Time


class Numbers(NamedTuple):
    """P ranks, M micro-batches, V chunks a rank; F, I, W and B = I + W the times of the slowest rank; c a hop.

    With `even` stages F, I, W and B are those of every rank. `forwards` and `backwards` add up F and B over all ranks.
    """

    P: int
    M: int
    V: int
    F: Time
    I: Time  # noqa: E741 - the paper's name for the input gradient
    W: Time
    B: Time
    c: Time
    forwards: Time
    backwards: Time
    even: bool


def numbers(case: Case, clock: Clock) -> Numbers:
    """Put a case's times in the type the run answers in."""
    P, M, V = case.shape
    forward, inputs, weights = case.forward, case.backward_input, case.backward_weight
    own = clock.own
    if case.even:
        F, I, W = own(forward[0]), own(inputs[0]), own(weights[0])  # noqa: E741
        return Numbers(P, M, V, F, I, W, I + W, own(case.p2p), P * F, P * (I + W), True)
    both = [own(one) + own(other) for one, other in zip(inputs, weights, strict=True)]
    slowest = own(max(forward)), own(max(inputs)), own(max(weights)), max(both)
    return Numbers(P, M, V, *slowest, own(case.p2p), sum(map(own, forward)), sum(both), False)
