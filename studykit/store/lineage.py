"""Which events still stand, and to which card each belongs: undos and aliases, resolved.

Both answers depend on the set of events alone, never on the order in which they were read.
"""

from bisect import bisect_right
from collections.abc import Iterable

from studykit.store.events import Alias, Undo, order


def undone(undos: Iterable[Undo]) -> set[str]:
    """Ids of the events taken back, undos among them. An undo that was itself undone takes nothing back.

    Undos that name each other in a ring (no program of ours writes one) are settled by taking the latest as standing.
    """
    by_id = {undo.id: undo for undo in sorted(undos, key=order)}
    waiting = dict.fromkeys(by_id, 0)  # how many undos of this undo are not settled yet
    for undo in by_id.values():
        if undo.event in waiting:
            waiting[undo.event] += 1
    dead: set[str] = set()
    ready = [name for name, count in waiting.items() if count == 0]
    while waiting:
        name = ready.pop() if ready else max(waiting, key=lambda each: order(by_id[each]))
        if name not in waiting:
            continue
        del waiting[name]
        target = by_id[name].event
        if name not in dead:
            dead.add(target)
        if target in waiting:
            waiting[target] -= 1
            if waiting[target] == 0:
                ready.append(target)
    return dead


def families(aliases: Iterable[Alias]) -> dict[str, frozenset[str]]:
    """For each id that an alias names, all ids joined with it by aliases, itself included."""
    groups: dict[str, set[str]] = {}
    for alias in aliases:
        joined = groups.setdefault(alias.card, {alias.card})
        other = groups.setdefault(alias.to, {alias.to})
        if joined is not other:
            small, large = sorted((joined, other), key=len)
            large |= small
            groups.update(dict.fromkeys(small, large))
    whole = {id(group): frozenset(group) for group in groups.values()}
    return {card: whole[id(group)] for card, group in groups.items()}


class Lineage:
    """Where the events of a card id belong, given the aliases that stand.

    An id can stand for one card today and for another after an edit and a new note, so its time is cut into eras. An
    alias joins the running era of `card` to that of `to`. If the latter has been given away already, a new era of `to`
    begins: so a prompt edited there and back keeps its history and no ring can form. Of two aliases for one era the
    later one holds.
    """

    def __init__(self, aliases: Iterable[Alias]) -> None:
        self._starts: dict[str, list[str]] = {}
        self._next: dict[tuple[str, int], tuple[str, int]] = {}
        for alias in sorted(aliases, key=order):
            self._join(alias)
        self.names = {card: self.holder(card, "\U0010ffff") for card in self._starts}

    def _join(self, alias: Alias) -> None:
        here = (alias.card, len(self._starts.setdefault(alias.card, [""])) - 1)
        starts = self._starts.setdefault(alias.to, [""])
        if alias.card != alias.to and self._next.get(here, ("",))[0] == alias.to:
            return  # two devices saw the same edit
        if (alias.to, len(starts) - 1) in self._next:
            starts.append(order(alias))
        if alias.card != alias.to:
            self._next[here] = (alias.to, len(starts) - 1)

    def sole_holder(self, card: str) -> str | None:
        """The id that now holds all that was ever recorded for `card`; None where that depends on when it was."""
        return self.holder(card, "") if len(self._starts.get(card, "_")) == 1 else None

    def holder(self, card: str, when: str) -> str:
        """The id that now holds what was recorded for `card` at `when` (see `events.order`)."""
        starts = self._starts.get(card)
        if starts is None:
            return card
        place = (card, bisect_right(starts, when) - 1)
        while place in self._next:
            place = self._next[place]
        return place[0]
