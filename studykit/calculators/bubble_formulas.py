"""What a step takes in symbols, schedule by schedule, where a formula is exact; a phrase where it is simulated."""

import re

from studykit.calculators.declare import Inputs, both
from studykit.calculators.formula import number_text, with_values
from studykit.calculators.pipeline_run import chosen_rank, plan, step_formula_holds

EVEN = ("forward", "gpipe", "1f1b")
LOOPED = ("interleaved", "looped-bfs")
FLUSHED = ("1f1b", "pipedream", "pipedream-2bw")
_SHIFT = "max(F, B-W, F+B-2·W)"
_LOOPED = "(F+B)/V·(max(M, P)·V+min(M, P)-1)"
_STEPS = {
    "naive": "M·P·(F+B)",
    "forward": "(M+P-1)·F",
    "gpipe": "(M+P-1)·(F+B)",
    **dict.fromkeys(FLUSHED, "(M+P-1)·(F+B)"),
    **dict.fromkeys(LOOPED, _LOOPED),
    "zb-h1": f"M·(F+B)+(P-1)·{_SHIFT}",
    "interleaved-zb": f"M·(F+B)+(P-1)/V·{_SHIFT}",
    "zb-h2": "M·(F+B)+(P-1)·max(F, B-W-F, F+B-3·W)",
    "zb-v": "max(2·M+2·P-1, 3·M+(P-1)/2)·F",
    "dualpipe": "M·(F+B)+(P/2-1)·(F+2·B-3·W)",
    "dualpipev": "M·(F+B)+(P-1)/2·(F+2·B-3·W)",
    "chimera": "M·(F+B)+(P-2)·(max(F, B)+(ceil(M/P)-1)·(max(F, B)-min(F, B)))+(ceil(M/P)·P-M)·min(F, B)",
}
_SENDS = {
    "naive": "+2·M·(P-1)·c",
    "forward": "+(P-1)·c",
    "gpipe": "+2·(P-1)·c",
    **dict.fromkeys(FLUSHED, "+2·c·(M+P-2-floor((M+P-2)/P))"),
    "interleaved": "+2·(P·V-1)·c",
}
_GROUP = "floor(M/max(1, floor(M/P)))"
PEAKS = {
    **dict.fromkeys(("naive", "forward"), "1"),
    **dict.fromkeys(("gpipe", "looped-bfs"), "M"),
    **dict.fromkeys((*FLUSHED, "zb-h1"), "min(M, P-r)"),
    "interleaved": f"min(M·V, (V-1)·{_GROUP}+2·(P-1-r)+1)/V",
    "interleaved-zb": f"min(M·V, (V-1)·{_GROUP}+P-r)/V",
    "zb-h2": "min(M, 2·P-2·r-1)",
    "zb-v": "(min(M, 2·P-1-r)+min(M, r+1))/2",
    "dualpipe": "P+1",
    "dualpipev": "P+1/2",
    "chimera": "min(floor(M/2), floor(P/2))+min(floor(M/2), 1+min(r, P-1-r))",
}
_NOTHING = re.compile(r"[-+](?:2·)?0(?![\d.·])")


def step_symbol(inputs: Inputs) -> str:
    """What one micro-batch costs a rank: F in inference, F+B in training."""
    return "F" if inputs["schedule"] == "forward" else "(F+B)"


def work_formula(inputs: Inputs) -> str:
    """What a rank works in a step."""
    return f"M·{step_symbol(inputs)}"


def makespan_formula(inputs: Inputs) -> str:
    """The whole step, in the condition in which its formula is exact."""
    name = inputs["schedule"]
    few = inputs["microbatches"] < inputs["stages"] and name in ("zb-h1", "interleaved-zb")
    sends = inputs["p2p"] and inputs["stages"] > 1
    if name not in _STEPS or few or (sends and name not in _SENDS) or not step_formula_holds(inputs):
        return both("end of the last operation in the schedule's order", "按调度顺序模拟，最后一个操作的结束时刻")
    return _STEPS[name] + (_SENDS[name] if sends else "")


def time_formula(inputs: Inputs) -> str:
    """The idle time of a rank: its own short form, or the step without the work."""
    if not inputs["p2p"]:
        if inputs["schedule"] in (*EVEN, *FLUSHED):
            return f"(P-1)·{step_symbol(inputs)}"
        if inputs["schedule"] in LOOPED and inputs["microbatches"] >= inputs["stages"]:
            return "(P-1)·(F+B)/V"
    step = makespan_formula(inputs)
    if step.startswith("M·(F+B)+"):
        return step.removeprefix("M·(F+B)+")
    return f"makespan-{work_formula(inputs)}"


def ratio_formula(inputs: Inputs) -> str:
    """The ratio in symbols where an even run has a short form, else from the times."""
    bottom = _ratio_bottom(inputs)
    if bottom:
        return f"(P-1)/{bottom}"
    if inputs["convention"] == "span":
        return f"1-{work_formula(inputs)}/{number_text(plan(inputs).span)}"
    return "time/makespan" if inputs["convention"] == "total" else f"time/({work_formula(inputs)})"


def _ratio_bottom(inputs: Inputs) -> str:
    if inputs["p2p"] or inputs["convention"] == "span":
        return ""
    ideal = inputs["convention"] == "ideal"
    if inputs["schedule"] in (*EVEN, *FLUSHED):
        return "M" if ideal else "(M+P-1)"
    if inputs["schedule"] in LOOPED and inputs["microbatches"] >= inputs["stages"]:
        return "(V·M)" if ideal else "(V·M+P-1)"
    return ""


def peak_formula(inputs: Inputs) -> str:
    """The most activations of the rank that is asked for, or of the fullest one."""
    formula = PEAKS.get(inputs["schedule"])
    if formula is None:
        return simulated_peak()
    if inputs.get("rank") is not None:
        return formula
    return at_rank(formula, chosen_rank(inputs, tuple(plan(inputs).peak_activations)))


def simulated_peak() -> str:
    """What stands for a formula of the peak where there is none."""
    return both(
        "most micro-batches held at once in the schedule's order", "按调度顺序模拟，同时保存的最多 micro-batch 数"
    )


def at_rank(formula: str, rank: int) -> str:
    """`formula` with the number of a rank for r; `-0` is left out."""
    return _NOTHING.sub("", with_values(formula, {"r": rank}))
