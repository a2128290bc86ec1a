"""Values that have a name: `hidden = 4096`, `B=32`, put into the expressions below that use them.

`2 × L × H × 2 bytes = 512 KB` becomes `2 × 32 × 4096 × 2 bytes = 512 KB`, and a line of code with its result in a
comment, `size = b * s * h * 2  # 64 MB`, becomes an equation. A name with two values nearby is left as it stands, and
then the expression cannot be read.
"""

import re
from bisect import bisect_left
from functools import partial
from typing import NamedTuple

from studykit.claims.reading.page import Page
from studykit.claims.reading.tokens import LONGEST
from studykit.vault.later import later

SYMBOLIC = later(
    r"[A-Za-z_)×*·⋅/+](?:(?<=[A-Za-z_)]) *[×*/+·⋅](?![*/+=])"
    r"|(?<=[×*·⋅/+])(?:(?<=[\w)²³].)|(?<=[\w)²³] .)) *\(?[A-Za-z])[\w .()×*/+"
    r"·⋅^\\{}-]{0,80}"
    r"[=≈$] *(?:\\approx)? *[~约]? *\d"
)
COMMENTED = later(r"#(?<=[\s]#) *(?:=|≈|约|~|→|->)? *(?:约|~|≈)? *\d")
_NAME = r"[A-Za-z_][A-Za-z_0-9]{0,24}"
_DEFINITION = later(
    rf"(?<![\w.\])\-/*+×·$\\])(?<![×*/·\d] )(?P<name>{_NAME}) *(?:=|：|:|为)"
    rf" *(?P<value>\d[\d,_]*(?:\.\d+)?(?:[eE]\d{{1,2}})?[KkMB]?)"
    r"(?: *(?:GB/s|TB/s|GB|MB|KB|ms|bytes?|字节|层|维|个(?:头|专家|GPU)?|heads?|layers?|tokens?))?"
    r"(?: *(?=$|[,，;；、）)`。:：(（#|]|//|[\u4e00-\u9fff])| +(?=[A-Za-z]{2}))"
)
_GIVES = (" =", "=", ":", "：", "为", " :")
_ASSIGNMENT = later(rf"^\s*(?P<name>{_NAME}) = (?P<value>[^#=:,\[\]{{}}\"']{{1,160}}?) *(?:#.*)?$")
_RESULT = later(
    rf"^\s*(?:{_NAME} = |print\()(?P<expression>[^#=:,\[\]{{}}\"']{{3,160}}?)\)? *#+ *"
    rf"(?:=|≈|约|~|→|->)? *(?P<about>约|~|≈)? *"
    r"(?P<result>\d[\d.,]*(?:e\d+)? ?(?:[KMGT]i?B|bytes?|字节|ms|GFLOPs?|TFLOPs?|[KMBT]\b|万|亿|%)?)"
    r" *(?P<rest>$|[(（,，。].*)"
)
_CHANGED = later(rf"(?<![\w.])({_NAME}) *(?:[-+*/]=|\+\+|--)|\bfor +({_NAME})\b")
_STEP = later(r"[-+*/]=|\+\+|--|\bfor ")
_OPERATION = later(r"[-+*/]")
_USE = later(rf"(?<![\w.\\])(?<!\d )({_NAME})(?![\w.(\[]| *[:：]|\()")
_JOINED, _JOINS = later("-[A-Za-z]"), later("[A-Za-z]-")
_OPERATORS = "×*/+·⋅(^)-"
_NEVER_NAMES = "x X e int long short char float double bool half void unsigned size_t auto"
_NEVER = frozenset(_NEVER_NAMES.split())
_FARTHEST = 30
_IN_BLOCK = 80
_LONGEST_TEXT = 300


class Filled(NamedTuple):
    """A line with its names replaced: `text` reads as an equation, `names` are those that were put in."""

    text: str
    names: tuple[str, ...]


def filled(page: Page, line: int) -> Filled | None:
    """The line as an equation of numbers, where every name in it has one value; None where nothing was replaced."""
    source = page.lines[line]
    if len(source) > LONGEST // 2:
        return None
    code = page.fence(line) is not None
    text = page.plain(line)
    result = _RESULT.match(text) if code and "#" in text else None
    if result:
        if len(result["result"].strip()) < 2:
            return None
        about = "≈ " if result["about"] else "= "
        text = f"({_balanced(result['expression'])}) {about}{result['result']}"
    elif code and "#" in text:
        return None
    if not any(page.once(_defined, found[1]) for found in _USE.finditer(text)) and not result:
        return None
    known = _known(page, line)
    used: list[str] = []
    replaced = _USE.sub(lambda found: _put(found, text, known, used), text)
    if (not used and not result) or len(replaced) > _LONGEST_TEXT:
        return None
    return Filled(replaced, tuple(used))


def _defined(page: Page, name: str) -> bool:
    """Whether the note may give the name a value somewhere: a look before every line is read for definitions."""
    return any(name + sign in page.text for sign in _GIVES)


def _defining(page: Page, line: int) -> list[tuple[str, str]]:
    """What the line defines."""
    source = page.lines[line]
    fence = page.fence(line) if "=" in source else None
    if (fence or _is_numbered(page, line)) and (given := _given(page, line)):
        return given
    assigned = _ASSIGNMENT.match(source) if fence and " = " in source else None
    if assigned and _OPERATION.search(assigned["value"]):
        return [(assigned["name"], f"({assigned['value'].strip()})")]
    return []


def _is_numbered(page: Page, line: int) -> bool:
    at = bisect_left(page.numbered, line)
    return at < len(page.numbered) and page.numbered[at] == line


def _given(page: Page, line: int) -> list[tuple[str, str]]:
    plain = page.lines[line][: LONGEST // 2]
    if "$" in plain or "`" in plain:
        plain = plain.replace("$", " ").replace("`", " ")
    return [(each["name"], _number(each["value"])) for each in _DEFINITION.finditer(plain)]


def _balanced(expression: str) -> str:
    """An expression whose last parenthesis the pattern may have taken for that of `print(`."""
    return expression + ")" * max(0, expression.count("(") - expression.count(")"))


def _put(found: re.Match[str], text: str, known: dict[str, str], used: list[str]) -> str:
    """The value of a name that is an operand; else the name."""
    name = found[1]
    before, behind = text[: found.start()].rstrip()[-1:], text[found.end() :].lstrip()[:1]
    operand = (before and before in _OPERATORS) or (behind and behind in _OPERATORS)
    # Behind a number it is a unit, unless a product sign stands between; `-` within a word joins it.
    joined = _JOINED.match(text, found.end()) or (found.start() > 1 and _JOINS.match(text, found.start() - 2))
    # `P=8, M=16 / P=4`: a spaced sign before and a tight `=` behind begin another definition.
    anew = (
        text[: found.start()].endswith(" ")
        and text.startswith("=", found.end())
        and text[found.end() + 1 :][:1].isdigit()
    )
    if not operand or name in _NEVER or name not in known or joined or before.isdigit() or anew:
        return name
    used.append(name)
    return known[name]


def _known(page: Page, line: int) -> dict[str, str]:
    """The names that have one value above or on the line, in its section or its code block."""
    values: dict[str, str] = {}
    unclear: set[str] = set()
    fence = page.fence(line)
    start = max(page.section_start(fence.line if fence else line), (fence.line if fence else line) - _FARTHEST)
    first = min(max(start, line - _IN_BLOCK), line)
    for number in (*range(start, min(first, fence.line if fence else first)), *range(first, line + 1)):
        given = page.once(_defining, number)
        inside = page.fence(number) if given or "=" in page.lines[number] else fence
        if inside is not None and inside is not fence:
            continue
        if _STEP.search(page.lines[number]):
            unclear.update(found[1] or found[2] for found in _CHANGED.finditer(page.lines[number][:LONGEST]))
        for name, value in given:
            if number < line or value[0] != "(":
                unclear.update([name] if values.setdefault(name, value) != value else [])
    return {name: value for name, value in _spelled_out(values).items() if name not in unclear}


def _number(text: str) -> str:
    if text[-1] in "Kk":
        return f"({text[:-1]} * 1024)"
    return text.rstrip(",_")


def _spelled_out(values: dict[str, str]) -> dict[str, str]:
    """The values with names in them replaced, a few steps deep; what is still a name then stays and is unreadable."""
    for _ in range(3):
        known = values
        values = {
            name: value if value[0] != "(" else _USE.sub(partial(_value, known), value)[:_LONGEST_TEXT]
            for name, value in known.items()
        }
    return values


def _value(known: dict[str, str], found: re.Match[str]) -> str:
    return known.get(found[1], found[1])
