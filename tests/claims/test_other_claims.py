"""Changes, GPU counts, memory, attention matrices, KV caches, FLOPs, and blocks."""

import pytest

from tests.claims.notes import alarms, report, severities

JUDGED = [
    ("TTFT：800ms → 600ms（-25%）", "TTFT：800ms → 600ms（-45%）"),
    ("吞吐量：1200 TPS → 3600 TPS（+200%）", "吞吐量：1200 TPS → 3600 TPS（+100%）"),
    ("模型体积：140GB → 18GB（压缩比 7.8×）", "模型体积：140GB → 18GB（压缩比 4×）"),
    ("减少：43%（936M → 529M）", "减少：63%（936M → 529M）"),
    ("准确率：79.2% → 78.1%（保留率 98.6%）", "准确率：79.2% → 78.1%（保留率 88.6%）"),
    ("内存降低 128×，99.2% 减少", "内存降低 64×，99.2% 减少"),
    ("latency from 100 ms to 50 ms (2x faster)", "latency from 100 ms to 50 ms (5x faster)"),
    ("TP=8, PP=4, DP=2 (64 GPUs)", "TP=8, PP=4, DP=2 (128 GPUs)"),
    ("TP=8, PP=4，共 32 张卡", "TP=8, PP=4，共 48 张卡"),
    ("PP=64, TP=8, 节点数 = 64", "PP=64, TP=8, 节点数 = 512"),
    ("70B FP32 模型，需要 280GB 显存", "70B FP32 模型，需要 140GB 显存"),
    ("GPT-3（175B 参数）的 FP16 权重是 350GB", "GPT-3（175B 参数）的 FP16 权重是 700GB"),
    ("当N=64K时，注意力矩阵需要8GB内存(FP16格式)", "当N=64K时，注意力矩阵需要16GB内存(FP16格式)"),
    ("32 层、8 KV 头、头维 128，每 token KV 占 128 KiB", "32 层、8 KV 头、头维 128，每 token KV 占 512 KiB"),
    ("L=32, hidden=4096, seq_len=2048：KV cache 约 1 GB", "L=32, hidden=4096, seq_len=2048：KV cache 约 4 GB"),
    ("128 CUDA Cores × 2 × 1.5 GHz = 384 GFLOPS", "128 CUDA Cores × 1.5 GHz = 192 GFLOPS"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong"), JUDGED)
def test_right_and_wrong_of_each_kind(right: str, wrong: str) -> None:
    found = report(f"# 并行\n\n{right}\n")
    assert found.checked >= 1
    assert not found.findings
    assert len(alarms(f"# 并行\n\n{wrong}\n")) == 1


@pytest.mark.parametrize(
    "line",
    [
        "性能：42 → 115（提升明显，约 3 个月）",
        "60-70% 提升到 90-95%（提升 30%）",
        "batch size：8 → 24（内存利用率从60%到85%）",
        "速度加快 2 倍，显存降低 30%",
        "TP=8, PP=2×节点数 (每节点 8 GPUs)",
        "EP=8, DP=4, TP=2 (16 GPUs)",
        "TP=8, PP=4 (128 GPUs)",  # the rest are replicas
        "7B FP16 模型训练需要 112GB",
        "7B、13B、70B 模型 FP16 需要 14GB、26GB、140GB",
        "LLaMA-70B FP16，8 张 A100 80GB",
        "8x7B 模型 FP16 需要 94GB",
        "7B INT4 模型，需要 6GB 显存（含运行时）",
        "当N=64K时，多头注意力矩阵需要256GB内存",
        "MLA：32 层，每 token 的 KV Cache 为 70 KB",
    ],
)
def test_what_has_another_explanation_is_left_alone(line: str) -> None:
    assert not report(f"# 并行\n\n{line}\n").findings


def test_a_gpu_holds_its_share_of_the_weights() -> None:
    text = "## LLaMA-70B 推理\n\n- pp_size = 2\n- tp_size = 2\n\n- 显存: {}GB/GPU\n"
    assert not alarms(text.format(38))
    assert len(alarms(text.format(28))) == 1
    assert not alarms(text.format(28).replace("推理", "INT8 推理"))


def test_flops_are_not_parameters() -> None:
    text = "- 关系：FLOPs ≈ 2 × Params\n- 参数量：4096×16384×2 = 134M\n- 计算量：4096×16384×2 = 134M FLOPs\n"
    assert severities(text) == ["inconsistent"]
    assert severities(text.split("\n", 1)[1]) == ["convention"]


def test_what_takes_up_a_wrong_result_is_wrong_too() -> None:
    text = "单 SM：\n- 64 CUDA Core × 1.48 GHz = 94.7 GFLOPS\n整卡：\n- 94.7 × 56 = 5.3 TFLOPS\n"
    assert [finding.line for finding in alarms(text)] == [2, 4]


def test_calc_lines_are_verified() -> None:
    block = "```calc\nbubble schedule=1f1b stages=8 microbatches=16 => {}\n```\n"
    assert report(block.format("30.4%")).checked == 1
    assert not report(block.format("30.4%")).findings
    found = alarms(block.format("43.75%"))
    assert [(finding.line, finding.calculator) for finding in found] == [(2, "bubble")]
    assert found[0].value == pytest.approx(7 / 23)


@pytest.mark.parametrize(
    "block",
    [
        "```calc\nbubbel stages=8 => 3%\n```",
        "```calc\nbubble schedule=1f1b stages=8 microbatches=none => 3%\n```",
        "```quiz\nask: Which?\ncalculator: nothing\n```",
        "```quiz\nask: Which?\ncalculator: bubble\ngiven: {schedule: 1f1b, stages: [0], microbatches: [4]}\n```",
    ],
)
def test_blocks_that_cannot_be_worked_out_are_found(block: str) -> None:
    assert len(alarms(block)) == 1


def test_a_comment_silences_its_line_or_the_one_below() -> None:
    assert not report("3×4=13 <!-- check: ignore -->").findings
    assert not report("<!-- check: ignore -->\n3×4=13").findings
    assert len(alarms("<!-- check: ignore -->\n3×4=12\n3×4=13")) == 1
    assert len(alarms("文字 <!-- check: ignore -->\n3×4=13")) == 1
