"""Regular expressions that are compiled when they are first used.

Reading numbers takes hundreds of them, and most texts need a few: compiling all of them would take a start of half a
second, most of it for sets of Chinese characters.
"""

import re
from re import Pattern
from typing import TYPE_CHECKING, Any, cast


class _Late:
    """Stands for a compiled expression; its methods are taken over from the real one at the first use of any."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern, self.flags = pattern, flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self.flags)
        for method in ("search", "match", "fullmatch", "finditer", "findall", "split", "sub"):
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


if TYPE_CHECKING:
    late = re.compile
else:

    def late(pattern: str, flags: int = 0) -> Pattern[str]:
        """As `re.compile`, but an error in the expression shows only where it is used.

        >>> late("[0-9]+").findall("8 + 16")
        ['8', '16']
        """
        return cast("Pattern[str]", _Late(pattern, int(flags)))
