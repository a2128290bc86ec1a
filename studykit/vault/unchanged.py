"""What differs in a vault since the last look, told without a list of all its files in memory.

A look at every file is all that is left where nothing differs: of a hundred thousand paths none is made, compared or
kept. Where something does, only the folders that it is in are scanned.
"""

import os
from array import array
from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple, TypeAlias

from studykit.vault.globs import Globs
from studykit.vault.halves import by_halves, may_halve
from studykit.vault.scan import HAS_DIR_FD, Scan, Seen, patterns_mark, scan, stamp_of


class Stood(NamedTuple):
    """A folder as it stood: its stamp (see `vault.scan`), its notes' names with `/` between, their times and sizes.

    An empty stamp is that of no folder, so the next look scans it.
    """

    stamp: str
    names: str
    stats: bytes


_MANY = 20_000  # notes; to look at fewer takes one process little more than starting another

UNKNOWN = Stood("", "", b"")
"""A folder of which no note is known as it stands."""

Standing: TypeAlias = Mapping[str, Stood]
"""Folders as they stood at the last look, by path."""


def standing(folders: Mapping[str, str], files: Mapping[str, Seen]) -> dict[str, Stood]:
    """What a later look compares with: the stamps of `folders` and the `files` in them."""
    names: dict[str, list[str]] = {folder: [] for folder in folders}
    values: dict[str, list[int]] = {folder: [] for folder in folders}
    for path, (_path, mtime, size) in files.items():
        folder, _slash, name = path.rpartition("/")
        names[folder].append(name)
        values[folder] += (mtime, size)
    return {folder: Stood(stamp, "/".join(names[folder]), _packed(values[folder])) for folder, stamp in folders.items()}


def changes(root: str, include: Sequence[str], exclude: Sequence[str], known: Standing) -> tuple[Scan, set[str]] | None:
    """A scan that holds only notes that do not stand as `known`, and the paths that are no notes any more.

    Its `unchanged` counts the other notes, and its `standing` has the folders that were scanned as they stand now.
    None where only a scan of the whole vault can tell: nothing is known, or a folder went or cannot be opened.
    """
    if not (known and HAS_DIR_FD):
        return None
    marked = patterns_mark(Globs(include).patterns, Globs(exclude).patterns)
    try:
        count, differing = _looked_over(root, marked, [*known.items()])
    except OSError:
        return None
    if not differing:
        return Scan(unchanged=count), set()
    before = {path: seen for folder in differing for path, seen in _files(folder, known[folder])}
    found = scan(root, include, exclude, before, {folder: stood.stamp for folder, stood in known.items()}, differing)
    found.standing = standing(found.folders, found.files)
    gone = before.keys() - found.files.keys()
    written = {path: seen for path, seen in found.files.items() if before.get(path) is not seen}
    found.unchanged = count + len(found.files) - len(written)
    found.files = written
    return found, gone


def _looked_over(root: str, marked: str, folders: Sequence[tuple[str, Stood]]) -> tuple[int, list[str]]:
    """How many notes stand in folders where all is as it was, and the other folders. Raises OSError as `_count`."""
    work = partial(_look, root, marked)
    if sum(len(stood.stats) for _folder, stood in folders) < _MANY * 16 or not may_halve():
        return work(folders)
    (count, differing), (more, others) = by_halves(work, folders)
    return count + more, differing + others


def _look(root: str, marked: str, folders: Sequence[tuple[str, Stood]]) -> tuple[int, list[str]]:
    count, differing = 0, []
    for folder, stood in folders:
        number = _count(os.path.join(root, folder), marked, *stood)
        if number is None:
            differing.append(folder)
        else:
            count += number
    return count, differing


def _count(place: str, marked: str, stamp: str, listed: str, stood: bytes) -> int | None:
    """How many notes the folder has, if all is as it was. Raises OSError if it is gone, a link, or not to be read."""
    descriptor = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        if stamp_of(os.stat(descriptor), marked) != stamp:
            return None
        names = listed.split("/") if listed else []
        values: list[int] = []
        for name in names:
            status = os.lstat(name, dir_fd=descriptor)
            values += (status.st_mtime_ns, status.st_size)
    except FileNotFoundError:
        return None
    finally:
        os.close(descriptor)
    return len(names) if _packed(values) == stood else None


def _files(folder: str, stood: Stood) -> list[tuple[str, Seen]]:
    prefix = f"{folder}/" if folder else ""
    values = array("q", stood.stats)
    paths = [prefix + name for name in stood.names.split("/")] if stood.names else []
    return [
        (path, (path, *stat)) for path, stat in zip(paths, zip(values[::2], values[1::2], strict=True), strict=True)
    ]


def _packed(values: Sequence[int]) -> bytes:
    return array("q", values).tobytes()
