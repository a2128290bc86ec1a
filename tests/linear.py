"""Whether work takes time in proportion to its size: a large one beside a small one, by processor time."""

import gc
import time
from collections.abc import Callable


def seconds(work: Callable[[], object]) -> float:
    """Processor seconds of one run; the collector's walks through what the test runner holds are not the work's."""
    gc.disable()
    try:
        start = time.process_time()
        work()
        return time.process_time() - start
    finally:
        gc.enable()


def in_proportion(prepare: Callable[[int], Callable[[], object]], small: int, large: int, floor: float) -> bool:
    """Does `prepare(large)()` take at most three times what `prepare(small)()` lets expect, and `floor` seconds?

    Of quadratic work it would be `large / small` times as much as expected. The large one runs first: where `floor`
    is enough for it, no small one is needed. A busy machine may slow one run, but not each of four.
    """
    for _ in range(4):
        took = seconds(prepare(large))
        if took < floor:
            return True
        if took < floor + 3 * large / small * min(seconds(prepare(small)) for _ in range(2)):
            return True
    return False
