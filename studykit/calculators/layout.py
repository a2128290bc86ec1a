"""GPUs and nodes of a parallel layout, and the micro-batches its global batch leaves to each replica."""

from fractions import Fraction
from math import ceil

from studykit.calculators.declare import Calculator, Input, Inputs, Output, Slip
from studykit.calculators.figures import Number
from studykit.calculators.sizes import data_parallel, stages, tensor_parallel
from studykit.calculators.variation import Variations, remembered


@remembered
def _layout(inputs: Inputs) -> dict[str, Number]:
    replica = inputs["stages"] * inputs["tensor_parallel"] * inputs["context_parallel"]
    gpus = replica * inputs["data_parallel"]
    found: dict[str, Number] = {
        "gpus": gpus,
        "nodes": ceil(Fraction(gpus, inputs["gpus_per_node"])),
        "replica": replica,
    }
    if inputs["global_batch"]:
        share = Fraction(inputs["global_batch"], inputs["data_parallel"] * inputs["microbatch"])
        if share.denominator != 1:
            raise ValueError(
                f"global_batch is {inputs['global_batch']}; expected a multiple of data_parallel x microbatch, "
                f"{inputs['data_parallel'] * inputs['microbatch']}"
            )
        found["microbatches"] = share.numerator
    return found


INPUTS = (
    stages(),
    tensor_parallel(),
    data_parallel(),
    Input("context_parallel", "C", "context-parallel size", "上下文并行度", low=1, high=1024, default=1),
    Input("gpus_per_node", "g", "GPUs of a node", "每个节点的 GPU 数", low=1, high=1024, default=8),
    Input("global_batch", "B", "sequences of a step over all replicas",
          "一步的全局 batch（序列数）", low=1, high=10**9,
          optional=True),
    Input("microbatch", "b", "sequences of a micro-batch",
          "每个 micro-batch 的序列数", low=1, high=10**6, default=1),
)  # fmt: skip
OUTPUTS = (
    Output("gpus", "n", "GPUs", "GPU 总数", unit="GPUs", formula="P·t·C·N"),
    Output("nodes", "k", "nodes", "节点数", unit="nodes", formula="ceil(P·t·C·N/g)"),
    Output("replica", "m", "GPUs of one replica of the model",
           "一个模型副本的 GPU 数", unit="GPUs", formula="P·t·C"),
    Output("microbatches", "M", "micro-batches of each replica in a step", "每个副本一步的 micro-batch 数",
           unit="micro-batches", formula="B/(N·b)"),
)  # fmt: skip
_VARY = Variations(_layout, INPUTS, OUTPUTS)


LAYOUT = Calculator(
    name="layout",
    title="GPUs and nodes of a layout",
    zh="并行布局所需的 GPU 数与节点数",
    inputs=INPUTS,
    outputs=OUTPUTS,
    function=_layout,
    slips=(
        _VARY.instead("gpus", "nodes", "those are nodes, not GPUs", "这是节点数，不是 GPU 数"),
        Slip("gpus", "P+t+N", "sizes of parallelism multiply, they do not add up", "各并行度相乘，而不是相加",
             lambda inputs: inputs["stages"] + inputs["tensor_parallel"] + inputs["data_parallel"]),
        _VARY.instead("gpus", "replica", "the data-parallel replicas were forgotten", "漏了数据并行的副本数"),
        Slip("gpus", "P·N", "tensor parallelism was forgotten", "漏了张量并行",
             lambda inputs: inputs["stages"] * inputs["data_parallel"]),
        Slip("gpus", "t·N", "the pipeline stages were forgotten", "漏了流水线级数",
             lambda inputs: inputs["tensor_parallel"] * inputs["data_parallel"]),
        _VARY.instead("nodes", "gpus", "those are GPUs; a node holds g of them", "这是 GPU 数，每个节点有 g 个"),
        Slip("nodes", "P·N", "a stage is not a node: its tensor-parallel GPUs may fill part of one, or one whole",
             "一级不等于一个节点", lambda inputs: inputs["stages"] * inputs["data_parallel"]),
        Slip("microbatches", "B/b", "each replica takes its share of the global batch only",
             "每个副本只处理全局 batch 的一份",
             lambda inputs: Fraction(inputs["global_batch"], inputs["microbatch"]) if inputs["global_batch"] else None),
        Slip("microbatches", "B/N", "those are sequences, not micro-batches", "这是序列数，不是 micro-batch 数",
             lambda inputs: inputs["global_batch"] and Fraction(inputs["global_batch"], inputs["data_parallel"])),
    ),
    about="Sizes of parallelism multiply. Tensor parallelism is best kept inside a node.",
    about_zh="各并行度相乘得到 GPU 总数。张量并行最好不跨节点。",
    source="Narayanan et al. 2021 (SC'21, section 3)",
    example="layout --stages 8 --tensor-parallel 8 --data-parallel 16",
)  # fmt: skip
