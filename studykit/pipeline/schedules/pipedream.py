"""PipeDream and PipeDream-2BW: 1F1B that never stops to update all weights at the same moment."""

from studykit.pipeline.schedules.one_forward_one_backward import one_f_one_b
from studykit.pipeline.schedules.schedule import Schedule, Shape

_PIPEDREAM = """PipeDream: one-forward-one-backward with no flush, each rank updating its weights as it goes.

The order of work is that of 1F1B, but the stream does not end: the next batch follows without a gap.
The fill of (P-1)·(F+B) is therefore paid once, at the start and end of training, and not once a step;
the ratio (P-1)/(M+P-1) shown for M micro-batches tends to 0 as M grows.
A backward must use the weights that its forward used, so rank r stashes up to P-r versions of them,
and a gradient is up to P-1 updates late. Activations are as with 1F1B: min(M, P-r).
"""

_TWO_BW = """PipeDream-2BW: the asynchronous 1F1B stream with only two buffered versions of the weights.

Gradients of M micro-batches are summed before a new version is made, while the stream goes on.
With M >= P every micro-batch in flight belongs to the newest version or the one before: two are enough.
The order of work and the activations, min(M, P-r), are those of 1F1B, and there is no flush,
so the fill of (P-1)·(F+B) is paid once, and the ratio tends to 0 over a long run.
The update is delayed by exactly one: the gradient of version t-1 is applied to version t.
"""


def _stash(shape: Shape) -> tuple[int, ...]:
    return tuple(min(shape.M, shape.P - rank) for rank in range(shape.P))


PIPEDREAM = Schedule(
    name="pipedream",
    summary="1F1B without a flush, weights stashed a version a micro-batch in flight",
    introduced="Narayanan et al., PipeDream, 2019",
    references=("https://arxiv.org/abs/1806.03377",),
    aliases=("pipedream-async",),
    order=one_f_one_b,
    explanation=_PIPEDREAM,
    weight_versions=_stash,
)

TWO_BW = Schedule(
    name="pipedream-2bw",
    summary="1F1B without a flush, with two versions of the weights",
    introduced="Narayanan et al., Memory-Efficient Pipeline-Parallel DNN Training, 2021",
    references=("https://arxiv.org/abs/2006.09503",),
    aliases=("2bw",),
    order=one_f_one_b,
    explanation=_TWO_BW,
    condition="two versions of the weights are enough only for M >= P",
    feasible=lambda shape: shape.M >= shape.P,
    weight_versions=lambda shape: (2,) * shape.P,
)
