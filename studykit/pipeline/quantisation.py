"""Bytes of weights in few bits, with the scales and zero points each group of weights carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from studykit.pipeline.quantities import Number, amount, exact, given_back, whole

__all__ = ["QUANTISATIONS", "Quantisation", "find_quantisation", "weight_bytes"]


@dataclass(frozen=True, slots=True)
class Quantisation:
    """How weights are stored. A group of weights shares one scale and, if asymmetric, one zero point."""

    bits: Number
    """Bits of one stored weight."""
    group: int = 0
    """Weights that share a scale; 0 for none, or one a tensor, which is too little to count."""
    scale_bits: Number = 16
    zero_point_bits: Number = 0
    """0 for symmetric quantisation."""
    super_group: int = 0
    """Double quantisation: groups whose scales share a second scale; 0 for none."""
    super_scale_bits: Number = 32
    source: str = ""

    def __post_init__(self) -> None:
        amount("bits", self.bits, above=True, most=64)
        for name in ("group", "super_group"):
            whole(name, getattr(self, name), least=0)
        for name in ("scale_bits", "zero_point_bits", "super_scale_bits"):
            amount(name, getattr(self, name), most=64)

    @property
    def bits_per_weight(self) -> Number:
        """Bits a weight takes with its share of scales and zero points.

        >>> float(Quantisation(bits=4, group=128, scale_bits=16, zero_point_bits=4).bits_per_weight)
        4.15625
        """
        total = exact(self.bits)
        if self.group:
            total += (exact(self.scale_bits) + exact(self.zero_point_bits)) / self.group
            if self.super_group:
                total += exact(self.super_scale_bits) / (self.group * self.super_group)
        return given_back(total, self.bits, self.scale_bits, self.zero_point_bits)


QUANTISATIONS: Mapping[str, Quantisation] = MappingProxyType(
    {
        "fp32": Quantisation(32),
        "fp16": Quantisation(16),
        "bf16": Quantisation(16),
        "fp8": Quantisation(8),
        "int8": Quantisation(8),
        "int4": Quantisation(4),
        "gptq-4bit": Quantisation(4, 128, 16, 4, source="Frantar et al. 2023, GPTQ; the usual group of 128"),
        "awq-4bit": Quantisation(4, 128, 16, 4, source="Lin et al. 2024, AWQ; group of 128"),
        "nf4": Quantisation(4, 64, 32, source="Dettmers et al. 2023, QLoRA: 0.5 bits a weight of scales"),
        "nf4-double": Quantisation(
            4, 64, 8, 0, 256, 32, source="Dettmers et al. 2023, QLoRA, 3: 0.127 bits a weight of scales"
        ),
        "mxfp4": Quantisation(4, 32, 8, source="OCP Microscaling Formats specification 1.0"),
        "mxfp8": Quantisation(8, 32, 8, source="OCP Microscaling Formats specification 1.0"),
        "nvfp4": Quantisation(4, 16, 8, source="NVIDIA, NVFP4: blocks of 16 with an fp8 scale"),
        "q4-0": Quantisation(4, 32, 16, source="llama.cpp, ggml block_q4_0: 18 bytes for 32 weights"),
        "q4-1": Quantisation(4, 32, 16, 16, source="llama.cpp, ggml block_q4_1: 20 bytes for 32 weights"),
        "q8-0": Quantisation(8, 32, 16, source="llama.cpp, ggml block_q8_0: 34 bytes for 32 weights"),
        "q4-k": Quantisation(Fraction(9, 2), source="llama.cpp, ggml block_q4_K: 144 bytes for 256 weights"),
        "q6-k": Quantisation(Fraction(105, 16), source="llama.cpp, ggml block_q6_K: 210 bytes for 256 weights"),
    }
)
"""Common ways to store weights, by name."""


def find_quantisation(kind: Quantisation | str | Number) -> Quantisation:
    """A quantisation as it is, by name, or as plain bytes a weight (2 is 16 bits without scales)."""
    if isinstance(kind, Quantisation):
        return kind
    if isinstance(kind, str):
        key = kind.strip().casefold().replace("_", "-")
        if key not in QUANTISATIONS:
            raise ValueError(f"weights is {kind!r}; expected bytes a weight or one of {', '.join(QUANTISATIONS)}")
        return QUANTISATIONS[key]
    return Quantisation(8 * amount("bytes_per_element", kind, above=True, most=8))


def weight_bytes(
    parameters: Number,
    kind: Quantisation | str | Number | None = None,
    *,
    bits: Number = 16,
    group: int = 0,
    scale_bits: Number = 16,
    zero_point_bits: Number = 0,
) -> Number:
    """Bytes of `parameters` weights, stored as `kind` or as the bits and groups given.

    >>> weight_bytes(7_000_000_000, bits=4, group=128)       # 3.5 GB, and 0.11 GB of scales
    3609375000
    >>> weight_bytes(7_000_000_000, "fp16")
    14000000000
    """
    stored = find_quantisation(kind) if kind is not None else Quantisation(bits, group, scale_bits, zero_point_bits)
    count = amount("parameters", parameters)
    return given_back(exact(count) * exact(stored.bits_per_weight) / 8, count, stored.bits_per_weight)
