"""A learner as a simulation needs one: how answers are graded, and what they cost in seconds."""

import msgspec

Four = tuple[float, float, float, float]


class Learner(msgspec.Struct, frozen=True):
    """Habits of one learner. The defaults are the averages that the fsrs-rs simulator comes with.

    first     shares of Again, Hard, Good and Easy at the first sight of a card
    recalled  shares of Hard, Good and Easy where a card was recalled
    again     shares of the four when a card forgotten today is asked again today
    seconds   what a grade costs when a card is new, due, or asked again on its day
    """

    first: Four = (0.24, 0.094, 0.495, 0.171)
    recalled: tuple[float, float, float] = (0.224, 0.631, 0.145)
    again: Four = (0.2157, 0.0643, 0.6595, 0.0604)
    seconds: tuple[Four, Four, Four] = (
        (19.58, 18.79, 13.78, 10.71),
        (19.38, 17.59, 12.38, 8.94),
        (16.44, 15.25, 12.32, 8.03),
    )

    @property
    def seconds_recalled(self) -> float:
        """What a recalled card costs on average."""
        return sum(share * cost for share, cost in zip(self.recalled, self.seconds[1][1:], strict=True))

    @property
    def seconds_forgotten(self) -> float:
        """What a forgotten card costs on average, with being asked until it is recalled."""
        return self.seconds[1][0] + self._until_recalled()

    @property
    def seconds_new(self) -> float:
        """What a new card costs on its first day, on average."""
        shown = sum(share * cost for share, cost in zip(self.first, self.seconds[0], strict=True))
        return shown + self.first[0] * self._until_recalled()

    def expected(self, recall: float) -> float:
        """Seconds that a due card costs whose retrievability is `recall`."""
        return recall * self.seconds_recalled + (1.0 - recall) * self.seconds_forgotten

    def _until_recalled(self) -> float:
        """Tries follow each other until one succeeds: their number is geometric."""
        once = sum(share * cost for share, cost in zip(self.again, self.seconds[2], strict=True))
        return once / max(1.0 - self.again[0], 0.05)
