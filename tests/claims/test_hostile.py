"""Whatever a note holds: no exception, and time that grows no faster than the text."""

import time
from collections.abc import Callable
from functools import partial
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studykit.claims.checker import examine
from studykit.vault.note import parse_note
from tests.claims.notes import report
from tests.linear import in_proportion

WORDS = """
7/(7+16) = ≈ 30% ( ) (( × ** ^ - – / // 9**9**9 GB 2K 3亿 万亿 P=8 M=16 V=2 气泡 bubble 效率 → 降到 (-25%) |
|---|---| ``` $ \\frac{ }{ } \\times TP=8 70B FP16 140GB 32层 < ≥ 4P 至少 => min( sqrt( , 1,024 0x1F 1.2.3 １２％
² 时间单位 总时间 加速比 % 1e999 1e-999 0/0
"""
SPACED = [
    "\n", "\n\n", "# ", "- ", " ", "\t", "\x00", "\u202e", "64 GPUs", "KV cache", "个 micro-batch", "```calc\n",
    "```quiz\n",
    "<!-- check: ignore -->",
]  # fmt: skip
PIECES = [*WORDS.split(), *SPACED]


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
@settings(max_examples=300)
def test_no_soup_of_claims_raises(text: str) -> None:
    report(text)


@given(st.text(max_size=300))
def test_no_text_raises(text: str) -> None:
    report(text)


@given(st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    examine(parse_note("note.md", data), compare=True)


LINES = {
    "equals": "=",
    "equation": "7/(7+16) = 30% ",
    "parentheses": "(",
    "closing": ")",
    "numbers": "1 ",
    "digits": "1",
    "products": "2×",
    "powers": "9**",
    "chain": "1=1",
    "tex": "\\frac{1}{2}=",
    "braces": "{",
    "letters": "a",
    "chinese": "气泡",
    "bubble": "气泡率 3% P=8, M=16 ",
    "stages": "8 级 ",
    "arrows": "100ms → 50ms（",
    "pipes": "|",
    "table": "| 1 ",
    "spaces": " ",
    "columns": "1  2  3  ",
    "percent": "%",
    "bound": "气泡 <10% ",
    "gpus": "TP=8 PP=2 16 GPUs ",
    "memory": "70B FP16 140GB ",
    "kv": "KV cache 32 层 1GB ",
    "dashes": "-",
    "commas": "1,024,",
    "names": "n = 4, n × 2 = 8 ",
    "comments": "x = n * 2  # 8 ",
    "conversions": "175B（1750亿） 100 Gb/s = 12.5 GB/s ",
    "formats": "FP16 14GB INT8 → INT4 压缩 2x ",
    "totals": "总计: 8 GB ",
    "changes": "延迟降低：70% ",
    "warps": "256 线程（8 个 warp） dim3 block(16, 16); // 256 线程 ",
    "machines": "4 机 8 卡，共 32 卡 总 GPU 数: 64 ",
    "lists": "[1, 2, 3] 平均 2 ",
    "shares": "通信占比: 12% 8 卡加速 6 倍，效率 80% ",
    "attention": "注意力矩阵 N=64K 16GB ",
    "marked": "吞吐: 5 tok/s (+3%) ",
    "shapes": "[32, 2048] = 4 GB 8×8×4 乘加 (256次乘加) ",
    "rates": "TPOT=40ms，batch=16，吞吐量: 400 tokens/s ",
    "transfers": "传输 1.6GB 25 GB/s 通信时间: 64 ms ",
    "training": "7B 模型 优化器: 42 GB 梯度: 14 GB ",
    "stages of ZeRO": "ZeRO-2: 52 GB N=4 7B 模型 ",
    "counts": "每层 2 次，32 层共 64 次 1000 个元素，block=256，需要 4 个 block ",
    "experts": "64 专家 Top-2 3% 671B 激活 37B（5%） ",
    "workings": "| 计算 | 4 GB | 2 × 2 GB |\n|---|---|---|\n",
    "bases": "| 加速 | 100 ms | 1x |\n|---|---|---|\n",
    "operators": "1 / 总 ",
    "sentences": "每个 token 0.5MB，2048 个 token 需要 4GB ",
    "mistakes": "误区：~~3/16 = 37.5%~~ 不是 30% ",
    "seconds": "2.2e6 秒 ≈ 50 天 每层 2ms，32层共 128ms ",
}


@pytest.mark.parametrize("piece", LINES.values(), ids=LINES.keys())
@pytest.mark.parametrize("newline", ["", pytest.param("\n", marks=pytest.mark.slow)], ids=["one line", "many lines"])
def test_time_grows_with_the_text_and_no_faster(piece: str, newline: str) -> None:
    runs = count()

    def examination(size: int) -> Callable[[], object]:
        # Another word in front each time, so that no line was seen before.
        text = f"```\nrun{next(runs)} " + (piece + newline) * (size // len(piece + newline))
        return partial(examine, parse_note("note.md", text.encode()), compare=True)

    assert in_proportion(examination, 2_000, 16_000, floor=0.025)


@pytest.mark.slow
@pytest.mark.parametrize("piece", LINES.values(), ids=LINES.keys())
def test_a_line_of_five_megabytes(piece: str) -> None:
    note = parse_note("note.md", (piece * (5_000_000 // len(piece.encode()))).encode())
    began = time.process_time()
    examine(note, compare=True)
    assert time.process_time() - began < 30
