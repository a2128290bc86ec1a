"""How many micro-batches keep the bubble within a target."""

from collections.abc import Callable
from fractions import Fraction
from math import ceil

from studykit.calculators.bubble import CONVENTION, TIMES, schedule_aliases
from studykit.calculators.declare import Calculator, Input, Inputs, Output, Slip
from studykit.calculators.figures import Number
from studykit.calculators.variation import changed, remembered


def _schedules() -> tuple[str, ...]:
    from studykit.pipeline.uniform import UNIFORM_SCHEDULES

    return tuple(UNIFORM_SCHEDULES)


@remembered
def _least(inputs: Inputs) -> dict[str, Number]:
    from studykit.pipeline.inverse import bubble_ratio, least_microbatches

    run = {
        "stages": inputs["stages"],
        "schedule": inputs["schedule"],
        "chunks": inputs["chunks"],
        "forward": inputs["forward"],
        "backward_input": inputs["backward"] - inputs["weight"],
        "backward_weight": inputs["weight"],
        "convention": inputs["convention"],
    }
    count = least_microbatches(
        inputs["target"], strict=inputs["below"] == "yes", multiple_of=inputs["multiple_of"], **run
    )
    return {"microbatches": count, "ratio": bubble_ratio(microbatches=count, **run)}


EVEN = ("forward", "gpipe", "1f1b")


def _formula(inputs: Inputs) -> str:
    if inputs["schedule"] not in EVEN or inputs["multiple_of"] != 1 or inputs["below"] == "yes":
        return ""
    return {"total": "ceil((P-1)·(1-r)/r)", "ideal": "ceil((P-1)/r)"}.get(inputs["convention"], "")


def _for_even(formula: str) -> Callable[[Inputs], str]:
    return lambda inputs: formula if inputs["schedule"] in EVEN and inputs["multiple_of"] == 1 else ""


def _by(figure: Callable[[int, Fraction], Number]) -> Callable[[Inputs], Number | None]:
    return lambda inputs: figure(inputs["stages"], Fraction(inputs["target"])) if inputs["schedule"] in EVEN else None


MIN_MICROBATCHES = Calculator(
    name="min-microbatches",
    title="Least micro-batches for a bubble target",
    zh="达到目标气泡率所需的最少 micro-batch 数",
    inputs=(
        Input("schedule", "schedule", "pipeline schedule", "流水线调度", kind="choice", choices=_schedules,
              aliases=schedule_aliases, default="1f1b"),
        Input("stages", "P", "pipeline stages", "流水线级数", low=2, high=1024),
        Input("target", "r", "bubble ratio that must not be exceeded", "不得超过的气泡率", kind="float",
              low=Fraction(1, 10**6), high=Fraction(999, 1000)),
        Input("chunks", "V", "model chunks on a rank", "每个 rank 的虚拟级数", low=1, high=64, default=1),
        CONVENTION,
        *TIMES[:3],
        Input("below", "below", "the ratio must stay below the target, not just reach it", "气泡率必须严格小于目标",
              kind="choice", choices=("no", "yes"), default="no"),
        Input("multiple_of", "k", "M must be a multiple of this", "M 必须是它的倍数", low=1, high=65536, default=1),
    ),
    outputs=(
        Output("microbatches", "M", "least micro-batches",
               "最少的 micro-batch 数", unit="micro-batches", formula=_formula),
        Output("ratio", "bubble", "bubble ratio with them", "此时的气泡率", convention="convention", percent=True),
    ),
    function=_least,
    slips=(
        Slip("microbatches", _for_even("ceil((P-1)/r)"), "that is for the ideal convention, (P-1)/M",
             "这是 ideal 口径 (P-1)/M 下的结果", changed(_least, "microbatches", convention="ideal")),
        Slip("microbatches", _for_even("ceil((P-1)·(1-r)/r)"), "that is for the total convention, (P-1)/(M+P-1)",
             "这是 total 口径 (P-1)/(M+P-1) 下的结果", changed(_least, "microbatches", convention="total")),
        Slip("microbatches", _for_even("(P-1)·(1-r)/r + 1"),
             "one too many: at most the target is enough (or a float was rounded up)",
             "多了一个：等于目标就够了（或是浮点误差被向上取整）", changed(_least, "microbatches", below="yes")),
        Slip("microbatches",
             _for_even("floor((P-1)·(1-r)/r)"), "rounded down: the bubble is then still above the target",
             "向下取整了：此时气泡率仍高于目标", _by(lambda P, r: (P - 1) * (1 - r) // r)),
        Slip("microbatches", _for_even("ceil(P·(1-r)/r)"), "P instead of P-1", "用了 P 而不是 P-1",
             _by(lambda P, r: ceil(P * (1 - r) / r))),
        Slip("microbatches", _for_even("ceil((P-1)·(1-r)/r)"), "V was forgotten",
             "漏了 V", changed(_least, "microbatches", chunks=1)),
        Slip("microbatches", "4·P", "the rule of thumb M = 4P gives about 20 %, whatever was asked",
             "经验法则 M = 4P 约得 20 %，与所求目标无关", lambda inputs: 4 * inputs["stages"]),
    ),
    about="The least M whose bubble ratio is at most the target, on even stages without communication.",
    about_zh="各级均匀、不计通信时，气泡率不超过目标的最少 micro-batch 数。",
    source="Huang et al. 2019 (GPipe); Narayanan et al. 2021 (SC'21, 2.2)",
    example="min-microbatches --schedule 1f1b --stages 8 --target 10%",
)  # fmt: skip
