"""A read-only table of published things, found by name however it is typed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Protocol, TypeVar

__all__ = ["Registry"]


class _Named(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def aliases(self) -> tuple[str, ...]: ...


Entry = TypeVar("Entry", bound=_Named)


def _key(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


class Registry(Mapping[str, Entry]):
    """Entries by name: letter case, spaces and punctuation do not matter, and aliases are found too.

    Iterating gives the full names. An unknown name raises KeyError with the nearest known ones.
    """

    def __init__(self, kind: str, entries: Iterable[Entry]) -> None:
        self._kind = kind
        self._entries = {entry.name: entry for entry in entries}
        self._found: dict[str, Entry] = {}
        for entry in self._entries.values():
            for name in (entry.name, *entry.aliases):
                if self._found.setdefault(_key(name), entry) is not entry:
                    raise ValueError(f"two {kind}s answer to {name!r}; expected names that differ")

    def __getitem__(self, name: str) -> Entry:
        found = self._found.get(_key(name)) if isinstance(name, str) else None
        if found is None:
            near = get_close_matches(_key(str(name)), self._found, n=3, cutoff=0.4)
            known = ", ".join(dict.fromkeys(self._found[key].name for key in near)) or ", ".join(self._entries)
            raise KeyError(f"no {self._kind} is called {name!r}; expected one like {known}")
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and _key(name) in self._found

    def __repr__(self) -> str:
        return f"<{len(self)} {self._kind}s: {', '.join(self)}>"
