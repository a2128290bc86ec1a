"""What tensor, pipeline and data parallelism send in an iteration, and how long that takes by itself."""

from collections.abc import Callable
from fractions import Fraction

from studykit.calculators import sizes
from studykit.calculators.declare import Calculator, Input, Inputs, Output, Slip
from studykit.calculators.figures import Number
from studykit.calculators.presets import GIGA, GPU, MODEL, giga
from studykit.calculators.variation import Variations, remembered

MEGA = 10**6


@remembered
def _traffic(inputs: Inputs) -> dict[str, Number]:
    from studykit.pipeline.traffic import communication

    found = communication(
        sequence=inputs["sequence"],
        batch=inputs["batch"],
        microbatches=inputs["microbatches"],
        layers=inputs["layers"],
        hidden=inputs["hidden"],
        parameters=inputs["parameters"] or 0,
        stages=inputs["stages"],
        chunks=inputs["chunks"],
        tensor_parallel=inputs["tensor_parallel"],
        data_parallel=inputs["data_parallel"],
        bytes_per_element=inputs["element_bytes"],
        training=inputs["training"] == "yes",
        recompute=inputs["recompute"],
        zero=inputs["zero"],
        bandwidth=Fraction(inputs["bandwidth"]) * GIGA,
        latency=Fraction(inputs["latency"]) / MEGA,
    )
    times = found.tensor.time or (0,), found.pipeline.time or (0,), found.data.time or (0,)
    return {
        "tensor_per_layer": Fraction(found.tensor_per_layer) / MEGA,
        "hop": Fraction(found.hop) / MEGA,
        "tensor": giga(max(found.tensor.sent)),
        "pipeline": giga(max(found.pipeline.sent)),
        "data": giga(max(found.data.sent)),
        "tensor_time": Fraction(max(times[0])) * 1000,
        "pipeline_time": Fraction(max(times[1])) * 1000,
        "data_time": Fraction(max(times[2])) * 1000,
    }


def _passes(inputs: Inputs) -> int:
    if inputs["training"] == "no":
        return 1
    return 3 if inputs["recompute"] == "full" else 2


def _layer_formula(inputs: Inputs) -> str:
    return f"{4 * _passes(inputs)}·b·s·h·(t-1)/t·e/10^6"


def _per_microbatch(inputs: Inputs) -> str:
    """The rank's layers for all micro-batches."""
    return f"M·{sizes.layers_formula(inputs)}"


def _sends(inputs: Inputs) -> str:
    """Sends of the busiest stage in an iteration: every chunk forward and backward, the model's ends left out."""
    if inputs["stages"] == 1:
        return "0"
    if inputs["training"] == "no":
        return "M·V"
    return "M·(2·V-1)" if inputs["stages"] == 2 else "M·2·V"


def _pipeline_formula(inputs: Inputs) -> str:
    return "0" if inputs["stages"] == 1 else f"{_sends(inputs)}·hop/1000"


def _volumes(inputs: Inputs) -> int:
    """How often the parameters go round the data-parallel ring."""
    return 3 if inputs["zero"] == 3 else 2


def _data_formula(inputs: Inputs) -> str:
    if inputs["data_parallel"] == 1 or inputs["training"] == "no":
        return "0"
    return f"{_volumes(inputs)}·(N-1)/N·e·Q/(P·t)/10^9"


def _with_latency(moved: str, messages: str, inputs: Inputs) -> str:
    return f"{moved}/w·1000+{messages}·y/1000" if inputs["latency"] else f"{moved}/w·1000"


def _tensor_time(inputs: Inputs) -> str:
    return _with_latency("tensor", f"{4 * _passes(inputs)}·(t-1)·{_per_microbatch(inputs)}", inputs)


def _pipeline_time(inputs: Inputs) -> str:
    return _with_latency("pipeline", _sends(inputs), inputs)


def _data_time(inputs: Inputs) -> str:
    silent = _data_formula(inputs) == "0"
    return _with_latency("data", "0" if silent else f"{_volumes(inputs)}·(N-1)", inputs)


def _around(inputs: Inputs) -> Fraction | None:
    ranks = inputs["tensor_parallel"]
    return Fraction(ranks, ranks - 1) if ranks > 1 else None


def _trains(inputs: Inputs) -> bool:
    return bool(inputs["training"] == "yes")


def _replicated(inputs: Inputs) -> bool:
    return bool(inputs["data_parallel"] > 1 and inputs["training"] == "yes" and inputs["parameters"])


def _once(factor: int) -> Callable[[Inputs], Number | None]:
    """The rank's gradients, so many times over."""

    def value(inputs: Inputs) -> Number | None:
        if not _replicated(inputs):
            return None
        share: Fraction = Fraction(inputs["parameters"]) / (inputs["stages"] * inputs["tensor_parallel"])
        return share * Fraction(inputs["element_bytes"]) * factor / GIGA

    return value


def _elements(output: str) -> Slip:
    return _VARY.scaled(output, "/e", lambda inputs: 1 / Fraction(inputs["element_bytes"]),
                        "elements for bytes", "把元素个数当成了字节数")  # fmt: skip


INPUTS = (
    MODEL,
    sizes.hidden(),
    sizes.layers(),
    sizes.parameters(),
    sizes.sequence(),
    sizes.batch("sequences of a micro-batch", "每个 micro-batch 的序列数"),
    sizes.microbatches(1),
    sizes.stages(),
    Input("chunks", "V", "model chunks on a rank", "每个 rank 的虚拟级数", low=1, high=64, default=1),
    sizes.tensor_parallel(),
    sizes.data_parallel(),
    sizes.element_bytes("element_bytes", "e", "bytes of an element", "每个元素的字节数"),
    Input("zero", "Z", "ZeRO stage of the data parallelism", "数据并行的 ZeRO 阶段", low=0, high=3, default=0),
    Input("recompute", "recompute", "activation recomputation", "激活重计算", kind="choice",
          choices=("none", "selective", "full"), default="none"),
    Input("training", "training", "forward and backward, or the forward alone",
          "训练（前向加反向）还是只有前向", kind="choice",
          choices=("yes", "no"), default="yes"),
    GPU,
    Input("bandwidth", "w", "bandwidth of a GPU in one direction", "每张卡的单向带宽", unit="GB/s", kind="float",
          low=Fraction(1, 10**6), high=10**6, default=300),
    Input("latency", "y", "time a message costs by itself",
          "每条消息的固定延迟", unit="us", kind="float", low=0, high=10**9,
          default=0),
)  # fmt: skip
OUTPUTS = (
    Output("tensor_per_layer", "TP_L", "tensor parallelism: sent by a GPU, a layer and micro-batch",
           "张量并行：每层、每个 micro-batch 的单卡发送量",
           unit="MB", formula=_layer_formula),
    Output("hop", "PP_1", "pipeline: sent across a stage boundary, a micro-batch and direction",
           "流水线：每个 micro-batch、每个方向的跨级发送量",
           unit="MB", formula="b·s·h·e/10^6"),
    Output("tensor", "TP", "tensor parallelism: sent by the busiest GPU in an iteration",
           "张量并行：最忙的卡每次迭代的发送量", unit="GB",
           formula=lambda inputs: f"tensor_per_layer·{_per_microbatch(inputs)}/1000"),
    Output("pipeline", "PP", "pipeline: sent by the busiest GPU in an iteration",
           "流水线：最忙的卡每次迭代的发送量", unit="GB", formula=_pipeline_formula),
    Output("data", "DP", "data parallelism: sent by the busiest GPU in an iteration",
           "数据并行：最忙的卡每次迭代的发送量", unit="GB", formula=_data_formula),
    Output("tensor_time", "T_TP", "time of the tensor parallelism, nothing overlapped",
           "张量并行通信时间（不重叠）", unit="ms", formula=_tensor_time),
    Output("pipeline_time", "T_PP", "time of the pipeline's sends, nothing overlapped",
           "流水线通信时间（不重叠）", unit="ms", formula=_pipeline_time),
    Output("data_time", "T_DP", "time of the data parallelism, nothing overlapped",
           "数据并行通信时间（不重叠）", unit="ms", formula=_data_time),
)  # fmt: skip
_VARY = Variations(_traffic, INPUTS, OUTPUTS)


PARALLEL_COMMUNICATION = Calculator(
    name="parallel-communication",
    title="Communication of a parallel layout",
    zh="并行布局的通信量",
    inputs=INPUTS,
    outputs=OUTPUTS,
    function=_traffic,
    slips=(
        _VARY.changed("tensor_per_layer", "the forward alone: the backward has two all-reduces a layer too",
                      "只算了前向；反向每层也有两次 all-reduce", training="no"),
        _VARY.scaled("tensor_per_layer", "·t/(t-1)", _around,
                     "the whole tensor was counted: a ring sends (t-1)/t of it, twice",
                     "按整个张量计算了；环上每次发送 (t-1)/t，共两次"),
        _elements("tensor_per_layer"),
        _VARY.scaled("tensor_per_layer", "/2", Fraction(1, 2),
                     "one all-reduce a layer and pass; there are two, after attention and after the feed-forward",
                     "每层每遍只算了一次 all-reduce；注意力和前馈之后各有一次",
                     only=lambda inputs: not _trains(inputs)),
        Slip("tensor_per_layer", "2·b·s·h·(t-1)/t·e/10^6", "that is one all-reduce; a layer has four in training",
             "这只是一次 all-reduce；训练时每层有四次",
             lambda inputs: Fraction(_traffic({**inputs, "training": "no"})["tensor_per_layer"]) / 2),
        _VARY.scaled("hop", "/t", lambda inputs: Fraction(1, inputs["tensor_parallel"]),
                     "only with scatter/gather or sequence parallelism is a hop divided by t",
                     "只有 scatter/gather 或序列并行时跨级发送量才除以 t"),
        _elements("hop"),
        _VARY.scaled("hop", "·L", lambda inputs: inputs["layers"],
                     "multiplied by the layers: only the last layer of a stage sends",
                     "乘了层数；只有每级最后一层的输出要发送"),
        _VARY.changed("tensor", "one micro-batch only", "只算了一个 micro-batch", microbatches=1),
        _VARY.changed("tensor", "all layers were counted; a stage runs L/P of them", "算了全部层；每级只有 L/P 层",
                      stages=1),
        _elements("tensor"),
        _VARY.changed("pipeline", "one micro-batch only", "只算了一个 micro-batch", microbatches=1),
        _VARY.changed("pipeline", "the forward alone: gradients go back across the same boundary",
                      "只算了前向；梯度还要沿原路返回", training="no"),
        Slip("data", "e·Q/(P·t)/10^9", "the gradients once: a ring all-reduce sends 2(N-1)/N of them",
             "只按梯度量传一次；环形 all-reduce 为 2(N-1)/N", _once(1)),
        Slip("data", "2·e·Q/(P·t)/10^9", "2 instead of 2(N-1)/N", "用了 2 而不是 2(N-1)/N", _once(2)),
        _VARY.changed("data", "each GPU reduces its own share of the parameters: divided by P and t",
                      "每张卡只归约自己那部分参数：要除以 P 和 t", stages=1, tensor_parallel=1),
        _VARY.changed("data", "without ZeRO 3 the weights are not gathered twice", "不是 ZeRO 3 时权重不用收集两次",
                      zero=3),
        _VARY.changed("tensor_time", "the forward alone", "只算了前向", training="no"),
    ),
    about="Bytes one GPU sends. Tensor parallelism all-reduces bsh elements four times a layer in training; a "
    "pipeline hop is "
    "bsh elements; data parallelism all-reduces the gradients.",
    about_zh="每张卡的发送量。训练时张量并行每层做四次 bsh 个元素的 all-reduce；流水线每跳 bsh 个元素；"
    "数据并行对梯度做 all-reduce。",
    source="Shoeybi et al. 2019 (Megatron-LM); Narayanan et al. 2021 (SC'21, 3.2); Rajbhandari et al. 2020 (ZeRO, 7)",
    example="parallel-communication --model gpt-3-175b --sequence 2048 --stages 8 --tensor-parallel 8",
)  # fmt: skip
