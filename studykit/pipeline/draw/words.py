"""The words of a picture, in the language of its reader."""

from typing import NamedTuple


class Words(NamedTuple):
    """Every label a picture may show. `{}` takes a number or a range of numbers."""

    rank: str = "rank {}"
    ranks: str = "ranks {}"
    time: str = "time"
    forward: str = "forward"
    backward: str = "backward"
    input_gradient: str = "input gradient"
    weight_gradient: str = "weight gradient"
    fused: str = "forward and backward fused"
    bubble: str = "bubble"
    critical: str = "critical path"
    path: str = "path"
    later_chunk: str = "lower case: a later chunk"
    schedule: str = "schedule"
    makespan: str = "step time"
    work: str = "work a rank"
    idle: str = "idle a rank"
    total: str = "bubble, idle / step (total)"
    ideal: str = "bubble, idle / work (ideal)"
    span: str = "bubble within span (span)"
    activations: str = "peak activations"
    versions: str = "weight versions"


ENGLISH = Words()
CHINESE = Words(
    rank="rank {}",
    ranks="rank {}",
    time="时间",
    forward="前向",
    backward="反向",
    input_gradient="输入梯度",
    weight_gradient="权重梯度",
    fused="前向与反向融合（F&B）",
    bubble="气泡",
    critical="关键路径",
    path="路径",
    later_chunk="小写：后面的虚拟级",
    schedule="调度",
    makespan="每步时间",
    work="每个 rank 计算",
    idle="每个 rank 空闲",
    total="气泡率（空闲 / 总时间）",
    ideal="气泡率（空闲 / 有效时间）",
    span="气泡率（跨度内）",
    activations="激活峰值（micro-batch）",
    versions="权重版本数",
)
