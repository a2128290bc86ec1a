"""Named models and GPUs as inputs that fill others: `model=llama-2-70b`, `gpu=h100-sxm`."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from studykit.calculators.declare import Input, Inputs

if TYPE_CHECKING:
    from studykit.pipeline.architecture import Architecture

GIGA = 10**9
FIELDS = (
    "layers", "hidden", "heads", "kv_heads", "head_dim", "vocabulary", "kv_rank", "rope_dim", "experts",
    "experts_active", "attention", "parameters",
)  # fmt: skip
_SHAPE = ("layers", "hidden", "heads", "kv_heads", "head_dim", "vocabulary", "kv_rank", "rope_dim")


def slug(name: str) -> str:
    """How a published name is typed: `Llama-2 70B` is `llama-2-70b`."""
    return re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-")


def model_names() -> tuple[str, ...]:
    """The published models, as they are typed."""
    from studykit.pipeline.published_models import models

    return tuple(slug(name) for name in models)


def _model_aliases() -> Mapping[str, str]:
    from studykit.pipeline.published_models import models

    return {slug(alias): slug(name) for name, model in models.items() for alias in model.aliases}


@cache
def model_named(name: str) -> "Architecture":
    """The published model behind a slug."""
    from studykit.pipeline.published_models import models

    return {slug(each): model for each, model in models.items()}[name]


@cache
def model_fields(name: str) -> dict[str, Any]:
    """What a model says about inputs of those names."""
    model = model_named(name)
    return {field: getattr(model, field) for field in FIELDS}


def architecture(inputs: Inputs) -> "Architecture | None":
    """The named model, with any of its sizes that were given otherwise; None without a name."""
    if not inputs.get("model"):
        return None
    model = model_named(inputs["model"])
    other = {
        field: inputs[field]
        for field in _SHAPE
        if inputs.get(field) is not None and inputs[field] != getattr(model, field)
    }
    return replace(model, **other) if other else model


def gpu_names() -> tuple[str, ...]:
    """The published GPUs, as they are typed."""
    from studykit.pipeline.published_hardware import hardware

    return tuple(slug(name) for name in hardware)


def _gpu_aliases() -> Mapping[str, str]:
    from studykit.pipeline.published_hardware import hardware

    return {slug(alias): slug(name) for name, gpu in hardware.items() for alias in gpu.aliases}


@cache
def gpu_fields(name: str) -> dict[str, Any]:
    """Memory in GB, bandwidths in GB/s (a link's in one direction), dense bf16 (before Ampere fp16) peak in TFLOPS."""
    from studykit.pipeline.published_hardware import hardware

    gpu = {slug(each): found for each, found in hardware.items()}[name]
    return {
        "memory": gpu.memory / GIGA,
        "memory_bandwidth": gpu.memory_bandwidth / GIGA,
        "bandwidth": gpu.peer_bandwidth_one_way / GIGA,
        "peak": gpu.peak("bf16" if "bf16" in gpu.peaks else "fp16") / 10**12,
    }


MODEL = Input(
    "model", "model", "published model that fills in the sizes", "公开模型，自动填入各项尺寸", kind="choice",
    choices=model_names, aliases=_model_aliases, fills=model_fields, optional=True,
)  # fmt: skip
GPU = Input(
    "gpu", "GPU", "published GPU that fills in its figures", "公开 GPU 规格，自动填入硬件参数", kind="choice",
    choices=gpu_names, aliases=_gpu_aliases, fills=gpu_fields, optional=True,
)  # fmt: skip


def giga(amount: Any) -> Any:
    """Bytes as GB (10^9), kept exact."""
    from fractions import Fraction

    value = Fraction(repr(amount)) if isinstance(amount, float) else Fraction(amount)
    return value / GIGA
