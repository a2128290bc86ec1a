"""Bindings as the help page needs them: each has an id, a description and a tooltip, translated when shown."""

from collections.abc import Iterable

from textual.binding import Binding

from studykit.locale import _

DIGITS = {1: "1,１", 2: "2,２", 3: "3,３", 4: "4,４"}
"""A grade's keys; full-width ones while an input method is on."""
HELP = "question_mark,fullwidth_question_mark"
FIND = "slash,fullwidth_solidus"
_WIDE = {
    "question_mark": "fullwidth_question_mark", "exclamation_mark": "fullwidth_exclamation_mark",
    "slash": "fullwidth_solidus",
}  # fmt: skip


def N_(message: str) -> str:  # noqa: N802
    """Marks a message for translation; `_` looks it up when it is shown."""
    return message


def twins(key: str) -> tuple[str, ...]:
    """A key and the one that the same key cap gives while an input method types full-width signs.

    >>> twins("q"), twins("slash"), twins("f2")
    (('q', 'ｑ'), ('slash', 'fullwidth_solidus'), ('f2',))
    """
    if len(key) == 1 and key.isascii() and key.isalnum():
        return key, chr(ord(key) + 0xFEE0)
    return (key, _WIDE[key]) if key in _WIDE else (key,)


def key(keys: str, action: str, description: str, tooltip: str, name: str, *, priority: bool = False) -> Binding:
    """A binding; `name` is its id, the same in the help page and in a keymap. Full-width twins are bound too."""
    both = dict.fromkeys(each for one in keys.split(",") for each in twins(one))
    return Binding(",".join(both), action, description, tooltip=tooltip, id=name, priority=priority, show=False)


_SIGNS = {
    "space": N_("Space"), "enter": N_("Enter"), "escape": "Esc",
    "question_mark": "?", "exclamation_mark": "!", "slash": "/",
    "up": "↑", "down": "↓", "left": "←", "right": "→", "tab": "Tab", "home": "Home", "end": "End",
    "pageup": "PgUp", "pagedown": "PgDn", "ctrl+c": "Ctrl-C", "ctrl+r": "Ctrl-R",
    "shift+left": "Shift-←", "shift+right": "Shift-→",
}  # fmt: skip


def signs(keys: str) -> str:
    """A binding's keys as they are printed on a keyboard; full-width twins are not told apart from them.

    >>> signs("question_mark,fullwidth_question_mark"), signs("up,k"), signs("1,１")
    ('?', '↑ k', '1')
    """
    names = [name for name in keys.split(",") if name.isascii() and not name.startswith("fullwidth")]
    return " ".join(_(_SIGNS[name]) if name in _SIGNS else name for name in names)


def explained(bindings: Iterable[Binding]) -> list[tuple[str, str, str]]:
    """(keys, what they do, more about it) for each binding, in the learner's language."""
    return [(signs(each.key), _(each.description), _(each.tooltip)) for each in bindings]
