"""Every public name comes from `studykit.pipeline` itself, and coming by one costs only what it needs."""

import subprocess
import sys

import pytest

import studykit.pipeline
from studykit.pipeline.refusal import UnknownSchedule

NAMED = [
    *("SCHEDULES", "simulate", "closed_form", "InfeasibleSchedule", "UnknownSchedule", "Op", "Plan"),
    *("explain", "decode", "prefill", "partition", "training_memory", "inference_memory"),
    *("communication", "step_flops", "throughput", "hardware", "models", "mfu", "hfu", "kv_bytes"),
    *("model_states", "least_microbatches", "greatest_stages", "least_chunks", "greatest_batch"),
    *("filling_groups", "bubble_ratio", "weight_bytes", "roofline", "equal_cost_chunks"),
    *("layer_activations", "gpt_parameters", "flops_per_token", "training_time", "collective", "Link"),
    *("find_model", "gpt", "UNIFORM_SCHEDULES", "PRECISIONS", "QUANTISATIONS", "COLLECTIVES"),
]


@pytest.mark.parametrize("name", NAMED)
def test_the_name_is_there_in_a_fresh_process_of_its_own_module(name: str) -> None:
    value = getattr(studykit.pipeline, name)
    assert not isinstance(value, type(sys))
    assert name in dir(studykit.pipeline)


def test_functions_are_not_hidden_by_modules_of_their_name() -> None:
    code = (
        "import studykit.pipeline.simulate, studykit.pipeline.closed_form, studykit.pipeline.explain\n"
        "from studykit.pipeline import *\n"
        "from studykit.pipeline import simulate, closed_form, decode, prefill, partition, models, hardware\n"
        "print(simulate('1f1b', stages=2, microbatches=3).makespan, closed_form('gpipe', stages=2, microbatches=3)"
        ".makespan, callable(explain), callable(decode), callable(prefill), callable(partition))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["12.0", "12.0", "True", "True", "True", "True"]


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'simulte'"):
        _ = studykit.pipeline.simulte


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        *(("PipeDream-Flush", "1f1b"), ("1F1B", "1f1b"), ("DAPPLE", "1f1b"), ("Schedule1F1B", "1f1b")),
        *(("Interleaved1F1B", "interleaved"), ("interleaved-1f1b", "interleaved"), ("VPP", "interleaved")),
        *(("1F1B-I", "interleaved"), ("ScheduleInterleaved1F1B", "interleaved"), ("looped DFS", "interleaved")),
        *(("ZB1P", "zb-h1"), ("ZB-1p", "zb-h1"), ("zbh1", "zb-h1"), ("ZB2P", "zb-h2"), ("ZB-2p", "zb-h2")),
        *(("ZBV", "zb-v"), ("V-ZB", "zb-v"), ("ScheduleZBVZeroBubble", "zb-v"), ("VHalf", "v-half")),
        *(("BFS", "looped-bfs"), ("LoopedBFS", "looped-bfs"), ("Breadth_First", "looped-bfs")),
        *(("ScheduleInterleavedZeroBubble", "interleaved-zb"), ("ScheduleGPipe", "gpipe"), ("FThenB", "gpipe")),
        *(("DualPipe-V", "dualpipev"), ("ScheduleDualPipeV", "dualpipev"), ("Dual Pipe", "dualpipe")),
        *(("gpipe-forward", "forward"), ("Forward Only", "forward"), ("PipeDream2BW", "pipedream-2bw")),
    ],
)
def test_schedules_are_found_however_they_are_written(typed: str, name: str) -> None:
    assert studykit.pipeline.simulate(typed, stages=2, microbatches=4).schedule == name


@pytest.mark.parametrize("wrong", [None, 3, "", " ", "schedule", "hexapipe"])
def test_what_is_no_schedule_is_unknown(wrong: object) -> None:
    with pytest.raises(UnknownSchedule, match="no schedule is called"):
        studykit.pipeline.simulate(wrong, stages=2, microbatches=4)  # type: ignore[arg-type]
