"""Every calculator: declared in full, computing its example, with formulas that give its figures."""

import math
import re
from fractions import Fraction
from typing import Any

import pytest

from studykit.calculators.checking import judge_output
from studykit.calculators.declare import Calculator, get, names, parse_inputs
from studykit.calculators.formula import in_words
from studykit.calculators.inputs import InputError
from studykit.calculators.steps import known_symbols, put_in, reference
from studykit.errors import NotFoundError, StudyError
from studykit.locale import set_language
from tests.calculators.cases import NAMES, all_inputs, prepared

CHINESE = re.compile("[\u4e00-\u9fff]")
FUNCTIONS = {"ceil": math.ceil, "floor": math.floor, "max": max, "min": min}


def worth(formula: str, symbols: dict[str, Any]) -> float | None:
    """What a formula's text gives with the numbers put in; None for a phrase."""
    if in_words(formula):
        return None
    text = put_in(formula, symbols).replace("·", "*").replace("^", "**")
    words = set(re.findall(r"[A-Za-zΣα-ω_][A-Za-z_]*", re.sub(r"\d(?:\.\d+)?e-?\d+", "1", text)))
    assert words <= set(FUNCTIONS), (formula, text)
    exact = re.sub(r"\d+(?:\.\d+)?(?:e-?\d+)?", lambda found: f"Fraction('{found[0]}')", text)
    return float(eval(exact, {"__builtins__": {}, "Fraction": Fraction}, FUNCTIONS))


@pytest.mark.parametrize("name", NAMES)
def test_declared_in_full_in_both_languages(name: str) -> None:
    calculator = get(name)
    assert calculator.name == name
    assert calculator.source
    assert CHINESE.search(calculator.zh)
    assert CHINESE.search(calculator.about_zh)
    meanings = [(each.meaning, each.zh) for each in calculator.inputs]
    for meaning, chinese in (*meanings, *((each.meaning, each.zh) for each in calculator.outputs)):
        assert meaning
        assert CHINESE.search(chinese), meaning
    for slip in calculator.slips:
        assert slip.output in calculator.output_names
        assert CHINESE.search(slip.zh), slip.explain
    for described in (calculator.input_names, calculator.output_names, [each.symbol for each in calculator.inputs]):
        assert len(set(described)) == len(described)


@pytest.mark.parametrize(("name", "given"), all_inputs())
def test_formulas_give_the_figures(name: str, given: dict[str, str]) -> None:
    calculator, inputs = prepared(name, given)
    values = calculator.compute(inputs).values
    assert values
    for output in calculator.outputs:
        formula = output.formula_for(inputs)
        if output.name in values:
            assert formula, output.name
            found = worth(formula, known_symbols(calculator, inputs, values))
            assert found is None or found == pytest.approx(float(values[output.name]), rel=1e-4), (output.name, formula)


@pytest.mark.parametrize(("name", "given"), all_inputs())
def test_formulas_of_slips_give_their_figures(name: str, given: dict[str, str]) -> None:
    calculator, inputs = prepared(name, given)
    values = calculator.compute(inputs).values
    symbols = known_symbols(calculator, inputs, values)
    for slip in calculator.slips:
        figure = slip.value(inputs) if slip.output in values else None
        if figure is not None:
            formula = slip.formula_for(inputs)
            assert formula, slip.explain
            found = worth(formula, symbols)
            assert found is None or found == pytest.approx(float(figure), rel=1e-4), (slip.explain, formula)


@pytest.mark.parametrize(("name", "given"), all_inputs())
def test_the_right_figure_is_right_and_every_other_slip_is_named(name: str, given: dict[str, str]) -> None:
    calculator, inputs = prepared(name, given)
    values = calculator.compute(inputs).values
    for output in (each for each in calculator.outputs if each.name in values):
        exact = Fraction(values[output.name])
        assert judge_output(calculator, inputs, output.name, f"{exact.numerator}/{exact.denominator}").right
    for slip in calculator.slips:
        figure = slip.value(inputs) if slip.output in values else None
        if figure is None or abs(float(figure) - float(values[slip.output])) <= 1e-6 * abs(float(figure)):
            continue
        wrong = Fraction(figure)
        found = judge_output(calculator, inputs, slip.output, f"{wrong.numerator}/{wrong.denominator}")
        assert not found.right
        assert found.slip is not None, (slip.output, slip.explain)


@pytest.mark.parametrize(("name", "given"), all_inputs())
def test_steps_end_with_the_figures_in_either_language(name: str, given: dict[str, str]) -> None:
    calculator, inputs = prepared(name, given)
    try:
        for language in ("en", "zh_CN"):
            set_language(language)
            lines = calculator.steps(inputs)
            assert len(lines) >= 2
            assert bool(CHINESE.search("".join(lines[1:]))) is (language == "zh_CN")
    finally:
        set_language()


@pytest.mark.parametrize("name", NAMES)
def test_the_reference_page(name: str) -> None:
    page = reference(get(name))
    for word in (*get(name).input_names, *get(name).output_names, "Source"):
        assert word in page


def test_names_lists_every_built_in_one() -> None:
    assert set(NAMES) <= set(names())


def test_an_unknown_name_says_which_is_near() -> None:
    with pytest.raises(NotFoundError) as caught:
        get("bubbel")
    assert "bubble" in caught.value.hint


@pytest.fixture
def bubble() -> Calculator:
    return get("bubble")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"stages": 8, "microbatches": 16}, ["schedule"]),
        ({"schedule": "1f1b", "stages": 0, "microbatches": 16}, ["stages", "0", "1", "1024"]),
        ({"schedule": "1f1b", "stages": 2.5, "microbatches": 16}, ["stages", "2.5", "whole"]),
        ({"schedule": "1f1b", "stages": "many", "microbatches": 16}, ["stages", "many"]),
        ({"schedule": "1f1", "stages": 8, "microbatches": 16}, ["schedule", "1f1", "1f1b"]),
        ({"schedule": "1f1b", "stagse": 8, "microbatches": 16}, ["stagse", "stages"]),
        ({"schedule": "1f1b", "stages": 8, "P": 8, "microbatches": 16}, ["stages", "twice"]),
        ({"schedule": "1f1b", "stages": 8, "microbatches": 16, "forward": float("nan")}, ["forward", "nan"]),
        ({"schedule": "1f1b", "stages": 8, "microbatches": 16, "forward": "3 GB"}, ["forward", "3 GB"]),
        ({"schedule": "1f1b", "stages": True, "microbatches": 16}, ["stages", "True"]),
    ],
)
def test_bad_inputs_are_sentences(bubble: Calculator, given: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        parse_inputs(bubble, given)
    for word in words:
        assert word in str(caught.value)


def test_what_cannot_run_is_a_sentence(bubble: Calculator) -> None:
    inputs = parse_inputs(bubble, {"schedule": "dualpipev", "stages": 8, "microbatches": 3})
    with pytest.raises(StudyError, match="dualpipev cannot run"):
        bubble.compute(inputs)


def test_inputs_are_read_with_units_aliases_and_symbols(bubble: Calculator) -> None:
    found = parse_inputs(bubble, {"schedule": "PipeDream Flush", "P": "８", "M": "一十六", "forward": "0.1"})
    assert (found["schedule"], found["stages"], found["microbatches"]) == ("1f1b", 8, 16)
    assert found["forward"] == Fraction(1, 10)


def test_a_model_fills_in_sizes_and_a_given_one_wins() -> None:
    cache = get("kv-cache")
    filled = parse_inputs(cache, {"model": "Llama-2 70B", "sequence": 1})
    assert (filled["layers"], filled["kv_heads"], filled["attention"]) == (80, 8, "gqa")
    assert parse_inputs(cache, {"model": "llama-2-70b", "layers": 40, "sequence": 1})["layers"] == 40


@pytest.mark.parametrize("schedule", ["1f1b", "gpipe", "interleaved", "zb-h1", "zb-v", "chimera", "v-min"])
def test_a_long_run_has_the_figures_of_its_schedule_whether_timed_or_by_formula(
    schedule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from studykit.calculators import pipeline_run

    given = {"schedule": schedule, "stages": 8, "microbatches": 48, "chunks": 2 if schedule == "interleaved" else 1}
    inputs = parse_inputs(get("bubble"), {**given, "backward": 2, "weight": 1})
    made = []
    for limit in (pipeline_run.ALWAYS_TIMED, 0):
        monkeypatch.setattr(pipeline_run, "ALWAYS_TIMED", limit)
        pipeline_run._plan.cache_clear()
        plan = pipeline_run.plan(inputs)
        made.append((plan.makespan, plan.work, plan.idle, plan.bubble("span"), tuple(plan.peak_activations)))
    pipeline_run._plan.cache_clear()
    assert made[0] == made[1]
