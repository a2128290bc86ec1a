"""Quiz blocks: read, drawn, asked and judged; an author's mistakes named with their line."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.calculators.quiz import (
    QuizError,
    answer_text,
    draw,
    expects,
    judge_quiz,
    parse_quiz,
    question,
    worked_steps,
)
from studykit.errors import StudyError

BLOCK = """\
ask: 推理流水线有 {stages} 级、{microbatches} 个 micro-batch，气泡占总时间的比例是多少？
calculator: bubble
given: {schedule: forward, stages: [2, 4, 8], microbatches: 4..64}
answer: ratio                 # an output of the calculator
"""


def block(**entries: str) -> str:
    given = {"ask": "How much?", "calculator": "bubble", "given": "{schedule: 1f1b, stages: 8, microbatches: 16}"}
    return "\n".join(f"{key}: {value}" for key, value in (given | entries).items())


def test_a_block_is_read_asked_and_judged() -> None:
    quiz = parse_quiz(BLOCK)
    inputs = draw(quiz, "card", 0)
    P, M = inputs["stages"], inputs["microbatches"]
    assert P in (2, 4, 8)
    assert 4 <= M <= 64
    assert question(quiz, inputs) == f"推理流水线有 {P} 级、{M} 个 micro-batch，气泡占总时间的比例是多少？"
    assert judge_quiz(quiz, inputs, f"{P - 1}/{M + P - 1}").right
    assert "total" in expects(quiz, inputs)
    assert "%" in answer_text(quiz, inputs)
    assert any("(P-1)/(M+P-1)" in line for line in worked_steps(quiz, inputs))


def test_constants_lists_ranges_steps_and_conditions() -> None:
    quiz = parse_quiz(
        block(
            given="{schedule: [1f1b, gpipe], stages: 2..16 step x2, M: 4..64 step 4, forward: 0.5..2 step 0.5}",
            where="[microbatches % stages == 0, M >= 2*P]",
        )
    )
    seen = [draw(quiz, "card", repetition) for repetition in range(60)]
    assert {each["stages"] for each in seen} == {2, 4, 8, 16}
    assert {each["schedule"] for each in seen} == {"1f1b", "gpipe"}
    assert {str(each["forward"]) for each in seen} == {"1/2", "1", "3/2", "2"}
    for each in seen:
        assert each["microbatches"] % 4 == 0
        assert each["microbatches"] % each["stages"] == 0
        assert each["microbatches"] >= 2 * each["stages"]


def test_a_condition_may_have_or() -> None:
    quiz = parse_quiz(
        block(given="{schedule: 1f1b, stages: 2..9, M: 1..20}", where="stages < 4 and M > 9 or stages > 7 and M < 5")
    )
    seen = [draw(quiz, "card", repetition) for repetition in range(60)]
    assert {each["stages"] for each in seen} == {2, 3, 8, 9}
    assert all(each["microbatches"] > 9 if each["stages"] < 4 else each["microbatches"] < 5 for each in seen)


def test_named_models_and_gpus_are_drawn() -> None:
    quiz = parse_quiz(
        "ask: How many sequences of {sequence} tokens fit {gpu}?\n"
        "calculator: batch-fit\n"
        "given: {model: [llama-2-70b, Llama-3 8B], gpu: H100 SXM, sequence: [4096, 8192], tensor_parallel: 8}\n"
        "answer: batch\n"
    )
    assert {draw(quiz, "card", each)["model"] for each in range(12)} == {"llama-2-70b", "llama-3-8b"}
    assert "h100-sxm" in question(quiz, draw(quiz, "card", 0))


def test_a_list_of_numbers_is_one_input() -> None:
    quiz = parse_quiz(
        "ask: Largest of {costs}?\ncalculator: balance\ngiven: {costs: [1, 2, 3, 4], stages: 2}\nanswer: largest"
    )
    assert question(quiz, draw(quiz, "card", 0)) == "Largest of 1,2,3,4?"
    several = parse_quiz(
        "ask: Largest?\ncalculator: balance\ngiven: {costs: [[1, 2], [3, 4, 5]], stages: 2}\nanswer: largest"
    )
    assert {len(draw(several, "card", each)["costs"]) for each in range(8)} == {2, 3}


def test_runs_that_cannot_be_are_not_drawn() -> None:
    quiz = parse_quiz(block(given="{schedule: dualpipev, stages: [2, 4, 8], microbatches: 4..16}"))
    assert all(each["microbatches"] >= 2 * each["stages"] for each in (draw(quiz, "card", n) for n in range(40)))


def test_several_outputs_a_tolerance_and_a_why() -> None:
    quiz = parse_quiz(block(answer="[ratio, makespan]", tolerance="2%", why="Fill and drain."))
    inputs = draw(quiz, "card", 0)
    assert quiz.why == "Fill and drain."
    assert judge_quiz(quiz, inputs, "31%; 70").right  # 30.43 % and 69
    assert not judge_quiz(quiz, inputs, "33%; 70").right


def test_tex_in_a_question_is_left_alone() -> None:
    quiz = parse_quiz(block(ask=r"'Why $\frac{P-1}{M}$ and not $x_{P}$, with \text{stages} = {stages}?'"))
    assert question(quiz, draw(quiz, "card", 0)) == r"Why $\frac{P-1}{M}$ and not $x_{P}$, with \text{stages} = 8?"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (block(calculator="bubbel"), 2, "bubbel"),
        (block(answer="rato"), 4, "rato"),
        (block(given="{schedule: 1f1b, stages: 8}"), 3, "microbatches"),
        (block(given="{schedule: 1f1b, stagse: 8}"), 3, "stagse"),
        (block(given="\n  schedule: 1f1b\n  stages: 0\n  microbatches: 4"), 5, "stages"),
        (block(given="\n  schedule: 1f1b\n  stages: 8..4\n  microbatches: 4"), 5, "8..4"),
        (block(given="\n  schedule: 1f1b\n  stages: 4..8 step 0\n  microbatches: 4"), 5, "stages"),
        (block(given="\n  schedule: 1f1b\n  stages: []\n  microbatches: 4"), 5, "empty"),
        (block(given="\n  schedule: 1f1b\n  stages: 2\n  microbatches: 4\n  forward: 0.5..2"), 7, "step"),
        (block(where="stages > 9"), 4, "stages > 9"),
        (block(where="stages > 9 or microbatches < 4"), 4, "stages > 9"),
        (block(where="stages > 4 or foo > 9"), 4, "foo"),
        (block(where="[stages > 4, microbatches > 99]"), 4, "microbatches > 99"),
        (block(answer="[ratio, rato]"), 4, "rato"),
        (block(given="\n  schedule: 1f1b\n  stages: 8\n  P: 4\n  microbatches: 4"), 6, "twice"),
        (block(given="\n  schedule: 1f2b\n  stages: 8\n  microbatches: 4"), 4, "1f2b"),
        (block(given="\n  schedule: 1f1b\n  stages: 8\n  microbatches: 1..99999999"), 6, "microbatches"),
        (block(given="\n  schedule: 1f1b\n  stages: [2, many]\n  microbatches: 4"), 5, "many"),
        (block(given="\n  schedule: dualpipev\n  stages: 8\n  microbatches: 4"), 3, "dualpipev"),
        (block(given="{schedule: 1f1b, stages: 8, microbatches: 16, rank: 9}"), 3, "rank"),
        ("ask: How?\ncalculator: kv-cache\ngiven: {model: lama-2-70b, sequence: 1}", 3, "lama-2-70b"),
        ("ask: How?\ncalculator: batch-fit\ngiven: {model: llama-2-70b, gpu: h101, sequence: 1}", 3, "h101"),
        ("ask: How?\ncalculator: flops\ngiven: {model: llama-2-7b, sequence: 1}\nanswer: mfu", 4, "mfu"),
        ("ask: 'unclosed\ncalculator: bubble", 2, "YAML"),
        ("ask: How?\ncalculator: bubble\ngiven: {schedule: 1f1b, stages: 8\nanswer: ratio", 4, "YAML"),
        ("ask: How?\n\tcalculator: bubble", 2, "YAML"),
        (block(where="foo > 9"), 4, "foo"),
        (block(where="stages"), 4, "stages"),
        (block(ask="With {stagse}?"), 1, "stagse"),
        (block(tolerance="5 GB"), 4, "tolerance"),
        (block(unknown="1"), 4, "unknown"),
        ("ask: a: b\ncalculator: bubble", 1, "YAML"),
        ("calculator: bubble\n", 1, "ask"),
        ("ask: How?\n", 1, "calculator"),
        ("- a\n- b\n", 1, "key: value"),
        ("ask: a\nask: b\n", 2, "twice"),
        ("", 1, "missing"),
        ("ask: !!python/object/apply:os.system [ls]\ncalculator: bubble", 1, "ask"),
    ],
)
def test_an_authors_mistake_is_named_with_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(QuizError) as caught:
        parse_quiz(text)
    assert caught.value.line == line
    assert f"line {line}" in caught.value.message
    assert words in caught.value.message


def test_aliases_of_yaml_do_no_harm() -> None:
    levels = [f"{name}: &{name} [{','.join(['*' + before] * 500)}]" for before, name in pairwise("abcdefg")]
    for text in ("a: &a [x]\n" + "\n".join(levels), "ask: &a [*a]"):
        with pytest.raises(QuizError, match="alias"):
            parse_quiz(text)
    with pytest.raises(QuizError):
        parse_quiz("given: " + "[" * 5000)


@given(st.text(max_size=200))
def test_any_text_is_a_quiz_or_a_sentence(text: str) -> None:
    with pytest.raises(StudyError):
        parse_quiz(text)


_VALUES = st.sampled_from(
    ["bubble", "1..", "..4", "4..8", "[2, 4]", "{a: 1}", "8..4", "9**9**9", "[[", "'", "ratio", "{stages: x}", "~"]
)


@given(st.dictionaries(st.sampled_from(["ask", "calculator", "given", "where", "answer", "tolerance", "why"]), _VALUES))
def test_any_entries_are_a_quiz_or_a_sentence(entries: dict[str, str]) -> None:
    text = block(**entries)
    try:
        quiz = parse_quiz(text)
    except StudyError as error:
        assert str(error)  # noqa: PT017 - a quiz is as good
    else:
        assert question(quiz, draw(quiz, "card", 3))
