"""The bubble of a pipeline step: its ratio in three conventions, its time, and the memory it is traded for."""

from collections.abc import Mapping
from fractions import Fraction

from studykit.calculators.bubble_formulas import (
    makespan_formula,
    peak_formula,
    ratio_formula,
    time_formula,
    work_formula,
)
from studykit.calculators.bubble_slips import slips_of_bubble
from studykit.calculators.declare import Calculator, Inputs, Output, both
from studykit.calculators.figures import Number
from studykit.calculators.pipeline_run import CONVENTION, RANK, SIZE, TIMES, chosen_rank, plan
from studykit.calculators.steps import given_line, known_symbols, worked
from studykit.calculators.variation import remembered


@remembered
def _figures(inputs: Inputs) -> dict[str, Number]:
    made = plan(inputs)
    return {
        "ratio": made.bubble(inputs["convention"]),
        "time": made.idle,
        "makespan": made.makespan,
        "peak_activations": made.peak_activations[chosen_rank(inputs, tuple(made.peak_activations))],
        "efficiency": Fraction(made.work) / Fraction(made.makespan),
    }


DIVISORS = {
    "total": ("idle / whole step", "空闲 / 总时间"),
    "ideal": ("idle / work", "空闲 / 有效时间"),
    "span": ("1 - work / longest span of a rank", "1 - 有效时间 / 各 rank 中最长的跨度"),
}

INPUTS = (*SIZE, *TIMES, CONVENTION, RANK)
OUTPUTS = (
    Output("ratio", "bubble", "bubble ratio in the chosen convention",
           "所选口径下的气泡率", convention="convention",
           percent=True, formula=ratio_formula),
    Output("time", "idle", "idle time of a rank in a step", "每个 rank 每步的空闲时间", unit="time units",
           formula=time_formula),
    Output("makespan", "T", "time of the whole step", "每步总时间", unit="time units", formula=makespan_formula),
    Output("peak_activations", "A", "most activations the rank holds, in micro-batches of a whole rank",
           "该 rank 的激活峰值（micro-batch 份数）", unit="micro-batches", formula=peak_formula),
    Output("efficiency", "eff", "share of the whole step spent working", "有效时间占总时间的比例", percent=True,
           formula=lambda inputs: f"{work_formula(inputs)}/makespan"),
)  # fmt: skip


def _steps(inputs: Inputs, values: Mapping[str, Number]) -> list[str]:
    symbols = known_symbols(BUBBLE, inputs, values)
    label = both(*DIVISORS[inputs["convention"]])
    return [
        given_line(BUBBLE, inputs),
        both("Work of a rank: ", "每个 rank 的有效时间：") + worked(work_formula(inputs), symbols, plan(inputs).work),
        both("Whole step: ", "每步总时间：") + worked(makespan_formula(inputs), symbols, values["makespan"]),
        both("Idle time of a rank: ", "每个 rank 的空闲时间：") + worked(time_formula(inputs), symbols, values["time"]),
        both("Bubble ratio ({}, {}): ", "气泡率（{}，{}）：").format(inputs["convention"], label)
        + worked(ratio_formula(inputs), symbols, values["ratio"], percent=True),
        both("Most activations held by the rank, in micro-batches: ", "该 rank 的激活峰值（micro-batch 份数）：")
        + worked(peak_formula(inputs), symbols, values["peak_activations"]),
    ]


BUBBLE = Calculator(
    name="bubble",
    title="Bubble of a pipeline step",
    zh="流水线气泡",
    inputs=INPUTS,
    outputs=OUTPUTS,
    function=_figures,
    slips=slips_of_bubble(_figures, INPUTS, OUTPUTS),
    explain_steps=_steps,
    about="Times one step in the order of the schedule. total = idle / step (GPipe), ideal = idle / work "
    "(Megatron-LM), span = 1 - work / longest span of a rank (Zero Bubble). total = ideal / (1 + ideal).",
    about_zh="按调度顺序模拟一步并计时。total = 空闲 / 总时间（GPipe），ideal = 空闲 / 有效时间"
    "（Megatron-LM），span = 1 - 有效时间 / 各 rank 中最长的跨度（Zero Bubble）。total = ideal / (1 + ideal)。",
    source="Huang et al. 2019 (GPipe); Narayanan et al. 2021 (Megatron-LM, SC'21, 2.2); "
    "Qi et al. 2023 (Zero Bubble, 5.3)",
    example="bubble --schedule 1f1b --stages 8 --microbatches 16",
    plan=plan,
)  # fmt: skip
