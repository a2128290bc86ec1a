"""Work done by two processes at once.

A fork costs a millisecond or two, and its copy of this process only works, answers through a pipe and ends.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
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
    with elsewhere(lambda: json.dumps(work(others)).encode()) as answer:
        own = work(mine)
        said = answer()
    return own, json.loads(said) if said else work(others)


@contextmanager
def elsewhere(work: Callable[[], bytes]) -> Iterator[Callable[[], bytes]]:
    """Let another process do `work` during the block; what is yielded waits for its answer.

    The answer is empty if anything went wrong there: the other process could not be started, raised, or was ended.
    A block that is left without the answer ends the other process.
    """
    reader, writer = os.pipe()
    try:
        child = os.fork()
    except OSError:  # no memory or no process left for it
        os.close(reader)
        os.close(writer)
        yield bytes
        return
    if child == 0:
        _answer(work, writer)
    os.close(writer)
    with os.fdopen(reader, "rb") as answer:
        running = [child]

        def said() -> bytes:
            found = answer.read()
            return found if os.waitpid(running.pop(), 0)[1] == 0 else b""  # what an ended process said is cut short

        try:
            yield said
        finally:
            if running:
                _end(child)


def _end(child: int) -> None:
    from signal import SIGKILL

    with suppress(ProcessLookupError):
        os.kill(child, SIGKILL)
    os.waitpid(child, 0)


def _answer(work: Callable[[], bytes], writer: int) -> None:
    """In the other process: say what was found, or nothing, and end without a trace."""
    failed = True
    try:
        with os.fdopen(writer, "wb") as answer:
            answer.write(work())
        failed = False
    except BaseException:  # whatever it is, it happens again where it can be told
        pass
    finally:
        os._exit(failed)
