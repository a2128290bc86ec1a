"""The schedule in cells, checked against the plan it draws."""

from fractions import Fraction

import pytest
from rich.cells import cell_len

from studykit.pipeline import simulate
from studykit.tui.prose.wrap import line_width
from studykit.tui.widgets.timeline import MOST_ROWS, timeline_lines


def rows_of(schedule: str, stages: int, microbatches: int, width: int) -> list[str]:
    plan = simulate(schedule, stages=stages, microbatches=microbatches)
    return ["".join(text for text, _style in line) for line in timeline_lines(plan, width)]


def test_one_cell_a_unit_of_time_shows_the_whole_step() -> None:
    """GPipe with P=3, M=2, F=1, B=2: each rank's row is its idle time and its work, to the cell."""
    rows = rows_of("gpipe", 3, 2, 12 + 3)
    assert rows[:3] == ["0  FF······B1B2", "1  ·FF···B1B2··", "2  ··FFB1B2····"]


def test_labels_stand_where_every_op_of_a_kind_has_room() -> None:
    rows = rows_of("gpipe", 2, 2, 3 + 9 * 4)
    assert "F1" in rows[0]
    assert "B2" in rows[0]
    assert all(sum(row.count(f"F{n}") for n in (1, 2)) == 2 for row in rows[:2])


@pytest.mark.parametrize("schedule", ["gpipe", "1f1b", "zb-h1", "interleaved", "forward"])
@pytest.mark.parametrize("width", [30, 60, 117])
def test_rows_are_equally_long_and_fit(schedule: str, width: int) -> None:
    plan = simulate(schedule, stages=4, microbatches=8, chunks=2 if schedule == "interleaved" else 1)
    lines = timeline_lines(plan, width)
    assert all(line_width(line) <= width for line in lines[:4])
    assert len({line_width(line) for line in lines[:4]}) == 1


@pytest.mark.parametrize(("stages", "microbatches"), [(4, 8), (8, 16)])
def test_the_drawn_idle_share_is_the_bubble(stages: int, microbatches: int) -> None:
    plan = simulate("1f1b", stages=stages, microbatches=microbatches, forward=Fraction(1), backward_input=Fraction(1))
    unit = 3 * (microbatches + stages - 1)
    rows = ["".join(text for text, _style in line)[3:] for line in timeline_lines(plan, unit * 2 + 3)][:stages]
    idle = sum(row.count("·") for row in rows)
    assert Fraction(idle, sum(cell_len(row) for row in rows)) == plan.bubble("total")


def test_many_ranks_are_counted_not_drawn() -> None:
    rows = rows_of("forward", 40, 4, 80)
    assert len(rows) == MOST_ROWS + 2
    assert "24" in rows[MOST_ROWS]


def test_no_plan_no_lines() -> None:
    assert timeline_lines(None, 80) == []


def test_a_step_too_long_shows_its_two_ends_as_they_are() -> None:
    """A picture that samples ops would show a schedule that does not exist; two true pieces do not."""
    full = rows_of("1f1b", 4, 54, 3 + 171)[:4]
    cut = rows_of("1f1b", 4, 54, 80)[:4]
    for true, drawn in zip(full, cut, strict=True):
        left, right = drawn.split(" ~ ")
        assert true.startswith(left)
        assert true.endswith(right)
        assert len(drawn) == 80
