"""Closing months of the log: what this device wrote long ago, packed to a sixth of its size and still read.

It happens by command only. A closed month takes in everything that stands in the device's folder for that month:
its file, an earlier closing, and copies that other programs made. No line is lost by it, not even one that cannot be
read. An event that comes late opens the month's plain file again, which is read beside the closed one.
"""

import gzip
import os
import re
from collections.abc import Iterator
from typing import NamedTuple

from studykit.errors import LogError
from studykit.locale import _
from studykit.places import write_whole
from studykit.store.log import sync_folder
from studykit.store.log_read import is_log_file, unpacked

_MONTH = re.compile(r"(\d{4}-\d{2})\b")


class Closed(NamedTuple):
    """A month as it was closed: its lines, and the bytes of its files before and after."""

    month: str
    lines: int
    before: int
    after: int


class _Source(NamedTuple):
    path: str
    state: os.stat_result
    data: bytes


def close_months(root: str, device: str, before: str) -> Iterator[Closed]:
    """Close the months earlier than `before` (`2026-11`) of the log that `device` keeps under `root`, one by one.

    The caller holds the vault's lock. Raises LogError where a file cannot be read whole or written; nothing is lost.
    """
    folder = os.path.join(root, device)
    try:
        names = sorted(name for name in os.listdir(folder) if is_log_file(name) and not name.startswith((".", "~")))
    except FileNotFoundError:
        return
    months: dict[str, list[str]] = {}
    for name in names:
        month = _MONTH.match(name)
        if month and month[1] < before:
            months.setdefault(month[1], []).append(name)
    for month_name, own in sorted(months.items()):
        target = f"{month_name}.jsonl.gz"
        if own != [target]:
            yield _close(folder, month_name, sorted(own, key=lambda name: (name != target, name)))


def _close(folder: str, month: str, names: list[str]) -> Closed:
    try:
        sources = [_read(os.path.join(folder, name)) for name in names]
        lines = dict.fromkeys(line for source in sources for line in _lines(source.data))
        data = b"".join(line + b"\n" for line in lines)
        target = os.path.join(folder, f"{month}.jsonl.gz")
        write_whole(target, gzip.compress(data, 9, mtime=0))
        sync_folder(folder)
        for source in sources:
            if source.path != target and _as_read(source):
                os.unlink(source.path)
        sync_folder(folder)
        return Closed(month, len(lines), sum(source.state.st_size for source in sources), os.path.getsize(target))
    except OSError as error:
        raise LogError(
            _("The month {month} of the log cannot be closed: {why}.").format(month=month, why=error.strerror),
            _("Nothing is lost by it. Make room, or make {folder} writable, and try again.").format(folder=folder),
        ) from error


def _read(path: str) -> _Source:
    with open(path, "rb") as file:
        data, state = file.read(), os.fstat(file.fileno())
    if path.endswith(".gz"):
        data, whole = unpacked(data)
        if not whole:
            raise LogError(
                _("{path} is damaged or still being copied, so its month is not closed again.").format(path=path),
                _("Wait for the copy, or take the file from a backup with `studykit restore`."),
            )
    return _Source(path, state, data)


def _lines(data: bytes) -> Iterator[bytes]:
    return (line for line in data.split(b"\n") if line.strip(b"\0 \t\r"))


def _as_read(source: _Source) -> bool:
    now = os.stat(source.path)
    return (now.st_size, now.st_mtime_ns) == (source.state.st_size, source.state.st_mtime_ns)
