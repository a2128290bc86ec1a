"""A calculator in use: stepping, typing, presets, refusals."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.calculators.declare import get
from studykit.calculators.line import parse_line
from studykit.calculators.quiz import parse_quiz
from studykit.calculators.registry import BUILT_IN
from studykit.tui.calculation import Calculation, starting_point, stepped
from studykit.tui.quiz_text import figures_text, quiz_text
from studykit.tui.widgets.calc_block import figure_lines, timeline_of


def bubble(**given: object) -> Calculation:
    return Calculation(get("bubble"), {"schedule": "1f1b", "stages": 8, "microbatches": 16, **given})


def ratio(calculation: Calculation) -> Fraction:
    assert calculation.result is not None
    return Fraction(calculation.result.values["ratio"])


def test_a_step_changes_one_input_and_the_figures() -> None:
    calculation = bubble()
    assert ratio(calculation) == Fraction(7, 23)
    calculation.move(1)
    assert calculation.input.name == "stages"
    assert calculation.step(1)
    assert ratio(calculation) == Fraction(8, 24)


def test_symbols_of_a_note_can_be_changed_too() -> None:
    calculation = Calculation(get("bubble"), {"schedule": "gpipe", "P": "8", "M": "16"})
    assert calculation.set("stages", 4)
    assert ratio(calculation) == Fraction(3, 19)


def test_choices_go_round() -> None:
    calculation = bubble()
    seen = []
    for _ in calculation.input.allowed():
        calculation.step(1)
        seen.append(calculation.inputs["schedule"])
    assert sorted(seen) == sorted(calculation.input.allowed())


def test_what_cannot_run_keeps_the_last_figures_and_says_why() -> None:
    calculation = bubble()
    before = calculation.result
    assert not calculation.set("stages", "many")
    assert "stages" in calculation.error
    assert calculation.result == before
    assert calculation.set("stages", "4")
    assert not calculation.error


def test_typing_replaces_and_enter_takes() -> None:
    calculation = bubble()
    calculation.move(2)
    for letter in "3２":
        calculation.type(letter)
    assert calculation.accept()
    assert calculation.inputs["microbatches"] == 32
    calculation.erase()
    assert calculation.typing == "3"
    calculation.typing = None
    assert calculation.accept()


def test_moving_on_takes_what_was_typed() -> None:
    calculation = bubble()
    calculation.move(1)
    calculation.type("4")
    calculation.move(1)
    assert calculation.inputs["stages"] == 4


@given(st.integers(1, 10**9), st.sampled_from([-1, 1]), st.booleans())
def test_whole_numbers_step_to_whole_numbers(value: int, direction: int, far: bool) -> None:
    after = stepped(value, direction, whole=True, far=far)
    assert isinstance(after, int)
    assert (after - value) * direction >= 0 or value == 1


@given(st.fractions(min_value=Fraction(1, 10**6), max_value=10**9), st.sampled_from([-1, 1]))
def test_numbers_move_in_the_direction_asked(value: Fraction, direction: int) -> None:
    assert (stepped(value, direction, whole=False) - value) * direction > 0


@given(st.integers(1, 4096), st.lists(st.sampled_from([-1, 1]), max_size=30))
def test_steps_stay_in_range(start: int, steps: list[int]) -> None:
    calculation = bubble(stages=start)
    calculation.row = 1
    low, high = calculation.input.low, calculation.input.high
    for direction in steps:
        calculation.step(direction, far=True)
        value = calculation.inputs["stages"]
        assert low is None or value >= low
        assert high is None or value <= high


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_calculator_opens_and_explains_itself(name: str) -> None:
    """From its own example; without one, a sentence names what it needs."""
    assert Calculation(get(name)).figures() or Calculation(get(name)).error
    calculation = Calculation(get(name), starting_point(get(name)))
    assert not calculation.error
    assert calculation.figures()
    assert calculation.line().startswith(name)
    again = parse_line(calculation.line())
    assert calculation.result is not None
    assert calculation.calculator.compute(again.inputs).values == calculation.result.values


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_card_made_of_a_calculation_is_a_quiz(name: str) -> None:
    calculation = Calculation(get(name), starting_point(get(name)))
    text = quiz_text(calculation)
    quiz = parse_quiz(text.removeprefix("```quiz\n").removesuffix("```\n"))
    assert quiz.calculator == name
    assert quiz.answers == (calculation.calculator.outputs[0].name,)


def test_what_is_copied_can_be_pasted_into_a_note() -> None:
    first, *figures = figures_text(bubble()).splitlines()
    assert parse_line(first).inputs["stages"] == 8
    assert any("30.43 %" in line for line in figures)


@pytest.mark.parametrize(("stages", "microbatches"), [(64, 4096), (1000, 60_000)])
def test_what_is_too_large_to_draw_has_figures_and_no_picture(stages: int, microbatches: int) -> None:
    calculation = Calculation(get("bubble"), {"schedule": "1f1b", "stages": stages, "microbatches": microbatches})
    assert timeline_of(calculation) is None
    assert figure_lines(calculation, 80, steps=True)
