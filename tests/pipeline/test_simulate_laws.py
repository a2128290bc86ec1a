"""Laws that every schedule obeys, whatever its size and times."""

from collections import Counter, defaultdict
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studykit.pipeline import Op, Plan, simulate

from .schedule_cases import TWO_WAY, cases, path

Work = dict[tuple[int, str, int, int], Op]
"""From (rank, F | back | W, micro-batch, chunk) to the op that does it."""

many = settings(max_examples=30)


def work_of(plan: Plan) -> Work:
    done: Work = {}
    for op in plan.timeline:
        keys = [(op.rank, {"B": "back", "I": "back", "FB": "F"}.get(op.kind, op.kind), op.microbatch, op.chunk)]
        if op.kind == "FB":
            assert op.backward_microbatch is not None
            assert op.backward_chunk is not None
            keys.append((op.rank, "back", op.backward_microbatch, op.backward_chunk))
        for key in keys:
            assert key not in done, f"{key} is done twice"
            done[key] = op
    return done


def way_of(schedule: str, microbatch: int, M: int) -> int:
    return int(schedule in TWO_WAY and microbatch >= M // 2)


@many
@given(cases())
def test_every_piece_of_work_is_done_exactly_once(case: tuple[str, dict[str, Any]]) -> None:
    schedule, arguments = case
    plan = simulate(schedule, **arguments)
    done = work_of(plan)
    expected = Counter(
        (rank, kind, microbatch, chunk)
        for microbatch in range(plan.microbatches)
        for rank, chunk in path(schedule, plan.stages, plan.chunks, way_of(schedule, microbatch, plan.microbatches))
        for kind in (("F",) if schedule == "forward" else ("F", "back"))
    )
    assert Counter(key for key in done if key[1] != "W") == expected
    split = {(op.rank, op.microbatch, op.chunk) for op in plan.timeline if op.kind == "I"}
    assert {(rank, m, chunk) for rank, kind, m, chunk in done if kind == "W"} == split


@many
@given(cases())
def test_no_op_starts_before_its_inputs_arrive(case: tuple[str, dict[str, Any]]) -> None:
    schedule, arguments = case
    plan = simulate(schedule, **arguments)
    done = work_of(plan)
    p2p = arguments["p2p"]
    for microbatch in range(plan.microbatches):
        stops = path(schedule, plan.stages, plan.chunks, way_of(schedule, microbatch, plan.microbatches))
        keys = [(rank, "F", microbatch, chunk) for rank, chunk in stops]
        if schedule != "forward":
            keys += [(rank, "back", microbatch, chunk) for rank, chunk in reversed(stops)]
        for before, after in pairwise(keys):
            hop = p2p if before[0] != after[0] else 0
            assert done[after].start >= done[before].end + hop
    for (rank, kind, microbatch, chunk), op in done.items():
        if kind == "W":
            assert op.start >= done[rank, "back", microbatch, chunk].end


@many
@given(cases())
def test_a_rank_does_one_op_at_a_time_and_never_dawdles(case: tuple[str, dict[str, Any]]) -> None:
    """Sorted by start, ops of a rank follow one another; each starts at 0, at an end, or at an arrival."""
    schedule, arguments = case
    plan = simulate(schedule, **arguments)
    ends = {op.end for op in plan.timeline} | {Fraction(0)}
    moments = ends | {end + arguments["p2p"] for end in ends}
    rows = defaultdict(list)
    for op in plan.timeline:
        assert op.start in moments
        rows[op.rank].append(op)
    for row in rows.values():
        assert all(one.end <= other.start for one, other in pairwise(row))


def duration(op: Op, arguments: dict[str, Any], parts: int) -> Fraction:
    def at(name: str) -> Fraction:
        value = arguments[name]
        return Fraction(value[op.rank] if isinstance(value, list) else value)

    forward, back, weight = at("forward"), at("backward_input"), at("backward_weight")
    lengths = {"F": forward, "B": back + weight, "I": back, "W": weight, "FB": forward + back + weight}
    return lengths[op.kind] / parts


@many
@given(cases())
def test_work_is_conserved_and_ops_take_their_time(case: tuple[str, dict[str, Any]]) -> None:
    schedule, arguments = case
    plan = simulate(schedule, **arguments)
    parts = 1 if schedule in TWO_WAY else plan.chunks
    by_rank = [Fraction(0)] * plan.stages
    for op in plan.timeline:
        assert op.end - op.start == duration(op, arguments, parts)
        by_rank[op.rank] += Fraction(op.end) - Fraction(op.start)
    assert plan.work_by_rank == tuple(by_rank)
    assert plan.work == sum(by_rank) / plan.stages
    assert plan.idle_by_rank == tuple(plan.makespan - work for work in by_rank)
    assert plan.idle == plan.makespan - plan.work == sum(plan.idle_by_rank) / plan.stages


@many
@given(cases())
def test_the_three_conventions_belong_together(case: tuple[str, dict[str, Any]]) -> None:
    schedule, arguments = case
    plan = simulate(schedule, **arguments)
    total, ideal, span = plan.bubble("total"), plan.bubble("ideal"), plan.bubble("span")
    assert total == ideal / (1 + ideal)
    assert 0 <= span <= total < 1
    rows = defaultdict(list)
    for op in plan.timeline:
        rows[op.rank].append(op)
    longest = max(max(op.end for op in row) - min(op.start for op in row) for row in rows.values())
    assert plan.span == longest
    assert span == 1 - plan.work / longest
    assert plan.makespan == max(op.end for op in plan.timeline)


@many
@given(cases())
def test_the_makespan_is_at_least_the_critical_path_and_the_slowest_rank(case: tuple[str, dict[str, Any]]) -> None:
    schedule, arguments = case
    plan = simulate(schedule, **arguments)
    assert plan.makespan >= max(plan.work_by_rank)
    done = work_of(plan)
    stops = path(schedule, plan.stages, plan.chunks)
    keys = [(rank, kind, 0, chunk) for rank, chunk in stops for kind in ("F", "back") if (rank, kind, 0, chunk) in done]
    chain = sum(duration(done[key]._replace(kind=_unfused(done[key], key[1])), arguments, _parts(plan)) for key in keys)
    ways = 1 if schedule == "forward" else 2
    hops = ways * sum(one[0] != other[0] for one, other in pairwise(stops))
    assert plan.makespan >= chain + hops * arguments["p2p"]


def _parts(plan: Plan) -> int:
    return 1 if plan.schedule in TWO_WAY else plan.chunks


def _unfused(op: Op, kind: str) -> str:
    """A micro-batch's own share of an op: its W is not on its way."""
    return {"F": "F", "back": "I" if op.kind == "I" else "B"}[kind]


@many
@given(cases(), st.fractions(min_value=Fraction(1, 8), max_value=8, max_denominator=8))
def test_scaling_all_times_scales_the_step(case: tuple[str, dict[str, Any]], factor: Fraction) -> None:
    schedule, arguments = case
    plan = simulate(schedule, **arguments)
    scaled = simulate(schedule, **{name: _times(value, factor) for name, value in arguments.items()})
    assert scaled.makespan == factor * plan.makespan
    assert scaled.bubble() == plan.bubble()
    assert scaled.peak_activations == plan.peak_activations


def _times(value: Any, factor: Fraction) -> Any:
    if isinstance(value, list):
        return [factor * one for one in value]
    return factor * value if isinstance(value, Fraction) else value


@many
@given(cases(even=False), st.data())
def test_slower_stages_and_longer_hops_never_shorten_the_step(
    case: tuple[str, dict[str, Any]], data: st.DataObject
) -> None:
    schedule, arguments = case
    slower = dict(arguments)
    name = data.draw(st.sampled_from(("forward", "backward_input", "backward_weight", "p2p")))
    more = data.draw(st.fractions(min_value=0, max_value=5, max_denominator=3))
    if name == "p2p":
        slower[name] = arguments[name] + more
    else:
        rank = data.draw(st.integers(0, arguments["stages"] - 1))
        slower[name] = [time + more * (at == rank) for at, time in enumerate(arguments[name])]
    assert simulate(schedule, **slower).makespan >= simulate(schedule, **arguments).makespan


@many
@given(cases())
def test_peaks_are_those_of_the_timeline(case: tuple[str, dict[str, Any]]) -> None:
    """Op by op: a forward holds from its start, a backward frees at its end, W keeps its part until its end."""
    schedule, arguments = case
    plan = simulate(schedule, **arguments)
    if schedule == "forward":
        assert plan.peak_activations == (1,) * plan.stages
        return
    held = defaultdict(list)
    big, part = Fraction(5), Fraction(2)
    for op in plan.timeline:
        before, after = {"F": (1, 1), "B": (0, -1), "I": (0, -1), "W": (0, 0), "FB": (1, 0)}[op.kind]
        weight = {"I": part, "W": -part}.get(op.kind, Fraction(0))
        held[op.rank].append((before, after, weight))
    for rank, changes in held.items():
        level, peak, total, most = 0, 0, Fraction(0), Fraction(0)
        for before, after, weight in changes:
            peak = max(peak, level + before)
            most = max(most, total + before * big)
            level += after
            total += after * big + weight
        assert level == total == 0
        assert plan.peak_activations[rank] == Fraction(peak, _parts(plan))
        assert plan.peak_memory(big, part)[rank] == most / _parts(plan)


@many
@given(cases())
def test_delaying_a_critical_op_delays_the_end_and_no_other_does(case: tuple[str, dict[str, Any]]) -> None:
    """The critical ops are chained without a gap from the start to the end of the step."""
    schedule, arguments = case
    plan = simulate(schedule, **arguments)
    critical = plan.critical_path()
    assert set(critical) <= set(plan.timeline)
    assert {op for op in plan.timeline if op.end == plan.makespan and op.end > op.start} <= set(critical)
    assert critical[0].start == 0
    reachable = {critical[0].start} | {op.end for op in critical} | {op.end + arguments["p2p"] for op in critical}
    assert all(op.start in reachable for op in critical)


def test_critical_path_of_a_small_pipeline() -> None:
    """1F1B, a slow second rank: all it does is critical, and of rank 0 only what feeds it first and ends the step."""
    plan = simulate(
        "1f1b", stages=2, microbatches=3, forward=[1, 4], backward_input=[1, 4], backward_weight=[Fraction(0), 0]
    )
    critical = {(op.rank, op.kind, op.microbatch) for op in plan.critical_path()}
    assert {(1, kind, m) for kind in "FB" for m in range(3)} < critical
    assert critical - {(1, kind, m) for kind in "FB" for m in range(3)} == {(0, "F", 0), (0, "B", 2)}


def test_slack_is_what_the_critical_path_leaves_out() -> None:
    """By brute force: an op is critical exactly if making its rank wait there makes the step longer."""
    plan = simulate("1f1b", stages=3, microbatches=4, forward=[1, 2, 1], backward_input=[2, 1, 1], p2p=Fraction(1, 2))
    critical = set(plan.critical_path())
    for op in plan.timeline:
        assert (op in critical) == (_end_with_delay(plan, op) > plan.makespan)


def _end_with_delay(plan: Plan, late: Op) -> Fraction:
    """Time the plan's own ops again, from scratch, with one of them a little longer."""
    rows = [[op for op in plan.timeline if op.rank == rank] for rank in range(plan.stages)]
    ends: dict[tuple[int, str, int], Fraction] = {}
    places = [0] * plan.stages
    clocks = [Fraction(0)] * plan.stages
    while any(places[rank] < len(row) for rank, row in enumerate(rows)):
        for rank, row in enumerate(rows):
            while places[rank] < len(row):
                op = row[places[rank]]
                needs = _needs(op, plan.stages)
                if needs is not None and needs not in ends:
                    break
                hop = Fraction(1, 2) if needs is not None and needs[0] != rank else 0
                start = max(clocks[rank], ends[needs] + hop) if needs else clocks[rank]
                clocks[rank] = start + Fraction(op.end) - Fraction(op.start) + (Fraction(1, 100) if op == late else 0)
                ends[rank, op.kind, op.microbatch] = clocks[rank]
                places[rank] += 1
    return max(clocks)


def _needs(op: Op, P: int) -> tuple[int, str, int] | None:
    if op.kind == "F":
        return (op.rank - 1, "F", op.microbatch) if op.rank else None
    return (op.rank + 1, "B", op.microbatch) if op.rank < P - 1 else (op.rank, "F", op.microbatch)


@pytest.mark.parametrize("schedule", ["gpipe", "zb-v", "dualpipev"])
def test_the_timeline_is_made_only_when_asked_for(schedule: str) -> None:
    plan = simulate(schedule, stages=4, microbatches=16)
    _ = plan.makespan, plan.bubble("span"), plan.idle_by_rank, plan.peak_activations
    assert "timeline" not in vars(plan)
    assert "_logged" not in vars(plan)
    timeline = plan.timeline
    assert plan.timeline is timeline
    assert list(timeline) == sorted(timeline, key=lambda op: (op.start, op.rank))
