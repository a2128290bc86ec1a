"""The events of several files in one order, a small part of each at a time.

A log of many years is never in memory as a whole: what is made of a part is made while a processor's cache still holds
it, and the next part takes its room.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from operator import attrgetter

from studykit.store.events import Event

_id = attrgetter("id")


def merged(streams: Iterable[Iterator[list[Event]]]) -> Iterator[list[Event]]:
    """The events of all `streams`, by id: within a part always, and over all parts if each stream has them so.

    Devices make ids in the order of time, so that of an event which stands in two files both come in one part.

    >>> from studykit.store.events import Pause
    >>> pauses = {name: Pause(name, "", "", "", "") for name in "abcde"}
    >>> one, two = [[pauses["a"], pauses["c"]], [pauses["e"]]], [[pauses["b"], pauses["d"]]]
    >>> ["".join(event.id for event in part) for part in merged(map(iter, (one, two)))]
    ['abc', 'd', 'e']
    """
    running = [held for held in map(_Held, streams) if held.fill()]
    while len(running) > 1:
        first = min(running, key=_last)
        bound = _last(first)
        part, first.events = first.events, []
        for held in running:
            part += held.up_to(bound)
        part.sort(key=_id)
        yield part
        running = [held for held in running if held.events or held.fill()]
    for held in running:
        yield sorted(held.events, key=_id)
        while held.fill():
            yield sorted(held.events, key=_id)


def _last(held: "_Held") -> str:
    return held.events[-1].id


class _Held:
    """What was taken from a stream and not handed on yet."""

    def __init__(self, stream: Iterator[list[Event]]) -> None:
        self.stream = stream
        self.events: list[Event] = []

    def fill(self) -> bool:
        """Take the next part of the stream; False at its end."""
        self.events = []
        for events in self.stream:
            if events:
                self.events = events
                return True
        return False

    def up_to(self, bound: str) -> list[Event]:
        """Hand on what is not later than `bound`."""
        end = bisect_right(self.events, bound, key=_id)
        taken, self.events = self.events[:end], self.events[end:]
        return taken
