"""Bindings as the help page needs them: each has an id, a description and a tooltip, translated when shown."""

from collections.abc import Iterable

from textual.binding import Binding

from studykit.locale import _

DIGITS = {1: "1,１", 2: "2,２", 3: "3,３", 4: "4,４"}
"""A grade's keys; full-width ones while an input method is on."""
HELP = "question_mark,fullwidth_question_mark"


def N_(message: str) -> str:  # noqa: N802
    """Marks a message for translation; `_` looks it up when it is shown."""
    return message


def key(keys: str, action: str, description: str, tooltip: str, name: str, *, priority: bool = False) -> Binding:
    """A binding; `name` is its id, the same in the help page and in a keymap."""
    return Binding(keys, action, description, tooltip=tooltip, id=name, priority=priority, show=False)


_SIGNS = {
    "space": N_("Space"), "enter": N_("Enter"), "escape": "Esc",
    "question_mark": "?", "exclamation_mark": "!", "slash": "/",
    "up": "↑", "down": "↓", "left": "←", "right": "→", "tab": "Tab", "home": "Home", "end": "End",
    "pageup": "PgUp", "pagedown": "PgDn", "ctrl+c": "Ctrl-C", "shift+left": "Shift-←", "shift+right": "Shift-→",
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
