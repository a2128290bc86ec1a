"""The order of each rank: drawn by hand from the papers, and against PyTorch's schedules where torch is installed."""

import warnings
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any

import pytest

from studykit.pipeline import simulate

HAS_TORCH = find_spec("torch") is not None
needs_torch = pytest.mark.skipif(not HAS_TORCH, reason="torch, the peer of this check, is not installed")


def written(schedule: str, stages: int, microbatches: int, chunks: int = 1) -> list[str]:
    """Each rank's order as text: the kind, the micro-batch, and a prime for chunk 1."""
    plan = simulate(schedule, stages=stages, microbatches=microbatches, chunks=chunks)
    rows: list[list[str]] = [[] for _ in range(stages)]
    for op in plan.timeline:
        rows[op.rank].append(f"{op.kind}{op.microbatch}{chr(39) * op.chunk}")
    return [" ".join(row) for row in rows]


def test_gpipe_as_in_figure_2c_of_its_paper() -> None:
    assert written("gpipe", 2, 3) == ["F0 F1 F2 B0 B1 B2"] * 2


def test_naive_takes_one_microbatch_at_a_time() -> None:
    assert written("naive", 2, 2) == ["F0 B0 F1 B1"] * 2


def test_1f1b_as_in_figure_4_of_the_megatron_paper() -> None:
    """SC'21, figure 3: four devices, eight micro-batches; here the first and last device."""
    rows = written("1f1b", 4, 8)
    assert rows[0] == "F0 F1 F2 F3 B0 F4 B1 F5 B2 F6 B3 F7 B4 B5 B6 B7"
    assert rows[3] == "F0 B0 F1 B1 F2 B2 F3 B3 F4 B4 F5 B5 F6 B6 F7 B7"


def test_interleaved_as_in_figure_4_of_the_megatron_paper() -> None:
    """SC'21, figure 4: four devices, two chunks; the warm-up of device 1 and of device 4."""
    rows = written("interleaved", 4, 8, 2)
    assert rows[0].startswith("F0 F1 F2 F3 F0' F1' F2' F3' F4 F5 F6 B0' F7 B1'")
    assert rows[3].startswith("F0 F1 F2 F3 F0' B0' F1' B1'")


def test_looped_bfs_goes_through_the_chunks_breadth_first_and_back() -> None:
    assert written("looped-bfs", 2, 2, 2) == ["F0 F1 F0' F1' B1' B0' B1 B0"] * 2


def test_zb_h1_as_in_figure_2_of_its_paper() -> None:
    """Zero Bubble, figure 2 (top): the first device does W at once, the last keeps P - 1 of them for the end."""
    rows = written("zb-h1", 4, 5)
    assert rows[0] == "F0 F1 F2 F3 I0 W0 F4 I1 W1 I2 W2 I3 W3 I4 W4"
    assert rows[3] == "F0 I0 F1 I1 F2 I2 F3 I3 W0 F4 I4 W1 W2 W3 W4"


def test_zb_h2_warms_up_with_2p_minus_1_forwards() -> None:
    rows = written("zb-h2", 3, 8)
    assert rows[0].startswith("F0 F1 F2 F3 F4 I0 W0 F5 I1 W1")
    assert rows[2].startswith("F0 I0 F1 I1 F2 I2 F3 I3 F4 I4 W0 F5 I5 W1")
    assert rows[2].endswith("W4 W5 W6 W7")


def test_chimera_merges_two_directions_as_in_figure_3_of_its_paper() -> None:
    """Chimera, figure 3: D = N = 4; micro-batches 0 and 1 go down, 2 and 3 up."""
    assert written("chimera", 4, 4) == [
        "F0 F1 F2' B2' F3' B3' B0 B1",
        "F0 F2' F1 F3' B2' B0 B3' B1",
        "F2' F0 F3' F1 B0 B2' B1 B3'",
        "F2' F3' F0 B0 F1 B1 B2' B3'",
    ]


@pytest.mark.parametrize(("P", "M"), [(1, 2), (2, 4), (3, 6), (3, 9), (4, 11), (5, 10)])
def test_dualpipev_is_dualpipe_cut_in_half(P: int, M: int) -> None:
    """Rank r of DualPipeV does what rank r of DualPipe on twice the ranks with twice the micro-batches does."""
    half = _codes("dualpipev", P, M)
    whole = _codes("dualpipe", 2 * P, 2 * M)
    assert half == whole[:P]
    assert [[(kind, 1 - chunk) for kind, chunk in row] for row in reversed(half)] == whole[P:]


def _codes(schedule: str, P: int, M: int) -> list[list[tuple[str, int]]]:
    rows: list[list[tuple[str, int]]] = [[] for _ in range(P)]
    for op in simulate(schedule, stages=P, microbatches=M).timeline:
        rows[op.rank].append((op.kind, op.chunk))
    return rows


@pytest.mark.parametrize("P", range(1, 13))
def test_controllable_memory_schedules_have_the_published_peaks(P: int) -> None:
    """Qi et al. 2024: V-Half needs (P+2)//2 and V-Min (P+4)//3 micro-batches, counted from F to W."""
    sizes = {"stages": P, "microbatches": 3 * P}
    assert max(simulate("v-half", **sizes).peak_memory(1, 1)) == (P + 2) // 2
    assert max(simulate("v-min", **sizes).peak_memory(1, 1)) == ((P + 4) // 3 if P > 1 else 1)


def test_v_half_has_no_gap_in_mid_run_under_its_published_condition() -> None:
    """One more period costs what its work costs while W + 2I >= 2F and W + 2F >= 2I, and more outside."""

    def period(forward: float, backward_input: float, backward_weight: float) -> float:
        times: dict[str, Any] = {
            "forward": forward,
            "backward_input": backward_input,
            "backward_weight": backward_weight,
        }
        runs = [simulate("v-half", stages=8, microbatches=m, **times).makespan for m in (40, 60)]
        return float(runs[1] - runs[0]) / 20

    assert period(1, 1, 1) == 3
    assert period(1, 1.25, 0.75) == pytest.approx(3)
    assert period(2, 1, 1) > 4.01


@pytest.mark.parametrize("schedule", ["v-half", "v-min"])
def test_a_long_v_run_repeats_the_middle_of_a_short_one(schedule: str) -> None:
    """Its orders are worked out for a short run and stretched; the stretch must be what a long run gives."""
    from studykit.pipeline.schedules import v_half, v_min
    from studykit.pipeline.schedules.building_block import arranged, repeated

    block = {"v-half": v_half.block, "v-min": v_min.block}[schedule]
    for P in range(1, 14):
        for M in (2 * P + 6, 4 * P + 9):
            assert [repeated(block(P), M, rank) for rank in range(P)] == arranged(block(P), M)


Step = tuple[object, ...]


def ours(schedule: str, P: int, M: int, V: int) -> list[list[Step]]:
    """Each rank's order by global stage, in order of time; ops of no length would be ambiguous, so all take time."""
    folded = schedule in ("zb-v", "dualpipev")
    rows: list[list[Step]] = [[] for _ in range(P)]

    def stage(rank: int, chunk: int | None) -> int:
        assert chunk is not None
        return (2 * P - 1 - rank if chunk else rank) if folded else chunk * P + rank

    for op in simulate(schedule, stages=P, microbatches=M, chunks=V).timeline:
        step: Step = (op.kind, stage(op.rank, op.chunk), op.microbatch)
        if op.kind == "FB":
            step += (stage(op.rank, op.backward_chunk), op.backward_microbatch)
        rows[op.rank].append(step)
    return rows


KIND = {"FORWARD": "F", "FULL_BACKWARD": "B", "BACKWARD_INPUT": "I", "BACKWARD_WEIGHT": "W"}


def theirs(class_name: str, P: int, M: int, V: int) -> Iterator[list[Step]]:
    """PyTorch's order of each rank; the class is set up by hand, for its constructor wants a process group."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import torch.distributed.pipelining.schedules as peer  # type: ignore[import-not-found,unused-ignore]

    for rank in range(P):
        one: Any = object.__new__(getattr(peer, class_name))
        rounds = max(1, M // P)
        vars(one).update(
            _n_microbatches=M, pp_group_size=P, n_local_stages=V, num_stages=P * V, _num_stages=P * V, rank=rank
        )
        vars(one).update(_stages=[None] * V, number_of_rounds=rounds, microbatches_per_round=M // rounds)
        single = class_name in ("ScheduleGPipe", "Schedule1F1B")
        actions = one._get_pipeline_order()[rank] if single else one._calculate_single_rank_operations(rank)
        yield [step for action in actions if action is not None for step in _step(action)]


def _step(action: Any) -> list[Step]:
    name = action.computation_type.name
    if name == "OVERLAP_F_B":
        forward, back = action.sub_actions
        return [
            ("FB", forward.stage_index, forward.microbatch_index, back.stage_index, back.microbatch_index),
        ]
    return [(KIND[name], action.stage_index, action.microbatch_index)] if name in KIND else []


def compare(schedule: str, class_name: str, chunks: range, feasible: Callable[[int, int], bool]) -> int:
    compared = 0
    for P in range(1, 7):
        for M in range(1, 3 * P + 3):
            for V in chunks:
                if feasible(P, M):
                    assert ours(schedule, P, M, V) == list(theirs(class_name, P, M, V)), (P, M, V)
                    compared += 1
    return compared


def even_rounds(P: int, M: int) -> bool:
    return M % max(1, M // P) == 0


def always(_P: int, _M: int) -> bool:
    return True


@needs_torch
@pytest.mark.parametrize(
    ("schedule", "class_name", "chunks", "feasible"),
    [
        ("gpipe", "ScheduleGPipe", range(1, 2), always),
        ("interleaved", "ScheduleInterleaved1F1B", range(1, 5), even_rounds),
        ("looped-bfs", "ScheduleLoopedBFS", range(1, 5), always),
        ("interleaved-zb", "ScheduleInterleavedZeroBubble", range(1, 5), even_rounds),
        ("zb-h1", "ScheduleInterleavedZeroBubble", range(1, 2), always),
        ("zb-v", "ScheduleZBVZeroBubble", range(2, 3), always),
        ("dualpipev", "ScheduleDualPipeV", range(2, 3), lambda P, M: M >= 2 * P),
    ],
)
def test_orders_are_those_of_pytorch(
    schedule: str, class_name: str, chunks: range, feasible: Callable[[int, int], bool]
) -> None:
    assert compare(schedule, class_name, chunks, feasible) > 30


@needs_torch
def test_1f1b_is_pytorchs_but_for_its_helpers_numbering() -> None:
    """Its order helper numbers forwards after an empty warm-up from 1, and warms up for M < P as if M were P."""
    for P in range(1, 7):
        for M in range(P, 3 * P + 3):
            for rank, (mine, peer) in enumerate(
                zip(ours("1f1b", P, M, 1), theirs("Schedule1F1B", P, M, 1), strict=True)
            ):
                last = rank == P - 1
                shifted = [(kind, at, k + 1 if last and kind == "F" else k) for kind, at, k in mine]  # type: ignore[operator]
                assert shifted == peer
