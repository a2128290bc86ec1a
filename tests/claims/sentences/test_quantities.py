"""Sentences of a few quantities and nothing else: shares, factors, parts and wholes, sums, rates."""

import pytest

from studykit.claims.reading.quantities import read
from tests.claims.notes import alarms, report

RIGHT_AND_WRONG = [
    # Shares and factors of two amounts.
    ("单卡 80GB 里，KV Cache 占了 24GB（{}）", "30%", "40%"),
    ("一步 240ms，其中通信 60ms，占 {}", "25%", "35%"),
    ("峰值 989 TFLOPS，跑到 445 TFLOPS，MFU = {}", "45%", "55%"),
    ("IB 50GB/s，NVLink 900GB/s，相差 {} 倍", "18", "8"),
    ("优化前 360ms，优化后 90ms，加速比 {}", "4x", "5x"),
    ("FP16 需要 28GB，INT4 只需 7GB，节省 {}", "75%", "50%"),
    ("吞吐从 800 tok/s 涨到 2000 tok/s，提升 {} 倍", "2.5", "4.5"),
    ("通信占一步的 {}（30ms / 120ms）", "25%", "35%"),
    ("槽位利用率 {} (300/2048)", "14.6%", "24.6%"),
    ("单卡 50 samples/s，16 卡 720 samples/s，扩展效率 {}", "90%", "80%"),
    # The figure before its result.
    ("显存降低 60%，从 50GB 变为 {}", "20GB", "30GB"),
    ("26GB 压缩 4 倍后为 {}", "6.5GB", "13GB"),
    # Two shares of a whole.
    ("前缀缓存命中率 72%，未命中 {}", "28%", "38%"),
    # A part, a number of them, the whole.
    ("128 个专家分到 16 张卡，每卡 {} 个专家", "8", "16"),
    ("TP=4 时，40 个头，每卡 {} 个头", "10", "20"),
    ("26GB 的权重切到 2 张卡上，每张 {}", "13GB", "26GB"),
    ("每次 All-Reduce 0.5ms，80 次就是 {}", "40ms", "80ms"),
    ("生成 300 个 token，每个 20ms，共 {}", "6s", "60s"),
    ("64 layers over 8 stages, so {} layers per stage", "8", "16"),
    ("16台服务器，每台8张H100，总计 {} 张", "128", "64"),
    ("每个参数 18 字节，7B 模型需要 {}", "126GB", "63GB"),
    ("8 张 A800 80GB，总显存 {}", "640GB", "512GB"),
    # Sums and rates.
    ("前向 30ms，反向 60ms，合计 {}", "90ms", "120ms"),
    ("权重 26GB，梯度 26GB，优化器 156GB，总共 {}", "208GB", "182GB"),
    ("解码速度 40 tok/s，输出 600 个 token 需要 {}", "15s", "24s"),
    ("400MB 在 50 GB/s 的网络上传输要 {}", "8ms", "80ms"),
    # Arithmetic as people spell it.
    ("$\\lceil 900/16 \\rceil = {}$", "57", "56"),
    ("√256 = {}", "16", "32"),
    ("5120 x 13824 x 3 = {}", "212M", "142M"),
    ("2 × 3.2×10^9 × 10^12 = {}", "6.4×10^21", "6.4×10^20"),
    ("2 × 2048 × 4096 × 2 B = {}", "32 MB", "64 MB"),
    ("2^-8 ≈ {}", "0.0039", "0.039"),
    ("2^16 - 1 = {}", "65535", "65536"),
    ("Copy 12ms + Kernel 30ms + Sync 3ms = {}", "45ms", "55ms"),
    ("So the ratio is 989 / 3.35 = {} FLOPs per byte.", "295", "195"),
    ("98304 / 48 = {}", "2048", "2148"),
    ("每个 SM 最多 48 个 warp，即 {} 个线程", "1536", "1024"),
    ("hidden=5120，40 头，head_dim = {}", "128", "64"),
    ("单请求 KV 1.5GB，batch=8 时共 {}", "12GB", "24GB"),
    ("global batch 1024，DP=16，micro batch size 2，梯度累积步数 = {}", "32", "64"),
    (
        "| TP | PP | DP | GPU总数 |\n|---|---|---|---|\n| 8 | 2 | 2 | 32 |\n| 4 | 4 | 2 | 32 |\n| 8 | 4 | 4 | {} |",
        "128",
        "64",
    ),
    ("world_size=128, tp=8, pp=4 → dp={}", "4", "8"),
]


@pytest.mark.parametrize(("text", "right", "wrong"), RIGHT_AND_WRONG)
def test_right_and_wrong_of_each_sentence(text: str, right: str, wrong: str) -> None:
    assert not report(f"# 笔记\n\n## 例子\n\n{text.replace('{}', right)}\n").findings
    assert alarms(f"# 笔记\n\n## 例子\n\n{text.replace('{}', wrong)}\n")


LEFT_ALONE = [
    "总耗时 90 ms，其中 All-Reduce 占 18 ms（20%）",
    "命中率提升 20%（1.2/1.0）",
    "完成 50%（3/6），其余待办",
    "| TP | PP | DP | GPU |\n|---|---|---|---|\n| 8 | 2 | 2 | 8 |\n| 4 | 4 | 2 | 8 |\n| 8 | 4 | 4 | 128 |",
    "8 张 A100 80GB，每卡可用 72GB，共 576GB",
    "64 个专家分到 16 张卡，每卡 5 个专家（含冗余）",
    "140GB 权重放到 8 张 80GB 的卡上，共 640GB",
    "通信 20ms，计算 60ms，重叠后共 65ms",
    "batch 从 8 增加到 32，吞吐提升 2.5 倍",
    "4 张卡，每张卡 24GB，模型 26GB",
    "每层 2 次通信，32 层，前向共 64 次，反向另算",
    "每秒 40 个 token，每个请求 500 个 token，3 个请求",
    "NVLink 900GB/s，是 PCIe 4.0 的 14 倍",
    "A100 80GB，占用 60GB，GPU 利用率 45%，batch=8",
    "用时 2s，比之前的 3s 快 1.5 倍",
    "5.2Gbps×5120bit/8=3.3TB/s",
    "70B FP16 用 TP=8，每卡权重 17.5GB",
    "L = λW = 50 req/s × 0.2 s = 10",
    "3 x 2048 x 2048 x 2 bytes = 24 MiB",
    "3.5 × 10^12 / 312 × 10^12 ≈ 11.2 ms",
]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_has_another_explanation_is_left_alone(text: str) -> None:
    assert not alarms(f"# 笔记\n\n## 例子\n\n{text}\n")


def test_a_sentence_with_an_unknown_number_holds_no_quantities() -> None:
    assert [each.kind for each in read("140GB 的权重切到 4 张卡上，每张 35GB")] == ["bytes", "gpu", "bytes"]
    assert read("140GB 的权重切到 4 张卡上，每张 35GB，第 7 版") == []
    assert read("在 2–4 张卡上") == []


@pytest.mark.parametrize(
    ("unit", "exact"), [("KiB", 2**10), ("MiB", 2**20), ("GiB", 2**30), ("TiB", 2**40), ("MB", 10**6)]
)
def test_each_binary_unit_has_its_own_size(unit: str, exact: int) -> None:
    assert [each.value for each in read(f"3 {unit}，每张卡 1 {unit}")] == pytest.approx([3 * exact, exact], rel=1e-12)
