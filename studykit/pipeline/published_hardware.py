"""Published figures of GPUs, each with the document it stands in.

Data sheets of Hopper and Blackwell print rates with sparsity; the dense rate is half of it. NVLink and PCIe figures
are both directions together. Memory is the printed size in decimal bytes: what fits in 80e9 bytes fits the card.
"""

from __future__ import annotations

from studykit.pipeline.accelerator import Accelerator, Peak
from studykit.pipeline.registry import Registry

__all__ = ["hardware"]

_T, _GB = 1e12, 10**9


def _peaks(*, dense: dict[str, float], paired: dict[str, tuple[float, float]]) -> dict[str, Peak]:
    """Rates in tera-operations a second: without sparsity alone, and as (dense, sparse) pairs."""
    rates = {name: Peak(rate * _T) for name, rate in dense.items()}
    return rates | {name: Peak(plain * _T, sparse * _T) for name, (plain, sparse) in paired.items()}


_A100_PEAKS = _peaks(
    dense={"fp64": 9.7, "fp64-tensor": 19.5, "fp32": 19.5},
    paired={
        "tf32": (156, 312),
        "bf16": (312, 624),
        "fp16": (312, 624),
        "int8": (624, 1248),
        "int4": (1248, 2496),
    },
)
_HOPPER_TENSOR = {
    "tf32": (494.5, 989),
    "bf16": (989.5, 1979),
    "fp16": (989.5, 1979),
    "fp8": (1979, 3958),
    "int8": (1979, 3958),
}
_H100_SXM_PEAKS = _peaks(dense={"fp64": 34, "fp64-tensor": 67, "fp32": 67}, paired=dict(_HOPPER_TENSOR))


def _gpu(
    name: str,
    aliases: tuple[str, ...],
    peaks: dict[str, Peak],
    *,
    memory: int,
    bandwidth: float,
    link: tuple[str, float],
    pcie: tuple[str, float],
    source: str,
) -> Accelerator:
    """An entry from the units data sheets print: gigabytes and gigabytes a second."""
    return Accelerator(
        name, aliases, peaks, memory * _GB, bandwidth * _GB, link[0], link[1] * _GB, pcie[0], pcie[1] * _GB, source
    )


hardware: Registry[Accelerator] = Registry(
    "GPU",
    [
        _gpu(
            "A100 40GB SXM",
            ("A100 40GB", "A100-40", "A100 40", "A100 SXM4 40GB"),
            _A100_PEAKS,
            memory=40,
            bandwidth=1555,
            link=("NVLink 3", 600),
            pcie=("PCIe 4 x16", 64),
            source="NVIDIA A100 Tensor Core GPU data sheet (2020) and GA100 white paper, table 1",
        ),
        _gpu(
            "A100 80GB SXM",
            ("A100", "A100 80GB", "A100-80", "A100 80", "A100 SXM", "A100 SXM4 80GB"),
            _A100_PEAKS,
            memory=80,
            bandwidth=2039,
            link=("NVLink 3", 600),
            pcie=("PCIe 4 x16", 64),
            source="NVIDIA A100 Tensor Core GPU data sheet (2021)",
        ),
        _gpu(
            "A100 80GB PCIe",
            ("A100 PCIe",),
            _A100_PEAKS,
            memory=80,
            bandwidth=1935,
            link=("NVLink 3 bridge, 2 GPUs", 600),
            pcie=("PCIe 4 x16", 64),
            source="NVIDIA A100 Tensor Core GPU data sheet (2021)",
        ),
        _gpu(
            "H100 SXM",
            ("H100", "H100 80GB", "H100 SXM5", "H100 SXM 80GB"),
            _H100_SXM_PEAKS,
            memory=80,
            bandwidth=3350,
            link=("NVLink 4", 900),
            pcie=("PCIe 5 x16", 128),
            source="NVIDIA H100 Tensor Core GPU data sheet (2023)",
        ),
        _gpu(
            "H100 PCIe",
            ("H100 PCIe 80GB",),
            _peaks(
                dense={"fp64": 26, "fp64-tensor": 51, "fp32": 51},
                paired={
                    "tf32": (378, 756),
                    "bf16": (756.5, 1513),
                    "fp16": (756.5, 1513),
                    "fp8": (1513, 3026),
                    "int8": (1513, 3026),
                },
            ),
            memory=80,
            bandwidth=2000,
            link=("NVLink 4 bridge, 2 GPUs", 600),
            pcie=("PCIe 5 x16", 128),
            source="NVIDIA H100 Tensor Core GPU data sheet (2023)",
        ),
        _gpu(
            "H200 SXM",
            ("H200", "H200 141GB"),
            _H100_SXM_PEAKS,
            memory=141,
            bandwidth=4800,
            link=("NVLink 4", 900),
            pcie=("PCIe 5 x16", 128),
            source="NVIDIA H200 Tensor Core GPU data sheet (2024)",
        ),
        _gpu(
            "H800 SXM",
            ("H800", "H800 80GB"),
            _peaks(dense={"fp64": 1, "fp64-tensor": 1, "fp32": 67}, paired=dict(_HOPPER_TENSOR)),
            memory=80,
            bandwidth=3350,
            link=("NVLink 4, reduced", 400),
            pcie=("PCIe 5 x16", 128),
            source="NVIDIA H800 data sheet (2023); NVLink also in DeepSeek-AI, Insights into DeepSeek-V3 (2025)",
        ),
        _gpu(
            "B200",
            ("B200 SXM", "B200 180GB", "HGX B200", "DGX B200"),
            _peaks(
                dense={"fp64": 37, "fp64-tensor": 37, "fp32": 75},
                paired={
                    "tf32": (1100, 2200),
                    "bf16": (2250, 4500),
                    "fp16": (2250, 4500),
                    "fp8": (4500, 9000),
                    "int8": (4500, 9000),
                    "fp4": (9000, 18000),
                },
            ),
            memory=180,
            bandwidth=8000,
            link=("NVLink 5", 1800),
            pcie=("PCIe 5 x16", 128),
            # announced with 192 GB; an eighth of the 1,440 GB, 64 TB/s and 72 PFLOP/s (fp8) of DGX B200 is sold
            source="NVIDIA DGX B200 data sheet (2024) and Blackwell architecture technical brief, HGX B200 column",
        ),
        _gpu(
            "MI300X",
            ("AMD Instinct MI300X", "AMD MI300X", "Instinct MI300X", "MI300X 192GB"),
            _peaks(
                dense={"fp64": 81.7, "fp64-tensor": 163.4, "fp32": 163.4},
                paired={
                    "tf32": (653.7, 1307.4),
                    "bf16": (1307.4, 2614.9),
                    "fp16": (1307.4, 2614.9),
                    "fp8": (2614.9, 5229.8),
                    "int8": (2614.9, 5229.8),
                },
            ),
            memory=192,
            bandwidth=5300,
            link=("Infinity Fabric, 7 links of 128 GB/s", 896),
            pcie=("PCIe 5 x16", 128),
            source="AMD Instinct MI300X accelerator data sheet (2023)",
        ),
        _gpu(
            "V100 SXM2 32GB",
            ("V100", "V100 32GB", "V100 SXM2"),
            _peaks(dense={"fp64": 7.8, "fp32": 15.7, "fp16": 125}, paired={}),
            memory=32,
            bandwidth=900,
            link=("NVLink 2", 300),
            pcie=("PCIe 3 x16", 32),
            source="NVIDIA V100 Tensor Core GPU data sheet (2020)",
        ),
        _gpu(
            "RTX 3090",
            ("3090", "GeForce RTX 3090", "RTX3090 24GB"),
            _peaks(
                dense={"fp64": 0.556, "fp32": 35.6},
                paired={
                    "tf32": (35.6, 71),
                    "bf16": (71, 142),
                    "fp16": (71, 142),
                    "int8": (284, 568),
                    "int4": (568, 1136),
                },
            ),
            memory=24,
            bandwidth=936,
            link=("NVLink 3 bridge, 2 GPUs", 112.5),
            pcie=("PCIe 4 x16", 64),
            source="NVIDIA Ampere GA102 GPU architecture white paper 2.0, appendix A (rates with fp32 accumulation)",
        ),
        _gpu(
            "RTX 4090",
            ("4090", "GeForce RTX 4090", "RTX4090 24GB"),
            _peaks(
                dense={"fp64": 1.29, "fp32": 82.6},
                paired={
                    "tf32": (82.6, 165.2),
                    "bf16": (165.2, 330.4),
                    "fp16": (165.2, 330.4),
                    "fp8": (330.3, 660.6),
                    "int8": (660.6, 1321.2),
                    "int4": (1321.2, 2642.4),
                },
            ),
            memory=24,
            bandwidth=1008,
            link=("none", 0),
            pcie=("PCIe 4 x16", 64),
            source="NVIDIA Ada GPU architecture white paper 2.0, appendix A (rates with fp32 accumulation)",
        ),
        _gpu(
            "L40S",
            ("L40S 48GB",),
            _peaks(
                dense={"fp32": 91.6},
                paired={
                    "tf32": (183, 366),
                    "bf16": (362.05, 733),
                    "fp16": (362.05, 733),
                    "fp8": (733, 1466),
                    "int8": (733, 1466),
                    "int4": (733, 1466),
                },
            ),
            memory=48,
            bandwidth=864,
            link=("none", 0),
            pcie=("PCIe 4 x16", 64),
            source="NVIDIA L40S data sheet (2023)",
        ),
        _gpu(
            "L4",
            ("L4 24GB",),
            _peaks(
                dense={"fp32": 30.3},
                paired={
                    "tf32": (60, 120),
                    "bf16": (121, 242),
                    "fp16": (121, 242),
                    "fp8": (242.5, 485),
                    "int8": (242.5, 485),
                },
            ),
            memory=24,
            bandwidth=300,
            link=("none", 0),
            pcie=("PCIe 4 x16", 64),
            source="NVIDIA L4 Tensor Core GPU data sheet (2023)",
        ),
        _gpu(
            "A10",
            ("A10 24GB",),
            _peaks(
                dense={"fp32": 31.2},
                paired={
                    "tf32": (62.5, 125),
                    "bf16": (125, 250),
                    "fp16": (125, 250),
                    "int8": (250, 500),
                    "int4": (500, 1000),
                },
            ),
            memory=24,
            bandwidth=600,
            link=("none", 0),
            pcie=("PCIe 4 x16", 64),
            source="NVIDIA A10 Tensor Core GPU data sheet (2021)",
        ),
    ],
)
"""Published GPUs by name: `hardware["H100"].peak("bf16")`."""
