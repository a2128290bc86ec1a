"""What cannot run is refused with the condition that fails, never rounded to something near."""

import numbers
from array import array
from fractions import Fraction
from typing import Any

import pytest

from studykit.pipeline import SCHEDULES, InfeasibleSchedule, UnknownSchedule, simulate
from studykit.pipeline.names import find

GOOD: dict[str, Any] = {"stages": 4, "microbatches": 8}


@pytest.mark.parametrize(
    ("schedule", "change", "words"),
    [
        ("1f1b", {"stages": 0}, "stages must be a whole number of at least 1; found 0"),
        ("1f1b", {"microbatches": 0}, "microbatches must be a whole number of at least 1; found 0"),
        ("interleaved", {"chunks": 0}, "chunks must be a whole number of at least 1; found 0"),
        ("1f1b", {"stages": -3}, "found -3"),
        ("1f1b", {"stages": 4.0}, "found 4.0"),
        ("1f1b", {"microbatches": True}, "found True"),
        ("1f1b", {"stages": "4"}, "found '4'"),
        ("1f1b", {"chunks": 2}, "it keeps one chunk on a rank (V = 1); found V = 2"),
        ("zb-v", {"chunks": 3}, "two chunks on a rank (V = 2); found V = 3"),
        ("chimera", {"chunks": 4}, "one for each direction (V = 2); found V = 4"),
        ("interleaved", {"microbatches": 9, "chunks": 2}, "M must be a multiple of max(1, M // P)"),
        ("interleaved-zb", {"microbatches": 9, "chunks": 2}, "M must be a multiple of max(1, M // P)"),
        ("dualpipev", {"microbatches": 7}, "M must be at least 2P; found P = 4, M = 7"),
        ("dualpipe", {"microbatches": 7}, "P must be even, and M even and at least 2P"),
        ("dualpipe", {"microbatches": 9}, "P must be even, and M even and at least 2P"),
        ("dualpipe", {"stages": 3}, "P must be even, and M even and at least 2P"),
        ("chimera", {"stages": 3}, "P must be even, and M even"),
        ("chimera", {"microbatches": 5}, "P must be even, and M even"),
        ("pipedream-2bw", {"microbatches": 3}, "two versions of the weights are enough only for M >= P"),
        ("gpipe", {"forward": -1.0}, "forward must be finite and not negative; found -1.0"),
        ("gpipe", {"backward_input": float("nan")}, "backward_input must be finite and not negative; found nan"),
        ("gpipe", {"backward_weight": float("inf")}, "backward_weight must be finite and not negative; found inf"),
        ("gpipe", {"p2p": -0.5}, "p2p must be finite and not negative; found -0.5"),
        ("gpipe", {"p2p": "1"}, "p2p must be a number; found '1'"),
        ("gpipe", {"forward": "fast"}, "forward must be a time, or a sequence of one a rank; found 'fast'"),
        ("gpipe", {"forward": None}, "forward must be a time, or a sequence of one a rank; found None"),
        ("gpipe", {"forward": [1, 2, 3]}, "forward needs one time for each of 4 ranks; found 3 times"),
        ("gpipe", {"forward": [1, 2, 3, "4"]}, "forward must be a number; found '4'"),
        (
            "gpipe",
            {"forward": 0, "backward_input": 0, "backward_weight": 0},
            "some work must take time; found only zeros",
        ),
        ("forward", {"forward": 0}, "some work must take time; found only zeros"),
        ("1f1b", {"forward": 1e308}, "the step must last no longer than a float can tell"),
        ("1f1b", {"p2p": 10**400}, "the step must last no longer than a float can tell"),
        ("1f1b", {"forward": {0: 1, 1: 1, 2: 1, 3: 1}}, "forward must be a time, or a sequence of one a rank"),
        ("1f1b", {"forward": True}, "forward must be a number; found True"),
    ],
)
def test_refuses_with_the_condition_and_what_was_found(schedule: str, change: dict[str, Any], words: str) -> None:
    with pytest.raises(InfeasibleSchedule) as caught:
        simulate(schedule, **{**GOOD, **change})
    assert str(caught.value).startswith(f"{schedule} cannot run: ")
    assert words in str(caught.value)
    assert caught.value.schedule == schedule
    assert caught.value.condition in str(caught.value)
    assert caught.value.found in str(caught.value)


@pytest.mark.parametrize(
    ("wrong", "nearest"), [("gpip", "gpipe"), ("1fb1", "1f1b"), ("zbv1", "zb-v"), ("interleave", "interleaved")]
)
def test_a_wrong_name_suggests_the_nearest(wrong: str, nearest: str) -> None:
    with pytest.raises(UnknownSchedule, match=f"no schedule is called '{wrong}'; did you mean") as caught:
        simulate(wrong, **GOOD)
    assert caught.value.nearest[0] == nearest


def test_a_name_like_no_other_lists_all() -> None:
    with pytest.raises(UnknownSchedule, match="known are naive, forward, gpipe, 1f1b"):
        simulate("quicksort", **GOOD)


def test_names_and_aliases_lead_to_one_schedule_each() -> None:
    spellings = [spelling for one in SCHEDULES.values() for spelling in (one.name, *one.aliases)]
    assert len(spellings) == len(set(spellings))
    assert {find(spelling).name for spelling in spellings} == set(SCHEDULES)
    assert find("PipeDream Flush").name == "1f1b"
    assert find("ZB_H1").name == "zb-h1"
    assert find(" Interleaved-1F1B ").name == "interleaved"


def test_the_registry_has_every_name_the_model_promises() -> None:
    assert set(SCHEDULES) == {
        *("naive", "forward", "gpipe", "1f1b", "interleaved", "looped-bfs", "zb-h1", "zb-h2", "zb-v"),
        *("interleaved-zb", "dualpipe", "dualpipev", "chimera", "pipedream", "pipedream-2bw", "v-half", "v-min"),
    }


@pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=SCHEDULES)
def test_every_schedule_is_explained(schedule: Any) -> None:
    lines = [line for line in schedule.explanation.strip().splitlines() if line]
    assert 5 <= len(lines) <= 9
    assert schedule.introduced
    assert all(reference.startswith("https://") for reference in schedule.references)
    assert schedule.condition
    assert len(schedule.summary) < 90


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_the_smallest_runs(schedule: str) -> None:
    """One rank where that can be, one micro-batch where that can be: no bubble on one rank."""
    P = 2 if schedule in ("dualpipe", "chimera") else 1
    M = {"dualpipe": 4, "dualpipev": 2, "chimera": 2}.get(schedule, 1)
    plan = simulate(schedule, stages=P, microbatches=M, forward=Fraction(1), p2p=Fraction(5))
    if P == 1:
        assert plan.makespan == M * (1 if schedule == "forward" else 3)
        assert plan.bubble() == 0


def test_folding_schedules_leave_the_number_of_chunks_to_themselves() -> None:
    assert simulate("zb-v", stages=4, microbatches=8).chunks == 2
    assert simulate("zb-v", stages=4, microbatches=8, chunks=2).chunks == 2
    assert simulate("interleaved", stages=4, microbatches=8).chunks == 1


def test_answers_are_fractions_exactly_when_a_time_is_one() -> None:
    assert isinstance(simulate("1f1b", stages=3, microbatches=4, forward=1).makespan, float)
    exact = simulate("interleaved", stages=3, microbatches=6, chunks=3, forward=Fraction(1, 3), p2p=0.5)
    assert isinstance(exact.makespan, Fraction)
    assert isinstance(exact.bubble("ideal"), Fraction)
    assert all(isinstance(op.start, Fraction) for op in exact.timeline)


class Index(int):
    """A whole number of another type, as array libraries have."""


@numbers.Integral.register
class Long:
    """One that is no int at all."""

    def __init__(self, value: int) -> None:
        self.value = value

    def __int__(self) -> int:
        return self.value

    def __lt__(self, other: int) -> bool:
        return self.value < other


def test_numbers_of_other_types_are_taken_as_what_they_are() -> None:
    plan = simulate("1f1b", stages=Index(4), microbatches=Long(8), forward=Long(1), p2p=Index(0))  # type: ignore[arg-type]
    assert (plan.makespan, plan.stages, plan.microbatches) == (33.0, 4, 8)
    times = array("d", [1.0, 2.0, 1.0, 1.0])
    assert simulate("gpipe", **GOOD, forward=times).makespan == simulate("gpipe", **GOOD, forward=[1, 2, 1, 1]).makespan


def test_fractions_beyond_floats_stay_exact() -> None:
    huge = Fraction(10**400)
    plan = simulate("1f1b", **GOOD, forward=huge, backward_input=huge, backward_weight=huge)
    assert plan.makespan == 33 * huge


def test_round_times_add_up_without_an_error() -> None:
    """A third of 1.0 is no float; twenty-seven of them are 9.0 all the same."""
    for schedule in ("interleaved", "looped-bfs"):
        plan = simulate(schedule, stages=4, microbatches=8, chunks=3)
        assert plan.makespan == 27.0
        assert isinstance(plan.makespan, float)
    assert (
        simulate("zb-v", stages=7, microbatches=29, forward=0.25, backward_input=0.25, backward_weight=0.25).bubble(
            "span"
        )
        == 0.0
    )
