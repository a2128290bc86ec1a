"""What the checker computes of a model is what the calculators say; what the model does not take is not judged."""

import pytest

from studykit.calculators.inputs import parse_inputs
from studykit.calculators.registry import get
from studykit.claims.judging import formulas
from tests.claims.notes import alarms, report


def _calculated(calculator: str, output: str, **inputs: str) -> float:
    declared = get(calculator)
    return float(declared.compute(parse_inputs(declared, inputs)).values[output])


def test_a_cache_is_the_calculators() -> None:
    shape = {"layers": "80", "attention": "gqa", "kv_heads": "8", "head_dim": "128", "sequence": "1"}
    found = formulas.cache_of_token(80, kv_heads=8, head_dim=128)
    assert found / 1024 == _calculated("kv-cache", "per_token", **shape)
    assert formulas.cache_of_token(80, hidden=1024) == found


def test_traffic_is_the_calculators() -> None:
    for ranks in (2, 3, 8):
        sent = _calculated("all-reduce", "sent", data="1 GB", ranks=str(ranks))
        assert formulas.all_reduce_sent(1.0, ranks) == pytest.approx(sent)
        assert formulas.reduce_scatter_sent(1.0, ranks) == pytest.approx(sent / 2)


def test_half_a_layer_is_not_taken() -> None:
    with pytest.raises(ValueError, match="layers"):
        formulas.cache_of_token(32.5, hidden=4096)


@pytest.mark.parametrize("text", [
    "P=1000 需要至少 40 个 micro-batch 达到 99.9999999999999999% 效率",
    "7B 模型，每个参数 9 字节，共 63 GB",
])  # fmt: skip
def test_no_number_of_a_note_makes_the_checker_fail(text: str) -> None:
    assert not report(text).findings


@pytest.mark.parametrize(("name", "gigabytes"), [
    ("V100", 32), ("A10", 24), ("RTX 3090", 24), ("4090", 24), ("A100", 80), ("H200", 141),
])  # fmt: skip
def test_what_a_gpu_holds_is_what_is_published(name: str, gigabytes: int) -> None:
    assert not alarms(f"方案：FP16 → {gigabytes}GB → 单卡{name}部署 ✓")
    assert [each.value for each in alarms(f"方案：FP16 → {gigabytes + 8}GB → 单卡{name}部署 ✓")] == [gigabytes]
