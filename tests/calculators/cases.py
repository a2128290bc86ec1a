"""What the tests of this room share: every calculator with inputs it accepts."""

import shlex
from typing import Any

from studykit.calculators.declare import Calculator, get, parse_inputs
from studykit.calculators.registry import BUILT_IN

NAMES = tuple(BUILT_IN)

OTHER_INPUTS: dict[str, list[dict[str, str]]] = {
    "bubble": [
        {"schedule": "forward", "stages": "4", "microbatches": "10"},
        {"schedule": "interleaved", "stages": "4", "microbatches": "8", "chunks": "2", "convention": "ideal"},
        {"schedule": "zb-h1", "stages": "8", "microbatches": "24", "forward": "1", "backward": "2"},
        {"schedule": "gpipe", "stages": "4", "microbatches": "6", "p2p": "0.25", "convention": "span"},
    ],
    "min-microbatches": [{"schedule": "interleaved", "stages": "8", "target": "10%", "chunks": "3"}],
    "throughput": [{"schedule": "forward", "stages": "4", "microbatches": "8", "sequence": "128", "pause": "5 ms"}],
    "activation-memory": [
        {"sequence": "2048", "hidden": "6144", "heads": "64", "layers": "48", "stages": "4", "microbatches": "16",
         "tensor_parallel": "8", "sequence_parallel": "yes", "recompute": "selective"},
        {"sequence": "1024", "hidden": "4096", "heads": "32", "layers": "30", "stages": "4", "recompute": "full"},
    ],
    "training-memory": [{"parameters": "7e9", "zero": "3", "data_parallel": "16", "precision": "bf16", "stages": "2"}],
    "kv-cache": [
        {"attention": "mha", "layers": "32", "heads": "32", "head_dim": "128", "sequence": "2048", "stages": "4"},
        {"attention": "mqa", "layers": "32", "head_dim": "128", "sequence": "2048", "tensor_parallel": "2"},
        {"model": "deepseek-v3", "sequence": "4096"},
    ],
    "inference-memory": [{"parameters": "7e9", "layers": "32", "attention": "mha", "heads": "32", "head_dim": "128",
                          "sequence": "2048", "batch": "4", "tensor_parallel": "2", "workspace": "2"}],
    "decode": [
        {"stages": "4", "groups": "6", "stage_time": "5 ms", "p2p": "1", "sampling_return": "2", "tokens": "50"},
        {"stages": "3", "groups": "2", "stage_time": "4,5,6"},
    ],
    "ttft": [{"stages": "4", "chunks": "4", "prompt": "8192", "linear": "0.1", "quadratic": "0.00001"}],
    "parallel-communication": [
        {"hidden": "4096", "layers": "32", "sequence": "2048", "tensor_parallel": "4", "training": "no"},
        {"hidden": "4096", "layers": "32", "sequence": "2048", "parameters": "7e9", "data_parallel": "8",
        "stages": "4"},
    ],
    "all-reduce": [{"data": "2 GB", "ranks": "4", "operation": "all-gather", "latency": "10 us"}],
    "layout": [{"stages": "4", "tensor_parallel": "8", "data_parallel": "2", "global_batch": "256", "microbatch": "4"}],
    "flops": [{"model": "llama-2-70b", "sequence": "4096", "batch": "1024", "recompute": "full"}],
    "parameters": [{"model": "mixtral-8x7b"}],
    "quantised-size": [{"model": "llama-2-7b", "format": "nf4-double"}, {"parameters": "7B", "bits": "8"}],
    "balance": [{"costs": "3,1,4,1,5,9,2,6", "stages": "4", "embedding": "2", "head": "3", "microbatches": "8"}],
}  # fmt: skip


def example(name: str) -> dict[str, str]:
    """The inputs of a calculator's own example."""
    words = shlex.split(get(name).example)
    assert words[0] == name
    return {words[at][2:].replace("-", "_"): words[at + 1] for at in range(1, len(words), 2)}


def all_inputs() -> list[tuple[str, dict[str, str]]]:
    return [(name, given) for name in NAMES for given in (example(name), *OTHER_INPUTS.get(name, []))]


def prepared(name: str, given: dict[str, Any]) -> tuple[Calculator, dict[str, Any]]:
    calculator = get(name)
    return calculator, parse_inputs(calculator, given)
