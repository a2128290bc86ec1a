"""What looks like a claim in texts of other trades and is none; beside it, claims of the same words that are wrong."""

import pytest

from tests.claims.notes import alarms, report

NONE = [
    "modes: 0 = 320x240, 1 = 160x120, 2 = 640x480",
    "usually 940=80x43, 941=132x25",
    "modprobe fb mode_option=1024x768-32 mtrr=3 scroll=ywrap",
    "mode=800x600 bpp_of_it=16 rate=60",
    "prices of all items (1982-84 = 100, adjusted)",
    "| 3.10 - 3.12\n| >= 1.27",
    "- 3.10 - 3.12\n- >= 1.27",
    "Solve 2x - 3 = 4 for x.",
    "the check in tok/s: native 32,086 / ours 34,263 = 1.068x",
    "```\nDECODE: 0+807 = 707 (INCORRECT) correct=807\n```",
    "Deploy across 2 nodes (8 GPUs per node) with TP=8 and PP=2.",
    "TP=8, PP=2: 8 GPUs on each node",
    "TP=8，PP=2，8 卡/机",
    "参数切分到多卡（如8卡TP，每卡存 1/8），常用 TP=8, PP=64",
    "DP=32, TP=8, PP=4 → 1024 NPUs (= 128 DGX × 8 A100)",
    "With 4 pipeline stages and 8 micro-batches the bubble is 27%. "
    "You need at least 4× as many micro-batches as stages to get the bubble below 20%.",
    "2 * 80 * 8 * 128 * 2 bytes = 327.680 bytes",
    "em 128K tokens: 320 KB * 131.072 = 40 GB",
    "the step, by default 1 minute (60.000 ms)",
    "a multiple of the block (in this case `16 = 17 / 8 * 8`)",
    "A mask of 3 = 2^1 | 2^0 selects both.",
    r'"content": "即\\(63 = 3^2 \\times 7\\)。"',
    "the bars read ~10.0 ms for 117 MB (11.7 GB/s) and the fifth read 0.18 ms",
]
CLAIMS = [
    "640 x 480 = 307300",
    "800x600 = 490000",
    "1024 × 768 = 786532 像素",
    "8 nodes × 8 GPUs=128",
    "1982 - 84 = 1888",
    "3.10 - 1.27\n= 1.93",
    "1.5x + 0.5x = 3x",
    "ours 34,263 / native 32,086 = 1.168x",
    "0+807 = 707",
    "Deploy on 8 GPUs with TP=8 and PP=2.",
    "micro-batch 数取 stage 数的 4 倍，气泡 <10%",
    "You need 4 times the number of pipeline stages to keep the bubble below 10%.",
    "2 * 80 * 8 * 128 * 2 bytes = 427.680 bytes",
    "the step, by default 1 minute (600 ms)",
    "24 = 17 / 8 * 8",
    "| a mask | 3 = 2^1 | 2 |",
    r"即 \(64 = 3^2 \times 7\)。",
    "It reads 117 MB at 11.7 GB/s, which takes 0.18 ms",
]


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_claim_is_left_alone(text: str) -> None:
    assert alarms(text) == []


@pytest.mark.parametrize("text", CLAIMS)
def test_a_wrong_claim_of_the_same_words_is_found(text: str) -> None:
    assert len(alarms(text)) == 1


def test_a_value_is_told_to_as_many_digits_as_were_stated() -> None:
    assert "17.993" in report("7 × 2.57044 = 17.888").findings[0].message
