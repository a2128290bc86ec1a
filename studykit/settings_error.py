"""What is wrong in a settings file, as a sentence: file, line, setting, what was found and what was expected."""

import difflib
import re
from collections.abc import Iterator
from datetime import date, time
from typing import Any, NamedTuple

import msgspec
from msgspec import inspect

from studykit.errors import SettingsError
from studykit.locale import _, listed
from studykit.settings import as_toml

_PART = re.compile(r"\.([\w-]+)|\[(\d+)\]|(\[\.\.\.\])")
_EXAMPLES = {"[01][0-9]": "08:30", r"\d{4}": "2026-12-24..2027-01-02"}
"""What a text looks like that must match a pattern with this in it."""


class _Place(NamedTuple):
    """Where a value stands: its dotted name, the value, and what msgspec says it has to be."""

    name: str
    value: Any
    kind: inspect.Type


def settings_error(error: msgspec.ValidationError, values: dict[str, Any], file: str, root: type) -> SettingsError:
    """The error that `values`, read from `file`, gave as settings of the type `root`."""
    message, _dash, path = str(error).partition(" - at ")
    place = _walk(re.sub(r"^`|`$", "", path.rpartition(" in ")[2]), values, root)
    if found := re.search(r"unknown field `([^`]+)`", message):
        return _unknown(found[1], place, file)
    if path.startswith("`key` in"):
        wrong = re.search(r"'([^']*)'", message)
        assert isinstance(place.kind, inspect.DictType)
        said = _("{setting} has the name {found}, expected {expected}.")
        message = said.format(
            setting=place.name, found=f'"{wrong[1]}"' if wrong else "", expected=_expected(place.kind.key_type)
        )
    elif message.startswith(("Expected", "Invalid")):
        said = _("{setting} is {found}, expected {expected}.")
        message = said.format(
            setting=place.name, found=_shown(place.value), expected=_expected(place.kind, place.value)
        )
    elif missing := re.search(r"required field `([^`]+)`", message):
        message = _("{setting} lacks `{key}`.").format(setting=place.name, key=missing[1])
    else:
        message = f"{place.name}.{message}"
    return _at(file, place.name, message, _("Change or delete that line; without it the default holds."))


def _unknown(key: str, place: _Place, file: str) -> SettingsError:
    known = [field.encode_name for field in place.kind.fields] if isinstance(place.kind, inspect.StructType) else []
    near = difflib.get_close_matches(key, known, 1)
    name = f"{place.name}.{key}".lstrip(".")
    hint = (
        _("Did you mean `{name}`?").format(name=near[0])
        if near
        else _("There are {names}.").format(names=listed(known))
    )
    return _at(file, name, _("there is no setting `{setting}`.").format(setting=name), hint)


def _at(file: str, name: str, message: str, hint: str) -> SettingsError:
    return SettingsError(f"{file}:{_line(file, name)}: {message}", hint)


def _walk(path: str, values: Any, root: type) -> _Place:
    place = _Place("", values, inspect.type_info(root))
    for name, index, _any in _PART.findall(path):
        place = _step(place, name, int(index) if index else None)
    return place


def _step(place: _Place, name: str, index: int | None) -> _Place:
    """One step down: into a table by `name`, into a list by `index`, or into some value of a table by neither."""
    kind = _solid(place.kind)
    if name and isinstance(kind, inspect.StructType):
        below = next(field.type for field in kind.fields if field.encode_name == name)
        return _Place(f"{place.name}.{name}".lstrip("."), place.value[name], _solid(below))
    if index is not None:
        assert isinstance(kind, inspect.VarTupleType)
        return _Place(place.name, place.value[index], _solid(kind.item_type))
    assert isinstance(kind, inspect.DictType)
    below = _solid(kind.value_type)
    wrong = next((key for key, value in place.value.items() if not _fits(value, below)), next(iter(place.value)))
    return _Place(f"{place.name}.{wrong}", place.value[wrong], below)  # msgspec does not say which


def _fits(value: Any, kind: inspect.Type) -> bool:
    if isinstance(kind, inspect.FloatType):
        return isinstance(value, int | float) and (kind.ge or 0) <= value <= (kind.le or 1)
    assert isinstance(kind, inspect.StructType)
    try:
        msgspec.convert(value, kind.cls)
    except msgspec.ValidationError:
        return False
    return True


def _solid(kind: inspect.Type) -> inspect.Type:
    """Without the None that stands for a missing limit."""
    if isinstance(kind, inspect.UnionType):
        return next(each for each in kind.types if not isinstance(each, inspect.NoneType))
    return kind


def _shown(value: object) -> str:
    return f"{value}" if isinstance(value, date | time) else as_toml(value)


def _expected(kind: inspect.Type, found: object = None) -> str:
    match kind:
        case inspect.IntType():
            return _("a whole number from {least} to {most}").format(least=kind.ge, most=kind.le)
        case inspect.FloatType(ge=None):
            return _("a number")
        case inspect.FloatType():
            return _("a number from {least} to {most}").format(least=f"{kind.ge:g}", most=f"{kind.le:g}")
        case inspect.BoolType():
            return _("true or false")
        case inspect.LiteralType():
            return _("one of {names}").format(names=listed(f'"{each}"' for each in kind.values))
        case inspect.VarTupleType() if found == []:
            return _("a list with something in it: [{item}, …]").format(item=_example(kind.item_type))
        case inspect.VarTupleType():
            return _("a list in brackets: [{item}, …]").format(item=_example(kind.item_type))
        case inspect.StrType():
            return _("a text such as {example}").format(example=_example(kind))
    return _("a table of settings")


def _example(kind: inspect.Type) -> str:
    pattern = getattr(kind, "pattern", None) or ""
    if isinstance(kind, inspect.StrType):
        return f'"{next((example for part, example in _EXAMPLES.items() if part in pattern), "…")}"'
    return "{ … }" if isinstance(kind, inspect.StructType) else "1"


def _line(file: str, name: str) -> int:
    """The line that sets `name`, or opens its table; 1 where it stands in none by itself."""
    try:
        with open(file, encoding="utf-8") as handle:
            lines = handle.read().split("\n")
    except (OSError, UnicodeDecodeError):
        return 1
    named = list(_names(lines))
    around = [(number, found) for number, found in named if f"{name}.".startswith(f"{found}.")]
    within = [(number, "") for number, found in named if found.startswith(f"{name}.")]  # `a.b = 1` makes the table a
    return max(around or within[:1], key=lambda each: len(each[1]), default=(1, ""))[0]


def _names(lines: list[str]) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of each table's head and each key."""
    table = ""
    for number, line in enumerate(lines, 1):
        if head := re.match(r"\s*\[\[?([^\]]+)\]", line):
            table = head[1].replace('"', "").strip()
            yield number, table
        elif key := re.match(r"""\s*["']?([\w.-]+)["']?\s*=""", line):
            yield number, f"{table}.{key[1]}".lstrip(".")
