"""Judging an answer, against stock simpleeval and pint reading the same text; and a slider's step.

Run with `pytest tests/benchmarks/test_bench_answer.py -m benchmark -s`.
"""

import contextlib
import statistics
import time
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from studykit.calculators.answer import AnswerError, judge, read_answer
from studykit.calculators.checking import judge_output
from studykit.calculators.declare import get, parse_inputs
from studykit.calculators.draws import Stream
from studykit.errors import StudyError
from tests.calculators.cases import NAMES, example
from tests.calculators.test_reading import HOSTILE

pytestmark = pytest.mark.benchmark


def milliseconds(task: Callable[[], Any], rounds: int = 30) -> float:
    """The median time of `task`."""
    times = []
    for _ in range(rounds):
        before = time.perf_counter()
        task()
        times.append(time.perf_counter() - before)
    return 1000 * statistics.median(times)


def test_an_expression_against_stock_simpleeval() -> None:
    from simpleeval import SimpleEval

    text = "(8-1)/(16+8-1)"
    ours, stock = milliseconds(lambda: judge(text, Fraction(7, 23))), milliseconds(lambda: SimpleEval().eval(text))
    print(f"\n{text}: read and judged {ours:.3f} ms, stock simpleeval alone {stock:.3f} ms, {ours / stock:.1f}x")


def test_a_unit_against_pint(tmp_path: Any) -> None:
    import pint

    registry: Any = pint.UnitRegistry(cache_folder=tmp_path)
    ours = milliseconds(lambda: judge("80 GiB", Fraction("85.9"), unit="GB"))
    theirs = milliseconds(lambda: registry("80 gibibyte").to("gigabyte"))
    print(f"\n80 GiB in GB: read and judged {ours:.3f} ms, pint {theirs:.3f} ms, {ours / theirs:.2f}x")


def test_hostile_input() -> None:
    def refuse(text: str) -> None:
        with contextlib.suppress(AnswerError):
            read_answer(text)

    slowest = max((milliseconds(lambda text=text: refuse(text), 10), text[:30]) for text in HOSTILE)  # type: ignore[misc]
    print(
        f"\nhostile input: the slowest of {len(HOSTILE)} is refused in {slowest[0]:.2f} ms ({slowest[1]!r}); aim 5 ms"
    )


def test_a_wrong_answer_to_fresh_numbers() -> None:
    """Every calculator: all slips are reckoned for inputs not seen before."""
    slowest = (0.0, "")
    for name in NAMES:
        calculator, given = get(name), example(name)
        varied = next(key for key, value in given.items() if value.isdigit() and key not in ("zero", "tensor_parallel"))
        stream, times = Stream(name), []
        for _ in range(20):
            with contextlib.suppress(StudyError):  # more stages than layers, say: refused, and not counted
                inputs = parse_inputs(calculator, {**given, varied: str(int(given[varied]) + stream.below(64) + 1)})
                before = time.process_time()
                judge_output(calculator, inputs, calculator.outputs[0].name, "12345.678")
                times.append(1000 * (time.process_time() - before))
        slowest = max(slowest, (statistics.median(times or [0.0]), name))
    print(f"\na wrong answer, judged afresh: at most {slowest[0]:.2f} ms of processor time ({slowest[1]}); aim 5 ms")


def test_a_slider_step_against_the_plain_sum() -> None:
    calculator = get("bubble")

    def step(M: int) -> None:
        inputs = parse_inputs(calculator, {"schedule": "1f1b", "stages": 16, "microbatches": M})
        calculator.compute(inputs)
        calculator.steps(inputs)

    counter = iter(range(64, 4096))
    ours = milliseconds(lambda: step(next(counter)))
    print(f"\nP=16, M from 64: figures and steps in {ours:.2f} ms; aim below 16 ms with the repaint")
