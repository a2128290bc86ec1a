"""Words that make a number less than a plain claim: it is rough, a bound, or was measured."""

from studykit.vault.later import later

_ROUGH = later(r"[约~≈]|大概|左右|接近|about|around|roughly|nearly|approx")
_BEFORE, _BEHIND = 8, 4
LIMIT = r"[<>≤≥]|以[上下内]|超过|不到|至多|最多"
"""A bound, as a part of expressions: less or more may be meant."""
MEASURED = r"实测|测得|[Mm]easured|[Oo]bserved"
"""What was measured follows from more than is told; a part of expressions, too."""


def approximate(text: str, start: int, end: int) -> bool:
    """Whether the number there is told as a rough one: 约, `≈`, `about` before it, 左右 behind it.

    >>> approximate("约 30% 的气泡", 2, 5), approximate("气泡 30%", 3, 6)
    (True, False)
    """
    return _ROUGH.search(text, max(0, start - _BEFORE), end + _BEHIND) is not None
