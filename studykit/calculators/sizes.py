"""Inputs that several calculators share: the layout of GPUs, a transformer's sizes, a batch."""

from studykit.calculators.declare import Input, Inputs

YES_NO = ("no", "yes")


def stages(default: int | None = 1) -> Input:
    """Pipeline stages P."""
    return Input("stages", "P", "pipeline stages", "流水线级数", low=1, high=1024, default=default)


def microbatches(default: int | None = None) -> Input:
    """Micro-batches M of a step."""
    return Input(
        "microbatches", "M", "micro-batches in a step", "每步的 micro-batch 数", low=1, high=65536, default=default
    )


def tensor_parallel() -> Input:
    """Tensor-parallel size t."""
    return Input("tensor_parallel", "t", "tensor-parallel size", "张量并行度", low=1, high=1024, default=1)


def data_parallel() -> Input:
    """Data-parallel size N."""
    return Input("data_parallel", "N", "data-parallel size", "数据并行度", low=1, high=65536, default=1)


def layers(default: int | None = None) -> Input:
    """Layers L of the model."""
    return Input("layers", "L", "layers", "层数", low=1, high=10_000, default=default)


def hidden(*, optional: bool = False) -> Input:
    """Hidden size h."""
    return Input("hidden", "h", "hidden size", "隐藏维度", low=1, high=1_000_000, optional=optional)


def heads(*, optional: bool = False) -> Input:
    """Attention heads a."""
    return Input("heads", "a", "attention heads", "注意力头数", low=1, high=10_000, optional=optional)


def sequence(default: int | None = None) -> Input:
    """Tokens s of a sequence."""
    return Input(
        "sequence", "s", "tokens of a sequence", "序列长度（token）", unit="tokens", low=1, high=10**8, default=default
    )


def batch(meaning: str, zh: str, default: int | None = 1) -> Input:
    """Sequences b, of what `meaning` says."""
    return Input("batch", "b", meaning, zh, low=1, high=10**7, default=default)


def vocabulary(default: int | None = None) -> Input:
    """Vocabulary v; 0 leaves the head out."""
    return Input("vocabulary", "v", "vocabulary", "词表大小", low=0, high=10**8, default=default)


def parameters(*, optional: bool = True) -> Input:
    """Parameters Q of the model, which a named model fills in."""
    return Input("parameters", "Q", "parameters of the model", "模型参数量", unit="parameters", kind="float", low=1,
                 high=10**16, optional=optional)  # fmt: skip


def element_bytes(name: str, symbol: str, meaning: str, zh: str) -> Input:
    """Bytes of an element of some kind, 2 unless given."""
    return Input(name, symbol, meaning, zh, unit="B", kind="float", low=0, high=8, default=2)


def layers_formula(inputs: Inputs, rank: int | None = None) -> str:
    """The layers of a rank in symbols: the first ones have one more where they do not divide evenly."""
    if inputs["stages"] == 1:
        return "L"
    longer = rank is None or rank < inputs["layers"] % inputs["stages"]
    return "L/P" if inputs["layers"] % inputs["stages"] == 0 else "ceil(L/P)" if longer else "floor(L/P)"
