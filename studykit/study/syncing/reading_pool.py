"""Many notes read by several processes: reading is the one part of a sync that a second core makes faster."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from studykit.cards.extract import RuleOptions
from studykit.processes import pool, processors
from studykit.study.syncing.note_reading import Reading, read_notes
from studykit.vault.scan import FileStat

if TYPE_CHECKING:
    from concurrent.futures import Future

_A_NOTE, _A_BYTE = 0.5, 0.2e-3  # milliseconds that reading takes, nearly: so much for each note, and for each byte
_WORTH_IT = 1_000.0  # milliseconds of reading for each process; for less, starting it costs more than it saves
_CHUNK = 64  # notes
_MOST = 8  # processes
_options: RuleOptions


def read_many(
    root: str, stats: Sequence[FileStat], digests: Mapping[str, str], options: RuleOptions, *, again: bool
) -> Iterator[Reading]:
    """As `read_notes`, in the same order; with other processes where there are many notes and a core for them."""
    processes = processes_for(stats)
    if processes < 2:
        yield from read_notes(root, stats, digests, options, again=again)
        return
    from concurrent.futures.process import BrokenProcessPool

    done = 0
    try:
        for readings, size in _pooled(processes, root, stats, digests, options, again):
            yield from readings
            done += size
    except (BrokenProcessPool, OSError):  # a process was ended, or none could be started: this one reads on
        yield from read_notes(root, stats[done:], digests, options, again=again)


def processes_for(stats: Sequence[FileStat]) -> int:
    """So many processes are worth starting for these files: as many as there are cores, if there is work for them."""
    work = sum(_A_NOTE + _A_BYTE * stat.size for stat in stats)
    return min(processors(), _MOST, int(work / _WORTH_IT))


def _pooled(
    processes: int, root: str, stats: Sequence[FileStat], digests: Mapping[str, str], options: RuleOptions, again: bool
) -> Iterator[tuple[list[Reading], int]]:
    """The readings chunk by chunk with the size of each; what is read ahead is little, so that memory stays so."""
    waiting: deque[tuple[Future[list[Reading]], int]] = deque()
    with pool(processes, _prepare, options) as executor:
        for start in range(0, len(stats), _CHUNK):
            chunk = stats[start : start + _CHUNK]
            known = {stat.path: digests[stat.path] for stat in chunk if stat.path in digests}
            waiting.append((executor.submit(_read, root, chunk, known, again), len(chunk)))
            if len(waiting) > 2 * processes:
                future, size = waiting.popleft()
                yield future.result(), size
        while waiting:
            future, size = waiting.popleft()
            yield future.result(), size


def _prepare(options: RuleOptions) -> None:
    """In a new process: what is the same for every chunk."""
    global _options
    _options = options


def _read(root: str, chunk: Sequence[FileStat], known: Mapping[str, str], again: bool) -> list[Reading]:
    """In another process. Garbage is collected after a chunk and not within it."""
    import gc

    try:
        return list(read_notes(root, chunk, known, _options, again=again))
    finally:
        gc.collect(0)
