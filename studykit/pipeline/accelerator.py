"""What is published of a GPU: peak rates, memory and links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from studykit.pipeline.quantities import choice

__all__ = ["Accelerator", "Peak"]

_DTYPE_NAMES = {"half": "fp16", "float16": "fp16", "bfloat16": "bf16", "float32": "fp32", "float64": "fp64"}


@dataclass(frozen=True, slots=True)
class Peak:
    """A peak rate in operations a second (a multiply-add is two)."""

    dense: float
    sparse: float | None = None
    """With 2:4 structured sparsity, the figure many tables print first; None where it is not offered."""


@dataclass(frozen=True, slots=True)
class Accelerator:
    """One published GPU. Bytes and bytes a second are decimal, as data sheets print them (80 GB is 80e9)."""

    name: str
    aliases: tuple[str, ...]
    peaks: Mapping[str, Peak]
    """By element type: fp64, fp64-tensor, fp32, tf32, bf16, fp16, fp8, int8, fp4, int4 - what the chip offers.
    bf16, fp16 and fp8 are tensor-core rates with fp32 accumulation."""
    memory: int
    memory_bandwidth: float
    """Bytes a second."""
    link: str
    """The name of the direct link to other GPUs, or "none"."""
    link_bandwidth: float
    """Bytes a second of all its links, both directions together, as data sheets print it."""
    pcie: str
    pcie_bandwidth: float
    """Bytes a second, both directions together."""
    source: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "peaks", MappingProxyType(dict(self.peaks)))

    @property
    def link_bandwidth_one_way(self) -> float:
        """Bytes a second in one direction: what a ring all-reduce or a pipeline hop can use."""
        return self.link_bandwidth / 2

    @property
    def pcie_bandwidth_one_way(self) -> float:
        """Bytes a second in one direction."""
        return self.pcie_bandwidth / 2

    @property
    def peer_bandwidth_one_way(self) -> float:
        """Bytes a second in one direction to a neighbour GPU: the direct link, or PCIe where there is none."""
        return self.link_bandwidth_one_way or self.pcie_bandwidth_one_way

    def peak(self, dtype: str = "bf16", *, sparse: bool = False) -> float:
        """Peak operations a second of an element type; dense unless `sparse`.

        Raises:
            ValueError: an element type the chip has no rate for, or sparsity where there is none.
        """
        wanted = dtype.strip().casefold()
        rate = self.peaks[choice("dtype", _DTYPE_NAMES.get(wanted, wanted), tuple(self.peaks))]
        if not sparse:
            return rate.dense
        if rate.sparse is None:
            raise ValueError(f"sparse is True for {dtype} on {self.name}; expected False, there is no sparse rate")
        return rate.sparse

    def ridge(self, dtype: str = "bf16") -> float:
        """Operations a byte of memory traffic above which a kernel is bound by compute (roofline ridge)."""
        return self.peak(dtype) / self.memory_bandwidth
