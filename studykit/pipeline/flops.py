"""Floating-point operations of a step, and how well the hardware is used.

Two floating-point operations a multiply-add. "Model" FLOPs are those the mathematics needs; "hardware" FLOPs add what
recomputation repeats. MFU divides the first by the peak, HFU the second.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from studykit.pipeline.architecture import Architecture
from studykit.pipeline.published_models import find_model
from studykit.pipeline.quantities import Number, amount, choice, exact, given_back, whole

__all__ = [
    "RECOMPUTE_FLOPS",
    "Roofline",
    "StepFlops",
    "Throughput",
    "flops_per_token",
    "gpt_parameters",
    "hfu",
    "mfu",
    "roofline",
    "step_flops",
    "throughput",
    "training_time",
]

RECOMPUTE_FLOPS = ("none", "selective", "selective-korthikanti", "full")


@dataclass(frozen=True, slots=True)
class StepFlops:
    """Floating-point operations of one iteration over all GPUs."""

    tokens: Number
    forward: Number
    backward: Number
    """Twice the forward: gradients of inputs and of weights. 0 for inference."""
    recompute: Number
    """What is run a second time in the backward pass."""
    layers_forward: Number
    """The part of `forward` in the layers, without the output head."""

    @property
    def model(self) -> Number:
        """forward + backward."""
        return self.forward + self.backward

    @property
    def hardware(self) -> Number:
        """model + recompute."""
        return self.model + self.recompute

    @property
    def with_full_recompute(self) -> Number:
        """SC'21 eq. 3: 96 B s L h^2 (1 + s/6h + V/16Lh) - every layer's forward twice, the head's once."""
        return self.model + self.layers_forward

    @property
    def per_token(self) -> Number:
        """Model FLOPs a token."""
        return given_back(exact(self.model) / exact(self.tokens), self.model, self.tokens)


def step_flops(
    model: Architecture | str | None = None,
    *,
    sequence: int,
    batch: int = 1,
    layers: int = 0,
    hidden: int = 0,
    vocabulary: int = 0,
    recompute: str = "none",
    causal: bool = False,
    training: bool = True,
) -> StepFlops:
    """FLOPs of one iteration over `batch` sequences of `sequence` tokens.

    Without `model`, a GPT block (4h feed-forward): forward `B s L (24 h^2 + 4 s h) + 2 B s h V` (Narayanan et al.
    2021, appendix). With `model`, each matrix a token meets, active experts only, and attention at its true width.

    Args:
        model: an Architecture or a published name; else give layers, hidden and vocabulary (0 leaves the head out).
        sequence, batch: tokens a sequence, sequences an iteration (the global batch).
        recompute: "none", "full" (each layer's forward again), "selective" (the attention core again, counted), or
            "selective-korthikanti" (as the appendix of Korthikanti et al. 2022 prints it: a hardware factor of
            1 + s/3h, three times what the core's forward takes).
        causal: count only the half of the attention scores a causal mask keeps; the papers above count all.
        training: False gives the forward pass alone.

    Raises:
        ValueError: dimensions missing or out of range.

    >>> step = step_flops(layers=96, hidden=12288, vocabulary=51200, sequence=2048, batch=1536)
    >>> round(step.with_full_recompute / 1e18, 2), round(step.model / 1e18, 2)
    (4.51, 3.39)
    """
    sequence, batch = whole("sequence", sequence), whole("batch", batch)
    again = choice("recompute", recompute, RECOMPUTE_FLOPS)
    if model is None:
        layers, hidden = whole("layers", layers), whole("hidden", hidden)
        matrices, head = 24 * layers * hidden**2, 2 * hidden * whole("vocabulary", vocabulary, least=0)
        core = 4 * sequence * hidden * layers
    else:
        shape = find_model(model)
        head = 2 * shape.head_parameters
        matrices = 2 * shape.matrix_parameters - head
        core = 2 * sequence * shape.score_width * shape.layers
    tokens = batch * sequence
    core = core * tokens // 2 if causal else core * tokens
    in_layers = matrices * tokens + core
    forward = in_layers + head * tokens
    repeated = {"none": 0, "selective": core, "selective-korthikanti": 3 * core, "full": in_layers}[again]
    return StepFlops(tokens, forward, 2 * forward if training else 0, repeated if training else 0, in_layers)


def gpt_parameters(layers: int, hidden: int, vocabulary: int, sequence: int) -> int:
    """Parameters of a GPT model, SC'21 eq. 2: 12 L h^2 (1 + 13/12h + (V+s)/12Lh), which is a whole number.

    >>> round(gpt_parameters(96, 12288, 51200, 2048) / 1e9, 1)
    174.6
    """
    layers, hidden = whole("layers", layers), whole("hidden", hidden)
    positions = whole("vocabulary", vocabulary, least=0) + whole("sequence", sequence, least=0)
    return 12 * layers * hidden**2 + 13 * layers * hidden + positions * hidden


def flops_per_token(parameters: Number, *, training: bool = True, recompute: str = "none") -> Number:
    """The rule of thumb without attention: 6N a token in training (8N with full recompute), 2N in inference.

    For a mixture of experts N is the active parameters. Source: Kaplan et al. 2020, 2.1.
    """
    again = choice("recompute", recompute, ("none", "full"))
    return amount("parameters", parameters) * (2 if not training else 8 if again == "full" else 6)


def mfu(tokens_per_second: Number, model_flops_per_token: Number, gpus: int, peak: Number) -> Number:
    """Model FLOPs utilisation: observed tokens/s x model FLOPs a token over the peak of all GPUs (PaLM, appendix B).

    >>> round(mfu(238_300, 6 * 540.35e9 + 12 * 118 * 48 * 256 * 2048, 6144, 275e12), 3)    # PaLM, table 3
    0.462
    """
    rate, each = amount("tokens_per_second", tokens_per_second), amount("model_flops_per_token", model_flops_per_token)
    limit = amount("peak", peak, above=True)
    return given_back(exact(rate) * exact(each) / (whole("gpus", gpus) * exact(limit)), rate, each, limit)


def hfu(flops: StepFlops, step_time: Number, gpus: int, peak: Number) -> Number:
    """Hardware FLOPs utilisation: what was really computed, recomputation included, over the peak of all GPUs."""
    time, limit = amount("step_time", step_time, above=True), amount("peak", peak, above=True)
    return given_back(exact(flops.hardware) / (exact(time) * whole("gpus", gpus) * exact(limit)), time, limit)


@dataclass(frozen=True, slots=True)
class Throughput:
    """Rates of a run; per second when `step_time` is in seconds."""

    step_time: Number
    gpus: int
    samples: Number
    """Sequences a second."""
    tokens: Number
    """Tokens a second."""
    tokens_per_gpu: Number
    model_flops_per_gpu: Number | None
    """Model FLOP/s of each GPU."""
    hardware_flops_per_gpu: Number | None
    mfu: Number | None
    hfu: Number | None


def throughput(
    step_time: Number,
    *,
    batch: int,
    sequence: int = 1,
    gpus: int = 1,
    flops: StepFlops | None = None,
    peak: Number | None = None,
) -> Throughput:
    """Samples, tokens and FLOPs a second from the time of one step, and MFU and HFU where the peak is known.

    Args:
        step_time: seconds one iteration takes.
        batch: sequences (samples) an iteration, over all replicas.
        sequence: tokens a sequence (1 for a decode step: a token for each request).
        gpus: all GPUs of the run.
        flops: the step's FLOPs, from `step_flops`.
        peak: dense peak FLOP/s of one GPU at the element type used.

    >>> throughput(4, batch=1024, sequence=2048, gpus=64).tokens_per_gpu
    8192
    """
    time, gpus = amount("step_time", step_time, above=True), whole("gpus", gpus)
    samples = Fraction(whole("batch", batch)) / exact(time)
    tokens = samples * whole("sequence", sequence)

    def out(value: Fraction, *others: Number) -> Number:
        return given_back(value, time, *others)

    model = exact(flops.model) / (exact(time) * gpus) if flops else None
    hardware = exact(flops.hardware) / (exact(time) * gpus) if flops else None
    limit = amount("peak", peak, above=True) if peak is not None else None
    return Throughput(
        step_time=time,
        gpus=gpus,
        samples=out(samples),
        tokens=out(tokens),
        tokens_per_gpu=out(tokens / gpus),
        model_flops_per_gpu=out(model) if model is not None else None,
        hardware_flops_per_gpu=out(hardware) if hardware is not None else None,
        mfu=out(model / exact(limit), limit) if model is not None and limit is not None else None,
        hfu=out(hardware / exact(limit), limit) if hardware is not None and limit is not None else None,
    )


def training_time(
    parameters: Number, tokens: Number, gpus: int, flops_per_gpu: Number, *, recompute: str = "full"
) -> Number:
    """Seconds to train: 8 T P / (n X) with full recompute (SC'21 eq. 4), 6 T P / (n X) without.

    `flops_per_gpu` is X, the achieved FLOP/s of a GPU: counted with recomputation in the first case, without in the
    second.

    >>> round(training_time(175e9, 300e9, 1024, 140e12) / 86400)      # SC'21, 5.1: GPT-3 in 34 days
    34
    """
    work = exact(flops_per_token(parameters, recompute=recompute)) * exact(amount("tokens", tokens))
    rate = amount("flops_per_gpu", flops_per_gpu, above=True)
    return given_back(work / (whole("gpus", gpus) * exact(rate)), parameters, tokens, rate)


@dataclass(frozen=True, slots=True)
class Roofline:
    """The floor under a kernel's or a step's time. Williams, Waterman and Patterson 2009."""

    compute_time: Number
    memory_time: Number
    intensity: Number
    """FLOPs a byte."""
    attainable: Number
    """FLOP/s: min(peak, intensity x bandwidth)."""

    @property
    def time(self) -> Number:
        """The longer of the two."""
        return max(self.compute_time, self.memory_time)

    @property
    def bound(self) -> str:
        """ "compute" or "memory"."""
        return "compute" if self.compute_time >= self.memory_time else "memory"


def roofline(flops: Number, moved_bytes: Number, peak: Number, bandwidth: Number) -> Roofline:
    """Time of `flops` operations that read and write `moved_bytes` bytes of GPU memory.

    Decoding one token for a small batch reads all weights once: memory-bound, weights / bandwidth.

    >>> roofline(2 * 7e9, 14e9, peak=312e12, bandwidth=2e12).time
    0.007
    """
    work, moved = amount("flops", flops), amount("moved_bytes", moved_bytes, above=True)
    top, width = amount("peak", peak, above=True), amount("bandwidth", bandwidth, above=True)
    given = (work, moved, top, width)
    intensity = exact(work) / exact(moved)
    return Roofline(
        compute_time=given_back(exact(work) / exact(top), *given),
        memory_time=given_back(exact(moved) / exact(width), *given),
        intensity=given_back(intensity, *given),
        attainable=given_back(min(exact(top), intensity * exact(width)), *given),
    )
