"""Replace a file whole: a reader, or a crash at any moment, finds the old content or the new one, never a part."""

import os
import stat
from contextlib import suppress

from studykit.errors import VaultError
from studykit.locale import _


def read_bytes(path: str) -> tuple[bytes, os.stat_result]:
    """The file's content and its state when it was read. Raises VaultError where it cannot be read."""
    try:
        with open(path, "rb") as file:
            return file.read(), os.fstat(file.fileno())
    except OSError as error:
        raise VaultError(
            _("{path} cannot be read ({why})").format(path=path, why=error.strerror), _("Nothing was written.")
        ) from error


def replace_file(path: str, data: bytes, seen: os.stat_result) -> bool:
    """Put `data` in the place of the file; its mode stays, and a link goes on naming the file it named.

    False, and nothing is written, where the file is no longer as `seen`. Raises VaultError where it cannot be
    written: the old content then stands, and no other file is left behind.
    """
    target = os.path.realpath(path)
    if not seen.st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        raise VaultError(
            _("{path} is read-only").format(path=path),
            _("Nothing was written; make it writable to keep its review dates."),
        )
    temporary = os.path.join(os.path.dirname(target), f".studykit-{os.urandom(8).hex()}.tmp")
    try:
        _write_new(temporary, data, stat.S_IMODE(seen.st_mode))
        if not _is_as(target, seen):
            return False
        os.replace(temporary, target)
    except OSError as error:
        raise VaultError(
            _("{path} cannot be written ({why})").format(path=path, why=error.strerror),
            _("The note stands as it was."),
        ) from error
    finally:
        with suppress(OSError):  # it is there only if it did not take the note's place
            os.unlink(temporary)
    _sync_folder(os.path.dirname(target))
    return True


def _write_new(path: str, data: bytes, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with open(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.chmod(path, mode)


def _is_as(path: str, seen: os.stat_result) -> bool:
    now = os.stat(path)
    return (now.st_mtime_ns, now.st_size, now.st_ino) == (seen.st_mtime_ns, seen.st_size, seen.st_ino)


def _sync_folder(folder: str) -> None:
    """The new name itself is on disk only when its folder is; some systems cannot open a folder."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
