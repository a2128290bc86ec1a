"""What a calculator declares: its inputs, outputs and slips, the function it calls, and its worked steps.

From one declaration come the command's options, the live widget, the checking of a typed answer, the note
checker, the reference page and the JSON.

A calculator of your own is such a declaration in your own package, here in `hop_calculators.py`:

>>> from studykit.calculators.declare import Calculator, Input, Output, Slip
>>> HOPS = Calculator(
...     name="hops",
...     title="Hops of one micro-batch",
...     zh="一个 micro-batch 经过的传输次数",
...     inputs=(Input("stages", "P", "pipeline stages", "流水线级数", low=1, high=4096),),
...     outputs=(Output("hops", "H", "sends between stages", "级间传输次数", unit="hops", formula="P-1"),),
...     function=lambda inputs: {"hops": inputs["stages"] - 1},
...     slips=(Slip("hops", "P", "a send after every stage, the last one too", "最后一级之后没有传输",
...                 lambda inputs: inputs["stages"]),),
...     source="counted by hand",
...     example="hops --stages 8",
... )

named in the `pyproject.toml` of the package, where the entry point's name is the calculator's:

    [project.entry-points."studykit.calculators"]
    hops = "hop_calculators:HOPS"

Once the package is installed beside studykit, `studykit calc hops --stages 8`, quiz and calc blocks know it:

>>> HOPS.compute(parse_inputs(HOPS, {"stages": "8"})).values
{'hops': 7}
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from studykit.calculators.figures import Number
from studykit.calculators.inputs import parse_inputs, refusals_as_sentences
from studykit.calculators.registry import get, names

__all__ = ["Calculator", "Input", "Output", "Result", "Slip", "both", "get", "names", "parse_inputs"]

Kind = Literal["int", "float", "choice", "text", "list"]
Inputs = Mapping[str, Any]


def both(en: str, zh: str) -> str:
    """The one of two sentences that is in the learner's language."""
    from studykit.locale import language

    return zh if zh and language().startswith("zh") else en


@dataclass(frozen=True, slots=True)
class Input:
    """One thing a calculator needs.

    `kind`: `int`; `float` (kept as an exact Fraction when typed as a decimal); `choice`; `text`; `list` (numbers).
    `low` and `high` are inclusive and hold for every element of a list. `default` None means it must be given,
    unless `optional`, or unless a preset fills it: `fills` maps a choice such as a model's name to other inputs.
    """

    name: str
    symbol: str
    meaning: str
    zh: str
    unit: str = ""
    kind: Kind = "int"
    low: Number | None = None
    high: Number | None = None
    default: Any = None
    choices: tuple[str, ...] | Callable[[], tuple[str, ...]] = ()
    optional: bool = False
    aliases: Callable[[], Mapping[str, str]] | None = None
    fills: Callable[[str], Mapping[str, Any]] | None = None

    def allowed(self) -> tuple[str, ...]:
        """The choices, asked for late so that a declaration loads no model."""
        return self.choices() if callable(self.choices) else self.choices

    def describe(self) -> str:
        return both(self.meaning, self.zh)


@dataclass(frozen=True, slots=True)
class Output:
    """One figure a calculator gives. `unit` '' is a ratio (shown as a percentage with `percent`) or a bare factor.

    `formula` is the right formula in symbols, or a function of the inputs where it depends on them.
    `convention` names the input that chooses a convention, or the convention itself.
    """

    name: str
    symbol: str
    meaning: str
    zh: str
    unit: str = ""
    convention: str = ""
    percent: bool = False
    formula: str | Callable[[Inputs], str] = ""

    def formula_for(self, inputs: Inputs) -> str:
        return self.formula(inputs) if callable(self.formula) else self.formula

    def describe(self) -> str:
        return both(self.meaning, self.zh)


@dataclass(frozen=True, slots=True)
class Slip:
    """A recognised wrong answer: the output it is about, the formula used, and what is wrong with it.

    `value` gives the wrong figure in the output's unit, or None where the slip makes no sense for these inputs.
    `unit` is what the figure really is in, where that is not the output's unit (a time given for a ratio).
    """

    output: str
    formula: str | Callable[[Inputs], str]
    explain: str
    zh: str
    value: Callable[[Inputs], Number | None]
    unit: str | None = None

    def formula_for(self, inputs: Inputs) -> str:
        return self.formula(inputs) if callable(self.formula) else self.formula

    def describe(self) -> str:
        return both(self.explain, self.zh)


@dataclass(frozen=True, slots=True)
class Result:
    """The figures by output name, and the complete inputs they stand for."""

    values: dict[str, Number]
    inputs: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Calculator:
    """A named question to the model. `function` takes complete inputs and returns the outputs by name."""

    name: str
    title: str
    zh: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    function: Callable[[Inputs], Mapping[str, Number]]
    slips: tuple[Slip, ...] = ()
    explain_steps: Callable[[Inputs, Mapping[str, Number]], list[str]] | None = None
    about: str = ""
    about_zh: str = ""
    source: str = ""
    example: str = ""
    plan: Callable[[Inputs], Any] | None = None

    def describe(self) -> str:
        return both(self.title, self.zh)

    def compute(self, inputs: Inputs) -> Result:
        """The figures for complete inputs (see `parse_inputs`). Raises StudyError where the model refuses them."""
        with refusals_as_sentences(self):
            return Result(dict(self.function(inputs)), dict(inputs))

    def steps(self, inputs: Inputs) -> list[str]:
        """The way to the figures, a line each, with the numbers put in."""
        from studykit.calculators.steps import default_steps

        values = self.compute(inputs).values
        return self.explain_steps(inputs, values) if self.explain_steps else default_steps(self, inputs, values)

    def input(self, name: str) -> Input:
        """The declared input of that name; KeyError if there is none."""
        return {each.name: each for each in self.inputs}[name]

    def output(self, name: str) -> Output:
        """The declared output of that name. Raises NotFoundError with the names there are."""
        for each in self.outputs:
            if each.name == name:
                return each
        from studykit.calculators.registry import no_such_output

        raise no_such_output(self, name)

    @property
    def input_names(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.inputs)

    @property
    def output_names(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.outputs)

    @property
    def formula(self) -> str:
        """The first output's formula where it does not depend on the inputs."""
        first = self.outputs[0].formula
        return "" if callable(first) else first
