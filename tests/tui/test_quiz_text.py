"""A calculation made into a card: a question that reads well, whose numbers vary, and that can be studied."""

import pytest

from studykit.calculators.quiz import draw, parse_quiz, question
from studykit.calculators.registry import get, names
from studykit.tui.calculation import Calculation, starting_point
from studykit.tui.quiz_text import quiz_text


def inner(block: str) -> str:
    return block.strip().removeprefix("```quiz\n").removesuffix("\n```")


@pytest.mark.parametrize("name", names())
def test_every_calculator_s_example_is_a_card(name: str) -> None:
    calculator = get(name)
    quiz = parse_quiz(inner(quiz_text(Calculation(calculator, starting_point(calculator)))))
    assert quiz.answers == (calculator.outputs[0].name,)
    for repetition in range(3):
        inputs = draw(quiz, "card", repetition)
        assert "{" not in question(quiz, inputs)
        assert calculator.outputs[0].name in calculator.compute(inputs).values


def test_what_a_preset_fills_in_is_not_told_again() -> None:
    calculation = Calculation(get("kv-cache"), {"model": "llama-2-70b", "sequence": 4096, "batch": 16})
    quiz = parse_quiz(inner(quiz_text(calculation)))
    assert set(quiz.given) == {"model", "sequence", "batch", "kv_bytes"}  # of the defaults the one it hangs on
    assert len(quiz.given["sequence"]) > 1


def test_the_convention_is_always_named() -> None:
    calculation = Calculation(get("bubble"), {"schedule": "1f1b", "stages": 8, "microbatches": 16})
    assert "total" in parse_quiz(inner(quiz_text(calculation))).ask
