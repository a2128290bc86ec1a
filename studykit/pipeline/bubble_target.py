"""A bubble ratio to keep, and the least or greatest size of a step that keeps it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from studykit.pipeline.plan import CONVENTIONS
from studykit.pipeline.quantities import Number, amount, choice, exact
from studykit.pipeline.uniform import EvenStages

__all__ = ["Target", "greatest_that_keeps", "least", "least_that_keeps"]

_LIMIT = 1 << 40
"""Beyond any real run: a search that reaches it is told that no number will do."""

_PATIENCE = 20_000_000
"""What a search may cost that must look at every size, in ops simulated."""


class Target:
    """A bubble ratio in a convention, to be reached, or undercut if `strict`."""

    def __init__(self, target: Number | None, efficiency: Number | None, convention: str, strict: bool) -> None:
        self.convention = choice("convention", convention, CONVENTIONS)
        self.strict = strict
        if (target is None) == (efficiency is None):
            raise ValueError("target and efficiency are both or neither given; expected one of them")
        if target is not None:
            self.ratio = exact(amount("target", target))
        else:
            self.ratio = 1 - exact(amount("efficiency", efficiency, most=1))
            self.convention = self.convention if self.convention == "span" else "total"

    def kept(self, step: EvenStages) -> bool:
        """Whether a step that can run keeps within the target."""
        ratio = step.bubble(self.convention)
        return ratio < self.ratio if self.strict else ratio <= self.ratio

    def in_reach(self, step: EvenStages) -> bool:
        """Whether it could: a micro-batch goes down all stages and its I's come back, however well the rest fits."""
        if not step.schedule.trains:
            return True
        trip = step.shape.P * (step.forward + step.backward_input)
        work = step.shape.M * (step.forward + step.backward_input + step.backward_weight)
        return trip <= work * (1 + self.ratio) if self.convention == "ideal" else trip * (1 - self.ratio) <= work


def least_that_keeps(base: EvenStages, target: Target, step: int) -> int:
    """The least M, a multiple of `step`, that can run and keeps the target; 0 if none does."""
    if not _steady(base):
        sizes = (base.sized(M=step * count) for count in range(1, _LIMIT))
        return next((size.shape.M for size in _weighed(sizes, target) if target.kept(size)), 0)

    def from_here(count: int) -> EvenStages | None:
        """Where M cannot run, the next that can stands for it; any 2P in a row have one, if there is one."""
        later = (base.sized(M=step * (count + more)) for more in range(2 * base.shape.P + 1))
        return next((size for size in later if size.runs()), None)

    if from_here(1) is None:
        return 0
    count = least(lambda count: (size := from_here(count)) is not None and target.kept(size))
    found = from_here(count) if count else None
    return found.shape.M if found else 0


def greatest_that_keeps(base: EvenStages, target: Target, most: int) -> int:
    """The greatest P up to `most` that can run and keeps the target; 0 if none does."""

    def from_here(count: int) -> EvenStages | None:
        """Where P cannot run, the next below that can stands for it."""
        below = (base.sized(P=stages) for stages in range(min(count, most), 0, -1))
        return next((size for size in below if size.runs()), None)

    if _steady(base):
        broken = least(lambda count: count > most or not ((size := from_here(count)) is None or target.kept(size)))
        found = from_here(broken - 1)
        return found.shape.P if found else 0
    farthest = least(lambda count: count > most or not target.in_reach(base.sized(P=count))) - 1
    sizes = (base.sized(P=stages) for stages in range(farthest, 0, -1))
    return next((size.shape.P for size in _weighed(sizes, target) if target.kept(size)), 0)


def least(holds: Callable[[int], bool]) -> int:
    """The least count from 1 at which a condition that stays true once true holds; 0 if there is none."""
    high = 1
    while not holds(high):
        high *= 2
        if high > _LIMIT:
            return 0
    low = high // 2 + 1
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return high


def _steady(base: EvenStages) -> bool:
    """Whether more micro-batches never raise the ratio and more stages never lower it.

    Chimera starts a unit of P for a single pair of micro-batches, and the schedules in a V fit the better or
    the worse from size to size, so these are asked size by size.
    """
    even = base.forward == base.backward_input == base.backward_weight
    return even if base.schedule.name == "zb-v" else base.schedule.name not in ("chimera", "v-half", "v-min")


def _weighed(sizes: Iterator[EvenStages], target: Target) -> Iterator[EvenStages]:
    """The sizes that can run and could keep the target, until looking at them costs too much."""
    spent = 0
    for size in sizes:
        able = size.runs() and target.in_reach(size)
        spent += 1000 + (_weight(size) if able and not size.has_formula() else 0)
        if spent > _PATIENCE:
            raise ValueError(
                f"{size.schedule.name} was asked size by size up to {size.shape.P} stages and {size.shape.M} "
                f"microbatches, none of which keeps a bubble of {target.ratio}, and more would take too long to "
                "simulate; expected a larger target or a smaller run"
            )
        if able:
            yield size


def _weight(size: EvenStages) -> int:
    """Ops to simulate; those of building blocks count for more, as short runs of them are worked out slot by slot."""
    P, M, V = size.shape
    return 3 * P * M * V * (100 if size.schedule.name in ("v-half", "v-min") and M <= 2 * P + 5 else 1)
