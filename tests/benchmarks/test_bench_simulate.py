"""Speed of the simulation beside ordering and timing op by op, and how both grow.

Run with `pytest -m benchmark -s tests/benchmarks/test_bench_simulate.py`. With torch installed the peer's orders are
PyTorch's own; without it they are made by the same per-op loop, written out here. Nothing fails on wall time.
"""

import tracemalloc
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from time import perf_counter
from typing import Any, NamedTuple

import pytest

from studykit.pipeline import closed_form, simulate

pytestmark = pytest.mark.benchmark


class Action(NamedTuple):
    stage: int
    kind: str
    microbatch: int


def best(work: Callable[[], object], repeats: int = 3) -> float:
    """Seconds of the fastest of a few runs."""
    times = []
    for _ in range(repeats):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return min(times)


def written_order(rank: int, P: int, M: int, V: int, split: bool) -> list[Action]:
    """Interleaved 1F1B (or its zero-bubble form) op by op, as a scheduler's loop makes it."""
    factor = 1 if split or V == 1 else 2
    warmup = min((V - 1) * P + factor * (P - 1 - rank), M * V)
    forwards: dict[int, int] = {}
    backwards: dict[int, int] = {}
    waiting: list[Action] = []
    actions = []
    for step in range(M * V + warmup):
        if step < M * V:
            stage = (step // P) % V * P + rank if V > 1 else rank
            actions.append(Action(stage, "F", forwards.get(stage, 0)))
            forwards[stage] = forwards.get(stage, 0) + 1
        if step >= warmup:
            stage = (V - 1 - (step - warmup) // P % V) * P + rank if V > 1 else rank
            number = backwards.get(stage, 0)
            backwards[stage] = number + 1
            actions.append(Action(stage, "I" if split else "B", number))
            if split:
                waiting.append(Action(stage, "W", number))
                if step - warmup >= rank:
                    actions.append(waiting.pop(0))
    return actions + waiting


def torch_order(rank: int, P: int, M: int, V: int, split: bool) -> list[Action]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import torch.distributed.pipelining.schedules as peer  # type: ignore[import-not-found,unused-ignore]
    name = "ScheduleInterleavedZeroBubble" if split else "ScheduleInterleaved1F1B"
    one: Any = object.__new__(getattr(peer, name))
    vars(one).update(_n_microbatches=M, pp_group_size=P, n_local_stages=V, microbatches_per_round=M // (M // P))
    kinds = {"FORWARD": "F", "FULL_BACKWARD": "B", "BACKWARD_INPUT": "I", "BACKWARD_WEIGHT": "W"}
    return [
        Action(action.stage_index, kinds[action.computation_type.name], action.microbatch_index)
        for action in one._calculate_single_rank_operations(rank)
        if action is not None
    ]


def op_by_op(P: int, M: int, V: int, split: bool) -> float:
    """The makespan for F = I = W = 1, by a dictionary of finished ops and a loop over the ranks."""
    order = torch_order if find_spec("torch") else written_order
    rows = [order(rank, P, M, V, split) for rank in range(P)]
    cost = {"F": 1 / V, "B": 2 / V, "I": 1 / V, "W": 1 / V}
    ends: dict[tuple[str, int, int], float] = {}
    clocks, places = [0.0] * P, [0] * P
    last = P * V - 1
    moved = True
    while moved:
        moved = False
        for rank, row in enumerate(rows):
            while places[rank] < len(row):
                stage, kind, microbatch = row[places[rank]]
                need = None
                if kind == "F":
                    need = ("F", stage - 1, microbatch) if stage else None
                elif kind == "W":
                    need = ("B", stage, microbatch)
                else:
                    need = ("B", stage + 1, microbatch) if stage < last else ("F", stage, microbatch)
                if need is not None and need not in ends:
                    break
                start = clocks[rank] if need is None else max(clocks[rank], ends[need])
                clocks[rank] = start + cost[kind]
                ends["F" if kind == "F" else "W" if kind == "W" else "B", stage, microbatch] = clocks[rank]
                places[rank] += 1
                moved = True
    assert all(place == len(row) for place, row in zip(places, rows, strict=True))
    return max(clocks)


def ours(P: int, M: int, V: int, split: bool) -> float:
    schedule = ("zb-h1" if V == 1 else "interleaved-zb") if split else "interleaved"
    return float(simulate(schedule, stages=P, microbatches=M, chunks=V).makespan)


@pytest.mark.parametrize(("V", "split"), [(1, False), (4, False), (1, True), (4, True)])
def test_ratio_to_ordering_and_timing_op_by_op(V: int, split: bool) -> None:
    P, M = 64, 1024
    peer = "PyTorch's orders" if find_spec("torch") else "orders made op by op"
    assert ours(P, M, V, split) == pytest.approx(op_by_op(P, M, V, split))
    mine, theirs = best(lambda: ours(P, M, V, split)), best(lambda: op_by_op(P, M, V, split), 1)
    ops = P * M * V * (3 if split else 2)
    print(f"\nP=64 M=1024 V={V} {'F,I,W' if split else 'F,B'} {ops:>7,} ops: {mine:.3f} s; ", end="")
    print(f"{peer} {theirs:.3f} s; x{theirs / mine:.1f}")


def test_a_slider_is_live() -> None:
    for schedule, V in (("1f1b", 1), ("interleaved", 4), ("zb-v", 1), ("dualpipev", 1)):
        spent = best(lambda s=schedule, v=V: simulate(s, stages=8, microbatches=32, chunks=v), 20)  # type: ignore[misc]
        form = best(lambda s=schedule, v=V: closed_form(s, stages=8, microbatches=32, chunks=v), 50)  # type: ignore[misc]
        print(f"\nP=8 M=32 {schedule:<12} simulate {1e3 * spent:.2f} ms, closed_form {1e6 * form:.0f} us", end="")


def test_time_and_memory_a_op_as_runs_grow() -> None:
    """A plot: nanoseconds and bytes an op, from a thousand to a million ops."""
    print()
    for schedule in ("1f1b", "zb-h1"):
        kinds = 2 if schedule == "1f1b" else 3
        for P, M in ((8, 64), (16, 256), (32, 1024), (64, 2048), (64, 8192)):
            ops = P * M * kinds
            spent = best(lambda s=schedule, p=P, m=M: simulate(s, stages=p, microbatches=m)) / ops  # type: ignore[misc]
            tracemalloc.start()
            plan = simulate(schedule, stages=P, microbatches=M)
            peak = tracemalloc.get_traced_memory()[1] / ops
            tracemalloc.stop()
            assert plan.makespan > 0
            assert peak < 100
            print(f"{schedule:<6} {ops:>9,} ops {1e9 * spent:6.0f} ns {peak:5.1f} B  {'#' * round(2e8 * spent)}")
