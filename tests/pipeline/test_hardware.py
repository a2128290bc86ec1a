"""Published figures of GPUs: a second reading of their data sheets, and what must hold between them."""

import pytest

from studykit.pipeline.published_hardware import hardware

# name: 16-bit dense TFLOP/s, memory GB, memory GB/s, link GB/s both ways, PCIe GB/s both ways
SHEETS = {
    "V100": (125, 32, 900, 300, 32),  # NVIDIA V100 data sheet, NVLink: "deep learning" TFLOP/s are those of fp16
    "A100 40GB": (312, 40, 1555, 600, 64),  # NVIDIA A100 data sheet
    "A100 80GB": (312, 80, 2039, 600, 64),
    "H100 SXM": (989.5, 80, 3350, 900, 128),  # NVIDIA H100 data sheet: 1,979 with sparsity
    "H100 PCIe": (756.5, 80, 2000, 600, 128),  # 1,513 with sparsity
    "H200": (989.5, 141, 4800, 900, 128),  # NVIDIA H200 data sheet
    "H800": (989.5, 80, 3350, 400, 128),  # Insights into DeepSeek-V3, 4.1: NVLink cut from 900 to 400 GB/s
    "B200": (2250, 180, 8000, 1800, 128),  # NVIDIA DGX B200 data sheet, an eighth: 36 PFLOP/s bf16 with sparsity
    "MI300X": (1307.4, 192, 5300, 896, 128),  # AMD Instinct MI300X data sheet
    "4090": (165.2, 24, 1008, 0, 64),  # NVIDIA Ada white paper, appendix A
    "3090": (71, 24, 936, 112.5, 64),  # NVIDIA GA102 white paper, appendix A: 71 TFLOP/s with fp32 accumulation
    "L40S": (362.05, 48, 864, 0, 64),  # NVIDIA L40S data sheet
    "L4": (121, 24, 300, 0, 64),  # NVIDIA L4 data sheet: 242 with sparsity
    "A10": (125, 24, 600, 0, 64),  # NVIDIA A10 data sheet
}


@pytest.mark.parametrize("name", SHEETS)
def test_figures_are_those_of_the_data_sheets(name: str) -> None:
    gpu = hardware[name]
    found = (gpu.peak("fp16") / 1e12, gpu.memory / 1e9, gpu.memory_bandwidth / 1e9)
    assert (*found, gpu.link_bandwidth / 1e9, gpu.pcie_bandwidth / 1e9) == pytest.approx(SHEETS[name], rel=1e-12)
    assert gpu.source


@pytest.mark.parametrize("name", hardware)
def test_sparsity_doubles_the_dense_rate(name: str) -> None:
    gpu = hardware[name]
    pairs = [(rate.dense, rate.sparse) for rate in gpu.peaks.values() if rate.sparse is not None]
    assert pairs or name.startswith("V100"), "Volta has no structured sparsity"
    # L40S prints 362.05 and 733: its sheet rounds the sparse rate
    assert all(sparse == pytest.approx(2 * dense, rel=0.015) for dense, sparse in pairs)


@pytest.mark.parametrize("name", hardware)
def test_narrower_elements_are_never_slower(name: str) -> None:
    peaks = hardware[name].peaks
    order = [peaks[kind].dense for kind in ("fp32", "tf32", "bf16", "fp8", "fp4") if kind in peaks]
    assert order == sorted(order)
    assert peaks.get("bf16", peaks["fp16"]) == peaks["fp16"]


def test_one_direction_is_half_of_what_is_printed() -> None:
    assert hardware["A100"].link_bandwidth_one_way == 300e9
    assert hardware["4090"].peer_bandwidth_one_way == 32e9


def test_the_ridge_is_peak_over_bandwidth() -> None:
    assert hardware["A100 80GB"].ridge("bf16") == pytest.approx(312e12 / 2.039e12)


def test_names_and_types_that_are_unknown_say_what_is_known() -> None:
    with pytest.raises(KeyError, match="H100"):
        hardware["H1000"]
    with pytest.raises(ValueError, match="dtype is 'fp8'; expected one of fp64"):
        hardware["A100"].peak("fp8")
    with pytest.raises(ValueError, match="no sparse rate"):
        hardware["A100"].peak("fp32", sparse=True)
    assert hardware["A100"].peak("bfloat16", sparse=True) == 624e12
    assert "h100" in hardware
    assert "tpu" not in hardware
