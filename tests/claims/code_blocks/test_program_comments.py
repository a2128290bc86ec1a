"""Results in comments of programs, what a GPU holds, and what bubbles and communication leave of the time."""

import pytest

from tests.claims.notes import alarms, assert_told_apart

WORKED = "```python\nn = 4096\n# t = (n * n * 2) / (312 * 10^12)\n#   ≈ {}\n```"
SUM = "```python\nused = sum([1500, 800, 1024, 2000])  # {} tokens\n```"
ON_ONE = "方案：FP16 → {} → 单卡A100部署 ✓"
SHARE = "- 硬件：A100 40GB × 1\n\n- KV Cache占用：18GB（{}总内存）"
LOST = "- 气泡占比: ~10%\n- 通信占比: ~8%\n- 效率: ~{}"
SPEED = "计算时间：~50ms\n通信时间：\n  - 朴素实现：~30ms\n  - 优化之后：~5ms\n\n总训练速度提升：{}"
CASES = [
    (WORKED, "0.11 us", "0.05 ms"),
    (SUM, "5324", "6324"),
    (ON_ONE, "70GB", "140GB"),
    (SHARE, "45%", "60%"),
    (LOST, "82%", "95%"),
    (SPEED, "45%", "15%"),
]


@pytest.mark.parametrize(("text", "right", "wrong"), CASES)
def test_right_and_wrong(text: str, right: str, wrong: str) -> None:
    assert_told_apart(f"## 例子\n\n{text}\n", right, wrong)


NONE = [
    "```python\nn = 4096\nn = 8192\n# t = (n * n * 2) / (312 * 10^12)\n#   ≈ 0.05 ms\n```",
    "```python\n# t = (batch * hidden * 2) / (312 * 10^12)\n#   ≈ 0.05 ms\n```",
    "```python\nsizes = sum([a, b, c])  # 12\n```",
    "方案：FP16 → 140GB → 单卡 A100 部署 ❌ 放不下",
    "方案：INT4 量化前 140GB → 量化 → 单卡A100部署",
    "- 硬件：A100 40GB，H100 80GB\n\n- KV Cache占用：18GB（22%总内存）",
    "- 气泡占比: ~10%\n- 通信占比: ~8%\n- 显存利用率: ~95%",
]


@pytest.mark.parametrize("text", NONE)
def test_what_cannot_be_judged_is_left_alone(text: str) -> None:
    assert not alarms(f"## 例子\n\n{text}\n")


def test_a_degree_of_none_divides_nothing() -> None:
    assert not alarms("# LLaMA-70B\n\n## 配置 TP=0\n\n- TP=0\n- 显存: 22GB/GPU\n")
