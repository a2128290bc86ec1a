"""Refusals of the model, said in Chinese."""

import re
from collections.abc import Iterator

import pytest

from studykit.calculators.declare import get, names
from studykit.calculators.figures import COUNTED
from studykit.calculators.inputs import RefusalError, parse_inputs
from studykit.calculators.refusals import CONDITIONS
from studykit.locale import set_language
from studykit.pipeline import SCHEDULES
from tests.messages.test_typography import ill_set


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    set_language("zh_CN")
    yield
    set_language("auto")


def test_every_condition_is_there() -> None:
    """Whatever a schedule may refuse, and nothing that no schedule says any more."""
    stated = {schedule.condition for schedule in SCHEDULES.values()} - {"any P >= 1 and M >= 1"}
    stated |= {schedule.chunks.rule for schedule in SCHEDULES.values()}
    assert stated <= CONDITIONS.keys()
    assert CONDITIONS.keys() - stated == {"some work must take time", "only zeros"}
    assert [text for text in CONDITIONS.values() if ill_set(text)] == []


@pytest.mark.parametrize(
    "given",
    [
        {"schedule": "dualpipe", "stages": 3, "microbatches": 8},
        {"schedule": "dualpipev", "stages": 8, "microbatches": 8},
        {"schedule": "interleaved", "stages": 4, "microbatches": 9, "chunks": 2},
        {"schedule": "1f1b", "stages": 4, "microbatches": 8, "chunks": 2},
        {"schedule": "gpipe", "stages": 4, "microbatches": 8, "forward": 0, "backward": 0},
    ],
)
def test_a_schedule_that_cannot_run(given: dict[str, object]) -> None:
    bubble = get("bubble")
    with pytest.raises(RefusalError) as caught:
        bubble.compute(parse_inputs(bubble, given))
    assert re.search("[\\u4e00-\\u9fff]{3}", caught.value.message)
    assert not re.search("[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}", caught.value.message)


def test_units_that_are_words() -> None:
    units = {output.unit for name in names() for output in get(name).outputs}
    words = {unit for unit in units if re.search("[a-z]{4,}", unit)}
    assert words - {"bits"} <= COUNTED.keys()
    assert "time units" in words
