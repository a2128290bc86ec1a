"""The pipeline run that several calculators ask about: its inputs, and the step timed in the schedule's order."""

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from studykit.calculators.declare import Input, Inputs
from studykit.calculators.figures import Number

if TYPE_CHECKING:
    from studykit.pipeline import Plan

ALWAYS_TIMED = 60_000
"""Ops up to which a run is timed one by one and can be drawn; beyond, an exact formula keeps a slider quick."""
LARGEST_RUN = 4_000_000
"""Ops that a calculator will time, about a second of it; beyond that only a closed form is asked."""


def schedules() -> tuple[str, ...]:
    """Every schedule the model can run."""
    from studykit.pipeline import SCHEDULES

    return tuple(SCHEDULES)


def schedule_aliases() -> Mapping[str, str]:
    """Other names of schedules, such as PipeDream-Flush for 1f1b."""
    from studykit.pipeline import SCHEDULES

    return {alias: name for name, schedule in SCHEDULES.items() for alias in schedule.aliases}


SIZE = (
    Input("schedule", "schedule", "pipeline schedule", "流水线调度", kind="choice", choices=schedules,
          aliases=schedule_aliases),
    Input("stages", "P", "pipeline stages (ranks)", "流水线级数", low=1, high=1024),
    Input("microbatches", "M", "micro-batches in a step", "每步的 micro-batch 数", low=1, high=65536),
    Input("chunks", "V", "model chunks on a rank", "每个 rank 的虚拟级数", low=1, high=64, default=1),
)  # fmt: skip
TIMES = (
    Input("forward", "F", "forward time of a rank for one micro-batch", "一个 micro-batch 的前向时间", kind="float",
          low=0, high=10**9, default=1),
    Input("backward", "B", "whole backward time of a rank for one micro-batch", "一个 micro-batch 的反向时间",
          kind="float", low=0, high=10**9, default=2),
    Input("weight", "W", "the part of B that is the weight gradient", "反向时间中权重梯度的部分", kind="float",
          low=0, high=10**9, default=lambda inputs: Fraction(inputs["backward"]) / 2),
    Input("p2p", "c", "one-way send time between stages",
          "级间单向传输时间", kind="float", low=0, high=10**9, default=0),
)  # fmt: skip
CONVENTION = Input(
    "convention", "convention", "what the idle time is divided by: total, work (ideal) or span",
    "口径，即空闲时间除以什么：total 总时间，ideal 有效时间，span 跨度", kind="choice",
    choices=("total", "ideal", "span"), default="total",
)  # fmt: skip
RANK = Input(
    "rank", "r", "the rank to look at, 0 first; the fullest if left out",
    "查看哪个 rank（从 0 起）；不填取激活最多的",
    low=0, high=1023, optional=True,
)  # fmt: skip


def plan(inputs: Inputs) -> "Plan":
    """The simulated step for complete inputs of `bubble`; its times are exact."""
    keys = ("schedule", "stages", "microbatches", "chunks", "forward", "backward", "weight", "p2p")
    return _plan(*(inputs[key] for key in keys))


@lru_cache(maxsize=64)
def _plan(schedule: str, P: int, M: int, V: int, F: Number, B: Number, W: Number, c: Number) -> "Plan":
    from studykit.pipeline import closed_form, simulate

    if W > B:
        raise ValueError(f"weight is {W}, which is more than the whole backward of {B}")
    times = {
        "forward": Fraction(F),
        "backward_input": Fraction(B) - Fraction(W),
        "backward_weight": Fraction(W),
        "p2p": Fraction(c),
    }
    ops = 3 * P * M * V
    if ops <= ALWAYS_TIMED:
        return simulate(schedule, stages=P, microbatches=M, chunks=V, **times)
    form = closed_form(schedule, stages=P, microbatches=M, chunks=V, **times)
    if not form or form.peak_activations is None:
        if ops <= LARGEST_RUN:
            return simulate(schedule, stages=P, microbatches=M, chunks=V, **times)
        raise ValueError(
            f"{P} x {M} x {V} is more than can be timed here, and no formula holds ({form.condition}); "
            f"expected at most {LARGEST_RUN // 3}"
        )
    return cast("Plan", form)  # it has the same figures, all but the timeline


def step_formula_holds(inputs: Inputs) -> bool:
    """Whether the schedule's step formula is exact for these inputs."""
    keys = ("schedule", "stages", "microbatches", "chunks", "forward", "backward", "weight", "p2p")
    return _holds(*(inputs[key] for key in keys))


@lru_cache(maxsize=256)
def _holds(schedule: str, P: int, M: int, V: int, F: Number, B: Number, W: Number, c: Number) -> bool:
    from studykit.pipeline import closed_form

    backward = Fraction(B) - Fraction(W)
    times = {"forward": Fraction(F), "backward_input": backward, "backward_weight": Fraction(W), "p2p": Fraction(c)}
    return bool(closed_form(schedule, stages=P, microbatches=M, chunks=V, **times))


def chosen_rank(inputs: Inputs, amounts: tuple[Number, ...]) -> int:
    """The rank that is asked for, or the one with the largest amount. ValueError if there is no such rank."""
    rank = inputs.get("rank")
    if rank is None:
        return amounts.index(max(amounts))
    if rank >= len(amounts):
        raise ValueError(f"rank is {rank}; expected 0 to {len(amounts) - 1}, for there are {len(amounts)} stages")
    return int(rank)
