"""Results told with their inputs, in the words of every calculator."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.calculators.registry import BUILT_IN
from studykit.claims.reading.page import Page
from studykit.claims.told.results import TOPICS, Told, told
from studykit.vault.note import parse_note
from tests.claims.told.told_examples import TOLD

SENTENCES = [(*key, text) for key, texts in TOLD.items() for text in texts]


def found(text: str) -> list[Told]:
    """What is told in a note of this text."""
    return list(told(Page(parse_note("note.md", f"# Note\n\n{text}\n".encode()))))


def test_every_calculator_is_told_of() -> None:
    assert {name for name, _output in TOLD} == set(BUILT_IN) == set(TOPICS)


@pytest.mark.parametrize(("name", "output", "text"), SENTENCES)
def test_a_right_result_is_known_with_all_its_inputs(name: str, output: str, text: str) -> None:
    (one,) = found(text)
    assert (one.calculator, one.output, one.right, one.whole) == (name, output, True, True)


@pytest.mark.parametrize(("name", "output", "text"), SENTENCES)
def test_another_number_is_not_right(name: str, output: str, text: str) -> None:
    (one,) = found(text)
    number = one.text.split(" ")[0].rstrip("%xB")
    wrong = "7".join(text.rsplit(number, 1)) if len(number) < 2 else "".join([number, "5"]).join(text.rsplit(number, 1))
    if "." in number:
        wrong = str(round(float(number) * 1.7, 2)).join(text.rsplit(number, 1))
    assert not any(each.right for each in found(wrong))


def test_the_lines_above_give_what_the_line_leaves_out() -> None:
    (one,) = found("- 层数: 32\n- KV 头数: 8\n- head_dim: 128\n- 序列长度: 4096\n- KV cache: 0.537 GB")
    assert (one.calculator, one.output, one.right, one.whole) == ("kv-cache", "total", True, True)


def test_a_working_is_no_list_of_inputs() -> None:
    (one,) = found("TP=8、PP=4、DP=2，共 8 × 4 × 2 = 64 张 GPU。")
    assert (one.output, one.right, one.whole) == ("gpus", True, True)


@pytest.mark.parametrize(
    "text",
    [
        "TP=8、PP=4，共需要 3 天。",
        "70 B、bf16、TP=4，每卡 80 GB，权重每卡 35 GB。",
        "8 张卡 all-reduce 1 GB 梯度，耗时 5.83 ms。",
        "PP=8, TP=8。PP=4 时共 64 张 GPU。",
        "GPT-3 有 96 层。",
        "",
    ],
)
def test_what_lacks_its_inputs_is_not_right(text: str) -> None:
    assert not any(each.right for each in found(text))


def test_a_number_that_is_left_over_makes_no_wrong_result() -> None:
    assert not any(each.whole for each in found("8 张卡 all-reduce 1 GB 梯度，重叠 3 段，带宽 300 GB/s，耗时 9 ms。"))


@pytest.mark.parametrize("text", ["0.5 GB", "约 0.6 GB", "512 MiB", "0.54 GB"])
def test_another_reading_of_the_unit_is_near(text: str) -> None:
    (one,) = found(f"32 层、8 个 KV 头、head_dim=128、FP16，序列长度 4096 时 KV cache 为 {text}。")
    assert one.near


PIECES = [
    "8 张卡", "all-reduce", "1 GB", "300 GB/s", "耗时", "TP=8", "PP", "=", "：", "，", "；", "。", "1,2,3", "0", "9e99",
    "1e12", "7B", "FP16", "LLaMA-2-70B", "A100-80GB", "层", "KV cache", "MFU", "%", "约", "(", ")", "×", "4096", "K",
    "TPOT", "5 ms", "参数量", "ZeRO-", "\n", "- ", "气泡率不超过", "各层耗时", "∞", "\x00",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=24).map(" ".join))
def test_whatever_is_written_is_read(text: str) -> None:
    for each in found(text):
        assert each.inputs
        assert each.near or not each.right


@pytest.mark.parametrize("text", ["1" * 20_000, "1," * 9_000, "1 a" * 6_000, "TP=" * 6_000 + "8", "(" * 590 + "1 GB"])
def test_a_long_line_takes_no_long_time(text: str) -> None:
    found("8 张卡 all-reduce 1 GB，带宽 300 GB/s，耗时 5.83 ms。")  # what is compiled once
    began = time.process_time()
    found(text)
    assert time.process_time() - began < 1
