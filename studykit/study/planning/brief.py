"""The outlook as lines of text: what a reminder decides on, readable without any import.

A line is a name and its values, separated by tabs. `json` alone would cost a third of the time that a scheduler's
run may take, and there is one several times a day that has nothing to say.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:  # `typing` costs as much as all the rest
    from typing import Any

_TEXTS = ("settings", "reviewed", "paused_until")
_NUMBERS = ("format", "rollover_hour", "streak")
_RULES = ("threshold", "hours_between", "after_review")


def as_text(outlook: "dict[str, Any]") -> str:
    """Lines for `outlook`, as `study.days_ahead.look_ahead` makes it."""
    rules = outlook["remind"]
    lines = [f"{name}\t{_flat(outlook.get(name) or '')}" for name in _TEXTS]
    lines += [f"{name}\t{int(outlook[name])}" for name in _NUMBERS]
    lines += [f"{name}\t{int(rules[name])}" for name in _RULES]
    lines.append("\t".join(("quiet_hours", *rules["quiet_hours"])))
    for each in outlook["days"]:
        lines.append("\t".join(("day", each["day"], *(str(each[k]) for k in _COUNTS), _flat(each["line"]))))
    return "\n".join(lines) + "\n"


_COUNTS = ("due", "new", "minutes")


def _flat(text: str) -> str:
    return text.replace("\t", " ").replace("\n", " ")


def read_text(text: str) -> "dict[str, Any]":
    """The outlook back from its lines. Raises ValueError, KeyError or IndexError where they are damaged."""
    found: dict[str, Any] = {}
    days = []
    for line in text.rstrip("\n").split("\n"):
        name, *values = line.split("\t")
        if name == "day":
            counts = dict(zip(_COUNTS, (int(value) for value in values[1:4]), strict=True))
            days.append({"day": values[0], **counts, "line": values[4]})
        else:
            found[name] = values
    outlook: dict[str, Any] = {name: found[name][0] for name in _TEXTS}
    outlook |= {name: int(found[name][0]) for name in _NUMBERS}
    outlook["remind"] = {name: int(found[name][0]) for name in _RULES} | {"quiet_hours": found["quiet_hours"]}
    outlook["days"] = days
    return outlook
