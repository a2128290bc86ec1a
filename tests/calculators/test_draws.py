"""Drawn numbers: the documented generator, the same everywhere, all values equally likely, no repeats in a block."""

import subprocess
import sys
from collections import Counter
from hashlib import blake2b

from hypothesis import given
from hypothesis import strategies as st

from studykit.calculators.draws import BLOCK, Steps, Stream
from studykit.calculators.quiz import Quiz, draw, parse_quiz

TEXT = "ask: '?'\ncalculator: bubble\ngiven: {schedule: 1f1b, stages: 2..9, microbatches: 1..8}\n"


def by_the_book(key: str, bounds: list[int]) -> list[int]:
    """The generator as its documentation says, written once more."""
    numbers, count = [], 0
    for bound in bounds:
        while True:
            data = key.encode() + b"\x1f" + str(count).encode()
            number = int(blake2b(data, digest_size=8).hexdigest(), 16)
            count += 1
            if number < 2**64 // bound * bound:
                break
        numbers.append(number % bound)
    return numbers


@given(st.text(st.characters(codec="utf-8"), max_size=20), st.lists(st.integers(1, 2**63), max_size=20))
def test_the_generator_is_the_documented_one(key: str, bounds: list[int]) -> None:
    stream = Stream(key)
    assert [stream.below(bound) for bound in bounds] == by_the_book(key, bounds)


def quiz() -> Quiz:
    return parse_quiz(TEXT)


@given(st.text(max_size=16), st.integers(0, 500))
def test_a_retry_shows_the_same_numbers(card: str, repetition: int) -> None:
    assert draw(quiz(), card, repetition) == draw(quiz(), card, repetition)


def test_another_process_draws_the_same() -> None:
    code = f"from studykit.calculators.quiz import *\nq = parse_quiz({TEXT!r})\n"
    code += "print([draw(q, 'c', n)['stages'] for n in range(40)])"
    for seed in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
        )
        assert run.stdout.strip() == str([draw(quiz(), "c", n)["stages"] for n in range(40)])


def test_no_numbers_come_twice_in_a_block() -> None:
    for card in "abcdefgh":
        block = [(found["stages"], found["microbatches"]) for found in (draw(quiz(), card, n) for n in range(BLOCK))]
        assert len(set(block)) == BLOCK


def test_with_fewer_values_than_a_block_they_repeat_but_all_come() -> None:
    small = parse_quiz("ask: '?'\ncalculator: bubble\ngiven: {schedule: 1f1b, stages: [2, 4, 8], microbatches: 8}\n")
    found = [draw(small, "c", n)["stages"] for n in range(BLOCK)]
    assert set(found[:3]) == {2, 4, 8}


def test_all_values_are_about_equally_likely() -> None:
    stream = Stream("fair")
    counts = Counter(stream.below(6) for _ in range(6000))
    assert sum((count - 1000) ** 2 / 1000 for count in counts.values()) < 20.5  # chi-squared, 5 degrees, p = 0.001


@given(st.integers(-5, 5), st.integers(1, 7), st.integers(1, 30))
def test_steps_is_a_sequence(low: int, step: int, size: int) -> None:
    from fractions import Fraction

    steps = Steps(Fraction(low), Fraction(step), size)
    assert list(steps) == list(range(low, low + step * size, step))
    assert steps[-1] == low + step * (size - 1)
    assert steps[1:3] == list(steps)[1:3]
