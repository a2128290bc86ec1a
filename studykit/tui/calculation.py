"""A calculator in use: what was set, what follows from it, and what is wrong with it. No screen."""

from collections.abc import Mapping
from fractions import Fraction
from math import floor, log10
from typing import Any

from studykit.calculators.declare import Calculator, Input, Result
from studykit.calculators.figures import Number, plain, shown, unit_word
from studykit.calculators.inputs import parse_inputs, read_input
from studykit.errors import StudyError


class Calculation:
    """`given` is what the note or the learner set; everything else comes from presets and defaults.

    A value that cannot be computed leaves `error` as a sentence and the last good `result` in place.
    """

    def __init__(self, calculator: Calculator, given: Mapping[str, Any] | None = None) -> None:
        self.calculator = calculator
        symbols = {each.symbol: each.name for each in calculator.inputs}
        self.given: dict[str, Any] = {_name(calculator, key, symbols): value for key, value in (given or {}).items()}
        self.inputs: dict[str, Any] = {}
        self.result: Result | None = None
        self.error = ""
        self.row = 0
        self.typing: str | None = None
        self._compute(self.given)

    @property
    def input(self) -> Input:
        """The input of the chosen row."""
        return self.calculator.inputs[self.row]

    def move(self, by: int) -> None:
        """Choose another row; what was being typed is taken first."""
        self.accept()
        self.row = min(max(self.row + by, 0), len(self.calculator.inputs) - 1)

    def set(self, name: str, value: Any) -> bool:
        """Set one input, as text or as a value. False if it was refused; `error` then says why."""
        each = self.calculator.input(name)
        try:
            read = read_input(self.calculator, each, value)
        except StudyError as error:
            self.error = error.message
            return False
        given = {**self.given, name: read}
        if each.fills:  # a preset speaks for the inputs it fills until they are set again
            given = {key: kept for key, kept in given.items() if key == name or key not in each.fills(read)}
        return self._compute(given)

    def step(self, direction: int, *, far: bool = False) -> bool:
        """Change the chosen input by one step; `far` doubles or halves a number."""
        self.typing = None
        each, now = self.input, self.inputs.get(self.input.name)
        if each.kind == "choice":
            choices = each.allowed()
            at = choices.index(now) if now in choices else -1 if direction > 0 else 0
            return self.set(each.name, choices[(at + direction) % len(choices)])
        if each.kind not in ("int", "float"):
            return False
        value: Number = now if isinstance(now, int | float | Fraction) else each.low or 0
        return self.set(each.name, _within(each, stepped(value, direction, whole=each.kind == "int", far=far)))

    def type(self, letter: str) -> None:
        """Add a letter to what is being typed into the chosen row; the first one begins anew."""
        self.typing = (self.typing or "") + letter

    def erase(self) -> None:
        """Take back the last letter typed; on a value not being typed, start from that value."""
        present = self.typing if self.typing is not None else plain(self.inputs.get(self.input.name, ""))
        self.typing = present[:-1]

    def accept(self) -> bool:
        """Take what was typed; True if there was nothing or it was good."""
        typed, self.typing = self.typing, None
        return typed is None or self.set(self.input.name, typed)

    def line(self) -> str:
        """The `calc` line that stands for the present inputs."""
        from studykit.calculators.line import written

        return written(self.calculator, self.inputs)

    def shown_input(self, each: Input) -> str:
        """The value of an input as a person types it, its unit behind."""
        value = self.inputs.get(each.name)
        return "" if value is None else f"{plain(value)} {unit_word(each.unit)}".rstrip()

    def figures(self) -> list[tuple[str, str, str]]:
        """(name, value, formula) of each output that has a value."""
        if self.result is None:
            return []
        values, inputs = self.result.values, self.result.inputs
        return [
            (each.describe(), shown(values[each.name], each.unit, percent=each.percent), each.formula_for(inputs))
            for each in self.calculator.outputs
            if each.name in values
        ]

    def _compute(self, given: dict[str, Any]) -> bool:
        try:
            inputs = parse_inputs(self.calculator, given)
            self.given, self.inputs = given, inputs
            self.result = self.calculator.compute(inputs)
        except StudyError as error:
            self.error = error.message
            self.given = given
            self.inputs = {
                each.name: given.get(each.name, self.inputs.get(each.name)) for each in self.calculator.inputs
            }
            return False
        self.error = ""
        return True


def stepped(value: Number, direction: int, *, whole: bool, far: bool = False) -> Number:
    """The next value up or down: the second digit changes, a whole number by one at least.

    >>> stepped(8, 1, whole=True), stepped(4096, -1, whole=True), stepped(8, -1, whole=True, far=True)
    (9, 4000, 4)
    >>> stepped(Fraction(1, 2), 1, whole=False)
    Fraction(11, 20)
    """
    if far:
        far_value = Fraction(value) * 2 if direction > 0 else Fraction(value) / 2
        return int(far_value) if whole else far_value
    if not value:
        return direction if whole else Fraction(direction, 10)
    magnitude = floor(log10(abs(float(value))))
    if whole:
        unit: int = 10 ** (magnitude - 1) if magnitude >= 2 else 1
        return (
            (int(value) // unit + direction) * unit
            if direction > 0 or int(value) % unit == 0
            else int(value) // unit * unit
        )
    exact = Fraction(value).limit_denominator(10**9)
    return exact + direction * Fraction(10) ** (magnitude - 1) * (5 if magnitude < 0 else 1)


def starting_point(calculator: Calculator) -> dict[str, str]:
    """The inputs of the calculator's own example, so that it shows figures before anything is set.

    >>> from studykit.calculators.registry import get
    >>> starting_point(get("interleaving"))
    {'stages': '4', 'microbatches': '8', 'chunks': '4'}
    """
    words = calculator.example.split()[1:]
    pairs = zip(words[::2], words[1::2], strict=False)
    return {name.removeprefix("--").replace("-", "_"): value for name, value in pairs if name.startswith("--")}


def _name(calculator: Calculator, key: str, symbols: Mapping[str, str]) -> str:
    """The declared name behind a name or symbol as a note has it; an unknown one stays and is refused later."""
    name = key.strip().lower().replace("-", "_")
    return name if name in calculator.input_names else symbols.get(key.strip(), name)


def _within(each: Input, value: Number) -> Number:
    if each.low is not None and value < each.low:
        return each.low
    if each.high is not None and value > each.high:
        return each.high
    return value
