"""Forms of claims in varied wording, each right and wrong, in Chinese and English; and what only looks like one."""

import pytest

from tests.claims.notes import alarms, report

CODE = "```python\nbatch = 32\nseq = 2048\nhidden = 4096\n{}\n```"
PARTS = "- 权重: 14 GB\n- 梯度: 14 GB\n- 优化器: 84 GB\n"
SIZES = "| 模型 | FP32 | FP16 | INT8 |\n|---|---|---|---|\n| 7B | 28 GB | 14 GB | {} |\n"
CHANGES = """| 指标 | 前 | 后 | 变化 |
|---|---|---|---|
| 延迟 | 100ms | 30ms | ↓ 70% |
| 显存 | 2GB | 0.5GB | ↓ 75% |
| 吞吐 | 100 tok/s | 300 tok/s | {} |
"""
JUDGED = [
    ("hidden = 4096\nlayers = 32\n\nKV = 2 × layers × hidden × 2 bytes = {}", "512 KB", "256 KB"),
    ("- B=32, S=2048, H=4096\n- 通信量: B × S × H × 2 bytes = {}", "512 MB", "128 MB"),
    ("取 N=8，数据量 D=1.6，则 2 × (N-1)/N × D = {}", "2.8", "3.2"),
    ("With L=32 and h=4096 there are 12 * L * h^2 = {} parameters", "6.4B", "7.9B"),
    (CODE.format("size = batch * seq * hidden * 2  # {}"), "512 MB", "256 MB"),
    (CODE.format("each = batch * seq * hidden\ntotal = each * 2 / 1e9  # {}"), "0.54 GB", "0.27 GB"),
    (CODE.format("print(batch * seq)  # {}"), "65536", "32768"),
    ("- 密集: 200ms\n- MoE: 60ms\n- 延迟降低：{}", "70%", "60%"),
    ("优化前显存: 16 GB\n优化后显存: 4 GB\n显存减少: {}", "75%", "60%"),
    ("Before: 100 ms\nAfter: 25 ms\nlatency reduction: {}", "75%", "85%"),
    ("原始显存 = 28 GB\n量化后显存 = 7 GB\n内存节省: {}", "4倍", "8倍"),
    (CHANGES, "↑ 3x", "↑ 5x"),
    (CHANGES, "+200%", "+120%"),
    (PARTS + "- 总计: {}", "112 GB", "134 GB"),
    ("| Part | Memory |\n|---|---|\n| weights | 14 GB |\n| states | 98 GB |\n| **Total** | {} |", "112 GB", "121 GB"),
    ("```\n权重: 140 GB\nKV Cache: 20 GB\n激活: 10 GB\n---\n总计: {}\n```", "170 GB", "190 GB"),
    ("GPT-3 有 175B（{}）参数", "1750亿", "175亿"),
    ("网卡 100 Gb/s = {}", "12.5 GB/s", "100 GB/s"),
    ("每 token 50 ms/token（{} tokens/s）", "20", "2"),
    ("共享内存 16 KB = {} bytes", "16384", "1638"),
    ("A100 提供 312 TFLOPS（{}）", "0.312 PFLOPS", "3.12 PFLOPS"),
    ("从 FP32 → INT8，显存减少 {}", "75%", "87.5%"),
    ("FP16→INT4 压缩 {}", "4x", "8x"),
    ("从FP16到INT4，模型体积直接压缩{}", "75%", "50%"),
    ("INT8 相比 FP32，显存减少 {}", "75%", "50%"),
    ("FP16 比 FP32 节省 {} 显存", "50%", "75%"),
    ("FP32 → FP16 memory reduced by {}", "50%", "75%"),
    ("FP32→INT8 压缩 {} 倍", "4", "2"),
    ("7B 模型：FP32 28GB，FP16 14GB，INT8 {}，INT4 3.5GB", "7GB", "14GB"),
    ("70亿参数：FP16 需要 {}，INT8 需要 7GB", "14GB", "28GB"),
    ("- FP32: 260GB\n- BF16: 130GB（可单机）\n- INT8: {}", "65GB", "32GB"),
    (SIZES, "7 GB", "3.5 GB"),
    ("- 通信时间: 2.7 ms\n- 计算时间: 20 ms\n- 通信占比: {}", "12%", "27%"),
    ("8 卡加速 6.4 倍，效率 {}", "80%", "90%"),
    ("On 16 GPUs the speedup is 12x, efficiency {}", "75%", "85%"),
    ("```\nlengths = [100, 500, 800, 1500]\n平均 {}\n```", "725", "900"),
    ("```cpp\ndim3 block(16, 16);  // {} 线程\n```", "256", "512"),
    ("```cpp\n__shared__ float tile[32][32];  // {} KB\n```", "4", "1"),
    ("256 个线程（{} 个 warp）", "8", "16"),
    ("one block of 256 threads = {} warps", "8", "4"),
    ("4 机 8 卡，共 {} 卡", "32", "64"),
    ("16 nodes × 8 GPUs = {} GPUs", "128", "256"),
    ("TP = 8\nPP = 4\nDP = 2\n总 GPU 数: {}", "64", "128"),
    ("占比：3/24 = {}（其余浪费）", "12.5%", "22.5%"),
    ("(8-1)(10+20) = {}", "210", "230"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "right", "wrong"), JUDGED)
def test_right_and_wrong_in_many_forms(text: str, right: str, wrong: str) -> None:
    good = report(f"# 笔记\n\n{text.format(right)}\n")
    assert good.checked >= 1
    assert not good.findings
    assert len(alarms(f"# 笔记\n\n{text.format(wrong)}\n")) == 1


LEFT_ALONE = [
    "- 输入: 100 ms\n- 输出: 30 ms\n- 精度提升: 3%",
    "- 显存容量: 80 GB\n- 权重: 14 GB\n- KV: 20 GB\n- 总计: 34 GB",
    "- 每层: 14 GB\n- 共享: 2 GB\n- 总计: 450 GB",
    "| 数据集 | BERT | GPT | 变化 |\n|---|---|---|---|\n| A | 87.8% | 81.5% | -0.8% |\n| B | 88.3% | 82.1% | -0.2% |",
    "| Batch | 32 |\n|---|---|\n| TPOT | 9.5 |\n| TPS | 101 |\n| Total | 3246 |",  # one more result
    "| 组件 | 延迟 |\n|---|---|\n| A | 10 ms |\n| B | 30 ms |\n| 总计 | 30 ms |",  # in parallel
    "for i in range(3): n = 4\nn = 8\nn × 2 = 30",
    "```python\nn = 4\nn += 1\nprint(n * 10)  # 50\n```",
    "```python\nheads = 8\ndim = 64\nx = heads * dim  # 8 heads\n```",
    "x × y × 2 = 30，其中 x=3",
    "A100 40GB（带宽 1.5 TB/s）",
    "P50 100 ms（1.2 s）",
    "权重 512KB（2MB）",
    "FP32 → INT8 推理加速 6x，内存带宽 4x",
    "FP16 → FP32 需要 2x 显存",
    "FP32→INT8 实测压缩 2 倍",
    "INT4 相比 FP16，显存减少约 50%",
    "INT4 相比 FP16，速度提升 50%",
    "- FP32: 100 ms\n- FP16: 60 ms\n- INT8: 40 ms",
    "7B 训练：FP32 112GB，FP16 56GB",
    "- 通信时间: 2.7 ms\n- 计算时间: 20 ms\n- 总时间: 20 ms（重叠）\n- 通信占比: 0%",
    "8 卡到 64 卡，加速 6 倍，训练效率提高 20%",
    "lengths = [1, 2, 3]，平均延迟 900 ms",
    "256 线程 × 4 = 1024 线程，每个 SM 64 个 warp",
    "TP=8\nPP=4\n总 GPU 数: 128",
    "DP = 4\nEP = 8\nTP = 2\n总 GPU 数: 8",
    "2 机 8 卡，共享 32 卡的存储",
]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_only_looks_like_a_claim_is_left_alone(text: str) -> None:
    assert not report(f"# 笔记\n\n{text}\n").findings
