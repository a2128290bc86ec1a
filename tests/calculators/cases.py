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
        {"schedule": "interleaved", "stages": "4", "microbatches": "8", "chunks": "2", "p2p": "0.25"},
        {"schedule": "1f1b", "stages": "4", "microbatches": "9", "p2p": "0.25", "rank": "2"},
        {"schedule": "zb-h1", "stages": "8", "microbatches": "5", "rank": "1"},
        {"schedule": "zb-h2", "stages": "4", "microbatches": "12", "backward": "3", "weight": "1", "rank": "3"},
        {"schedule": "zb-v", "stages": "4", "microbatches": "6"},
        {"schedule": "interleaved-zb", "stages": "4", "microbatches": "8", "chunks": "3", "rank": "2"},
        {"schedule": "dualpipe", "stages": "4", "microbatches": "12"},
        {"schedule": "dualpipev", "stages": "4", "microbatches": "12"},
        {"schedule": "chimera", "stages": "4", "microbatches": "8", "rank": "1"},
        {"schedule": "naive", "stages": "4", "microbatches": "1", "p2p": "1"},
        {"schedule": "pipedream-2bw", "stages": "4", "microbatches": "8", "convention": "ideal"},
        {"schedule": "v-half", "stages": "4", "microbatches": "12"},
        {"schedule": "looped-bfs", "stages": "8", "microbatches": "4", "chunks": "2"},
    ],
    "min-microbatches": [
        {"schedule": "interleaved", "stages": "8", "target": "10%", "chunks": "3"},
        {"schedule": "zb-h1", "stages": "8", "target": "10%"},
        {"stages": "8", "target": "7%", "convention": "ideal", "multiple_of": "8"},
        {"stages": "8", "target": "10%", "below": "yes", "multiple_of": "4"},
    ],
    "max-stages": [
        {"microbatches": "64", "target": "7%", "convention": "ideal", "below": "yes"},
        {"microbatches": "64", "target": "10%", "schedule": "interleaved", "chunks": "2"},
    ],
    "min-chunks": [{"stages": "8", "microbatches": "16", "target": "15%", "convention": "ideal", "below": "yes"}],
    "throughput": [{"schedule": "forward", "stages": "4", "microbatches": "8", "sequence": "128", "pause": "5 ms"}],
    "activation-memory": [
        {"sequence": "2048", "hidden": "6144", "heads": "64", "layers": "48", "stages": "4", "microbatches": "16",
         "tensor_parallel": "8", "sequence_parallel": "yes", "recompute": "selective"},
        {"sequence": "1024", "hidden": "4096", "heads": "32", "layers": "30", "stages": "4", "recompute": "full"},
        {"model": "gpt-3-175b", "sequence": "2048", "stages": "8", "microbatches": "16", "schedule": "interleaved",
         "chunks": "2", "rank": "5"},
        {"model": "llama-2-7b", "sequence": "2048", "stages": "4", "microbatches": "16", "schedule": "zb-h2"},
    ],
    "training-memory": [
        {"parameters": "7e9", "zero": "3", "data_parallel": "16", "precision": "bf16", "stages": "2"},
        {"model": "gpt-3-175b", "zero": "1", "data_parallel": "16", "stages": "8", "tensor_parallel": "8",
         "sequence": "2048", "microbatches": "64", "recompute": "selective", "sequence_parallel": "yes"},
        {"model": "llama-2-7b", "stages": "4", "sequence": "4096", "microbatches": "8", "rank": "2"},
    ],
    "kv-cache": [
        {"attention": "mha", "layers": "32", "heads": "32", "head_dim": "128", "sequence": "2048", "stages": "4"},
        {"attention": "mqa", "layers": "32", "head_dim": "128", "sequence": "2048", "tensor_parallel": "2"},
        {"model": "deepseek-v3", "sequence": "4096"},
        {"model": "llama-2-70b", "sequence": "4096", "stages": "3", "tensor_parallel": "16", "rank": "2"},
    ],
    "batch-fit": [{"gpu": "h100-sxm", "model": "llama-3-8b", "sequence": "8192", "stages": "2", "utilisation": "1"}],
    "inference-memory": [{"parameters": "7e9", "layers": "32", "attention": "mha", "heads": "32", "head_dim": "128",
                          "sequence": "2048", "batch": "4", "tensor_parallel": "2", "workspace": "2"}],
    "decode": [
        {"stages": "4", "groups": "6", "stage_time": "5 ms", "p2p": "1", "sampling_return": "2", "tokens": "50"},
        {"stages": "3", "groups": "2", "stage_time": "4,5,6"},
    ],
    "interleaving": [{"stages": "8", "microbatches": "4", "chunks": "2"}],
    "ttft": [{"stages": "4", "chunks": "8", "chunk_time": "3", "p2p": "1", "sampling": "2"},
             {"stages": "4", "chunks": "4", "prompt": "8192", "linear": "0.1", "quadratic": "0.00001"}],
    "parallel-communication": [
        {"hidden": "4096", "layers": "32", "sequence": "2048", "tensor_parallel": "4", "training": "no"},
        {"hidden": "4096", "layers": "32", "sequence": "2048", "parameters": "7e9", "data_parallel": "8",
        "stages": "4"},
        {"model": "llama-2-7b", "sequence": "2048", "data_parallel": "8", "stages": "2", "tensor_parallel": "2",
         "latency": "3 us", "zero": "3", "microbatches": "6", "recompute": "full", "chunks": "2"},
    ],
    "all-reduce": [{"data": "2 GB", "ranks": "4", "operation": "all-gather", "latency": "10 us"},
                   {"data": "2 GB", "ranks": "4", "latency": "10 us"}],
    "layout": [{"stages": "4", "tensor_parallel": "8", "data_parallel": "2", "global_batch": "256", "microbatch": "4"}],
    "flops": [
        {"model": "llama-2-70b", "sequence": "4096", "batch": "1024", "recompute": "full"},
        {"layers": "32", "hidden": "4096", "sequence": "4096", "batch": "8", "recompute": "selective",
         "step_time": "2", "gpus": "8"},
        {"layers": "32", "hidden": "4096", "sequence": "4096", "batch": "8", "training": "no"},
    ],
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
