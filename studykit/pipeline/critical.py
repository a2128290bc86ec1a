"""Which ops decide when the step ends."""

from studykit.pipeline.schedules.schedule import BACKWARD, FUSED, WEIGHT, Schedule, Shape
from studykit.pipeline.timing import Costs, Ticks
from studykit.pipeline.trace import Logged, sources

Spot = tuple[int, int]
"""A rank and a position in its order."""


class _Row:
    """One rank: where in its order each op of each of its streams stands, and the other way round."""

    def __init__(self, logged: Logged, V: int) -> None:
        self.order, self.starts, self.costs = logged
        self.positions: list[list[int]] = [[] for _ in range(2 * V)]
        self.ordinals: list[int] = []
        self.first = [_stream(code, V) for code in range((FUSED + 1) * V)]
        self.fused_from, self.V = FUSED * V, V
        self.fused: dict[int, int] = {}
        for position, code in enumerate(logged.order):
            stream = self.first[code]
            self.ordinals.append(len(self.positions[stream]))
            if stream >= 0:
                self.positions[stream].append(position)
            if code >= self.fused_from:
                back = self.positions[self._back(code)]
                self.fused[position] = len(back)
                back.append(position)

    def _back(self, code: int) -> int:
        return self.V + 1 - (code - self.fused_from)

    def end(self, position: int) -> Ticks:
        return self.starts[position] + self.costs[self.order[position]]

    def parts(self, position: int) -> list[tuple[int, int]]:
        """The (stream, ordinal) pairs in which an op takes part: one, two if fused, none for W."""
        code = self.order[position]
        stream = self.first[code]
        found = [(stream, self.ordinals[position])] if stream >= 0 else []
        if code >= self.fused_from:
            found.append((self._back(code), self.fused[position]))
        return found


def _stream(code: int, V: int) -> int:
    kind, chunk = divmod(code, V)
    if kind == WEIGHT:
        return -1
    return chunk if kind in (0, FUSED) else V * BACKWARD + chunk


def critical_spots(logged: list[Logged], schedule: Schedule, shape: Shape, costs: Costs) -> set[Spot]:
    """Every op with no slack: walking back from the last ends over whatever each op waited for."""
    rows = [_Row(one, shape.V) for one in logged]
    before = sources(schedule, shape)
    last = [(rank, len(row.order) - 1) for rank, row in enumerate(rows)]
    makespan = max(rows[rank].end(position) for rank, position in last)
    found = {(rank, position) for rank, position in last if rows[rank].end(position) == makespan}
    waiting = list(found)
    while waiting:
        rank, position = waiting.pop()
        row = rows[rank]
        start = row.starts[position]
        makers = [(rank, position - 1)] if position and row.end(position - 1) == start else []
        for stream, ordinal in row.parts(position):
            source = before.get((rank, stream))
            if source is not None:
                maker = source[0], rows[source[0]].positions[source[1]][ordinal]
                lag = costs.p2p if maker[0] != rank else 0
                if rows[maker[0]].end(maker[1]) + lag == start:
                    makers.append(maker)
        for spot in makers:
            if spot not in found:
                found.add(spot)
                waiting.append(spot)
    return found
