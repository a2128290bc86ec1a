"""Wrong numbers that a note shows as wrong, or asks about, are no alarms; the same numbers claimed are."""

import pytest

from tests.claims.notes import alarms, report, severities

SHOWN = [
    "误区：气泡率 = 3/16 = 37.5%",
    "常见错误：把 7B × 2 = 28GB 当成显存",
    "很多人把 P=4, M=16 的气泡率写成 43.75%，这是错的；正确结果是 15.8%。",
    "~~显存 = 7B × 4 = 14GB~~ 更正：7B × 2 = 14GB。",
    "<del>7B × 4 = 14GB</del> 7B × 2 = 14GB",
    "修改前：总显存 = 14 + 14 + 84 = 102GB\n修改后：总显存 = 14 + 14 + 84 = 112GB",
    "With 8 stages and 32 micro-batches the bubble is not 30% but 18%.",
    "People say that with 8 stages and 32 micro-batches the bubble is 30%.",
    "A typo in the first edition: 8 × 7 = 46.",
    "7B × 2 = 28GB 是错的，应该是 14GB",
    "P=8, M=16：气泡率是 10% 吗？",
    "```\n7B × 4 = 14GB   # ❌ FP16 是 2 字节\n7B × 2 = 14GB   # ✅\n```",
    "```python\n# wrong: bubble = 7/16 = 30%\n# right: bubble = 7/23 = 30.4%\n```",
    "下面的算法是错误的：\n\n```\n7B × 4 = 14GB\n```",
    "### 常见误区\n\n7B × 4 = 14GB",
]


@pytest.mark.parametrize("text", SHOWN)
def test_a_mistake_that_is_shown_is_no_alarm(text: str) -> None:
    assert not alarms(f"# 笔记\n\n## 例子\n\n{text}\n")


CLAIMED = [
    "错误率：3/16 = 37.5%",
    "误区：显存只看权重。正确：7B × 2 = 28GB",
    "错误：7B × 4 = 14GB；正确：7B × 2 = 28GB",
    "P=8, M=64：气泡率 = 30%  ❌太高",
    "优化前：14 + 14 + 84 = 102GB",
    "常见错误很多。\n\n7B × 4 = 14GB",
]


@pytest.mark.parametrize("text", CLAIMED)
def test_a_number_that_is_claimed_is_judged_whatever_stands_near(text: str) -> None:
    assert alarms(f"# 笔记\n\n## 例子\n\n{text}\n")


def test_a_calc_block_is_judged_even_under_mistakes() -> None:
    block = "```calc\nbubble --schedule 1f1b --stages 8 --microbatches 16 => 40%\n```"
    assert alarms(f"# 笔记\n\n## 常见错误\n\n{block}\n")


def test_the_plain_ratio_divided_by_v_is_a_convention() -> None:
    assert severities("# 笔记\n\n交错 1F1B：P=8, M=16, V=2 时，气泡率 15.2%。\n") == ["convention"]
    assert severities("# 笔记\n\n气泡率 = (P-1)/(V×(M+P-1))：P=8, M=16, V=2 时，气泡率 15.2%。\n") == []
    assert alarms("# 笔记\n\n交错 1F1B：P=8, M=16, V=2 时，气泡率 25.5%。\n")


def test_a_measured_utilisation_is_no_result() -> None:
    text = "P=8，M=32，理论气泡率 {}，实测 22%，GPU 利用率 65%。\n"
    assert not alarms(f"# 笔记\n\n{text.format('17.9%')}")
    assert alarms(f"# 笔记\n\n{text.format('27.9%')}")


def test_seconds_of_numbers_that_are_milliseconds() -> None:
    good = report("# 笔记\n\nTTFT 300ms，TPOT 25ms：总延迟 = 300 + 199×25 ≈ 5.3s\n")
    assert good.checked
    assert not good.findings
    assert alarms("# 笔记\n\nTTFT 300ms，TPOT 25ms：总延迟 = 300 + 199×25 ≈ 8.3s\n")
