"""What people type, judged for a calculator's output: each spelling, unit and conversion in turn."""

from typing import Any

import pytest

from studykit.calculators.answer import Judgement
from studykit.calculators.checking import judge_output
from studykit.calculators.declare import get, parse_inputs

EVEN = {"schedule": "1f1b", "stages": 8, "microbatches": 16}  # 7/23 = 30.43 %
THIRD = {"schedule": "1f1b", "stages": 4, "microbatches": 7}  # 3/10 = 30 %
QUESTIONS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "bubble": ("bubble", "ratio", EVEN),
    "thirty": ("bubble", "ratio", THIRD),
    "speedup": ("interleaving", "speedup", {"stages": 4, "microbatches": 8, "chunks": 4}),  # 44/35 = 1.257
    "ttft": ("ttft", "ttft", {"stages": 4, "chunks": 1, "chunk_time": 3}),  # 12 ms
    "gpu": ("inference-memory", "weights", {"parameters": "40e9", "layers": 40, "attention": "mha", "heads": 32,
            "head_dim": 128, "sequence": 1}),  # 80 GB
    "gibibytes": ("inference-memory", "weights", {"parameters": 40 * 2**30, "layers": 40, "attention": "mha",
                  "heads": 32, "head_dim": 128, "sequence": 1}),  # 80 GiB = 85.9 GB
    "per_token": ("kv-cache", "per_token", {"model": "llama-2-70b", "sequence": 1}),  # 320 KiB
    "parameters": ("parameters", "total", {"layers": 125, "hidden": 31600, "vocabulary": 0}),  # 1.498e12
    "microbatches": ("min-microbatches", "microbatches", {"stages": 8, "target": "10%"}),  # 63
    "tokens": ("decode", "throughput", {"stages": 4, "groups": 4, "stage_time": 5, "group_size": 8}),  # 1600 tok/s
    "sent": ("all-reduce", "sent", {"data": "1 GB", "ranks": 8}),  # 1.75 GB
    "flops": ("flops", "achieved", {"layers": 96, "hidden": 12288, "vocabulary": 51200, "sequence": 2048,
              "batch": 1536, "step_time": 12, "gpus": 2240}),  # 126.0 TFLOPS
}  # fmt: skip


def typed(question: str, text: str, **options: Any) -> Judgement:
    name, output, given = QUESTIONS[question]
    calculator = get(name)
    return judge_output(calculator, parse_inputs(calculator, given), output, text, **options)


RIGHT = [
    ("thirty", "30%"), ("thirty", "0.30"), ("thirty", "3/10"), ("thirty", "百分之三十"), ("thirty", "三成"),
    ("thirty", "３０％"), ("thirty", "约30%"), ("thirty", "≈30%"), ("thirty", "~30%"), ("thirty", "大约百分之三十"),
    ("thirty", "百分之三十左右"), ("thirty", "十分之三"), ("thirty", "约 30 %。"), ("thirty", "0.3"),
    ("bubble", "0.304"), ("bubble", "7/23"), ("bubble", "30.4 pct"), ("bubble", "30.4 %"), ("bubble", "３０．４％"),
    ("bubble", "(8-1)/(16+8-1)"), ("bubble", "（8-1）/（16+8-1）"), ("bubble", "(8−1)÷(16+8−1)"), ("bubble", "30.43%"),
    ("bubble", "百分之三十点四"), ("bubble", "(8-1)/(16+8-1) ≈ 30.4%"), ("bubble", "三成"),
    ("speedup", "1.26"), ("speedup", "1.26x"), ("speedup", "1.26×"), ("speedup", "×1.26"), ("speedup", "1.26 倍"),
    ("speedup", "1.26倍"), ("speedup", "44/35"), ("speedup", "约1.26倍"),
    ("ttft", "12 ms"), ("ttft", "12ms"), ("ttft", "12"), ("ttft", "12 毫秒"), ("ttft", "0.012 s"), ("ttft", "12000 us"),
    ("ttft", "12000 µs"), ("ttft", "十二毫秒"), ("ttft", "0.012 秒"), ("ttft", "１２ ｍｓ"), ("ttft", "(1+4-1)*3 ms"),
    ("gpu", "80GB"), ("gpu", "80 GB"), ("gpu", "80G"), ("gpu", "80"), ("gpu", "74.5 GiB"), ("gpu", "0.080 TB"),
    ("gpu", "80000 MB"), ("gpu", "80,000 MB"), ("gpu", "640 Gbit"), ("gpu", "640 Gb"), ("gpu", "8e10 B"),
    ("gpu", "80 GB/GPU"), ("gpu", "800亿字节"), ("gpu", "40e9*2 B"),
    ("gibibytes", "80 GiB"), ("gibibytes", "85.9 GB"),
    ("per_token", "320 KiB"), ("per_token", "0.3125 MiB"), ("per_token", "327.68 KB"), ("per_token", "327680 B"),
    ("per_token", "2·8·128·2·80 B"),
    ("parameters", "1.5e12"), ("parameters", "1.5T"), ("parameters", "1.5万亿"), ("parameters", "14979亿"),
    ("parameters", "1.5 trillion"), ("parameters", "1,498 B"), ("parameters", "1498 billion"),
    ("parameters", "1.5×10^12"), ("parameters", "1.5×10¹²"), ("parameters", "约1.5万亿参数"),
    ("microbatches", "63"), ("microbatches", "63 个"), ("microbatches", "六十三"), ("microbatches", "63 micro-batches"),
    ("tokens", "1600 tok/s"), ("tokens", "1,600 tok/s"), ("tokens", "1600"), ("tokens", "1.6k tok/s"),
    ("tokens", "1600 tokens/s"), ("tokens", "1600/s"), ("tokens", "1.6 tok/ms"), ("tokens", "1600 token/s"),
    ("tokens", "1600 token/秒"), ("tokens", "每秒 1600 tok"), ("tokens", "1.6K tokens per second"),
    ("sent", "1.75 GB"), ("sent", "1.63 GiB"), ("sent", "1750 MB"), ("sent", "14 Gb"),
    ("flops", "126 TFLOPS"), ("flops", "126 TFLOP/s"), ("flops", "1.26e14 FLOPS"), ("flops", "0.126 PFLOPS"),
]  # fmt: skip
WRONG = [
    ("gpu", "80 GiB", "1000"), ("gpu", "74.5 GB", "1024"), ("gpu", "640 GB", "bits"), ("gpu", "80 Gb", "eight"),
    ("bubble", "30.4", "sign"), ("bubble", "0.304%", "percent sign"), ("ttft", "12 s", "thousand"),
    ("per_token", "320 KB", "1000"), ("per_token", "320 MiB", "1024 times"), ("bubble", "7/16", "ideal"),
    ("bubble", "43.75", "ideal"), ("bubble", "百分之四十四", "ideal"), ("tokens", "50 tok/s", "one request"),
]  # fmt: skip
ANOTHER_KIND = [("gpu", "80 ms"), ("bubble", "7 ms"), ("ttft", "30%"), ("ttft", "12 GB"), ("tokens", "5 GB/s"),
                ("microbatches", "63 ms")]  # fmt: skip


@pytest.mark.parametrize(("question", "text"), RIGHT)
def test_right(question: str, text: str) -> None:
    found = typed(question, text)
    assert found.right, found.message
    assert found.suggested == 3


@pytest.mark.parametrize(("question", "text", "words"), WRONG)
def test_a_wrong_unit_or_formula_is_named_with_both_formulas(question: str, text: str, words: str) -> None:
    found = typed(question, text)
    assert not found.right
    assert found.slip is not None, found.message
    assert words in found.slip.explain
    assert found.used.count(" = ") >= 1
    assert found.correct.count(" = ") >= 1
    assert found.suggested == 1


@pytest.mark.parametrize(("question", "text"), ANOTHER_KIND)
def test_a_unit_of_another_kind_is_wrong_and_said(question: str, text: str) -> None:
    found = typed(question, text)
    assert not found.right
    assert found.slip is None
    assert "no unit" in found.message


def test_rates_are_read_for_a_bandwidth() -> None:
    """A bandwidth is asked as an input: 600 GB/s in any spelling."""
    calculator = get("all-reduce")
    for text in ("600 GB/s", "600GB/s", "600 GBps", "4.8 Tb/s", "4800 Gbit/s", "0.6 TB/s", "600", "600 GB/秒"):
        assert parse_inputs(calculator, {"data": "1 GB", "ranks": 8, "bandwidth": text})["bandwidth"] == 600, text


@pytest.mark.parametrize(
    ("options", "grade"),
    [
        ({}, 3),
        ({"hinted": True}, 2),
        ({"seconds": 4.0}, 4),
        ({"seconds": 40.0}, 3),
        ({"hinted": True, "seconds": 2}, 2),
    ],
)
def test_the_grade_that_is_suggested(options: dict[str, Any], grade: int) -> None:
    assert typed("bubble", "30.4%", **options).suggested == grade
    assert typed("bubble", "43.75%", **options).suggested == 1
