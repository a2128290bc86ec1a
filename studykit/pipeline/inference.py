"""Decoding through a pipeline: groups of requests chase one another round the stages, a token a lap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from studykit.pipeline.quantities import Number, amount, amounts, ceiling, exact, given_back, whole

__all__ = ["Decode", "decode", "filling_groups"]


@dataclass(frozen=True, slots=True)
class Decode:
    """What a decode loop does. Times are in the caller's unit, throughputs in tokens per that unit."""

    stages: int
    groups: int
    tokens: int
    group_size: int
    stage_times: tuple[Number, ...]
    p2p: Number
    sampling_return: Number
    pass_time: Number
    """One token of one group through all stages: sum of the stage times + (P-1)c."""
    loop_time: Number
    """From the start of a token to the earliest start of the group's next: pass_time + sampling_return."""
    tpot: Number
    """Time per output token of a request in the steady state: max(G * slowest stage, loop_time)."""
    total: Number
    """From the first start to the last token of the last group, exact for uneven stages too."""
    first_token: Number
    """When the first group's first token is out."""
    fill_groups: int
    """The least number of groups at which the slowest stage never waits."""
    throughput: Number
    """Tokens of all requests per unit of time in the steady state: G * group_size / TPOT."""
    mean_throughput: Number
    """Tokens per unit of time over the run, filling and draining included."""
    utilisation: tuple[Number, ...]
    """Busy share of each rank in the steady state."""
    bubble: Number
    """Idle share of all ranks in the steady state (total convention); 0 when even stages are full."""
    run_bubble: Number
    """Idle share of all ranks over the run of `total`."""

    @property
    def full(self) -> bool:
        """Whether the slowest stage is always busy in the steady state."""
        return self.groups >= self.fill_groups


def decode(
    stages: int,
    groups: int,
    tokens: int = 1,
    stage_time: Number | Sequence[Number] = 1,
    *,
    p2p: Number = 0,
    sampling_return: Number = 0,
    group_size: int = 1,
) -> Decode:
    """Time of `groups` request groups that each decode `tokens` tokens through `stages` stages.

    Every rank serves the groups in turn. A group's next token can start only when its last one has left the last
    stage and `sampling_return` (sampling and the way back to the first stage) is over. The longest path is
    `max(S + (TG-1) t_max, T S + (T-1) r + (G-1) t_max)` with `S = sum(t) + (P-1) c`: for even stages without
    communication that is `(TG+P-1) t` if G >= P, else `(TP+G-1) t`.

    Args:
        stages: P, at least 1.
        groups: G, request groups (micro-batches) in flight, at least 1.
        tokens: T, tokens each group decodes, at least 1.
        stage_time: time of one group's token on a stage; a sequence gives one for each stage.
        p2p: c, one-way time between neighbouring stages.
        sampling_return: r, time from the end of the last stage to the earliest start on the first.
        group_size: requests in a group; only throughputs depend on it.

    Raises:
        ValueError: a count below 1, a time that is negative or not finite, or all stage times 0.

    >>> steady = decode(stages=4, groups=4, tokens=100, stage_time=5)
    >>> steady.tpot, steady.total, steady.bubble
    (20, 2015, 0)
    >>> decode(stages=4, groups=2, tokens=100, stage_time=5).bubble
    Fraction(1, 2)
    """
    stages, groups = whole("stages", stages), whole("groups", groups)
    tokens, group_size = whole("tokens", tokens), whole("group_size", group_size)
    times = _stage_times(stages, stage_time)
    given = (*times, amount("p2p", p2p), amount("sampling_return", sampling_return))
    exacts, c, back = tuple(exact(time) for time in times), exact(given[-2]), exact(given[-1])
    work, slowest = sum(exacts, Fraction(0)), max(exacts)
    pass_time = work + (stages - 1) * c
    loop = pass_time + back
    tpot = max(groups * slowest, loop)
    total = max(
        pass_time + (tokens * groups - 1) * slowest, tokens * pass_time + (tokens - 1) * back + (groups - 1) * slowest
    )

    def out(value: Fraction) -> Number:
        return given_back(value, *given)

    return Decode(
        stages=stages,
        groups=groups,
        tokens=tokens,
        group_size=group_size,
        stage_times=times,
        p2p=given[-2],
        sampling_return=given[-1],
        pass_time=out(pass_time),
        loop_time=out(loop),
        tpot=out(tpot),
        total=out(total),
        first_token=out(pass_time),
        fill_groups=max(1, ceiling(loop / slowest)),
        throughput=out(groups * group_size / tpot),
        mean_throughput=out(tokens * groups * group_size / total),
        utilisation=tuple(out(groups * time / tpot) for time in exacts),
        bubble=out(1 - groups * work / (stages * tpot)),
        run_bubble=out(1 - tokens * groups * work / (stages * total)),
    )


def _stage_times(stages: int, stage_time: Number | Sequence[Number]) -> tuple[Number, ...]:
    if isinstance(stage_time, Sequence):
        times = amounts("stage_time", stage_time, stages)
    else:
        times = (amount("stage_time", stage_time),) * stages
    if not max(times):
        raise ValueError("stage_time is 0 on every stage; expected at least one stage that takes time")
    return times


def filling_groups(
    stages: int, stage_time: Number | Sequence[Number], *, p2p: Number = 0, sampling_return: Number = 0
) -> int:
    """The least G that fills the pipe: ceil((sum of t + (P-1)c + r) / slowest t), without float rounding.

    >>> filling_groups(4, 0.1), filling_groups(4, 0.1, p2p=0.01, sampling_return=0.02)
    (4, 5)
    """
    return decode(stages, 1, 1, stage_time, p2p=p2p, sampling_return=sampling_return).fill_groups
