"""Results told in a sentence with all that they come from, each right and wrong, and sentences with more at play."""

import pytest

from tests.claims.notes import alarms, assert_told_apart

SENTENCES = [
    ("LLaMA-7B每个token的KV Cache约0.5MB，2048个token需要{}", "1GB", "4GB"),
    ("The KV cache for 4096 tokens at 0.5 MB per token is {}.", "2 GB", "4 GB"),
    ("每个token生成耗时50ms，生成100个token需要{}", "5s", "50s"),
    ("每个token 20ms，则每秒可生成 {} 个token", "50", "500"),
    ("Each token takes 25 ms, i.e. {} tokens/s.", "40", "80"),
    ("每层通信 2ms，32层共{}", "64ms", "128ms"),
    ("每层 16MB，32层共{}", "512MB", "2GB"),
    ("单步 0.5 秒，训练 10000 步需要 {}", "1.4 小时", "5 小时"),
    ("每次迭代10ms，1000次迭代共{}", "10s", "100s"),
    ("8张GPU，每张80GB，总显存为 {}", "640GB", "512GB"),
    ("4台服务器，每台8张A100，共 {} 张GPU", "32", "64"),
    ("A100有108个SM，每个SM 64个CUDA Core，共 {} 个CUDA Core", "6912", "3456"),
    ("V100 有 80 个 SM，每个 SM 64 个 FP32 核心，共 {} 个核心", "5120", "2560"),
    ("A100 80GB，模型权重14GB，剩余{}用于KV Cache", "60GB", "76GB"),
    ("通信时间 10ms，计算时间 40ms，通信占比 {}", "20%", "30%"),
    ("计算 40ms，通信 10ms，通信占比 {}", "25%", "35%"),
    ("batch_size=32，每个batch耗时100ms，吞吐量 = {} requests/s", "320", "640"),
    ("A batch of 16 requests takes 200 ms, so throughput is {} requests/s.", "80", "160"),
    ("TTFT=500ms，TPOT=50ms，生成200个token总时间 = {}", "10.45s", "15.5s"),
    ("权重 140GB，带宽 2TB/s，每个token至少需要 {}", "70ms", "7ms"),
    ("序列长度从2K增加到8K，注意力计算量增加 {}倍", "16", "4"),
    ("序列长度翻倍，KV Cache 变为 {} 倍", "2", "4"),
    ("8卡 all-reduce 1GB 数据，每卡发送 {}", "1.75GB", "3.5GB"),
    ("每个线程使用32个寄存器，block大小256，每个block使用{}个寄存器", "8192", "16384"),
    ("每个block使用48KB共享内存，每个SM有96KB，因此每个SM可驻留{}个block", "2", "4"),
    ("剩余 40GB，每个请求 1GB，可以支持 {} 个请求", "40", "80"),
    ("With 40 GB left and 1 GB per request, we can serve {} requests.", "38", "80"),
    ("总共 2.2e6 秒 ≈ {}", "25 天", "50 天"),
    ("The model has 32 layers; with PP=4 each stage holds {} layers.", "8", "10"),
    ("80层模型，PP=8，每个stage {}层", "10", "8"),
    ("48 layers over 4 pipeline stages gives {} layers per stage.", "12", "16"),
    ("GQA 将 64 个 KV 头减少到 8 个，KV cache 缩小 {} 倍。", "8", "4"),
    ("13B 模型，每参数 16 bytes，模型状态 {}", "208GB", "104GB"),
    ("每个 SM 最多 2048 线程，block 为 256 线程，则 {} 个 block。", "8", "16"),
    ("TPOT 为 20ms，则单请求每秒 {} 个 token。", "50", "20"),
    ("At 40 tokens/s, 800 tokens take {}.", "20 s", "32 s"),
    ("8 卡总吞吐 4800 tok/s，平均每卡 {} tok/s。", "600", "480"),
    ("PCIe 4.0 x16 带宽 32GB/s，拷贝 8GB 约需 {}。", "250ms", "25ms"),
    ("1.5 小时 = {} 分钟", "90", "150"),
    ("全局 batch 1024，DP=16，micro-batch 为 4，则梯度累积步数 = 1024/(16×4) = {}", "16", "32"),
    ("量化后每个权重4.5 bit，7B模型约 {}", "3.9GB", "5.9GB"),
    ("7B模型训练 1T tokens 的总计算量约为 {} FLOPs", "4.2e22", "4.2e23"),
    ("1024×1024 的 FP32 矩阵占用 {}", "4MB", "8MB"),
    ("H100显存80GB，可以放下LLaMA-{} 的FP16权重", "34B", "70B"),
    ("hidden_size=4096，32个头，每个头的维度为 {}", "128", "64"),
    ("加速比：从100ms降到25ms，加速{}倍", "4", "5"),
    ("延迟：100ms → 25ms，{}x加速", "4", "5"),
    ("从 200ms 降到 150ms，延迟降低 {}", "25%", "50%"),
    ("从 14GB 压缩到 3.5GB，显存减少 {}", "75%", "50%"),
    ("生成 500 个 token，TPOT 20ms，TTFT 200ms，总延迟约 {}", "10.2s", "5.2s"),
    ("生成 500 个 token，TTFT 200ms，TPOT 20ms，端到端 {}", "10.2s", "20.2s"),
    ("接受率 0.8，γ=4，期望 token 数 {}", "3.36", "4.36"),
    ("7B 模型、1T token，训练计算量约 {} FLOPs", "4.2e22", "4.2e21"),
    ("All-Reduce 每卡发送 2(N-1)/N，N=8 时为 {} 倍数据量", "1.75", "2.5"),
    ("A100 312 TFLOPS，MFU 50%，实际 {} TFLOPS", "156", "200"),
    ("100 个请求，每个 2s，串行需要 {}", "200s", "100s"),
    ("256 线程的 block 有 {} 个 warp", "8", "16"),
    ("从 MHA 32 头改为 GQA 8 头，减少到 1/{}", "4", "8"),
    ("从 MHA 64 头改为 GQA 8 个 KV 头，KV Cache 减少 {} 倍", "8", "4"),
    ("交错 1F1B（V=2），P=8，M=16，气泡率 {}", "17.9%", "8%"),
]


@pytest.mark.parametrize(("text", "right", "wrong"), SENTENCES)
def test_right_and_wrong_of_each_sentence(text: str, right: str, wrong: str) -> None:
    assert_told_apart(f"# 笔记\n\n## 例子\n\n{text}\n", right, wrong)


MORE_AT_PLAY = [
    "每个token 0.5MB，batch=8，2048个token需要8GB",
    "每层每个token 16KB，2048个token需要1GB（32层）",
    "每个token 20ms，8 路并发，每秒可生成 400 个token",
    "每层通信 2ms，32层共 40ms（重叠之后）",
    "8张A100，每张80GB，共可用 576GB（90%）",
    "A100 80GB，INT4 量化后模型权重14GB，剩余约 55GB",
    "A100 80GB，模型权重14GB，剩余约 50GB（扣除激活与碎片）",
    "通信 10ms，计算 40ms，重叠后通信占比 5%",
    "权重 140GB，带宽 2TB/s，TP=8，每个token至少需要 9ms",
    "H100显存80GB，2 张可以放下LLaMA-70B的FP16权重",
    "显存80GB，不可以放下LLaMA-70B的FP16权重",
    "80GB 可以放下 70B 的 INT8 权重",
    "序列长度从2K增加到8K，KV Cache 增加 4 倍",
    "剩余 40GB，每个请求 1GB，可以支持 30 个请求",
    "8.4e22/(256×312e12×0.5) ≈ 2.1e6 秒 ≈ 24 天",
    "hidden=5120，64 个头，每个头的维度为 128",
    "延迟：97ms → 27ms，约 4x 加速",
    "总共 90 秒，约 1.5 分钟",
    "PP=4, V=2，32层模型，每个stage 4层，共两段",
    "从 200ms 降到 150ms，吞吐提升 50%",
    "接受率 0.8，γ=4，期望加速 2.5 倍",
    "100 个请求，每个 2s，并行度 4，串行需要 50s",
    "7B 模型、1T token，训练计算量约 8.4e22 FLOPs（MoE）",
    "交错 1F1B，V 越大气泡越小，P=8，M=16，气泡率 8%",
    "A100 312 TFLOPS，8 张卡，MFU 50%，实际 1248 TFLOPS",
]


@pytest.mark.parametrize("text", MORE_AT_PLAY)
def test_a_sentence_with_more_at_play_is_left_alone(text: str) -> None:
    assert not alarms(f"# 笔记\n\n## 例子\n\n{text}\n")
