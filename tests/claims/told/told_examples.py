"""A right result of every calculator, told in a sentence of a Chinese note and of an English one.

Each figure is worked out by hand from the formula behind it.
"""

TOLD = {
    # P micro-batches at most are held by the first stage of 1F1B.
    ("bubble", "peak_activations"): (
        "1F1B，P=4、M=8：激活峰值 4 个 micro-batch。",
        "With 1F1B, P=4 and M=8, the peak activations are 4 micro-batches.",
    ),
    # (P-1)(1-r)/r = 7 * 9
    ("min-microbatches", "microbatches"): (
        "P=8，气泡率不超过 10%，至少需要 63 个 micro-batch。",
        "At P=8 a bubble ratio below 10% needs at least 63 micro-batches.",
    ),
    # P - 1 <= 64 / 9
    ("max-stages", "stages"): (
        "M=64，气泡率不超过 10%，最多 8 级。",
        "With M=64 and a bubble ratio of at most 10%, there are at most 8 stages.",
    ),
    # 63 / (63 + 256 V) <= 0.1
    ("min-chunks", "chunks"): (
        "P=64、M=256，气泡率不超过 10%，V 至少 3。",
        "P=64, M=256, a bubble ratio of at most 10%: V at least 3.",
    ),
    # (32 + 8 - 1)(12 + 24)
    ("throughput", "step_time"): (
        "1F1B，P=8、M=32，前向 12 ms、反向 24 ms：一步 1404 ms。",
        "1F1B with P=8, M=32, forward 12 ms and backward 24 ms: a step takes 1404 ms.",
    ),
    # 11 / (8 + 3/4)
    ("interleaving", "speedup"): (
        "P=4、M=8、V=4：加速比 1.26x。",
        "P=4, M=8, V=4: a speed-up of 1.26x.",
    ),
    # 1+2+3 | 4+5 | 6
    ("balance", "largest"): (
        "各层耗时 1,2,3,4,5,6，切成 3 级，最慢一级 9。",
        "Layer costs 1,2,3,4,5,6 over 3 stages: the slowest stage is 9.",
    ),
    # s b h (34 + 5 a s / h) = 2048 * 12288 * 114
    ("activation-memory", "per_layer"): (
        "序列长度 2048、batch=1、hidden=12288、96 个头、96 层：每层激活 2.87 GB。",
        "Sequence length 2048, batch=1, hidden=12288, 96 heads, 96 layers: activations of one layer are 2.87 GB.",
    ),
    # 7.5 * (2 + 2 + 12/64)
    ("training-memory", "total"): (
        "7.5B 参数、ZeRO-1、DP=64，每卡模型状态 31.4 GB。",
        "7.5B parameters, ZeRO-1, DP=64: model states of 31.4 GB.",
    ),
    # 2 * 32 * 8 * 128 * 2 * 4096
    ("kv-cache", "total"): (
        "32 层、8 个 KV 头、head_dim=128、FP16，序列长度 4096 时 KV cache 为 0.537 GB。",
        "32 layers, 8 KV heads, head_dim=128, FP16, sequence length 4096: the KV cache is 0.537 GB.",
    ),
    # 4 stages one after another, 4 groups of 5 ms
    ("decode", "tpot"): (
        "4 级流水线、4 组请求在途，每级耗时 5 ms，TPOT 为 20 ms。",
        "With 4 stages, 4 groups in flight and a stage time of 5 ms, TPOT is 20 ms.",
    ),
    # (8 + 4 - 1) * 3
    ("ttft", "ttft"): (
        "4 级流水线、提示词分 8 块，每块 3 ms，TTFT = 33 ms。",
        "With 4 stages and 8 chunks, each chunk takes 3 ms, the time to first token is 33 ms.",
    ),
    # 2048 * 12288 * 2
    ("parallel-communication", "hop"): (
        "序列长度 2048、batch=1、hidden=12288、96 层、PP=8：级间传输量 50.3 MB。",
        "Sequence length 2048, batch=1, hidden=12288, 96 layers, PP=8: each boundary sends 50.3 MB.",
    ),
    # 2 * 7/8 * 1 / 300
    ("all-reduce", "time"): (
        "8 张卡 all-reduce 1 GB 梯度，带宽 300 GB/s，耗时 5.83 ms。",
        "An all-reduce of 1 GB over 8 GPUs with a bandwidth of 300 GB/s takes 5.83 ms.",
    ),
    # 8 * 4 * 2
    ("layout", "gpus"): (
        "TP=8、PP=4、DP=2，共 64 张 GPU。",
        "TP=8, PP=4, DP=2 (64 GPUs).",
    ),
    # 72 b s L h^2 (1 + s/6h + v/12Lh) / 12 / 2240 / 312e12, Narayanan et al. 2021, eq. 3, without recomputation
    ("flops", "mfu"): (
        "96 层、hidden=12288、词表 51200、序列长度 2048、全局 batch 1536，2240 张 GPU，每步 12 s，MFU 约 40.4%。",
        "96 layers, hidden size 12288, vocabulary 51200, sequence length 2048, batch size 1536 on 2240 GPUs, a step "
        "time of 12 s: MFU is 40.4%.",
    ),
    # 12 L h^2 (1 + 13/12h + (v+s)/12Lh), Narayanan et al. 2021, eq. 2
    ("parameters", "total"): (
        "96 层、hidden=12288、词表 51200、序列长度 2048：参数量 174.6B。",
        "96 layers, hidden size 12288, vocabulary 51200, sequence length 2048: total parameters of 174.6B.",
    ),
    # 7 * (4 + 16/128) / 8
    ("quantised-size", "size"): (
        "7B 模型 4-bit 量化、group=128：权重 3.61 GB。",
        "7B parameters at 4 bits with group size 128: weights of 3.61 GB.",
    ),
    # 68.98 * 2 / 8 of the published parameters
    ("inference-memory", "weights"): (
        "LLaMA-2-70B，FP16，PP=2、TP=4，序列长度 4096：每卡权重 17.2 GB。",
        "LLaMA-2-70B in FP16 with PP=2, TP=4, sequence length 4096: weights of 17.2 GB.",
    ),
    # (0.9 * 80 - 34.5) / (2 * 80 * 8/4 * 128 * 2 * 4096 / 1e9)
    ("batch-fit", "batch"): (
        "LLaMA-2-70B、TP=4、序列长度 4096，A100-80GB 最多放下 111 条序列。",
        "LLaMA-2-70B, TP=4, sequence length 4096, A100-80GB: maximum batch 111 sequences.",
    ),
}
