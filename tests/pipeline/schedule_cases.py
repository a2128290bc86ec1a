"""What the pipeline tests share: feasible cases to draw, and the flow of a micro-batch written down a second time."""

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from studykit.pipeline import SCHEDULES

ONE = Fraction(1)
CHUNKED = ("interleaved", "looped-bfs", "interleaved-zb")
FOLDED = ("zb-v", "dualpipev", "v-half", "v-min")
TWO_WAY = ("dualpipe", "chimera")


def exact(
    stages: int,
    microbatches: int,
    chunks: int = 1,
    times: tuple[Any, Any, Any] = (1, 1, 1),
    p2p: Any = 0,
) -> dict[str, Any]:
    """Arguments for `simulate` and `closed_form`, with every time a Fraction."""
    forward, inputs, weights = (
        [Fraction(one) for one in time] if isinstance(time, (list, tuple)) else Fraction(time) for time in times
    )
    return {
        "stages": stages,
        "microbatches": microbatches,
        "chunks": chunks,
        "forward": forward,
        "backward_input": inputs,
        "backward_weight": weights,
        "p2p": Fraction(p2p),
    }


@st.composite
def sizes(draw: st.DrawFn, schedule: str) -> tuple[int, int, int]:
    """P, M and V with which the schedule can run."""
    P = draw(st.integers(1, 6))
    M = draw(st.integers(1, 14))
    V = draw(st.integers(1, 4)) if schedule in CHUNKED else 1
    if schedule in ("interleaved", "interleaved-zb"):
        rounds = max(1, M // P)
        M -= M % rounds if M % rounds < M else 0
        if M % max(1, M // P):
            M = P * max(1, M // P)
    if schedule in TWO_WAY:
        P, M = 2 * ((P + 1) // 2), 2 * ((M + 1) // 2)
    if schedule in ("dualpipe", "dualpipev"):
        M += 2 * P
    if schedule == "pipedream-2bw":
        M = max(M, P)
    return P, M, V


durations = st.fractions(min_value=0, max_value=9, max_denominator=4)


@st.composite
def cases(draw: st.DrawFn, even: bool | None = None) -> tuple[str, dict[str, Any]]:
    """A schedule and arguments with which it runs; stages even, uneven or either, any p2p."""
    schedule = draw(st.sampled_from(sorted(SCHEDULES)))
    P, M, V = draw(sizes(schedule))
    is_even = draw(st.booleans()) if even is None else even

    def times(low: int) -> Any:
        time = st.fractions(min_value=low, max_value=9, max_denominator=4)
        return draw(time) if is_even else draw(st.lists(time, min_size=P, max_size=P))

    forward = times(1)
    arguments = exact(P, M, V, (forward, times(0), times(0)), draw(durations))
    return schedule, arguments


def path(schedule: str, P: int, V: int, way: int = 0) -> list[tuple[int, int]]:
    """The (rank, chunk) pairs a micro-batch passes on its way forward, written independently of the model."""
    if schedule in FOLDED:
        return [(rank, 0) for rank in range(P)] + [(P - 1 - rank, 1) for rank in range(P)]
    if schedule in TWO_WAY:
        return [(rank, 0) for rank in range(P)] if way == 0 else [(P - 1 - rank, 1) for rank in range(P)]
    return [(stage % P, stage // P) for stage in range(P * V)]
