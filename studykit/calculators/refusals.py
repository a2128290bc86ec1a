"""Why the model refuses, in the learner's language. The model itself speaks English and knows no other room."""

from studykit.locale import _, language

CONDITIONS = {
    "M must be a multiple of max(1, M // P), so that all rounds are of one size": "M 必须是 max(1, M // P) 的倍数，"
    "这样每一轮的 micro-batch 数才相同",
    "P must be even, and M even and at least 2P": "P 和 M 都必须是偶数，且 M 不小于 2P",
    "P must be even, and M even, so that each direction has half": "P 和 M 都必须是偶数，两个方向才能各分一半",
    "M must be at least 2P": "M 不能小于 2P",
    "two versions of the weights are enough only for M >= P": "M >= P 时两份权重才够用",
    "it keeps one chunk on a rank (V = 1)": "每个 rank 只有一个虚拟级（V = 1）",
    "it needs at least one chunk on a rank (V >= 1)": "每个 rank 至少要有一个虚拟级（V >= 1）",
    "it folds the model in a V of two chunks on a rank (V = 2)": "模型折成 V 形，每个 rank 有两个虚拟级（V = 2）",
    "it keeps two stages on a rank, one for each direction (V = 2)": "每个 rank 有两级，两个方向各一级（V = 2）",
    "some work must take time": "至少要有一项计算耗时大于 0",
    "only zeros": "全是 0",
}
"""Conditions of schedules as the model states them, and the same in Chinese."""


def reason(error: Exception) -> str:
    """What to tell a learner: the condition of the schedule that fails, or the model's own sentence."""
    schedule, condition = getattr(error, "schedule", None), getattr(error, "condition", None)
    if not (schedule and condition):
        return str(error)
    return _("{schedule} cannot run: {condition}; found {found}").format(
        schedule=schedule, condition=_said(condition), found=_said(getattr(error, "found", ""))
    )


def _said(sentence: str) -> str:
    return CONDITIONS.get(sentence, sentence) if language().startswith("zh") else sentence
