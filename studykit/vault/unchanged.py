"""Whether a vault stands exactly as at the last look, told without a list of its files in memory.

A look at every file is all that is left then: of a hundred thousand paths none is made, compared or kept.
"""

import os
from array import array
from collections.abc import Sequence
from typing import TypeAlias

from studykit.vault.globs import Globs
from studykit.vault.scan import HAS_DIR_FD, Scan, patterns_mark, stamp_of

Standing: TypeAlias = dict[str, tuple[str, str, str]]
"""Folder → its stamp (see `vault.scan`), its notes' names with `/` between, their times and sizes packed as hex."""


def standing(found: Scan) -> Standing | None:
    """What a later look is compared with; None where a folder is too fresh, or not read whole, to be relied on."""
    if not found.folders or not all(found.folders.values()):
        return None
    names: dict[str, list[str]] = {folder: [] for folder in found.folders}
    values: dict[str, list[int]] = {folder: [] for folder in found.folders}
    for path, (_path, mtime, size) in found.files.items():
        folder, _slash, name = path.rpartition("/")
        names[folder].append(name)
        values[folder] += (mtime, size)
    return {
        folder: (stamp, "/".join(names[folder]), _packed(values[folder])) for folder, stamp in found.folders.items()
    }


def count_unchanged(root: str, include: Sequence[str], exclude: Sequence[str], known: Standing) -> int | None:
    """How many notes there are, where every folder and every note stands as `known`; otherwise None."""
    if not (known and HAS_DIR_FD):
        return None
    marked = patterns_mark(Globs(include).patterns, Globs(exclude).patterns)
    try:
        return sum(_count(os.path.join(root, folder), marked, *known[folder]) for folder in known)
    except (OSError, _Changed):
        return None


class _Changed(Exception):  # noqa: N818 - it is no error
    """Something differs; what and where, a scan finds out."""


def _count(place: str, marked: str, stamp: str, listed: str, stood: str) -> int:
    descriptor = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        if stamp_of(os.stat(descriptor), marked) != stamp:
            raise _Changed
        names = listed.split("/") if listed else []
        values: list[int] = []
        for name in names:
            status = os.lstat(name, dir_fd=descriptor)
            values += (status.st_mtime_ns, status.st_size)
        if _packed(values) != stood:
            raise _Changed
    finally:
        os.close(descriptor)
    return len(names)


def _packed(values: Sequence[int]) -> str:
    return array("q", values).tobytes().hex()
