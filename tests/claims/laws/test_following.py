"""What follows from what, in sentences and lists of any wording: each right and wrong, and texts with more at play."""

import pytest

from tests.claims.notes import alarms, assert_told_apart

SENTENCES = [
    (
        "- 层数：80\n- KV 头数：8\n- head_dim：128\n- 精度：FP16（2 字节）\n\n每个 token 的 KV Cache：{}",
        "320 KB",
        "160 KB",
    ),
    (
        "Llama-3-8B has 32 layers, 8 KV heads and a head dimension of 128. In FP16 the KV cache takes {} per token.",
        "128 KB",
        "512 KB",
    ),
    ("- num_layers = 32\n- num_kv_heads = 8\n- head_dim = 128\n- KV cache per token: {}", "128 KiB", "256 KiB"),
    ("Each token needs 320 KiB of KV cache, so a 4096-token sequence needs {}.", "1.25 GiB", "2.5 GiB"),
    ("每 token 128 KB，8K 上下文的单个序列需要 {}", "1 GB", "4 GB"),
    ("每个 token 的 KV Cache 为 160KB，序列长度 4096，batch=16，总计 {}", "10GB", "40GB"),
    ("Qwen2-72B 的权重（BF16）约 {}", "144GB", "74GB"),
    ("- Model: Llama-3-70B\n- Precision: BF16\n- Weights: {}", "140 GB", "70 GB"),
    ("方案一：蒸馏到 1.3B 模型 → 量化 INT4 → {}", "650MB", "1.3GB"),
    ("70B 模型 FP16 权重 140GB，TP=8 时每卡 {}", "17.5GB", "35GB"),
    ("A 70B model in FP16 split over 4 GPUs needs {} of weights per GPU.", "35 GB", "17.5 GB"),
    ("175B 模型 FP16，TP=8、PP=4，每张卡权重约 {}", "10.9GB", "43.75GB"),
    ("Mixed-precision Adam needs 16 bytes per parameter, so a 13B model needs {}.", "208 GB", "104 GB"),
    ("With 64 query heads and 8 KV heads, the KV cache is {} smaller than with MHA.", "8x", "4x"),
    ("使用 GQA（64 个头 → 8 个 KV 头）后 KV Cache 缩小到 1/{}", "8", "4"),
    ("权重从 140GB 减半到 {}", "70GB", "50GB"),
    ("吞吐从 100 tok/s 翻倍到 {}", "200 tok/s", "150 tok/s"),
    ("The latency is cut in half from 80 ms to {}.", "40 ms", "60 ms"),
    ("延迟从 100ms 降低到原来的 1/4，即 {}", "25ms", "50ms"),
    ("A 70B model needs about 2N = {} GFLOPs per token.", "140", "280"),
    ("For N=7B and D=1T tokens the training compute is 6ND ≈ {} FLOPs.", "4.2e22", "4.2e21"),
    ("Ring all-reduce over 4 GPUs moves 2(n-1)/n = {} times the data per GPU.", "1.5", "1.75"),
    ("8 张 GPU 用 ring all-reduce 同步 14GB 梯度，带宽 300GB/s，需要约 {}", "82ms", "8.2ms"),
    ("An inter-token latency of 20 ms corresponds to {} tokens per second.", "50", "26"),
    ("At 25 tokens/s each token takes {}.", "40 ms", "25.5 ms"),
    ("With batch 16 and a decode step of 20 ms the throughput is {} tokens/s.", "800", "320"),
    ("TTFT 200ms，每 token 30ms，生成 100 token 总耗时约 {}", "3.2s", "2.3s"),
    ("7B FP16 权重 14GB，A100 带宽 2TB/s，每个 token 至少 {}", "7ms", "70ms"),
    ("With 14 GB of weights and 2 TB/s the upper bound is {} tokens/s at batch 1.", "143", "280"),
    ("Achieved 150 TFLOPS of 312 TFLOPS peak, an MFU of {}.", "48%", "58%"),
    ("峰值 989 TFLOPS，MFU 40%，有效算力约 {} TFLOPS", "396", "496"),
    ("采用 interleaved 1F1B，PP=8，V=4，micro-batch 数 32，气泡占比 {}", "5.2%", "17.9%"),
    ("1 GB over a 100 Gb/s link takes {}.", "80 ms", "10 ms"),
    ("InfiniBand HDR 200Gb/s，约 {} GB/s", "25", "100"),
    ("8 张卡，每卡 $2/小时，运行 24 小时，共 ${}", "384", "192"),
    ("单卡功耗 400W，8 张卡总功耗 {}", "3.2kW", "2.4kW"),
]


@pytest.mark.parametrize(("text", "right", "wrong"), SENTENCES)
def test_right_and_wrong_of_each_sentence(text: str, right: str, wrong: str) -> None:
    assert_told_apart(f"# 笔记\n\n## 例子\n\n{text}\n", right, wrong)


MORE_AT_PLAY = [
    "每 token 128 KB（压缩后），8K 上下文的单个序列需要 0.5 GB",
    "每个 token 576 bytes，128K 序列 × 60 层 ≈ 4.2 GB",
    "DeepSeek-V3 有 61 层，128 个头，head_dim 128，MLA 下每 token KV 为 70 KB",
    "Mixtral-8x7B 的权重（FP16）约 93GB",
    "70B 模型 FP16 权重 140GB，TP=8 时每卡 28GB（含 KV Cache）",
    "70B 模型 FP16，TP=8，每卡权重与激活约 24GB",
    "TPOT=25ms，8 路并发，系统总吞吐 320 tokens/s",
    "TPOT=25ms 时 8 张卡的吞吐为 1280 tokens/s",
    "7B FP16 权重 14GB，A100 带宽 2TB/s，实测每个 token 11ms",
    "吞吐翻倍，延迟从 80ms 降到 60ms",
    "权重减半，加载时间从 20s 降到 12s",
    "PP=8，M=16，使用 ZB-H1，气泡占比 12%",
    "P=8, M=16: by the ideal convention (idle over useful time) the bubble is 43.75%.",
    "200Gb/s 双向，约 50 GB/s",
    "从 100ms 到 200ms，0.5x 的加速",
    "TTFT 200ms，每 token 30ms，4 路并发生成 100 token 总耗时 4.1s",
    "训练一个 7B 模型用了 1T tokens，激活参数 2B，计算量 1.2e22 FLOPs",
    "8 张 GPU 两机互联，all-reduce 14GB 梯度，带宽 300GB/s，需要 400ms",
    "7B 模型训练需要 16 字节/参数，ZeRO-3 之后共 14GB",
    "Llama-3-70B 在 KV Cache 之外权重还要 140GB，合计 180GB",
    "400W 的卡 8 张，整机功耗 5.2kW",
    "80 层，TP=8，64 个头，每个 token 的 KV 为 40KB",
]


@pytest.mark.parametrize("text", MORE_AT_PLAY)
def test_a_sentence_with_more_at_play_is_left_alone(text: str) -> None:
    assert not alarms(f"# 笔记\n\n## 例子\n\n{text}\n")


def test_a_list_is_read_up_to_its_head_and_no_further() -> None:
    lines = "- 层数：32\n- KV 头数：8\n- head_dim：128\n\n另一个模型：\n\n- 层数：80\n- KV 头数：8\n- head_dim：128\n"
    assert not alarms(f"## 例子\n\n{lines}- 每个 token 的 KV Cache：320 KB\n")
    assert alarms(f"## 例子\n\n{lines}- 每个 token 的 KV Cache：128 KB\n")
