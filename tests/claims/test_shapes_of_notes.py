"""Shapes in which engineers note figures: each right and wrong, and right ones that are easily taken for mistakes."""

import pytest

from tests.claims.notes import alarms, report

MODELS = (
    "| 模型 | 参数量 | FP16 显存 |\n|---|---|---|\n| A | 7B | 14GB |\n| B | 13B | 26GB |\n"
    "| C | 70B | {} |\n| D | 175B | 350GB |"
)
BUBBLES = "| M | 气泡率 (P=4) |\n|---|---|\n| 4 | 42.9% |\n| 8 | 27.3% |\n| 16 | {} |\n| 32 | 8.6% |"
CHANGES = (
    "| 指标 | 优化前 | 优化后 | 改善 |\n|---|---|---|---|\n| 延迟 | 100ms | 50ms | 50% |\n| 显存 | 80GB | 20GB | {} |\n"
    "| 吞吐 | 100 tok/s | 300 tok/s | 3x |"
)
SHAPES = [
    (MODELS, "140GB", "104GB"),
    (BUBBLES, "15.8%", "18.8%"),
    ("With P = 4 and M = 16 the pipeline efficiency is {}.", "84.2%", "72.9%"),
    ("命中率从 60% 提高到 75%，提升了 {} 个百分点", "15", "25"),
    ("8 个专家中激活 2 个，激活比例为 {}。", "25%", "20%"),
    ("64 个专家激活 6 个，稀疏度 {}。", "90.6%", "80.6%"),
    (CHANGES, "75%", "65%"),
    ("准确率 92% → 94%，错误率下降 {}。", "25%", "60%"),
    ("吞吐量从 800 tok/s 提升到 1200 tok/s，提升 {}。", "50%", "33%"),
]
RIGHT = [
    "从 8 卡扩展到 64 卡，加速 6.4 倍，扩展效率 80%。",
    "Scaling from 8 to 64 GPUs gives a speedup of 6.4x, an efficiency of 80%.",
    "2048 GPUs × 21 days ≈ 1.03M GPU-hours.",
    "3.64e6 A100-hours / 2048 GPUs = 74 days.",
    "64 卡 × 10 天 = 15360 卡时",
    "准确率 92.3% → 93.1%，错误率下降 10.4%。",
    "全局 batch 1024，DP=16，micro-batch 为 4，则梯度累积步数 = 1024/(16×4) = 16",
    "延迟从 30ms 降到 20ms，性能提升 50%。",
    "准确率从 80% 提高到 88%，相对提升 10%，绝对提升 8 个百分点。",
    "NVLink 900GB/s 是 PCIe 5.0（64GB/s）的 14 倍；若按双向 128GB/s 算则是 7 倍。",
    "TP=2, PP=4 时用 8 卡；另外 16 卡跑数据并行的评测。",
    "LLaMA-70B INT4 量化后约 40GB（含 scale 与 zero point）。",
    "显存峰值 72GB（权重 14 + 激活 30 + 优化器 28）。",
    "With PP=8 and 32 micro-batches, the measured bubble was 22% because stages are uneven.",
    "1T tokens at 4M tokens per batch is 250K steps.",
    "| Model | Params | FP16 |\n|---|---|---|\n| A | 7B | 14 GB |\n| B | 13B | 26 GB |\n| KV only | 7B | 2 GB |",
    "TPOT 25ms，并发 32，吞吐 1280 tok/s；并发 64：TPOT 40ms，吞吐 1600 tok/s（+25%）",
]

UNITS = """
400 W × 8 = 3.2 kW
6.5 kW × 16 nodes = 104 kW
400W × 24h = 9.6 kWh
40W × 60ms = 2.4J
2 kJ / 100 = 20 J
3 × 12 months = 3 years
12 × 3 个月 = 3 年
90 days / 7 = 12.9 weeks
12 周 × 7 = 84 天
3 周期 × 4 = 12 周期
24 hours × 7 = 1 week
100 req/s × 3600 = 360K req/h
50 tok/s × 86400 = 4.32M tok/day
1.2 req/s × 60 = 72 req/min
2048 × 21 × 24 = 1.03M GPU-hours
10 Gbps × 1 h = 4.5 TB
3 min × 60 = 180 s
0.1% × 30 天 = 43.2 分钟
"""


@pytest.mark.parametrize(("text", "right", "wrong"), SHAPES)
def test_right_and_wrong_of_each_shape(text: str, right: str, wrong: str) -> None:
    good = report(f"# 笔记\n\n## 例子\n\n{text.replace('{}', right)}\n")
    assert good.checked
    assert not [each for each in good.findings if each.severity.alarming]
    assert alarms(f"# 笔记\n\n## 例子\n\n{text.replace('{}', wrong)}\n")


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_right_raises_no_alarm(text: str) -> None:
    assert not alarms(f"# 笔记\n\n## 例子\n\n{text}\n")


@pytest.mark.parametrize("text", UNITS.strip().splitlines())
def test_units_of_time_and_power_that_are_right(text: str) -> None:
    assert not report(text).findings


@pytest.mark.parametrize(
    "text", ["400 W × 8 = 4.2 kW", "2 kJ / 100 = 30 J", "12 周 × 7 = 94 天", "3 × 12 months = 4 years"]
)
def test_and_that_are_wrong(text: str) -> None:
    assert len(alarms(text)) == 1


def test_a_working_that_divides_by_the_work_is_no_total() -> None:
    """Its digits fit both conventions: 3/131 = 2.29 % and 3/128 = 2.34 %."""
    total = "P=4, M=8：气泡率 27.3%\n\n"
    (found,) = alarms(f"# 笔记\n\n{total}P=4, M=128：气泡率 = 3/128 = 2.3%\n")
    assert "27.3" not in found.message
    assert not alarms(f"# 笔记\n\n{total}P=4, M=128：气泡率 = 3/131 = 2.3%\n")
    assert not report("P=4, M=128：气泡率 = 3/128 = 2.3%").findings


def test_a_sentence_gives_what_its_result_comes_from() -> None:
    (found,) = alarms("LLaMA-7B每个token的KV Cache约0.5MB，2048个token需要4GB")
    assert found.inputs == {"bytes": 0.5e6, "count": 2048.0}
