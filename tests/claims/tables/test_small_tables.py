"""Tables of a few rows, and lists with factors: a row that does not follow is found, one that does is not."""

import pytest

from tests.claims.notes import alarms, report

BUBBLES = """
| P | M | bubble |
|---|---|--------|
| 4 | 8 | 27.3% |
| 8 | 16 | {} |
"""
MODELS = """
| Model | Params | Weights (BF16) |
|---|---|---|
| Llama-3-8B | 8B | 16 GB |
| Llama-3-70B | 70B | {} |
"""
DEGREES = """
| TP | 每卡权重（70B FP16） |
|---|---|
| 2 | 70 GB |
| 4 | 35 GB |
| 8 | {} |
"""
SHARED = """
| TP degree | Memory per GPU |
|---|---|
| 1 | 140 GB |
| 2 | 70 GB |
| 4 | 35 GB |
| 8 | {} |
"""
BATCHES = """
| batch | latency (ms) | throughput (req/s) |
|---|---|---|
| 1 | 10 | 100 |
| 8 | 20 | 400 |
| 32 | 50 | {} |
"""
PERPLEXITY = """
| α | PPL | 精度损失 |
|---|-----|----------|
| 0.0 | 6.85 | +20.6% |
| 0.3 | 6.02 | +6.0% |
| 0.5 | 5.75 | {} |
| 0.7 | 5.92 | +4.2% |
"""
BASELINE = """
| 实现 | 时间(ms) | 提升 |
|------|----------|------|
| 单缓冲 | 42 | baseline |
| 双缓冲 | 35 | 20% |
| 异步拷贝 | 32 | {} |
| 三缓冲 | 30 | 40% |
"""
POINTS = """
| epoch | 准确率 | 相对 FP32 变化 |
|-------|--------|------|
| 1 | 87.4% | -1.1% |
| 3 | 88.1% | -0.4% |
| 5 | 88.3% | {} |
| 10 | 88.2% | -0.3% |
"""
PEAKS = """
| GPU | FP32 | FP16 Tensor Core | 加速比 |
|-----|------|------------------|--------|
| V100 | 15 TFLOPS | 125 TFLOPS | 8.3× |
| A100 | 19.5 TFLOPS | 312 TFLOPS | 16× |
| H100 | 51 TFLOPS | 989 TFLOPS (FP8) | {} |
"""
TOTALS = """
| 方法 | 权重 | 激活 | 总计 |
|------|------|------|------|
| FP16 | 13GB | 2GB | 15GB |
| INT8 | 6.5GB | 2GB | 8.5GB |
| INT4 | 3.25GB | 2GB | {} |
"""
FORMATS = """
| 方法 | 权重 | 激活 |
|------|------|------|
| FP16 | 13GB | 2GB |
| GPTQ INT4 | 3.25GB | 2GB |
| LLM.int8() | {} | 2GB |
"""
PRODUCTS = """
在 A100 上测试 4096×4096 GEMM：

| 实现 | 时间(ms) | GFLOPS |
|------|----------|--------|
| 朴素 | 2850 | 48 |
| 分块 | 180 | 760 |
| 寄存器 | 42 | {} |
"""
FACTORS = """
```
朴素实现:   50 GFLOPS   (1x)
+ 分块:     500 GFLOPS  (10x)
+ 寄存器:   2 TFLOPS    (40x)
+ 向量化:   8 TFLOPS    ({})
```
"""
TABLES = [
    (BUBBLES, "30.4%", "43.8%"),
    (MODELS, "140 GB", "70 GB"),
    (DEGREES, "17.5 GB", "8.75 GB"),
    (SHARED, "17.5 GB", "12 GB"),
    (BATCHES, "640", "320"),
    (PERPLEXITY, "+1.2%", "+3.2%"),
    (BASELINE, "31%", "45%"),
    (POINTS, "-0.2%", "-1.2%"),
    (PEAKS, "19.4×", "14×"),
    (TOTALS, "5.25GB", "6.25GB"),
    (FORMATS, "6.5GB", "3.25GB"),
    (PRODUCTS, "3260", "1630"),
    (FACTORS, "160x", "80x"),
]


@pytest.mark.parametrize(("table", "right", "wrong"), TABLES)
def test_a_cell_that_does_not_follow_is_found(table: str, right: str, wrong: str) -> None:
    good = report(f"## 例子\n{table.replace('{}', right)}")
    assert good.checked >= 1
    assert not good.findings
    assert len(alarms(f"## 例子\n{table.replace('{}', wrong)}")) == 1


NONE = [
    "| convention | P=8, M=16 | bubble |\n|---|---|---|\n| total | P=8, M=16 | 30.4% |\n"
    "| ideal (Megatron) | P=8, M=16 | 43.75% |\n",
    "| P | M | 气泡（实测） |\n|---|---|---|\n| 4 | 8 | 27.3% |\n| 8 | 16 | 36% |\n",
    "| kernel | ours | torch | vs torch |\n|---|---|---|---|\n| prefill | 5701 µs | 2560 µs | 0.45x |\n"
    "| argmax | 17 µs | 14 µs | 0.81x |\n| sample | 1314 µs | 393 µs | 0.30x |\n",
    "| GPU | model | bandwidth | rate |\n|---|---|---|---|\n| RTX 3060 12 GB | 7B Q8 | 360 GB/s | ~18 tok/s |\n"
    "| RTX 4090 24 GB | 7B Q8 | 1008 GB/s | ~60 tok/s |\n",
    "| TP | 显存峰值 |\n|---|---|\n| 1 | 140 GB |\n| 2 | 80 GB |\n| 4 | 50 GB |\n| 8 | 36 GB |\n",
    "| 任务 | 准确率 | 相对变化 |\n|---|---|---|\n| A | 87.4% | -1.1% |\n| B | 62.0% | -3.1% |\n| C | 71.5% | +0.4% |\n"
    "| D | 90.2% | -0.2% |\n",
    "| GPU | FP32 | FP16 | 提升 |\n|---|---|---|---|\n| A | 10 ms | 5 ms | 40% |\n| B | 12 ms | 5 ms | 30% |\n"
    "| C | 20 ms | 5 ms | 10% |\n",
    "| 方法 | 权重 | 总计 |\n|---|---|---|\n| FP16 | 13GB | 15GB |\n| INT4 + 剪枝 | 1.6GB | 3GB |\n| INT8 | 6.5GB "
    "| 9GB "
    "|\n",
]


@pytest.mark.parametrize("table", NONE)
def test_a_table_of_other_things_is_left_alone(table: str) -> None:
    assert not alarms(f"## 例子\n\n{table}")
