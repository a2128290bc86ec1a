"""A sentence read in the words of one calculator: which of its numbers are inputs, and which are results."""

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any, NamedTuple

from studykit.calculators.declare import Calculator, Input, Output
from studykit.calculators.inputs import InputError, read_input
from studykit.calculators.presets import GPU, MODEL, slug
from studykit.calculators.units import measure
from studykit.claims.told.words import (
    BEFORE,
    BEHIND,
    BY_UNIT,
    COUNTED,
    GIVEN,
    GIVEN_BEHIND,
    HERE,
    NAMED,
    WIDTHS,
    subject,
)
from studykit.vault.later import later

_UNIT = (
    r"(?:%|[KMGTP]i?B(?:/s|ps|/秒)?|bytes?|字节|[KMGTPE]FLOP(?:/s|S|s)?|ms|us|μs|µs|毫秒|微秒|秒|s|tok(?:en)?s?(?:/s|/秒)"
    r"|(?:sequences|samples|条)/s|万亿|亿|万|[BMKk]|倍|[x×](?! ?\d))"
)
_AMOUNT = later(
    r"(?P<number>\d(?:(?<![A-Za-z_\d.].)|(?<=[TPDC]P.))"  # what stands before is looked at behind the first digit
    r"(?:\d{0,2}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d*(?:\.\d+)?(?:[eE]\d{1,2})?))"
    rf"(?P<unit> ?{_UNIT})?(?![A-Za-z_\d]|\.\d)"
)
_WORKING = later(r"[\s()约]*(?:[=≈×x*/+^·÷−-][\s()约~]*)+")
_LIST = later("[,、] ?")
_LINK = r"[\"'`(\[]*(?:\s*(?:=|:|≈|~|为|是|取|约|大约|有|of|is|are|at|about|a))*\s*[(\[]?\s*$"
_ONE = later(r"\d+(?:\.\d+)?(?:[eE]\d+)? ?\D*|\d{1,3}(?:,\d{3})+(?:\.\d+)?\D*")
_SYMBOL_LINK = r"\s*(?:=|:|为|取)\s*[约~\[]?\s*$"
_GAP = "[^0-9,;]{0,14}"
_ALONE = later(r"\s*(?:[,，、。.:;；)|]|$)")
_CAPITAL = later(r"^[\s*>|-]*[A-Z](?=[a-z])")
_STEM = later("[a-z]+|[0-9]+")
_REACH = 48
_WIDE_INPUTS = ("weight_bytes", "kv_bytes", "element_bytes", "bits")


class Amount(NamedTuple):
    """A number with its unit, or a chain `2 × 32 × 8 = 512` that ends in one; `start` is where the chain begins."""

    text: str
    unit: str
    start: int
    at: int
    end: int
    worked: bool = False


class Reading(NamedTuple):
    """What a sentence says: inputs by declared name as read, results by output; `whole`: no number is left over.

    `clear` is False where one input has two values, or two choices of a kind are named.
    """

    inputs: dict[str, Any]
    results: tuple[tuple[str, Amount], ...]
    whole: bool
    clear: bool


NOTHING = Reading({}, (), True, True)


class Words:
    """The words of one calculator, compiled."""

    def __init__(self, calculator: Calculator) -> None:
        self.calculator = calculator
        numbers = [each for each in calculator.inputs if each.kind in ("int", "float", "list")]
        self.inputs = [_words_of(calculator, each) for each in numbers]
        self.outputs = [(each, *_labels(calculator, each)) for each in calculator.outputs]
        self.choices = [
            (each, {choice: later(form) for choice, form in NAMED[each.name].items()})
            for each in calculator.inputs
            if each.name in NAMED and each.kind == "choice"
        ]
        self.presets = [each for each in calculator.inputs if each.fills and each.aliases]
        self.widths = [name for name in _WIDE_INPUTS if name in calculator.input_names]
        self._mention = later("|".join(_named_results(calculator)))
        self.lists = any(each.kind == "list" for each in calculator.inputs)

    def mentioned(self, sentence: str) -> bool:
        """Whether a result may stand in a sentence that begins `small`; found faster than it is read."""
        return self._mention.search(sentence) is not None

    def read(self, sentence: str) -> Reading:
        """The sentence, which is plain text of one line."""
        return self._read(small(sentence), told=False)

    def told(self, sentence: str) -> Reading:
        """The sentence, which begins `small`; nothing of one that holds no result."""
        return self._read(sentence, told=True)

    def _read(self, sentence: str, *, told: bool) -> Reading:
        hidden = self._without_presets(sentence)
        around = _around(hidden, self.lists)
        outputs = [self._outputs(*each) for each in around]
        if told and not any(outputs):
            return NOTHING
        inputs: dict[str, Any] = {}
        results: list[tuple[str, Amount]] = []
        clear, whole = self._named(sentence, inputs), True
        for (amount, before, behind), named in zip(around, outputs, strict=True):
            if (found := self._given(amount, before, behind, named)) is not None:
                name, value = found
                clear = clear and inputs.setdefault(name, value) == value
            elif named:
                results += [(output, amount) for output in named]
            else:
                whole = whole and amount.worked
        return Reading(inputs, tuple(results), whole, clear)

    def _named(self, sentence: str, inputs: dict[str, Any]) -> bool:
        """Puts in the choices that are named by a word; False where two of a kind are."""
        clear = True
        for each, forms in self.choices:
            found = {choice for choice, form in forms.items() if choice in each.allowed() and form.search(sentence)}
            clear = _put(inputs, each.name, found) and clear
        for each in self.presets:
            named = _preset_form(each.name).finditer(sentence) if _may_name(each.name, sentence) else ()
            found = {_presets(each.name)[slug(name[0])] for name in named}
            clear = _put(inputs, each.name, found) and clear
        capitals = sentence.upper()
        widths = {Fraction(width) for word, width in WIDTHS.items() if word in capitals}
        for name in self.widths:
            clear = _put(inputs, name, {width * 8 for width in widths} if name == "bits" else widths) and clear
        return clear

    def _without_presets(self, sentence: str) -> str:
        """The sentence with the names of models and GPUs made letters, whose digits are no numbers."""
        for each in self.presets:
            if _may_name(each.name, sentence):
                sentence = _preset_form(each.name).sub(lambda found: "X" * len(found[0]), sentence)
        return sentence

    def _outputs(self, amount: Amount, before: str, behind: str) -> list[str]:
        """The names of the outputs that are meant perhaps."""
        return [
            each.name
            for each, label, after, noun in self.outputs
            if fits(each, amount)
            if _counts(amount, behind, after or noun) and (label.search(before) or (after and after.match(behind)))
        ]

    def _given(self, amount: Amount, before: str, behind: str, outputs: list[str]) -> tuple[str, Any] | None:
        """An input with its value, or None."""
        if amount.worked:
            return None
        found = self._input(amount, before, behind, or_behind=not outputs)
        return found or (None if outputs else self._by_unit(amount))

    def _input(self, amount: Amount, before: str, behind: str, *, or_behind: bool) -> tuple[str, Any] | None:
        """The input whose name leads to the amount, or (where no result's does) stands behind it."""
        for each, label, _counted in self.inputs:
            if label.search(before) and (value := _value(self.calculator, each, amount)) is not None:
                return each.name, value
        for each, _label, counted in self.inputs if or_behind else ():
            if counted and counted.match(behind) and (value := _value(self.calculator, each, amount)) is not None:
                return each.name, value
        return None

    def _by_unit(self, amount: Amount) -> tuple[str, Any] | None:
        for each, _label, _counted in self.inputs:
            if BY_UNIT.get(each.name) == (_kind(amount) or "none"):
                value = _value(self.calculator, each, amount)
                return None if value is None else (each.name, value)
        return None


@lru_cache(maxsize=64)
def _around(text: str, lists: bool) -> list[tuple[Amount, str, str]]:
    """Each amount with the text before and behind it, up to the next. Several calculators read the same sentence."""
    amounts = list(_amounts(text, lists=lists))
    found: list[tuple[Amount, str, str]] = []
    for index, amount in enumerate(amounts):
        start = max(amounts[index - 1].end if index else 0, amount.start - _REACH)
        end = amounts[index + 1].start if index + 1 < len(amounts) else amount.end + _REACH
        found.append((amount, text[start : amount.start], text[amount.end : end]))
    return found


def _counts(amount: Amount, behind: str, after: re.Pattern[str] | None) -> bool:
    """Whether a number without a unit counts what is asked: nothing else is named behind it."""
    return bool(amount.unit or _ALONE.match(behind) or (after and after.match(behind)))


def _put(inputs: dict[str, Any], name: str, found: set[Any]) -> bool:
    """Takes the one choice that was found; False if there are several."""
    if len(found) == 1:
        inputs.setdefault(name, found.pop())
    return len(found) < 2


def small(sentence: str) -> str:
    """The sentence with its first word as it stands within sentences."""
    found = _CAPITAL.match(sentence)
    return found[0].lower() + sentence[found.end() :] if found else sentence


@cache
def words(name: str) -> Words:
    """The words of a calculator, made once."""
    from studykit.calculators.registry import get

    return Words(get(name))


def fits(output: Output, amount: Amount) -> bool:
    """Whether an amount is of the kind that an output has."""
    if output.percent or amount.unit == "%":
        return output.percent and amount.unit == "%"
    found, wanted = _kind(amount), _kind_of(output.unit)
    if output.unit == "parameters":
        return found == "billion"
    if not found:
        return wanted in ("", "1")
    return found == wanted or (found == "count" and output.unit == "x" and amount.unit in ("倍", "x", "×"))


def _words_of(calculator: Calculator, each: Input) -> tuple[Input, re.Pattern[str], re.Pattern[str] | None]:
    here, counted = HERE.get((calculator.name, each.name), (BEFORE.get(each.name, ""), BEHIND.get(each.name, "")))
    spelled = re.escape(each.name).replace("_", "[_ -]?")
    names = [here, spelled, re.escape(subject(each.zh)), re.escape(subject(each.meaning))]
    before = (
        rf"(?:(?<![A-Za-z_])(?:{'|'.join(filter(None, names))}){_LINK}"
        rf"|(?<![A-Za-z_]){re.escape(each.symbol)}{_SYMBOL_LINK})"
    )
    return each, later(before), _behind(counted)


def _labels(
    calculator: Calculator, output: Output
) -> tuple[re.Pattern[str], re.Pattern[str] | None, re.Pattern[str] | None]:
    """What leads to a result, what makes a number one that stands before it, and what may stand behind it."""
    label = rf"(?<![A-Za-z_])(?:{_names(calculator, output)})(?![A-Za-z]){_GAP}$"
    if "target" not in calculator.input_names:  # `M = 256` is no least M
        label += rf"|(?<![A-Za-z_]){re.escape(output.symbol)}{_SYMBOL_LINK}"
    key = calculator.name, output.name
    return later(label), _behind(GIVEN_BEHIND.get(key, "")), _behind(COUNTED.get(key, ""))


def _behind(form: str) -> re.Pattern[str] | None:
    return later(rf" ?(?:{form})(?![A-Za-z])") if form else None


def _names(calculator: Calculator, output: Output) -> str:
    own = (
        GIVEN.get((calculator.name, output.name), ""),
        *map(re.escape, (subject(output.zh), subject(output.meaning))),
    )
    return "|".join(filter(None, own))


def _named_results(calculator: Calculator) -> Iterator[str]:
    """What `_labels` finds before and behind a number, with a number; what must not stand there is left to it, as
    the search is for what a form can begin with."""
    for output in calculator.outputs:
        yield rf"(?:{_names(calculator, output)}){_GAP}\d"
        if "target" not in calculator.input_names:
            yield rf"{re.escape(output.symbol)}{_SYMBOL_LINK.removesuffix('$')}\d"
        if after := GIVEN_BEHIND.get((calculator.name, output.name)):
            yield rf"\d(?: ?{_UNIT})? ?(?:{after})"


@cache
def _presets(name: str) -> dict[str, str]:
    """The published models or GPUs by every slug of theirs that has a digit, with and without its hyphens."""
    each = MODEL if name == "model" else GPU
    spelled = {**(each.aliases() if each.aliases else {}), **{choice: choice for choice in each.allowed()}}
    return {alias: choice for alias, choice in spelled.items() if any(letter.isdigit() for letter in alias)}


@cache
def _stems(name: str) -> frozenset[str]:
    """The letters (or digits) with which their slugs begin."""
    return frozenset(_STEM.match(each)[0] for each in _presets(name))  # type: ignore[index]


def _may_name(name: str, sentence: str) -> bool:
    small_letters = sentence.lower()
    return any(stem in small_letters for stem in _stems(name))


@cache
def _preset_form(name: str) -> re.Pattern[str]:
    """Their names as notes write them, the longest first."""
    slugs = sorted(_presets(name), key=len, reverse=True)
    names = "|".join(re.escape(each).replace(r"\-", "[- ]") for each in slugs)
    return later(rf"(?<![A-Za-z\d-])(?:{names})(?![A-Za-z\d]|-\w)", re.IGNORECASE | re.ASCII)


def _amounts(text: str, *, lists: bool) -> Iterator[Amount]:
    """The numbers of the text; a chain of arithmetic is one, with the value it ends in, and so are `lists`."""
    made: Amount | None = None
    for found in _AMOUNT.finditer(text):
        unit = (found["unit"] or "").strip()
        one = Amount(found[0], unit, found.start(), found.start(), found.end())
        between = text[made.end : one.start] if made else ""
        if made and _WORKING.fullmatch(between):
            made = one._replace(start=made.start, worked=True)
            continue
        if lists and made and _LIST.fullmatch(between) and not made.unit and not made.worked:
            made = one._replace(text=f"{made.text},{one.text}", start=made.start, at=made.at)
            continue
        if made:
            yield made
        made = one
    if made:
        yield made


def _value(calculator: Calculator, each: Input, amount: Amount) -> Any:
    """The amount as that input reads it; None if it is not one of its kind."""
    text = amount.text
    if each.kind != "list" and not _ONE.fullmatch(text):
        return None
    if amount.unit in ("K", "k") and each.unit == "tokens":
        number = float(text.replace(",", "").rstrip("Kk "))
        text = str(number * (1024 if number.is_integer() and int(number) & (int(number) - 1) == 0 else 1000))
    elif _kind(amount) == "count" or (each.name == "parameters" and _kind(amount) != "billion"):
        return None  # 32K and 2x are of nothing else, and no model has 4 parameters
    try:
        return read_input(calculator, each, text)
    except InputError:
        return None


def _kind(amount: Amount) -> str:
    """What an amount's unit measures: `billion` for `7B`, `count` for 亿, 倍 and the like, else as units have it."""
    if amount.unit in ("B", "M", "亿", "万亿"):
        return "billion"
    if amount.unit in ("K", "k", "万", "倍", "x", "×"):
        return "count"
    return _kind_of(amount.unit)


@cache
def _kind_of(unit: str) -> str:
    found = measure(unit) if unit and unit != "%" else None
    return found.kind.replace("flops", "flop/second") if found else ""
