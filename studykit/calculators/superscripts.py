"""Raised digits, as powers are written: `10⁻³`."""

from studykit.vault.later import later

RAISED = dict(zip("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", strict=True))
"""The raised sign for each plain one."""
_LOWERED = str.maketrans({raised: plain for plain, raised in RAISED.items()})
_RUN = later("[⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹][⁰¹²³⁴⁵⁶⁷⁸⁹]*(?<![⁻⁺])")  # begins with one set, for which a search is fast


def with_powers(text: str) -> str:
    """The text with what is raised as an exponent of plain digits.

    >>> with_powers("10⁻³ · N²")
    '10^(-3) · N^(2)'
    """
    return _RUN.sub(lambda run: f"^({run[0].translate(_LOWERED)})", text)
