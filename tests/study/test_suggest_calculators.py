"""A right claim of any calculator becomes a quiz block: it makes a numeric card and takes the claim's own number."""

import shlex
from functools import cache

import pytest

from studykit.calculators.figures import shown
from studykit.calculators.inputs import parse_inputs
from studykit.calculators.quiz import draw, judge_quiz, parse_quiz, question
from studykit.calculators.registry import BUILT_IN, get
from studykit.cards.extract import RuleOptions, extract
from studykit.claims.checker import examine
from studykit.study.quizzes.quiz_defaults import told_defaults
from studykit.study.quizzes.quiz_draft import draft, is_chinese
from studykit.study.quizzes.recognised import Recognised, recognised
from studykit.study.quizzes.suggest_insert import with_block
from studykit.vault.note import parse_note
from tests.claims.told.told_examples import TOLD


@cache
def outputs(name: str) -> tuple[tuple[str, str], ...]:
    """The outputs that the calculator's own example has, each with its figure to six digits."""
    calculator = get(name)
    values = calculator.compute(parse_inputs(calculator, example(name))).values
    return tuple(
        (each.name, shown(values[each.name], each.unit, percent=each.percent, digits=6))
        for each in calculator.outputs
        if each.name in values
    )


@cache
def example(name: str) -> dict[str, str]:
    """The inputs of a calculator's own example."""
    words = shlex.split(get(name).example)[1:]
    return {key.removeprefix("--").replace("-", "_"): value for key, value in zip(words[::2], words[1::2], strict=True)}


def becomes_a_card(text: str, claim: Recognised, stated: str, *, chinese: bool) -> str:
    """The block drafted for a claim of the note, once it has been a card that judges the stated number right."""
    block = draft(claim, chinese=chinese)
    assert block, claim
    made = with_block(text.encode(), claim.line, block)
    assert made is not None
    cards = [each for each in extract(parse_note("note.md", made), RuleOptions()).drafts if each.kind == "numeric"]
    assert len(cards) == 1
    quiz = parse_quiz(cards[0].answer)
    inputs = parse_inputs(
        get(quiz.calculator), {name: claim.inputs.get(name, values[0]) for name, values in quiz.given.items()}
    )
    assert all(inputs[name] in values for name, values in quiz.given.items())
    judged = judge_quiz(quiz, inputs, stated)
    assert judged.right, judged.message
    assert "{" not in question(quiz, draw(quiz, "card", 1))
    return block


@pytest.mark.parametrize("chinese", [False, True], ids=["en", "zh"])
@pytest.mark.parametrize("name", BUILT_IN)
def test_a_calc_line_of_every_calculator_becomes_a_card(name: str, chinese: bool) -> None:
    given = " ".join(f"{key}={shlex.quote(value)}" for key, value in example(name).items())
    for output, stated in outputs(name)[: 1 if chinese else None]:
        text = f"# Sizes\n\n```calc\n{name} {given} => {output} {stated}\n```\n"
        note = parse_note("note.md", text.encode())
        (claim,) = recognised(note, examine(note))
        assert (claim.calculator, claim.output, claim.standing) == (name, output, 0)
        block = becomes_a_card(text, claim, stated, chinese=chinese)
        assert ("？" in block) is chinese


@pytest.mark.parametrize(
    ("name", "output", "given", "told"),
    [
        ("all-reduce", "time", {"data": 1, "ranks": 8}, {"bandwidth": 300, "operation": "all-reduce"}),
        ("all-reduce", "time", {"data": 1, "ranks": 8, "operation": "all-reduce", "bandwidth": 50}, {}),
        ("bubble", "makespan", {"schedule": "1f1b", "stages": 4, "microbatches": 8}, {"forward": 1, "backward": 2}),
        ("bubble", "ratio", {"schedule": "1f1b", "stages": 4, "microbatches": 8}, {}),
        ("kv-cache", "total", {"layers": 32, "kv_heads": 8, "head_dim": 128, "sequence": 4096, "attention": "gqa"},
         {"kv_bytes": 2}),
        ("layout", "nodes", {"stages": 8, "tensor_parallel": 8}, {"gpus_per_node": 8}),
        ("layout", "gpus", {"stages": 8, "tensor_parallel": 8}, {}),
    ],
)  # fmt: skip
def test_a_default_that_the_figure_depends_on_is_told(
    name: str, output: str, given: dict[str, object], told: dict[str, object]
) -> None:
    assert told_defaults(get(name), output, given) == told


def test_no_question_asks_for_more_than_all_of_it() -> None:
    """Sequences and batches doubled would need more FLOPs than the GPUs have."""
    given = " ".join(f"{key}={value}" for key, value in example("flops").items())
    note = parse_note("n.md", f"# MFU\n\n```calc\nflops {given} => mfu {dict(outputs('flops'))['mfu']}\n```\n".encode())
    (claim,) = recognised(note, examine(note))
    quiz = parse_quiz(draft(claim, chinese=False).split("\n", 1)[1].rsplit("\n", 1)[0])
    for repetition in range(8):
        assert get("flops").compute(draw(quiz, "card", repetition)).values["mfu"] <= 1


@pytest.mark.parametrize(("name", "output"), TOLD, ids=[name for name, _output in TOLD])
def test_a_sentence_of_every_calculator_becomes_a_card_in_its_language(name: str, output: str) -> None:
    for chinese, sentence in zip((True, False), TOLD[name, output], strict=True):
        text = f"# {'笔记' if chinese else 'Sizes'}\n\n{sentence}\n"
        note = parse_note("note.md", text.encode())
        assert is_chinese(text) is chinese
        claims = [each for each in recognised(note, examine(note)) if (each.calculator, each.output) == (name, output)]
        assert [(each.line, each.standing) for each in claims] == [(3, 0)]
        block = becomes_a_card(text, claims[0], claims[0].stated, chinese=chinese)
        assert f"calculator: {name}\n" in block
        assert ("？" in block) is chinese
