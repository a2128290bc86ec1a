"""Regular expressions compiled when they are first used.

A rule for every way of writing cards has its expressions, and a note is written in one of them. A sync that reads one
note would compile them all first, which takes longer than all the rest that it does with that note. Reading numbers
takes hundreds more, and most texts need a few.
"""

import re
from typing import cast

_METHODS = ("search", "match", "fullmatch", "sub", "findall", "finditer", "split")


class _Later:
    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern, self.flags = pattern, flags

    def __getattr__(self, name: str) -> object:
        """Only asked for what is not there yet; from then on this is as quick as the expression itself."""
        if name.startswith("_"):
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self.flags)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def later(pattern: str, flags: "int | re.RegexFlag" = 0) -> re.Pattern[str]:
    """What `re.compile` gives, but compiled at the first use; a faulty pattern raises `re.error` only then.

    >>> later("b+").sub("c", "abba")
    'aca'
    """
    return cast("re.Pattern[str]", _Later(pattern, int(flags)))
