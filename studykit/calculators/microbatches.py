"""How many micro-batches keep the bubble within a target."""

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor

from studykit.calculators.bubble_formulas import EVEN, FLUSHED, ratio_formula
from studykit.calculators.declare import Calculator, Input, Inputs, Output, Slip, both
from studykit.calculators.figures import Number
from studykit.calculators.formula import in_words, replaced
from studykit.calculators.pipeline_run import CONVENTION, TIMES, schedule_aliases
from studykit.calculators.variation import Variations, remembered


def _schedules() -> tuple[str, ...]:
    from studykit.pipeline.uniform import UNIFORM_SCHEDULES

    return tuple(UNIFORM_SCHEDULES)


@remembered
def _least(inputs: Inputs) -> dict[str, Number]:
    return _by_formula(inputs) if _even(inputs) else _by_search(inputs)


def _by_formula(inputs: Inputs) -> dict[str, Number]:
    """Plain schedules in no time, so that all slips are reckoned while an answer is judged."""
    P, step = inputs["stages"], inputs["multiple_of"]
    ideal, target = inputs["convention"] == "ideal", Fraction(inputs["target"])
    most = (P - 1) * (1 if ideal else 1 - target) / target / step
    count = step * max(1, floor(most) + 1 if inputs["below"] == "yes" else ceil(most))
    return {"microbatches": count, "ratio": Fraction(P - 1, count if ideal else count + P - 1)}


def _by_search(inputs: Inputs) -> dict[str, Number]:
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


def _even(inputs: Inputs) -> bool:
    return inputs["schedule"] in (*EVEN, *FLUSHED) and inputs["convention"] != "span"


def _formula(inputs: Inputs) -> str:
    if not _even(inputs):
        return _condition(inputs)
    most = "(P-1)/r" if inputs["convention"] == "ideal" else "(P-1)·(1-r)/r"
    return _whole_number(most, inputs)


def _whole_number(most: str, inputs: Inputs) -> str:
    """The least multiple of k that is at least `most`, or above it."""
    part = most if inputs["multiple_of"] == 1 else f"{most}/k"
    count = f"floor({part})+1" if inputs["below"] == "yes" else f"ceil({part})"
    if inputs["multiple_of"] == 1:
        return count
    return f"({count})·k" if inputs["below"] == "yes" else f"{count}·k"


def _condition(inputs: Inputs) -> str:
    """Where no short form exists: what M must satisfy."""
    ratio = _ratio_at({**inputs, "p2p": 0, "microbatches": inputs["stages"]})
    named = both("the bubble", "气泡率") if in_words(ratio) or "time" in ratio else ratio
    sign = "<" if inputs["below"] == "yes" else "<="
    return both(f"the least M that can run with {named} {sign} r", f"可行且满足 {named} {sign} r 的最小 M")


def _ratio_at(inputs: Inputs) -> str:
    if inputs["schedule"] in ("interleaved", "looped-bfs", *EVEN, *FLUSHED) and inputs["convention"] != "span":
        return ratio_formula(inputs)
    return both("the bubble by its formula", "按公式计算的气泡率")


def _ratio(inputs: Inputs) -> str:
    found = _least(inputs)["microbatches"]
    formula = _ratio_at({**inputs, "p2p": 0, "microbatches": found})
    if "time" in formula:
        return both("the bubble by its formula", "按公式计算的气泡率")
    return replaced(formula, {"M": "microbatches"}.get)


def _plain(inputs: Inputs) -> bool:
    return _even(inputs) and inputs["convention"] == "total" and inputs["multiple_of"] == 1


def _by(figure: Callable[[int, Fraction], Number]) -> Callable[[Inputs], Number | None]:
    return lambda inputs: figure(inputs["stages"], Fraction(inputs["target"])) if _plain(inputs) else None


SCHEDULE = Input(
    "schedule", "schedule", "pipeline schedule", "流水线调度", kind="choice", choices=_schedules,
    aliases=schedule_aliases, default="1f1b",
)  # fmt: skip
TARGET = Input(
    "target", "r", "bubble ratio that must not be exceeded", "不得超过的气泡率", kind="float",
    low=Fraction(1, 10**6), high=Fraction(999, 1000),
)  # fmt: skip
BELOW = Input(
    "below", "below", "the ratio must stay below the target, not just reach it", "气泡率必须严格小于目标",
    kind="choice", choices=("no", "yes"), default="no",
)  # fmt: skip
INPUTS = (
    SCHEDULE,
    Input("stages", "P", "pipeline stages", "流水线级数", low=2, high=1024),
    TARGET,
    Input("chunks", "V", "model chunks on a rank", "每个 rank 的虚拟级数", low=1, high=64, default=1),
    CONVENTION,
    *TIMES[:3],
    BELOW,
    Input("multiple_of", "k", "M must be a multiple of this", "M 必须是它的倍数", low=1, high=65536, default=1),
)
OUTPUTS = (
    Output("microbatches", "M", "least micro-batches",
           "最少的 micro-batch 数", unit="micro-batches", formula=_formula),
    Output("ratio", "bubble", "bubble ratio with them", "此时的气泡率", convention="convention", percent=True,
           formula=_ratio),
)  # fmt: skip
_VARY = Variations(_least, INPUTS, OUTPUTS)


MIN_MICROBATCHES = Calculator(
    name="min-microbatches",
    title="Least micro-batches for a bubble target",
    zh="达到目标气泡率所需的最少 micro-batch 数",
    inputs=INPUTS,
    outputs=OUTPUTS,
    function=_least,
    slips=(
        _VARY.changed("microbatches", "that is for the ideal convention, (P-1)/M", "这是 ideal 口径 (P-1)/M 下的结果",
                      convention="ideal"),
        _VARY.changed("microbatches", "that is for the total convention, (P-1)/(M+P-1)",
                      "这是 total 口径 (P-1)/(M+P-1) 下的结果", convention="total"),
        _VARY.changed("microbatches", "one too many: at most the target is enough (or a float was rounded up)",
                      "多了一个：等于目标就够了（或是浮点误差被向上取整）", below="yes"),
        Slip("microbatches", "floor((P-1)·(1-r)/r)", "rounded down: the bubble is then still above the target",
             "向下取整了：此时气泡率仍高于目标", _by(lambda P, r: (P - 1) * (1 - r) // r)),
        Slip("microbatches", "ceil(P·(1-r)/r)", "P instead of P-1", "用了 P 而不是 P-1",
             _by(lambda P, r: ceil(P * (1 - r) / r))),
        _VARY.changed("microbatches", "V was forgotten", "漏了 V", chunks=1, schedule="1f1b",
                      only=lambda inputs: inputs["chunks"] > 1),
        Slip("microbatches", "4·P", "the rule of thumb M = 4P gives about 20 %, whatever was asked",
             "经验法则 M = 4P 约得 20%，与所求目标无关", lambda inputs: 4 * inputs["stages"]),
    ),
    about="The least M whose bubble ratio is at most the target, on even stages without communication.",
    about_zh="各级均匀、不计通信时，气泡率不超过目标的最少 micro-batch 数。",
    source="Huang et al. 2019 (GPipe); Narayanan et al. 2021 (SC'21, 2.2)",
    example="min-microbatches --schedule 1f1b --stages 8 --target 10%",
)  # fmt: skip
