"""GPipe: every forward, then every backward, then one update of the weights.

The M micro-batches run down the ranks; when the last leaves rank P-1, the backwards run up again.
Rank r waits r forwards at the start, r backwards at the end, and in between for the ranks after it.
So each rank idles (P-1)·(F+B) of (M+P-1)·(F+B): total (P-1)/(M+P-1), ideal (P-1)/M.
Transfers add 2·(P-1)·c once, whatever M is, because nobody waits for a neighbour in mid-flow.
The price is memory: no backward starts before the last forward, so a rank holds all M activations.
"""

from studykit.pipeline.schedules.schedule import Order, Schedule, Shape


def _order(_: int, shape: Shape) -> Order:
    return [0] * shape.M + [1] * shape.M


SCHEDULE = Schedule(
    name="gpipe",
    summary="all forwards, then all backwards",
    introduced="Huang et al., GPipe, 2019",
    references=("https://arxiv.org/abs/1811.06965",),
    aliases=("fill-drain", "f-then-b", "all-forward-all-backward", "afab"),
    order=_order,
    explanation=__doc__ or "",
)
