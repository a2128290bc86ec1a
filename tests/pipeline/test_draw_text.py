"""The timeline as text: every mark where the timeline says, at any width."""

from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from studykit.pipeline import SCHEDULES, simulate
from studykit.pipeline.draw import CHINESE, figures, plain, timeline
from studykit.pipeline.draw.cells import cells
from studykit.pipeline.draw.groups import coverage, groups
from studykit.pipeline.draw.scene import scene

from .schedule_cases import cases


def test_a_timeline_drawn_by_hand() -> None:
    """1F1B on two ranks with three micro-batches, F = 1, B = 2: two cells a unit of time."""
    plan = simulate("1f1b", stages=2, microbatches=3)
    assert plain(timeline([plan], 31)).splitlines()[:3] == [
        "rank 0 F0F1....B0==F2B1--..B2==",
        "rank 1 ..F0B0==F1B1==F2B2==....",
        "path   00" + "1" * 6 + "0" * 6 + "1" * 6 + "0" * 4,
    ]


@settings(max_examples=30)
@given(cases(), st.integers(30, 160))
def test_rows_fill_the_width_and_agree_with_the_timeline(case: tuple[str, dict[str, Any]], width: int) -> None:
    schedule, arguments = case
    plan = simulate(schedule, **arguments)
    lines = timeline([plan], width)
    rows = [line for line in lines if line[0].text.startswith("rank")]
    assert len(rows) == plan.stages
    assert all(sum(cells(run.text) for run in line) <= width for line in lines)
    lengths = {sum(len(run.text) for run in row) for row in rows}
    assert len(lengths) == 1
    columns = lengths.pop() - len(rows[0][0].text)
    for rank, row in enumerate(rows):
        done = 0
        for run in row[1:]:
            if run.kind != "bubble" and len(run.text) > 1:
                middle = (done + len(run.text) / 2) * float(plan.makespan) / columns
                half = float(plan.makespan) / columns
                assert any(op.start - half <= middle <= op.end + half for op in plan.timeline if op.rank == rank)
            done += len(run.text)
        assert done == columns


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_nothing_is_wider_than_asked(schedule: str, width: int) -> None:
    lines = plain(timeline([simulate(schedule, stages=4, microbatches=16)], width)).splitlines()
    assert max(map(len, lines)) <= width
    assert all(line.isascii() for line in lines)
    assert "= critical path" in "\n".join(lines)


def test_labels_stand_where_they_fit_and_letters_where_they_do_not() -> None:
    plan = simulate("1f1b", stages=2, microbatches=12)
    wide, narrow = (plain(timeline([plan], width)).splitlines()[0] for width in (130, 50))
    assert "F11" in wide
    assert "B11" in wide
    assert "F11" not in narrow
    assert narrow.count("F") + narrow.count("B") == 24


def test_a_later_chunk_is_lower_case() -> None:
    text = plain(timeline([simulate("interleaved", stages=2, microbatches=4, chunks=2)], 120))
    assert "f0" in text
    assert "lower case: a later chunk" in text
    assert "lower case" not in plain(timeline([simulate("1f1b", stages=2, microbatches=4)], 120))


def test_two_schedules_share_one_axis() -> None:
    plans = [simulate(name, stages=4, microbatches=8) for name in ("zb-h1", "gpipe")]
    lines = plain(timeline(plans, 120)).splitlines()
    assert lines[0] == "zb-h1: P = 4, M = 8"
    assert lines[6] == "gpipe: P = 4, M = 8"
    short, long = len(lines[1]) - 7, len(lines[7]) - 7
    assert Fraction(short, long) == Fraction(27, 33)


def test_many_ranks_are_grouped() -> None:
    lines = plain(timeline([simulate("gpipe", stages=64, microbatches=64)], 100, rows=16)).splitlines()
    assert lines[0].startswith("ranks 0-3 ")
    assert lines[15].startswith("ranks 60-63 ")
    assert set(lines[0][12:]) == {"F", "B", "."}


def test_chinese_labels_keep_the_columns() -> None:
    lines = timeline([simulate("gpipe", stages=12, microbatches=12)], 100, words=CHINESE)
    assert lines[0][0].text.startswith(CHINESE.rank.format(0))
    assert {cells(line[0].text) for line in lines[:12]} == {cells(CHINESE.rank.format(11)) + 1}
    assert "关键路径" in plain(lines)


def test_groups_are_even_and_leave_nobody_out() -> None:
    for ranks in range(1, 70):
        for rows in range(1, 20):
            parts = groups(ranks, rows)
            assert [rank for part in parts for rank in part] == list(range(ranks))
            assert max(map(len, parts)) - min(map(len, parts)) <= 1
            assert len(parts) == min(rows, ranks)


def test_coverage_adds_up_to_the_work() -> None:
    plan = simulate("zb-h1", stages=8, microbatches=16)
    drawn = scene(plan)
    cells_of = [coverage(drawn, range(8), columns, drawn.makespan) for columns in (7, 50, 333)]
    for row in cells_of:
        busy = sum(cell.busy for cell in row) / len(row)
        assert busy == pytest.approx(1 - plan.bubble())


@settings(max_examples=30)
@given(cases())
def test_the_path_is_one_chain_from_start_to_end(case: tuple[str, dict[str, Any]]) -> None:
    """Each op starts when the one before ends, or a hop later on another rank; the last ends the step."""
    schedule, arguments = case
    plan = simulate(schedule, **arguments)
    assume(not plan.p2p or all(op.end > op.start for op in plan.timeline))  # ops of no length are not drawn
    chain = scene(plan).chain
    hop = float(plan.p2p)
    assert chain[-1].end == pytest.approx(float(plan.makespan))
    for before, after in pairwise(chain):
        assert after.critical
        gap = after.start - before.end
        assert gap == pytest.approx(0 if before.rank == after.rank else hop)


def test_figures_name_every_convention() -> None:
    rows = {row[0]: row[1] for row in figures([simulate("zb-v", stages=8, microbatches=32)])}
    assert rows["bubble, idle / step (total)"] == "3.52%"
    assert rows["bubble, idle / work (ideal)"] == "3.65%"
    assert rows["bubble within span (span)"] == "0.00%"
    assert rows["peak activations"] == "8"
