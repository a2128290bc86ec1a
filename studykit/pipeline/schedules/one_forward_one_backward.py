"""1F1B: after a short warm-up each rank does one backward for each forward.

Rank r runs P-1-r forwards, then a forward and a backward in turn, then the backwards that are left.
A backward frees its activations at once, so a rank holds min(M, P-r) micro-batches and never M.
The first and the last micro-batch still cross the pipe alone: the step is (M+P-1)·(F+B), as with GPipe,
and the bubble (P-1)/(M+P-1). 1F1B saves memory, not time.
Its weak side is transfer time: forward waits for backward and back, so c is paid about 2·(P-1)·M/P times.
"""

from studykit.pipeline.schedules.schedule import Order, Schedule, Shape


def one_f_one_b(rank: int, shape: Shape) -> Order:
    """P-1-r forwards, then pairs, then the rest of the backwards; shared with the asynchronous schedules."""
    warmup = min(shape.M, shape.P - 1 - rank)
    return [0] * warmup + [0, 1] * (shape.M - warmup) + [1] * warmup


SCHEDULE = Schedule(
    name="1f1b",
    summary="one forward, one backward in turn after a short warm-up",
    introduced="Narayanan et al., PipeDream-Flush, 2021; Fan et al., DAPPLE, 2021",
    references=("https://arxiv.org/abs/2006.09503", "https://arxiv.org/abs/2007.01045"),
    aliases=("pipedream-flush", "dapple", "one-f-one-b", "non-interleaved"),
    order=one_f_one_b,
    explanation=__doc__ or "",
)
