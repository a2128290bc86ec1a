"""The review log on disk: `<folder>/<device>/<yyyy-mm>.jsonl`, the month being that of the event's local day.

Each device writes only its own files, so that git, Syncthing or any other file sync joins them without conflict.
An event is on the disk before `append` returns.
"""

import errno
import os
from collections.abc import Iterable, Iterator, Mapping

from studykit.errors import LogError
from studykit.locale import _
from studykit.store.events import Event, encode, is_day
from studykit.store.log_read import Mark, Read, events_in, month_files, read_grown, read_log

_OPEN = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


class Log:
    """The log under the folder `root` (`NOTES/.studykit/log`), written as `device`.

    `device` becomes a folder's name: not empty, no separator, no leading dot.
    """

    def __init__(self, root: str, device: str) -> None:
        if not device or device.startswith(".") or set(device) & {"/", "\\", "\0"}:
            raise LogError(
                _("{name} cannot name a folder of the review log.").format(name=repr(device)),
                _("Give this device a plain name."),
            )
        self.root = os.path.abspath(root)
        self.device = device

    def append(self, events: Iterable[Event]) -> None:
        """Write events and wait until the disk has them. Raises LogError when they cannot all be kept."""
        months: dict[str, list[bytes]] = {}
        for event in events:
            if not is_day(event.day):
                raise ValueError(f"event {event.id}: day {event.day!r} is no calendar day")
            months.setdefault(event.day[:7], []).append(encode(event) + b"\n")
        self._insist_on_vault()
        for month, lines in months.items():
            path = os.path.join(self.root, self.device, f"{month}.jsonl")
            try:
                _append(path, b"".join(lines))
            except OSError as error:
                raise LogError(
                    _("The review log {path} cannot be written: {reason}.").format(path=path, reason=error.strerror),
                    _("The latest answer is not kept. Make room, or make the folder writable, and answer again."),
                ) from error

    def _insist_on_vault(self) -> None:
        """A folder that vanished is not made again: it may be a disk that is not mounted."""
        vault = os.path.dirname(os.path.dirname(self.root))
        if not os.path.isdir(vault):
            raise LogError(
                _("The notes folder {folder} is gone; the latest answer is not kept.").format(folder=vault),
                _("If it is on another disk, mount it, and answer again."),
            )

    def read_all(self) -> Read:
        """Every event of every device."""
        return read_log(self.root, self._place())

    def read_new(self, offsets: Mapping[str, Mark]) -> Read:
        """What was added since a reading whose `offsets` these are; `whole` if it has to start over."""
        return read_log(self.root, self._place(), offsets)

    def read_grown(self, offsets: Mapping[str, Mark]) -> Read | None:
        """What was added since a reading whose `offsets` these are; None if it has to start over."""
        return read_grown(self.root, self._place(), offsets)

    def month_files(self, read: Read, offsets: Mapping[str, Mark]) -> list[list[str]]:
        """The files of every device, a month at a time (see `log_read.month_files`)."""
        return month_files(self.root, self._place(), read, offsets)

    def events_in(self, paths: Iterable[str], read: Read) -> list[Iterator[list[Event]]]:
        """Every event of some of these files (see `log_read.events_in`)."""
        return events_in(self.root, self._place(), paths, read)

    def _place(self) -> str:
        """The log folder as messages name it, from the vault's root."""
        parent, name = os.path.split(self.root)
        return f"{os.path.basename(parent)}/{name}"


def append_lines(path: str, lines: Iterable[bytes]) -> None:
    """Add lines, without their newlines, to the end of one file of a log; on the disk when this returns."""
    _append(path, b"".join(line + b"\n" for line in lines))


def _append(path: str, data: bytes) -> None:
    folder = os.path.dirname(path)
    fresh = _make_folders(folder)
    new = not os.path.exists(path)
    descriptor = os.open(path, _OPEN, 0o644)
    try:
        # A crash or a full disk can leave a line cut short; what follows must not be glued to it.
        if _cut_short(descriptor):
            data = b"\n" + data
        written = os.write(descriptor, data)
        while written < len(data):  # a full disk says so only on the second call
            written += os.write(descriptor, data[written:])
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    for each in fresh if not new else [*fresh, folder]:
        sync_folder(each)


def _cut_short(descriptor: int) -> bool:
    size = os.lseek(descriptor, 0, os.SEEK_END)
    if size == 0:
        return False
    os.lseek(descriptor, size - 1, os.SEEK_SET)
    return os.read(descriptor, 1) != b"\n"


def _make_folders(folder: str) -> list[str]:
    """Make `folder`; returns the folders whose entries changed by that."""
    changed: list[str] = []
    missing = folder
    while not os.path.isdir(missing):
        missing = os.path.dirname(missing)
        changed.append(missing)
    os.makedirs(folder, exist_ok=True)
    return changed


def sync_folder(folder: str) -> None:
    """A new name is on the disk only once its folder is; Windows does this by itself and cannot open folders."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # a network folder that has no such thing
            raise
    finally:
        os.close(descriptor)
