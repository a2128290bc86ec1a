"""Which notes a folder holds, and what the file system says of each, without opening one."""

import os
import stat
from collections.abc import Mapping, Sequence
from time import time_ns
from typing import TYPE_CHECKING, NamedTuple, TypeAlias
from zlib import crc32

import msgspec

from studykit.errors import Problem, VaultError
from studykit.locale import _
from studykit.vault.globs import Globs

if TYPE_CHECKING:
    from studykit.vault.unchanged import Stood

_SETTLED_NS = 2_000_000_000
"""A folder touched less than two seconds ago may change again within one tick of the file system's clock."""

HAS_DIR_FD = os.stat in os.supports_dir_fd and os.open in os.supports_dir_fd


class FileStat(NamedTuple):
    """A file as last seen. `path` is relative to the vault with `/`, spelled as on disk; `size` is in bytes."""

    path: str
    mtime_ns: int
    size: int


Seen: TypeAlias = FileStat | tuple[str, int, int]
"""A `FileStat`, or as much without the names: of a hundred thousand files few are ever asked for them."""


class Scan(msgspec.Struct):
    """What was found. `folders` maps each folder to a stamp; handed to the next scan, unchanged folders are not listed.

    A stamp changes with the folder and with the include and exclude patterns; it means nothing else.
    """

    files: dict[str, Seen] = msgspec.field(default_factory=dict)
    folders: dict[str, str] = msgspec.field(default_factory=dict)
    problems: list[Problem] = msgspec.field(default_factory=list)
    unchanged: int = 0  # so many notes more that stand as they were; told by `vault.unchanged`, as is `standing`
    standing: dict[str, "Stood"] = msgspec.field(default_factory=dict)


class Listing(NamedTuple):
    """The names in one folder that may concern us."""

    files: list[str]
    folders: list[str]


def scan(
    root: str,
    include: Sequence[str],
    exclude: Sequence[str],
    known: Mapping[str, Seen] | None = None,
    folders: Mapping[str, str] | None = None,
    only: Sequence[str] | None = None,
) -> Scan:
    """The notes under `root` that match `include` and not `exclude`.

    Hidden files and folders are passed over, and no symbolic link is followed. A file that stands as in `known` is
    the same object in the result. With `folders` of the scan that `known` came from, only changed folders are listed.
    `only` leaves out all that stands in none of these folders, nor in one below them that is not among `folders`.
    A folder that cannot be read is a problem, and what is known in it stays. Raises VaultError without `root`.
    """
    if not os.path.isdir(root):
        raise VaultError(
            _("{root} is no folder").format(root=root), _("Name a folder of Markdown notes: studykit init DIR")
        )
    return _Walk(root, Globs(include), Globs(exclude), known or {}, folders or {}).run(only)


def patterns_mark(include: Sequence[str], exclude: Sequence[str]) -> str:
    """Eight characters for the patterns, since a folder that stands as it was holds other notes under others."""
    return f"{crc32(repr((tuple(include), tuple(exclude))).encode('utf-8', 'replace')):08x}"


def stamp_of(status: os.stat_result, patterns: str) -> str:
    """A folder's stamp; see `Scan`."""
    return f"{status.st_mtime_ns}:{status.st_ino}:{patterns}"


class _Walk:
    def __init__(
        self, root: str, include: Globs, exclude: Globs, known: Mapping[str, Seen], folders: Mapping[str, str]
    ) -> None:
        self.root, self.include, self.exclude = root, include, exclude
        self.known, self.stamps = known, folders
        self.patterns = patterns_mark(include.patterns, exclude.patterns)
        self.known_in = _by_folder(known) if known else {}
        self.folders_in = _by_folder(folders) if folders else {}
        self.real_root = os.path.realpath(root)
        self.now = time_ns()
        self.found = Scan()

    def run(self, only: Sequence[str] | None = None) -> Scan:
        waiting = [""] if only is None else list(only)
        while waiting:
            folder = waiting.pop()
            try:
                below = self._folder(folder)
            except OSError as error:
                self._unreadable(folder, error)
                continue
            waiting.extend(name for name in reversed(below) if only is None or name not in self.stamps)
        return self.found

    def _folder(self, folder: str) -> list[str]:
        """Take in one folder's files; the folders below it are returned."""
        place = os.path.join(self.root, folder) if folder else self.root
        descriptor = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC) if HAS_DIR_FD else None
        try:
            status = os.stat(place if descriptor is None else descriptor)
            stamp = stamp_of(status, self.patterns)
            settled = self.now - status.st_mtime_ns > _SETTLED_NS
            problems = len(self.found.problems)
            if self.stamps.get(folder) == stamp:
                listing = Listing(self.known_in.get(folder, []), self.folders_in.get(folder, []))
            else:
                listing = self._list(folder, place if descriptor is None else descriptor)
            # What is wrong in a folder is found by listing it, so it is listed until it is put right.
            self.found.folders[folder] = stamp if settled and len(self.found.problems) == problems else ""
            self._stat(folder, listing.files, place, descriptor)
        finally:
            if descriptor is not None:
                os.close(descriptor)
        return [f"{folder}/{name}" if folder else name for name in listing.folders]

    def _stat(self, folder: str, names: Sequence[str], place: str, descriptor: int | None) -> None:
        prefix = f"{folder}/" if folder else ""
        known, files, look = self.known, self.found.files, os.stat
        for name in names:
            path = prefix + name
            try:
                if descriptor is None:
                    status = look(os.path.join(place, name), follow_symlinks=False)
                else:
                    status = look(name, dir_fd=descriptor, follow_symlinks=False)
            except FileNotFoundError:
                continue  # it went between the listing and now
            seen = known.get(path)
            if seen is None or seen[1] != status.st_mtime_ns or seen[2] != status.st_size:
                if not stat.S_ISREG(status.st_mode):
                    continue
                seen = FileStat(path, status.st_mtime_ns, status.st_size)
            files[path] = seen

    def _list(self, folder: str, place: str | int) -> Listing:
        prefix = f"{folder}/" if folder else ""
        listing = Listing([], [])
        with os.scandir(place) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.name.startswith("."):
                    continue
                path = prefix + entry.name
                if entry.is_symlink():
                    self._link(path)
                elif entry.is_dir(follow_symlinks=False):
                    if not self._is_excluded_folder(path):
                        listing.folders.append(entry.name)
                elif self._is_wanted(path) and entry.is_file(follow_symlinks=False):
                    listing.files.append(entry.name)
        return listing

    def _is_wanted(self, path: str) -> bool:
        if not self.include.match(path) or self.exclude.match(path):
            return False
        if path.isascii() or _is_utf8(path):
            return True
        printable = path.encode("utf-8", "backslashreplace").decode()
        self.found.problems.append(Problem(printable, 1, _("the file's name is not UTF-8; rename it to study it")))
        return False

    def _is_excluded_folder(self, path: str) -> bool:
        return self.exclude.match(path) or self.exclude.covers(path) or not _is_utf8(path)

    def _link(self, path: str) -> None:
        """A link within the vault is silent, for what it names is read in its own place."""
        target = os.path.realpath(os.path.join(self.root, path))
        inside = target == self.real_root or target.startswith(self.real_root + os.sep)
        wanted = os.path.isdir(target) or self.include.match(path)
        if not inside and wanted and not self.exclude.match(path):
            message = _("a link out of the vault, to {target}; it is not followed").format(target=target)
            self.found.problems.append(Problem(path, 1, message))

    def _unreadable(self, folder: str, error: OSError) -> None:
        """What was known there may still be there, so it does not count as gone."""
        if isinstance(error, FileNotFoundError | NotADirectoryError) and folder:
            return
        message = _("the folder cannot be read ({why}); its notes stay as they were last seen").format(
            why=error.strerror
        )
        self.found.problems.append(Problem(folder or ".", 1, message))
        self.found.folders[folder] = ""  # to be looked at next time, though the folder above may not be listed then
        below = f"{folder}/" if folder else ""
        self.found.files.update({path: seen for path, seen in self.known.items() if path.startswith(below)})


def _by_folder(paths: Mapping[str, object]) -> dict[str, list[str]]:
    """Names by the folder they are in; the root, being in none, is left out."""
    grouped: dict[str, list[str]] = {}
    for path in paths:
        folder, _slash, name = path.rpartition("/")
        if name:
            grouped.setdefault(folder, []).append(name)
    return grouped


def _is_utf8(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
