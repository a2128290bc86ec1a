"""The families of claims that notes on inference, parallel training and CUDA make, each right and wrong."""

import pytest

from tests.claims.notes import alarms, report

FAMILIES = [
    ("LLaMA-7B（32层，hidden=4096，FP16）：\n- 每token KV Cache = 2 × 32 × 4096 × 2 bytes = {}", "512KB", "1MB"),
    ("**LLaMA-2-7B**:\n- 层数: 32\n- 头数: 32\n- 头维度: 128\n- 序列长度: 2048\n- KV Cache: {}（FP16）", "1GB", "4GB"),
    ("```\n单个请求KV Cache:\n2 × 32层 × 32头 × 128维 × 2048 × 2字节 = {}\n```", "1GB", "2GB"),
    ("batch=32时，KV Cache总量：32 × 1GB = {}", "32GB", "16GB"),
    (
        "```python\nnum_layers = 80\nnum_kv_heads = 8\nhead_dim = 128\n"
        "kv_per_token = 2 * num_layers * num_kv_heads * head_dim * 2  # {}\n```",
        "327680",
        "163840",
    ),
    ("MHA的KV Cache是GQA的 32/8 = {}", "4倍", "8倍"),
    ("LLaMA-70B FP16权重：70B × 2 = {}", "140GB", "280GB"),
    (
        "| 精度 | 70B模型显存 |\n|---|---|\n| FP32 | 280GB |\n| FP16 | 140GB |\n| INT8 | {} |\n| INT4 | 35GB |",
        "70GB",
        "90GB",
    ),
    ("7B模型INT4量化后约{}显存", "3.5GB", "7GB"),
    ("INT8量化：模型从14GB降至7GB，减少{}", "50%", "75%"),
    ("FP32到INT4压缩比：32/4 = {}", "8x", "4x"),
    ("- FP16: 13GB\n- INT4: 3.25GB\n- 压缩比: {}", "4x", "8x"),
    ("7B模型训练显存：\n- 参数(FP16): 14GB\n- 梯度(FP16): 14GB\n- 优化器状态(FP32): 84GB\n- 总计: {}", "112GB", "98GB"),
    (
        "7B模型混合精度训练：\n- 参数 FP16：14GB\n- 梯度 FP16：14GB\n- Adam 优化器状态（FP32 主权重+动量+方差）：{}",
        "84GB",
        "42GB",
    ),
    ("ZeRO-3 把 112GB 均分到 8 卡：112/8 = {}", "14GB", "28GB"),
    ("175B模型使用Adam混合精度训练，需要 175 × 16 = {}", "2800GB", "2100GB"),
    ("ZeRO-1 在 64 卡上：7.5B 模型每卡显存 {}", "31.4GB", "16.4GB"),
    ("Ring All-Reduce通信量：2 × (8-1)/8 × 14GB = {}", "24.5GB", "12.25GB"),
    ("- 数据量：64MB\n- 带宽：25GB/s\n- 传输时间：{}", "2.56ms", "25.6ms"),
    ("梯度 14GB，带宽 100GB/s，通信时间约{}", "140ms", "14ms"),
    ("激活大小 [32, 2048, 4096] FP16 = {}", "512MB", "256MB"),
    ("每层2次All-Reduce，32层共{}次", "64", "32"),
    ("```\n通信时间: 14GB / 600GB/s = {}\n```", "23.3ms", "233ms"),
    ("PCIe 4.0 x16: 16 GT/s × 16 / 8 = {}", "32 GB/s", "64 GB/s"),
    ("前向FLOPs：2 × 7B × 2048 = {}", "28.7 TFLOPs", "14.3 TFLOPs"),
    ("训练总计算量：6 × 7B × 1T = {}", "4.2e22 FLOPs", "4.2e23 FLOPs"),
    ("A100 312 TFLOPS，利用率 50% → {}", "156 TFLOPS", "106 TFLOPS"),
    ("MFU = 140/312 = {}", "44.9%", "54.9%"),
    ("注意力计算量：4 × 2048² × 4096 = {}", "68.7 GFLOPs", "6.87 GFLOPs"),
    ("算术强度 = 2 × 4096 × 4096 / (4096 × 4096 × 2) = {}", "1 FLOP/byte", "2 FLOP/byte"),
    ("A100机器平衡点：312 TFLOPS / 2 TB/s = {}", "156 FLOP/byte", "15.6 FLOP/byte"),
    ("解码受带宽限制：14GB / 2TB/s = {}", "7ms", "70ms"),
    ("TPOT = 20ms → {} tokens/s", "50", "500"),
    ("- TTFT: 200ms\n- TPOT: 20ms\n- 输出100个token\n- 总延迟: 200 + 100×20 = {}", "2200ms", "2020ms"),
    ("每个请求总延迟 = 200ms + 99 × 30ms = {}", "3170ms", "2970ms"),
    ("吞吐量 = 32 / 0.05 = {} tokens/s", "640", "1600"),
    ("batch_size=16，TPOT=40ms，吞吐量={}", "400 tokens/s", "40 tokens/s"),
    ("- 串行: 100ms\n- 并行: 30ms\n- 加速比: {}", "3.3x", "2.3x"),
    ("QPS = 1000 / 50ms = {}", "20", "200"),
    ("延迟从200ms降到50ms，降低了{}", "75%", "60%"),
    ("吞吐从100 tokens/s提升到350 tokens/s（提升{}）", "3.5倍", "4.5倍"),
    ("优化前: 100 tokens/s\n优化后: 250 tokens/s\n提升: {}", "2.5x", "3.5x"),
    ("加速比 = 1 / (0.1 + 0.9/8) = {}", "4.7", "7.2"),
    (
        "| 方案 | 延迟 | 加速比 |\n|---|---|---|\n| 基线 | 100ms | 1x |\n| A | 50ms | 2x |\n| B | 25ms | 4x |\n"
        "| C | 20ms | {} |",
        "5x",
        "6x",
    ),
    ("投机解码期望接受数：(1 - 0.8^5)/(1 - 0.8) = {}", "3.36", "4.36"),
    ("8个专家Top-2，激活比例 = 2/8 = {}", "25%", "12.5%"),
    ("每个专家参数：3 × 4096 × 14336 = {}", "176M", "117M"),
    ("Mixtral总参数47B，激活13B，激活比例 = 13/47 = {}", "27.7%", "37.7%"),
    ("容量 = 1.25 × 1024 × 2 / 8 = {}", "320", "256"),
    ("单层参数：4 × 4096² + 8 × 4096² = {}", "201M", "101M"),
    ("词嵌入: 32000 × 4096 = {}", "131M", "13.1M"),
    ("LoRA参数：2 × 4096 × 8 = {}", "65536", "32768"),
    ("LoRA 可训练参数 4.2M / 7B = {}", "0.06%", "0.6%"),
    ("每个SM最多2048线程，block=256，则最多 2048/256 = {} 个block", "8", "16"),
    ("寄存器限制：65536 / (256 × 64) = {}", "4", "8"),
    ("占用率 = 48/64 = {}", "75%", "85%"),
    ("共享内存：2 × 32 × 32 × 4 = {}", "8KB", "4KB"),
    ("1000个元素，block=256，需要{}个block", "4", "3"),
    ("global index = blockIdx.x * blockDim.x + threadIdx.x = 2 * 256 + 10 = {}", "522", "512"),
    ("带宽：1.215 GHz × 5120 bit × 2 / 8 = {}", "1555 GB/s", "777 GB/s"),
    ("128字节 / 4字节 = {} 个float", "32", "64"),
    ("```\n时间: 2 × 1024³ / 19.5 TFLOPS = {}\n```", "0.11 ms", "1.1 ms"),
    ("序列长度100，block_size=16，需要 ceil(100/16) = {} 个块", "7", "6"),
    ("显存利用率 = 1200/2048 = {}", "58.6%", "68.6%"),
    ("80GB × 0.9 - 14GB = {} 可用于KV Cache", "58GB", "66GB"),
    ("58GB / 0.5MB = {} 个token", "116K", "11.6K"),
    ("可支持请求数 = 60GB / 1GB = {}", "60", "30"),
    ("全局batch = 4 × 8 × 16 = {}", "512", "256"),
    ("8卡理想加速8x，实际6.8x，扩展效率 = 6.8/8 = {}", "85%", "75%"),
    ("TP=8时每卡参数：140GB/8 = {}", "17.5GB", "14GB"),
    ("PP=4, 80层模型，每stage {}层", "20", "16"),
    ("TP=8, PP=8, 共64卡, 剩余DP = 512/64 = {}", "8", "4"),
    ("总GPU数 = TP × PP × DP = 8 × 4 × 16 = {}", "512", "256"),
    ("序列并行: 8192/8 = {} tokens每卡", "1024", "512"),
    ("16台机器，每台8卡，共{}张GPU", "128", "64"),
    ("气泡率 = (P-1)/M = 3/16 = 18.75%\n\n加入更多micro-batch: P=4, M=64，气泡率 = {}", "4.5%", "9%"),
    ("1M tokens / 1000 tokens/s = {}秒", "1000", "100"),
    ("For Llama-3-8B (32 layers, 8 KV heads, head_dim=128, FP16), the KV cache per token is {}.", "128 KB", "512 KB"),
    ("KV cache per token: $2 \\times 80 \\times 8 \\times 128 \\times 2 = {}$ bytes", "327680", "163840"),
    ("A 13B model in FP16 needs about {} of GPU memory for weights alone.", "26 GB", "13 GB"),
    ("With 16 bytes per parameter, a 7B model needs 7e9 * 16 / 1e9 = {}", "112 GB", "84 GB"),
    ("The pipeline has 4 stages and 8 micro-batches, so the bubble is {}.", "27.3%", "37.3%"),
    ("Bubble fraction = (4-1)/(4-1+12) = {}", "20%", "25%"),
    (
        "| Stages | Microbatches | Bubble |\n|---|---|---|\n| 4 | 8 | 27.3% |\n| 4 | 16 | 15.8% |\n"
        "| 4 | 32 | {} |\n| 8 | 32 | 17.9% |",
        "8.6%",
        "9.4%",
    ),
    ("```python\nflops = 6 * 7e9 * 1e12  # {}\n```", "4.2e22", "4.2e21"),
    ("Ring all-reduce moves 2*(8-1)/8 * 10 GB = {} per GPU", "17.5 GB", "8.75 GB"),
    ("Reading 140 GB of weights at 3.35 TB/s takes {}", "41.8 ms", "4.18 ms"),
    ("Throughput went from 1200 to 1800 tokens/s, a {} improvement.", "50%", "80%"),
    ("latency dropped from 80 ms to 20 ms (4x faster) and memory 40GB -> 10GB ({} less)", "75%", "60%"),
    ("Occupancy: 1536/2048 = {}", "75%", "65%"),
    ("grid = (N + 255) / 256, for N = 1000000: 1000000 / 256 = {} blocks", "3907", "4907"),
    ("dim3 block(32, 8);  // {} threads\n", "256", "512"),
    ("```cpp\ndim3 block(32, 8);  // {} threads per block\n```", "256", "128"),
    ("Arithmetic intensity = 2*4096^3 / (3 * 4096^2 * 2) = {} FLOP/byte", "1365", "683"),
    ("Peak: 108 SMs × 64 FMA × 2 × 1.41 GHz = {} TFLOPS", "19.5", "9.7"),
    ("$$\\text{speedup} = \\frac{1}{0.2 + 0.8/4} = {}$$", "2.5", "3.2"),
    ("Compression: 32 bits / 4 bits = {}", "8x", "16x"),
    ("- baseline: 45 tok/s\n- with speculative decoding: 90 tok/s\n- speedup: {}", "2.0x", "2.5x"),
    ("Tokens per expert: 4096 × 2 / 64 = {}", "128", "64"),
    ("Total params 671B, active 37B ({})", "5.5%", "8.5%"),
    ("Each GPU holds 70B × 2 bytes / 8 = {}", "17.5 GB", "8.75 GB"),
    ("TP=4 × PP=2 × DP=8 = {} GPUs", "64", "32"),
    ("Global batch size = 2 × 8 × 64 = {}", "1024", "512"),
    ("1M tokens × 0.5 MB = {}", "500 GB", "50 GB"),
    ("80 layers × 2 all-reduce × 5 us = {}", "800 us", "400 us"),
    ("1.5T tokens / 4M per step = {} steps", "375000", "37500"),
    ("1024 GPUs × 312 TFLOPS × 40% = {} PFLOPS", "127.8", "227.8"),
    ("训练时间 = 6×175B×300B / (1024×140 TFLOPS) = {} 天", "25.4", "45.4"),
    ("单token FLOPs ≈ 2 × 70B = {}", "140 GFLOPs", "70 GFLOPs"),
    ("缓存命中率 90%，平均延迟 = 0.9×10 + 0.1×100 = {}ms", "19", "29"),
    ("有效带宽 = 数据量/时间 = 4GB / 5ms = {}", "800GB/s", "80GB/s"),
    ("内存占用：40GB → 28GB（减少{}）", "30%", "40%"),
    ("TTFT：800ms → 600ms（-{}）", "25%", "35%"),
    (
        "| 阶段 | 优化前 | 优化后 | 提升 |\n|---|---|---|---|\n| 预填充 | 800ms | 400ms | 50% |\n"
        "| 解码 | 100ms | 70ms | 30% |\n| 总计 | 900ms | 470ms | {} |",
        "47.8%",
        "67.8%",
    ),
    ("- 计算: 20ms\n- 通信: 5ms\n- 总计: {}", "25ms", "35ms"),
    ("专家并行 EP=8，64个专家，每卡 {} 个专家", "8", "16"),
    ("d_model=512，8个头，每头维度 {}", "64", "128"),
    ("512 / 8 = {} 维", "64", "32"),
    ("参数量：512×2048×2 = {}", "2.1M", "1.05M"),
    ("1个warp = 32线程，1024线程 = {}个warp", "32", "64"),
    ("16个bank冲突导致 16 × 4 = {} 个周期", "64", "32"),
    ("利用率：有效 900 / 总 1200 = {}", "75%", "85%"),
    ("浪费：(2048-500)/2048 = {}", "75.6%", "65.6%"),
    ("平均长度 = (100+500+900)/3 = {}", "500", "600"),
    ("加速 = 总时间/并行时间 = 160/40 = {}", "4x", "8x"),
    ("8 × 1024 × 1024 × 1024 = {} bytes", "8589934592", "858993459"),
    ("Seq 32K: attention matrix 32768 × 32768 × 2 bytes = {}", "2 GB", "4 GB"),
    ("单卡 batch=8，梯度累积 4 步，8 卡，等效 batch = 8×4×8 = {}", "256", "128"),
    ("PUE 1.2 × 10 kW × 24 h = {} kWh", "288", "240"),
]


@pytest.mark.parametrize(("text", "right", "wrong"), FAMILIES)
def test_right_and_wrong_of_each_family(text: str, right: str, wrong: str) -> None:
    good = report(f"# 笔记\n\n## 例子\n\n{text.replace('{}', right)}\n")
    assert good.checked >= 1
    assert not good.findings
    assert alarms(f"# 笔记\n\n## 例子\n\n{text.replace('{}', wrong)}\n")


LEFT_ALONE = [
    # A change of one thing, and a figure for another.
    "GPU 从 8 增加到 64，加速 6.1 倍",
    "batch 由 8 提升到 32（吞吐提升 2.2 倍）",
    "batch: 8 → 32（吞吐 +120%）",
    "上下文 4K → 32K（显存增加 3 倍）",
    "显存从 80GB 降到 20GB，成本降低 60%",
    "序列长度从2K增加到8K，注意力计算量增加 16倍",
    # A base that stands in a sentence, and one of another thing.
    "- 每秒可处理 100 tokens\n- 理论上 400 tokens/sec\n- 考虑开销：≈300 tokens/sec\n- 吞吐量提升：3x",
    "- 准确率：93.5% (-0.7%)\n- 准确率：91.2% (-3.0%)",
    "- INT8: 7GB（减少75%）\n- INT4: 3.5GB（减少87.5%）",
    "- 排队: 5 ms\n- 预填充: 100 ms\n- 解码: 20 ms\n- 采样: 3 ms\n- 加速: 7x",
    # Rounded operands.
    "| Op | ours | torch | Speedup |\n|---|---|---|---|\n| a | 9 µs | 21 µs | 2.22x |\n"
    "| b | 504 µs | 859 µs | 1.70x |\n"
    "| c | 62 µs | 156 µs | 2.51x |\n| d | 45 µs | 93 µs | 2.06x |",
    # Definitions on one line.
    "P=8, M=16 / P=4, M=16 / P=64, M=256",
    "TP=8, PP=8, 共64卡, 剩余DP = 512/64 = 8",
    # What a letter means cannot be told.
    "( 13 + (13 + 13*2)/8 B )* 4 Bytes ≈ 72GB",
    "使用 ZeRO-2 可以装下 (1 + 3/8) × 参数 × 4 Bytes = 80GB（N=4, 7B 模型）",
    "以 13B 模型、4 GPU 为例：\n- ZeRO-2：52 GB/卡（参数）",
    "GPipe 流水线：\n\nP=8, M=16, V=2：interleaved 气泡率 17.9%\n\n**调度**（$p=4$, $m=4$）：\n\n气泡率 = 3/7 ≈ 42.9%",
    "总SRAM = 6 × 2,880 = 17,280字节 ≈ 17KB",
    "Batch size = 32\n\n- micro_batch = 2\n- 延迟: 92ms/token\n- 吞吐: 348 tokens/s",
    "- 数据量: 64 MB\n- 带宽: 25 GB/s\n- 通信时间: 4.5 ms",  # a collective sends nearly twice as much
    "7B 模型 LoRA 训练：\n- 参数: 14GB\n- 梯度: 0.1GB\n- 优化器状态: 0.3GB",
    "[32, 2048, 4096] 的激活，每卡 64 MB",
    "16×16 的 tile（每线程 4 个元素）",
    "| 方案 | 延迟 | 加速 |\n|---|---|---|\n| A | 100ms | 1x |\n| B | 80ms | 3x |\n| C | 70ms | 5x |\n"
    "| D | 60ms | 9x |",
    "| Item | Memory | Notes |\n|---|---|---|\n| a | 17 GB | 31B × 0.5 bytes + scale overhead |",
    "用 MIG 切成 7 份，带宽约 0.48 TB/s，1.5B 权重 3 GB，延迟 30 ms 以内",
]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_has_another_explanation_is_left_alone(text: str) -> None:
    assert not alarms(f"# 笔记\n\n## 例子\n\n{text}\n")
