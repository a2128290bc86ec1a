"""The lines of a `calc` block."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.calculators.declare import get, parse_inputs
from studykit.calculators.line import parse_line, parse_lines, verify, written
from studykit.errors import StudyError
from tests.calculators.cases import all_inputs


def test_a_line_without_a_claim() -> None:
    line = parse_line("bubble schedule=1f1b stages=8 microbatches=16 convention=total")
    assert (line.calculator, line.stated, line.claims) == ("bubble", None, ())
    assert line.inputs["stages"] == 8
    assert verify(line) is None


@pytest.mark.parametrize(
    ("stated", "claims", "right"),
    [
        ("30.4%", (("ratio", "30.4%"),), True),
        ("ratio 30.4%, makespan 69", (("ratio", "30.4%"), ("makespan", "69")), True),
        ("ratio=30.4%; makespan=48", (("ratio", "30.4%"), ("makespan", "48")), False),
        ("43.75%", (("ratio", "43.75%"),), False),
    ],
)
def test_what_a_line_states_is_checked(stated: str, claims: tuple[tuple[str, str], ...], right: bool) -> None:
    line = parse_line(f"bubble schedule=1f1b P=8 M=16 => {stated}")
    found = verify(line)
    assert line.claims == claims
    assert found is not None
    assert found.right is right


@pytest.mark.parametrize(
    "text", ["", "=> 3", "bubbel stages=8", "bubble stages", "bubble stages=", "bubble =8",
    'bubble schedule="1f1b', "bubble P=8 P=9",
             "bubble schedule=1f1b P=8 M=16 =>", "bubble schedule=1f1b stages=8",
             "bubble schedule=1f1b P=8 M=16 foo=1"],
)  # fmt: skip
def test_mistakes_are_sentences(text: str) -> None:
    with pytest.raises(StudyError):
        parse_line(text)


def test_one_wrong_line_does_not_stop_the_others() -> None:
    lines, errors = parse_lines("# bubbles\n\nbubble schedule=gpipe P=4 M=8\nbubbel P=4\nlayout stages=8 # a remark\n")
    assert [line.line for line in lines] == [3, 5]
    assert [number for number, _error in errors] == [4]


@pytest.mark.parametrize(("name", "given_"), all_inputs())
def test_written_reads_back(name: str, given_: dict[str, str]) -> None:
    calculator = get(name)
    inputs = parse_inputs(calculator, given_)
    assert parse_line(written(calculator, inputs)).inputs == inputs


@given(st.text(max_size=80))
def test_any_text_is_a_line_or_a_sentence(text: str) -> None:
    with pytest.raises(StudyError):
        parse_line("bubble " + text.replace("\n", " ") + " P=x")
