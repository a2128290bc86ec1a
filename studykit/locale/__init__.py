"""Messages a learner sees, in English and Simplified Chinese, through gettext.

`from studykit.locale import _` and call `_("…")` when the message is made, never at import, so that the
language can still be chosen. English is the text in the code and needs no gettext loaded; Chinese comes from
`zh_CN/LC_MESSAGES`.

After a message has changed: `pybabel extract -k N_ -o /tmp/studykit.pot studykit`, then
`pybabel update --no-fuzzy-matching --ignore-obsolete -D studykit -l zh_CN -d studykit/locale -i /tmp/studykit.pot`,
translate what is empty, and `pybabel compile -D studykit -d studykit/locale`. Both files are kept.
"""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from gettext import NullTranslations

DOMAIN = "studykit"
LANGUAGES = ("en", "zh_CN")
_chosen: "NullTranslations | None" = None
_language = "auto"


def set_language(language: str = "auto") -> None:
    """Choose `en`, `zh_CN`, or `auto` (the locale's, from LANGUAGE, LC_ALL, LC_MESSAGES, LANG)."""
    global _chosen, _language
    _chosen, _language = None, language


def language() -> str:
    """The language in use: `en` or `zh_CN`."""
    if _language != "auto":
        return _language
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "zh_CN" if value.lower().startswith("zh") else "en"
    return "en"


def _translations() -> "NullTranslations":
    global _chosen
    if _chosen is None:
        import gettext

        _chosen = gettext.translation(DOMAIN, os.path.dirname(__file__), [language()], fallback=True)
    return _chosen


def _is_english() -> bool:
    return _chosen is None and language() == "en"


def _(message: str) -> str:
    """`message` in the chosen language."""
    return message if _is_english() else _translations().gettext(message)


def in_percent(number: str) -> str:
    """`30.4 %`; in Chinese the sign follows the figure at once: `30.4%`."""
    return f"{number}%" if language().startswith("zh") else f"{number} %"


def listed(words: "Iterable[str]") -> str:
    """`a, b`; in Chinese `a、b`."""
    return ("、" if language().startswith("zh") else ", ").join(words)


def ngettext(one: str, many: str, count: int) -> str:
    """The form of a message that fits `count`."""
    if _is_english():
        return one if count == 1 else many
    return _translations().ngettext(one, many, count)
