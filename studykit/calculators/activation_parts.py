"""What activation memory and training memory share: inputs, a layer's bytes, the micro-batches in flight by rank."""

from fractions import Fraction
from functools import lru_cache
from typing import Any

from studykit.calculators import sizes
from studykit.calculators.bubble_formulas import PEAKS, at_rank, simulated_peak
from studykit.calculators.declare import Input, Inputs
from studykit.calculators.figures import Number
from studykit.calculators.pipeline_run import plan, schedule_aliases, schedules
from studykit.calculators.presets import GIGA

_UNIT_TIMES = {"forward": 1, "backward": 2, "weight": 1, "p2p": 0}
_WITH_WEIGHT_GRADIENTS = {"zb-h1": "min(M, P)", "zb-h2": "min(M, 2·P-1)"}
"""Postponed weight gradients still need their activations, so these hold more than the input gradients alone do."""

SCHEDULE = Input(
    "schedule", "schedule", "pipeline schedule", "流水线调度", kind="choice", choices=schedules,
    aliases=schedule_aliases, default="1f1b",
)  # fmt: skip
CHUNKS = Input("chunks", "V", "model chunks on a rank", "每个 rank 的虚拟级数", low=1, high=64, default=1)
SEQUENCE_PARALLEL = Input(
    "sequence_parallel", "SP", "sequence parallelism", "序列并行", kind="choice", choices=sizes.YES_NO, default="no"
)
RECOMPUTE = Input(
    "recompute", "recompute", "activation recomputation", "激活重计算", kind="choice",
    choices=("none", "selective", "full"), default="none",
)  # fmt: skip


def layer_gigabytes(inputs: Inputs, **other: Any) -> Fraction:
    """GB that one layer leaves on a GPU for one micro-batch; `other` replaces arguments of `layer_activations`."""
    from studykit.pipeline.activations import layer_activations

    given: dict[str, Any] = {
        "sequence": inputs["sequence"],
        "batch": inputs["batch"],
        "hidden": inputs["hidden"],
        "heads": inputs["heads"],
        "tensor_parallel": inputs["tensor_parallel"],
        "sequence_parallel": inputs["sequence_parallel"] == "yes",
        "recompute": inputs["recompute"],
    }
    return Fraction(layer_activations(**{**given, **other})) / GIGA


def layer_formula(inputs: Inputs) -> str:
    """GB of a layer in symbols, by recompute and sequence parallelism (Korthikanti et al., table 2)."""
    if inputs["recompute"] == "full":
        return "2·s·b·h/10^9"
    core = "" if inputs["recompute"] == "selective" else "5·a·s/h"
    if inputs["tensor_parallel"] == 1:
        return f"s·b·h·(34+{core})/10^9" if core else "34·s·b·h/10^9"
    if inputs["sequence_parallel"] == "yes":
        return f"s·b·h/t·(34+{core})/10^9" if core else "34·s·b·h/t/10^9"
    return f"s·b·h·(10+24/t{'+' + core + '/t' if core else ''})/10^9"


def in_flight(inputs: Inputs) -> tuple[Number, ...]:
    """Micro-batches of a whole rank that each rank holds at its peak."""
    return _in_flight(inputs["schedule"], inputs["stages"], inputs["microbatches"], inputs["chunks"])


@lru_cache(maxsize=256)
def _in_flight(schedule: str, stages: int, microbatches: int, chunks: int) -> tuple[Number, ...]:
    if schedule in _WITH_WEIGHT_GRADIENTS:
        from studykit.pipeline.activations import in_flight as counted

        return counted(schedule, stages, microbatches, chunks)
    from studykit.pipeline import closed_form

    known = closed_form(schedule, stages=stages, microbatches=microbatches, chunks=chunks).peak_activations
    size = {"schedule": schedule, "stages": stages, "microbatches": microbatches, "chunks": chunks}
    return known or tuple(plan({**size, **_UNIT_TIMES}).peak_activations)


def in_flight_formula(inputs: Inputs, rank: int) -> str:
    """The micro-batches in flight on `rank`, which stands as r in the formula only where it was asked for."""
    known = _WITH_WEIGHT_GRADIENTS.get(inputs["schedule"]) or PEAKS.get(inputs["schedule"])
    if known is None:
        return simulated_peak()
    return known if inputs.get("rank") is not None else at_rank(known, rank)
