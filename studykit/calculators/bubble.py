"""The bubble of a pipeline step: its ratio in three conventions, its time, and the memory it is traded for."""

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from studykit.calculators.bubble_slips import SLIPS
from studykit.calculators.declare import Calculator, Input, Inputs, Output, both
from studykit.calculators.figures import Number, shown
from studykit.calculators.steps import given_line, worked
from studykit.calculators.variation import remembered

if TYPE_CHECKING:
    from studykit.pipeline import Plan

LARGEST_RUN = 4_000_000
"""Ops that a calculator will time, about a second of it; beyond that only a closed form is asked."""


def schedules() -> tuple[str, ...]:
    from studykit.pipeline import SCHEDULES

    return tuple(SCHEDULES)


def schedule_aliases() -> Mapping[str, str]:
    from studykit.pipeline import SCHEDULES

    return {alias: name for name, schedule in SCHEDULES.items() for alias in schedule.aliases}


SIZE = (
    Input("schedule", "schedule", "pipeline schedule", "流水线调度", kind="choice", choices=schedules,
          aliases=schedule_aliases),
    Input("stages", "P", "pipeline stages (ranks)", "流水线级数", low=1, high=1024),
    Input("microbatches", "M", "micro-batches in a step", "一步中的 micro-batch 数", low=1, high=65536),
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
    "空闲时间除以什么：总时间 total、有效时间 ideal、跨度 span", kind="choice", choices=("total", "ideal", "span"),
    default="total",
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
    if 3 * P * M * V <= LARGEST_RUN:
        return simulate(schedule, stages=P, microbatches=M, chunks=V, **times)
    form = closed_form(schedule, stages=P, microbatches=M, chunks=V, **times)
    if not form or form.peak_activations is None:
        raise ValueError(
            f"{P} x {M} x {V} is more than can be timed here, and no formula holds ({form.condition}); "
            f"expected at most {LARGEST_RUN // 3}"
        )
    return cast("Plan", form)  # it has the same figures, all but the timeline


@remembered
def _figures(inputs: Inputs) -> dict[str, Number]:
    made = plan(inputs)
    return {
        "ratio": made.bubble(inputs["convention"]),
        "time": made.idle,
        "makespan": made.makespan,
        "peak_activations": max(made.peak_activations),
        "efficiency": made.work / made.makespan,
    }


DIVISORS = {
    "total": ("idle / whole step", "空闲 / 总时间"),
    "ideal": ("idle / work", "空闲 / 有效时间"),
    "span": ("1 - work / longest span of a rank", "1 - 有效时间 / 最长 rank 跨度"),
}
EVEN = ("forward", "gpipe", "1f1b")
LOOPED = ("interleaved", "looped-bfs")


def ratio_formula(inputs: Inputs) -> str:
    """The ratio in symbols where an even run has a short form, else the times it is made of."""
    bottom = _ratio_bottom(inputs)
    if bottom:
        return f"(P-1)/{bottom}"
    made = plan(inputs)
    divisor = {"total": made.makespan, "ideal": made.work, "span": made.span}[inputs["convention"]]
    return (
        f"{shown(made.idle)} / {shown(divisor)}"
        if inputs["convention"] != "span"
        else f"1 - {shown(made.work)} / {shown(divisor)}"
    )


def _ratio_bottom(inputs: Inputs) -> str:
    if inputs["p2p"] or inputs["convention"] == "span":
        return ""
    ideal = inputs["convention"] == "ideal"
    if inputs["schedule"] in EVEN:
        return "M" if ideal else "(M+P-1)"
    if inputs["schedule"] in LOOPED and inputs["microbatches"] >= inputs["stages"]:
        return "(V·M)" if ideal else "(V·M+P-1)"
    return ""


def step_symbol(inputs: Inputs) -> str:
    """What one micro-batch costs a rank: F in inference, F+B in training."""
    return "F" if inputs["schedule"] == "forward" else "(F+B)"


def time_formula(inputs: Inputs) -> str:
    if inputs["p2p"]:
        return ""
    if inputs["schedule"] in EVEN:
        return f"(P-1)·{step_symbol(inputs)}"
    if inputs["schedule"] in LOOPED and inputs["microbatches"] >= inputs["stages"]:
        return "(P-1)·(F+B)/V"
    return ""


def makespan_formula(inputs: Inputs) -> str:
    if inputs["p2p"]:
        return ""
    if inputs["schedule"] in EVEN:
        return f"(M+P-1)·{step_symbol(inputs)}"
    if inputs["schedule"] in LOOPED:
        return "(F+B)/V·(max(M, P)·V + min(M, P) - 1)"
    return ""


def peak_formula(inputs: Inputs) -> str:
    return {"gpipe": "M", "looped-bfs": "M", "1f1b": "min(M, P)"}.get(inputs["schedule"], "")


def _steps(inputs: Inputs, values: Mapping[str, Number]) -> list[str]:
    symbols = symbols_of_bubble(inputs)
    made = plan(inputs)
    label = both(*DIVISORS[inputs["convention"]])
    return [
        given_line(BUBBLE, inputs),
        both("Work of a rank: ", "每个 rank 的有效时间：") + worked(f"M·{step_symbol(inputs)}", symbols, made.work),
        both("Whole step: ", "一步的总时间：") + worked(makespan_formula(inputs), symbols, made.makespan),
        both("Idle time of a rank: ", "每个 rank 的空闲时间：") + worked(time_formula(inputs), symbols, made.idle),
        f"{both('Bubble ratio', '气泡率')} ({inputs['convention']}, {label}): "
        + worked(ratio_formula(inputs), symbols, values["ratio"], percent=True),
        both("Most activations held by a rank, in micro-batches: ", "单个 rank 最多保存的激活（micro-batch 数）：")
        + worked(peak_formula(inputs), symbols, values["peak_activations"]),
    ]


def symbols_of_bubble(inputs: Inputs) -> dict[str, Any]:
    return {each.symbol: inputs[each.name] for each in BUBBLE.inputs}


BUBBLE = Calculator(
    name="bubble",
    title="Bubble of a pipeline step",
    zh="流水线一步的气泡",
    inputs=(*SIZE, *TIMES, CONVENTION),
    outputs=(
        Output("ratio", "bubble", "bubble ratio in the chosen convention",
               "所选口径下的气泡率", convention="convention",
               percent=True, formula=ratio_formula),
        Output("time", "idle", "idle time of a rank in a step", "每个 rank 在一步中的空闲时间", unit="time units",
               formula=time_formula),
        Output("makespan", "T", "time of the whole step", "一步的总时间", unit="time units", formula=makespan_formula),
        Output("peak_activations", "A", "most activations a rank holds, in micro-batches of a whole rank",
               "单个 rank 最多保存的激活，以整个 rank 的 micro-batch 计", unit="micro-batches", formula=peak_formula),
        Output("efficiency", "eff", "share of the whole step spent working", "有效时间占总时间的比例", percent=True),
    ),
    function=_figures,
    slips=SLIPS,
    explain_steps=_steps,
    about="Times one step in the order of the schedule. total = idle / step (GPipe), ideal = idle / work "
    "(Megatron-LM), span = 1 - work / longest span of a rank (Zero Bubble). total = ideal / (1 + ideal).",
    about_zh="按调度的顺序给一步计时。total = 空闲 / 总时间（GPipe），ideal = 空闲 / 有效时间"
    "（Megatron-LM），span = 1 - 有效时间 / rank 的最长跨度（Zero Bubble）。total = ideal / (1 + ideal)。",
    source="Huang et al. 2019 (GPipe); Narayanan et al. 2021 (Megatron-LM, SC'21, 2.2); "
    "Qi et al. 2023 (Zero Bubble, 5.3)",
    example="bubble --schedule 1f1b --stages 8 --microbatches 16",
    plan=plan,
)  # fmt: skip
