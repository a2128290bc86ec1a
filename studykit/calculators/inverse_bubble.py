"""The other ways round from a bubble target: the most stages, and the chunks that interleaving needs."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from studykit.calculators import sizes
from studykit.calculators.bubble_formulas import EVEN, FLUSHED
from studykit.calculators.declare import Calculator, Input, Inputs, Output, Slip, both
from studykit.calculators.figures import Number
from studykit.calculators.microbatches import BELOW, SCHEDULE, TARGET
from studykit.calculators.pipeline_run import CONVENTION, TIMES
from studykit.calculators.variation import Variations, remembered

_LOOPED = ("interleaved", "looped-bfs", "interleaved-zb")


def _run(inputs: Inputs) -> dict[str, Any]:
    """The arguments that every inverse question shares."""
    return {
        "microbatches": inputs["microbatches"],
        "schedule": inputs["schedule"],
        "forward": inputs["forward"],
        "backward_input": inputs["backward"] - inputs["weight"],
        "backward_weight": inputs["weight"],
        "convention": inputs["convention"],
    }


@remembered
def _stages(inputs: Inputs) -> dict[str, Number]:
    from studykit.pipeline.inverse import bubble_ratio, greatest_stages

    run = {**_run(inputs), "chunks": inputs["chunks"]}
    count = greatest_stages(inputs["target"], strict=inputs["below"] == "yes", **run)
    return {"stages": count, "ratio": bubble_ratio(stages=count, **run)}


@remembered
def _chunks(inputs: Inputs) -> dict[str, Number]:
    from studykit.pipeline.inverse import bubble_ratio, least_chunks

    run = {**_run(inputs), "stages": inputs["stages"]}
    count = least_chunks(inputs["target"], strict=inputs["below"] == "yes", **run)
    return {"chunks": count, "ratio": bubble_ratio(chunks=count, **run)}


def _short(inputs: Inputs) -> bool:
    return inputs["schedule"] in (*EVEN, *FLUSHED) and inputs["convention"] != "span"


def _stages_formula(inputs: Inputs) -> str:
    if not _short(inputs):
        return both("the greatest P that keeps the target", "满足目标的最大 P")
    most = "M·r" if inputs["convention"] == "ideal" else "M·r/(1-r)"
    return f"ceil({most})" if inputs["below"] == "yes" else f"floor({most})+1"


def _chunks_formula(inputs: Inputs) -> str:
    looped = inputs["schedule"] in ("interleaved", "looped-bfs") and inputs["microbatches"] >= inputs["stages"]
    if not looped or inputs["convention"] == "span":
        return both("the least V that keeps the target", "满足目标的最小 V")
    most = "(P-1)/(M·r)" if inputs["convention"] == "ideal" else "(P-1)·(1-r)/(M·r)"
    return f"floor({most})+1" if inputs["below"] == "yes" else f"ceil({most})"


def _ratio_formula(symbol: str, output: str) -> Callable[[Inputs], str]:
    """The bubble with what was found, where it has a short form."""

    def formula(inputs: Inputs) -> str:
        looped = inputs["schedule"] in ("interleaved", "looped-bfs")
        if inputs["convention"] == "span" or not (looped or _short(inputs)) or _few(inputs):
            return both("the bubble by its formula", "按公式计算的气泡率")
        work = "V·M" if looped else "M"
        text = f"(P-1)/({work})" if inputs["convention"] == "ideal" else f"(P-1)/({work}+P-1)"
        return text.replace(symbol, output)

    return formula


def _few(inputs: Inputs) -> bool:
    """Fewer micro-batches than stages, where a looped schedule has another formula."""
    stages = inputs["stages"] if "stages" in inputs else _stages(inputs)["stages"]
    return bool(inputs["microbatches"] < stages)


def _exact_most(inputs: Inputs) -> Fraction:
    target = Fraction(inputs["target"])
    return int(inputs["microbatches"]) * (target if inputs["convention"] == "ideal" else target / (1 - target))


_SHARED: Mapping[str, tuple[Input, ...]] = {"after": (CONVENTION, *TIMES[:3], BELOW)}
STAGES_INPUTS = (
    SCHEDULE,
    sizes.microbatches(),
    TARGET,
    Input("chunks", "V", "model chunks on a rank", "每个 rank 的虚拟级数", low=1, high=64, default=1),
    *_SHARED["after"],
)
STAGES_OUTPUTS = (
    Output("stages", "P", "greatest number of stages", "最多的级数", unit="stages", formula=_stages_formula),
    Output("ratio", "bubble", "bubble ratio with them", "此时的气泡率", convention="convention", percent=True,
           formula=_ratio_formula("P", "stages")),
)  # fmt: skip
_OF_STAGES = Variations(_stages, STAGES_INPUTS, STAGES_OUTPUTS)
MAX_STAGES = Calculator(
    name="max-stages",
    title="Most stages for a bubble target",
    zh="不超过目标气泡率的最大级数",
    inputs=STAGES_INPUTS,
    outputs=STAGES_OUTPUTS,
    function=_stages,
    slips=(
        _OF_STAGES.changed("stages", "that is for the ideal convention, (P-1)/M", "这是 ideal 口径 (P-1)/M 下的结果",
                           convention="ideal"),
        _OF_STAGES.changed("stages", "that is for the total convention, (P-1)/(M+P-1)",
                           "这是 total 口径 (P-1)/(M+P-1) 下的结果", convention="total"),
        Slip("stages", lambda inputs: _stages_formula({**inputs, "below": "no"}).removesuffix("+1"),
             "one too few: a rank waits for P-1 others, not for P", "少了一级：要等的是其余 P-1 级",
             lambda inputs: _exact_most(inputs) // 1 if _short(inputs) else None),
        Slip("stages", "M/4", "the rule of thumb M = 4P gives about 20 %, whatever was asked",
             "经验法则 M = 4P 约得 20%，与所求目标无关", lambda inputs: Fraction(inputs["microbatches"], 4)),
        _OF_STAGES.changed("stages", "V was forgotten", "漏了 V", chunks=1, schedule="1f1b",
                           only=lambda inputs: inputs["chunks"] > 1),
    ),
    about="The greatest P whose bubble ratio is at most the target, on even stages without communication.",
    about_zh="各级均匀、不计通信时，气泡率不超过目标的最大级数。",
    source="Huang et al. 2019 (GPipe); Narayanan et al. 2021 (SC'21, 2.2)",
    example="max-stages --microbatches 64 --target 10%",
)  # fmt: skip

CHUNKS_INPUTS = (
    Input("schedule", "schedule", "looped schedule", "交错类调度", kind="choice", choices=_LOOPED,
          default="interleaved"),
    Input("stages", "P", "pipeline stages", "流水线级数", low=2, high=1024),
    sizes.microbatches(),
    TARGET,
    *_SHARED["after"],
)  # fmt: skip
CHUNKS_OUTPUTS = (
    Output("chunks", "V", "least chunks on a rank", "每个 rank 最少的虚拟级数", unit="chunks", formula=_chunks_formula),
    Output("ratio", "bubble", "bubble ratio with them", "此时的气泡率", convention="convention", percent=True,
           formula=_ratio_formula("V", "chunks")),
)  # fmt: skip
_OF_CHUNKS = Variations(_chunks, CHUNKS_INPUTS, CHUNKS_OUTPUTS)


def _ratio_over_target(inputs: Inputs) -> Number | None:
    """As if V divided the ratio of plain 1F1B."""
    P, M = inputs["stages"], inputs["microbatches"]
    wrong = Fraction(P - 1, M + P - 1) / Fraction(inputs["target"])
    return -(-wrong // 1) if inputs["convention"] == "total" else None


MIN_CHUNKS = Calculator(
    name="min-chunks",
    title="Least interleaving for a bubble target",
    zh="达到目标气泡率所需的最少虚拟级数",
    inputs=CHUNKS_INPUTS,
    outputs=CHUNKS_OUTPUTS,
    function=_chunks,
    slips=(
        _OF_CHUNKS.changed("chunks", "that is for the ideal convention, (P-1)/(V·M)",
                           "这是 ideal 口径 (P-1)/(V·M) 下的结果", convention="ideal"),
        _OF_CHUNKS.changed("chunks", "that is for the total convention, (P-1)/(V·M+P-1)",
                           "这是 total 口径 (P-1)/(V·M+P-1) 下的结果", convention="total"),
        Slip("chunks", "ceil((P-1)/(M+P-1)/r)",
             "V divides the bubble time, not the ratio, for the whole step gets shorter too",
             "V 除的是气泡时间而不是气泡率，因为总时间也变短了", _ratio_over_target),
    ),
    about="The least V whose bubble ratio is at most the target, on even stages without communication.",
    about_zh="各级均匀、不计通信时，气泡率不超过目标的最少虚拟级数。",
    source="Narayanan et al. 2021 (SC'21, 2.2.2)",
    example="min-chunks --stages 64 --microbatches 256 --target 10%",
)  # fmt: skip
