"""Results told in a sentence with all that they come from: `每个 token 约 0.5MB，2048 个 token 需要 1GB`.

The forms are in `forms`, `model_forms` and `serving_forms`; here a line is read by them, and the result
compared under both readings of GB.
"""

import re
from collections.abc import Iterator, Mapping

from studykit.calculators.figures import rounded
from studykit.claims.finding import Finding, Report
from studykit.claims.judging.formulas import taken
from studykit.claims.reading.hedges import approximate
from studykit.claims.reading.page import Page
from studykit.claims.reading.tokens import LONGEST
from studykit.claims.sentences.forms import FORMS
from studykit.claims.sentences.grammar import UNITS, WIDTHS, Form
from studykit.claims.sentences.model_forms import MODEL_FORMS
from studykit.claims.sentences.serving_forms import SERVING_FORMS

CALCULATOR = "sentence"
_NEAR, _ABOUT, _BYTES = 0.05, 0.16, 0.08
_FORMS = (*FORMS, *MODEL_FORMS, *SERVING_FORMS)
_BY_WORD = {form.word: [each for each in _FORMS if each.word == form.word] for form in _FORMS}


def check(page: Page) -> Report:
    """Every sentence of the note that holds a result and what it comes from."""
    report = Report()
    for word in page.held(_BY_WORD):
        for line in page.lines_of(word):
            source = page.lines[line]
            if len(source) > LONGEST:
                continue
            for form in _BY_WORD[word]:
                if form.needs in source and not page.quiet(line):
                    report.take(_judge(page, line, form))
    return report


def _judge(page: Page, line: int, form: Form) -> Iterator[Finding | None]:
    source = page.lines[line].replace("**", "").replace("`", "")
    for found in form.pattern.finditer(source):
        if form.unless is not None and form.unless.search(source):
            return
        given = {name: _value(found, name) for name in "abcn" if found.groupdict().get(name)}
        stated = _value(found, "r")
        if form_of_numbers := found.groupdict().get("format"):
            given["w"] = WIDTHS[form_of_numbers[-2:].upper()]
        if not stated or not all(given.values()):
            continue
        rights = taken(form.gives, {**given, "r": stated})
        if not rights:
            continue
        yield (
            None if _fits(found, stated, rights, form) else _finding(page, line, found, rights[0], _inputs(form, given))
        )


def _value(found: re.Match[str], name: str) -> float:
    unit = found.groupdict().get(f"{name}_unit")
    return float(found[name].replace(",", "")) * (UNITS[unit.strip()] if unit else 1.0)


def _fits(found: re.Match[str], stated: float, rights: list[float], form: Form) -> bool:
    """Whether the result is one of those that may be meant, or lies below a bound."""
    unit = (found.groupdict().get("r_unit") or "").strip()
    number = found["r"].replace(",", "")
    step = 10.0 ** -len(number.partition(".")[2]) * UNITS.get(unit, 1.0)
    about = approximate(found.string, found.start("r"), found.end())
    near = _ABOUT if about else _BYTES if unit.endswith("B") else _NEAR
    if form.bound:
        return stated <= max(rights) * (1 + near) + step / 2
    return any(abs(stated - right) <= max(step / 2, near * right) * (1 + 1e-9) for right in rights)


def _inputs(form: Form, given: Mapping[str, float]) -> dict[str, float]:
    """What the result comes from, in base units; of two of a kind the second has a number."""
    found: dict[str, float] = {}
    for letter, name in form.named:
        if letter in given:
            found[f"{name}_2" if name in found else name] = given[letter]
    return found


def _finding(page: Page, line: int, found: re.Match[str], value: float, inputs: Mapping[str, float]) -> Finding:
    unit = (found.groupdict().get("r_unit") or "").strip()
    shown = f"{rounded(value / UNITS.get(unit, 1.0), 3)} {unit}".strip()
    return page.wrong(line, found["r"], value, CALCULATOR, shown, inputs=inputs)
