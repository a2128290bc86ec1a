"""Reading the inputs of a calculator: names, kinds, units, ranges, defaults, presets; each error a sentence."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING, Any

from studykit.calculators.figures import Number, plain
from studykit.calculators.refusals import reason
from studykit.calculators.registry import nearest
from studykit.errors import ExitCode, StudyError
from studykit.locale import _, listed

if TYPE_CHECKING:
    from studykit.calculators.declare import Calculator, Input

_PLAIN = 16
LONGEST_LIST = 1024
UNBOUNDED = 10**8
"""Upper limits from here on only keep the arithmetic in bounds; a person is not told them."""


class InputError(StudyError):
    """An input is missing, unknown, or not what the calculator takes. `input` is its name."""

    exit_code = ExitCode.USAGE

    def __init__(self, message: str, hint: str = "", name: str = "") -> None:
        super().__init__(message, hint)
        self.input = name


class RefusalError(StudyError):
    """The model will not answer for these inputs; the message says which condition fails."""

    exit_code = ExitCode.USAGE


def parse_inputs(calculator: "Calculator", given: Mapping[str, Any]) -> dict[str, Any]:
    """Complete inputs from what was `given` by name or symbol, as text or as numbers.

    Decimals become Fractions, so results stay exact. Raises InputError naming the input, what was found, and what
    is allowed.
    """
    known = _by_declared_name(calculator, given)
    filled = {**_filled(calculator, known), **known}
    complete: dict[str, Any] = {}
    for each in calculator.inputs:
        if each.name in filled and filled[each.name] is not None:
            complete[each.name] = read_input(calculator, each, filled[each.name])
        else:
            complete[each.name] = _default(calculator, each, complete)
    return complete


def read_input(calculator: "Calculator", each: "Input", value: Any) -> Any:
    """One input's value, read by its kind and checked against its range."""
    readers: dict[str, Callable[[Calculator, Input, Any], Any]] = {
        "int": _whole, "float": _number, "choice": _choice, "text": _text, "list": _numbers
    }  # fmt: skip
    return readers[each.kind](calculator, each, value)


@contextmanager
def refusals_as_sentences(calculator: "Calculator") -> Iterator[None]:
    """The model refuses with ValueError; a person sees a StudyError that names the calculator.

    Any other failure, as of another package's calculator, becomes a sentence too.
    """
    try:
        yield
    except StudyError:
        raise
    except (ValueError, ArithmeticError) as error:
        raise RefusalError(f"{calculator.name}: {reason(error)}") from error
    except Exception as error:
        message = _("{calculator} failed for these inputs: {why}")
        why = f"{type(error).__name__}: {error}"
        raise RefusalError(message.format(calculator=calculator.name, why=why)) from error


def allowed_values(each: "Input") -> str:
    """What an input takes, in words: a range, a list of choices."""
    if each.kind == "choice":
        return _("one of {choices}").format(choices=listed(each.allowed()))
    if each.kind == "text":
        return _("a text")
    noun = _("a whole number") if each.kind == "int" else _("a number")
    if each.low is not None and each.high is not None and each.high < UNBOUNDED:
        return _("{noun} from {low} to {high}").format(noun=noun, low=plain(each.low), high=plain(each.high))
    if each.low is not None:
        return _("{noun} of at least {low}").format(noun=noun, low=plain(each.low))
    return noun


def _by_declared_name(calculator: "Calculator", given: Mapping[str, Any]) -> dict[str, Any]:
    symbols = {each.symbol: each.name for each in calculator.inputs}
    known: dict[str, Any] = {}
    for key, value in given.items():
        word = str(key).strip()
        name = word.lower().replace("-", "_")
        if name not in calculator.input_names:
            name = symbols.get(word, name)
        if name not in calculator.input_names:
            message = _("{calculator} has no input “{name}”.").format(calculator=calculator.name, name=word)
            raise InputError(message, nearest(name, calculator.input_names), word)
        if name in known:
            raise InputError(_("The input “{name}” is given twice.").format(name=name), "", name)
        known[name] = value
    return known


def _filled(calculator: "Calculator", known: Mapping[str, Any]) -> dict[str, Any]:
    """What the presets among the given inputs (a model, a GPU) say about the other inputs."""
    filled: dict[str, Any] = {}
    for each in calculator.inputs:
        if each.fills and known.get(each.name) is not None:
            preset = each.fills(read_input(calculator, each, known[each.name]))
            filled.update((name, value) for name, value in preset.items() if name in calculator.input_names)
    return filled


def _default(calculator: "Calculator", each: "Input", complete: Mapping[str, Any]) -> Any:
    if callable(each.default):
        return each.default(complete)
    if each.default is not None or each.optional:
        return each.default
    message = _("{calculator} needs {name} ({meaning}).").format(
        calculator=calculator.name, name=each.name, meaning=each.describe()
    )
    raise InputError(message, _("Expected {allowed}.").format(allowed=allowed_values(each)), each.name)


def _wrong(calculator: "Calculator", each: "Input", found: Any) -> InputError:
    message = _("{calculator}: {name} is {found}; it must be {allowed} ({meaning}).").format(
        calculator=calculator.name,
        name=each.name,
        found=_found(found),
        allowed=allowed_values(each),
        meaning=each.describe(),
    )
    return InputError(message, "", each.name)


def _found(value: Any) -> str:
    text = plain(value) if isinstance(value, int | Fraction) else repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 40 else text[:39] + "…"


def _number(calculator: "Calculator", each: "Input", value: Any) -> Number:
    number = _read_number(each, value)
    if number is None or not _in_range(each, number):
        raise _wrong(calculator, each, value)
    return number


def _read_number(each: "Input", value: Any) -> Number | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | Fraction):
        return value
    if isinstance(value, float):
        return Fraction(repr(value)) if isfinite(value) else None
    if not isinstance(value, str):
        return None
    if value.isascii() and value.isdigit() and len(value) < _PLAIN and (value[0] != "0" or value == "0"):
        return Fraction(int(value))  # is in the input's own unit, and most numbers are such
    from studykit.calculators.answer import AnswerError, read_answer
    from studykit.calculators.units import convert

    try:
        reading = read_answer(value)
    except AnswerError:
        return None
    return convert(reading, each.unit)


def _in_range(each: "Input", number: Number) -> bool:
    return (each.low is None or number >= each.low) and (each.high is None or number <= each.high)


def _whole(calculator: "Calculator", each: "Input", value: Any) -> int:
    number = _number(calculator, each, value)
    if number != int(number):
        raise _wrong(calculator, each, value)
    return int(number)


def _choice(calculator: "Calculator", each: "Input", value: Any) -> str:
    spoken = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
    word = str(spoken).strip().lower()
    if word in each.allowed():  # as it nearly always is: once read, a choice is given as declared
        return word
    aliases = each.aliases() if each.aliases else {}
    known = {_key(alias): choice for alias, choice in aliases.items()} | {_key(one): one for one in each.allowed()}
    if _key(word) in known:
        return known[_key(word)]
    error = _wrong(calculator, each, value)
    raise InputError(error.message, nearest(word, [*each.allowed(), *aliases]), each.name)


def _key(word: str) -> str:
    """Letter case, spaces and hyphens make no difference between choices."""
    return "".join(letter for letter in word.lower() if letter.isalnum() or letter == ".")


def _text(calculator: "Calculator", each: "Input", value: Any) -> str:
    if not isinstance(value, str | int) or len(str(value)) > 200:
        raise _wrong(calculator, each, value)
    return str(value).strip()


def _numbers(calculator: "Calculator", each: "Input", value: Any) -> tuple[Number, ...]:
    parts: Sequence[Any]
    if isinstance(value, str):
        text = value.replace("，", ",").strip("[]() ")
        alone = "," not in text and _read_number(each, text) is not None  # `5 ms`, where a blank separates nothing
        parts = [text] if alone else text.split(",") if "," in text else text.split()
    else:
        parts = value if isinstance(value, list | tuple) else [value]
    if not parts or len(parts) > LONGEST_LIST:
        raise _wrong(calculator, each, value)
    return tuple(_number(calculator, each, part) for part in parts)
