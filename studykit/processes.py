"""Other processes for work that one processor does slowly, and how many may run."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from studykit.locale import language, set_language

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor


def processors() -> int:
    """So many this process may use, at least 1: where that is restricted, fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def pool(number: int, prepare: Callable[..., object] | None = None, *given: object) -> "Iterator[ProcessPoolExecutor]":
    """`number` processes during the block, each of which calls `prepare(*given)` first; what is not begun then is not
    done.

    They speak this one's language, leave Ctrl-C to it, and do not collect garbage by themselves: that would go over
    what is in use again and again.
    """
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # Started afresh and not forked: this process may have threads and holds the store open.
    executor = ProcessPoolExecutor(number, get_context("spawn"), _begin, (language(), prepare, given))
    try:
        yield executor
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _begin(chosen: str, prepare: Callable[..., object] | None, given: tuple[object, ...]) -> None:
    import gc
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    set_language(chosen)
    gc.disable()
    if prepare:
        prepare(*given)
