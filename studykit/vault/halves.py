"""Work of nothing but questions to the operating system, done by two processes at once.

A fork costs a millisecond or two, and its copy of this process only looks, answers through a pipe and ends.
"""

import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")


def may_halve() -> bool:
    """Whether a fork is safe and of use here: on Linux, in a process of one thread that has two cores."""
    if sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2:
        return False
    try:
        return len(os.listdir("/proc/self/task")) == 1
    except OSError:
        return False


def by_halves(work: Callable[[Sequence[T]], Any], items: Sequence[T]) -> tuple[Any, Any]:
    """What `work` makes of every second of `items` and of the others; both must be of what JSON can hold.

    What goes wrong in the other process is done again in this one, so that its exceptions are raised here.
    """
    mine, others = items[::2], items[1::2]
    reader, writer = os.pipe()
    try:
        child = os.fork()
    except OSError:  # no memory or no process left for it
        os.close(reader)
        os.close(writer)
        return work(mine), work(others)
    if child == 0:
        _answer(work, others, writer)
    os.close(writer)
    try:
        with os.fdopen(reader, "rb") as answer:
            own = work(mine)
            said = answer.read()
    finally:
        ended_well = os.waitpid(child, 0)[1] == 0
    return own, json.loads(said) if ended_well else work(others)  # what an ended process said is cut short


def _answer(work: Callable[[Sequence[T]], Any], items: Sequence[T], writer: int) -> None:
    """In the other process: say what was found, or nothing, and end without a trace."""
    failed = True
    try:
        with os.fdopen(writer, "wb") as answer:
            answer.write(json.dumps(work(items)).encode())
        failed = False
    except BaseException:  # whatever it is, it happens again where it can be told
        pass
    finally:
        os._exit(failed)
