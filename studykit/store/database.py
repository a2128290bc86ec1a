"""Opening the store: the right file, the right version, safe settings; and one writer at a time."""

import os
import sqlite3
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager

from studykit.errors import BusyError, StoreError
from studykit.locale import _
from studykit.store import packed
from studykit.store.version import VERSION
from studykit.store.words import add_functions


def _remedy(error: sqlite3.Error) -> str:
    """What helps: a disk without room or rights is no fault of the store."""
    if any(words in str(error) for words in ("full", "disk I/O", "readonly", "unable to open")):
        return _("Make room on that disk, or check the permissions there, and try again.")
    return _("The store is derived from the notes and the log: `studykit sync --rebuild` makes it anew.")


class Store:
    """One vault's SQLite store, open. `connection` is in autocommit-off mode; `write()` is a transaction."""

    def __init__(self, file: str, connection: sqlite3.Connection) -> None:
        self.file = file
        self.connection = connection

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """All of the block or none of it. Raises StoreError for a full or read-only disk."""
        try:
            with self.connection:
                self.connection.execute("BEGIN IMMEDIATE")
                before = self.connection.total_changes
                yield self.connection
                if self.connection.total_changes != before:
                    self.set_meta("written", os.urandom(8).hex())
        except sqlite3.OperationalError as error:
            raise StoreError(
                _("{file} cannot be written: {why}.").format(file=self.file, why=error), _remedy(error)
            ) from error

    def close(self) -> None:
        """Close the file; safe to call twice."""
        self.connection.close()

    def mark(self) -> str:
        """Another one after every `write()` that wrote something, in a store made anew too; empty before the first."""
        return self.meta("written")

    def meta(self, key: str, default: str = "") -> str:
        """A remembered value of the store itself."""
        row = self.connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else default

    def set_meta(self, key: str, value: str) -> None:
        """Remember a value; inside `write()`."""
        self.connection.execute("INSERT OR REPLACE INTO meta(key, value) VALUES (?, ?)", (key, value))


MEMORY = ":memory:"
"""In place of a file: a store that leaves no trace."""


def open_store(file: str) -> Store:
    """Open or make the store at `file`, migrated to this version.

    Raises StoreError when the file is no store, is newer than this studykit, or cannot be opened.
    """
    try:
        if file != MEMORY:
            os.makedirs(os.path.dirname(file), exist_ok=True)
        connection = _connect(file)
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if version > VERSION:
            raise StoreError(
                _("{file} was written by a newer studykit (format {version}, this one knows {known}).").format(
                    file=file, version=version, known=VERSION
                ),
                _("Update studykit, or rebuild the store with `studykit sync --rebuild`."),
            )
        if version < VERSION:
            _migrate(connection)
        return Store(file, connection)
    except sqlite3.DatabaseError as error:
        raise StoreError(
            _("{file} cannot be opened as a store: {why}.").format(file=file, why=error), _remedy(error)
        ) from error
    except OSError as error:
        raise StoreError(
            _("{file} cannot be opened: {why}.").format(file=file, why=error.strerror),
            _("Check the folder and free space."),
        ) from error


def is_current(file: str) -> bool:
    """Whether the store at `file` needs no migration; also for one that cannot be read, which opening will tell."""
    from urllib.parse import quote

    try:
        with closing(sqlite3.connect(f"file:{quote(file)}?mode=ro", uri=True)) as connection:
            return int(connection.execute("PRAGMA user_version").fetchone()[0]) >= VERSION
    except sqlite3.Error:
        return True


def _connect(file: str) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=10.0, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    # The log holds the truth and is fsynced, so the store may lose its last commit with the power, never its form.
    connection.execute("PRAGMA synchronous = NORMAL")
    add_functions(connection)
    packed.add_functions(connection)
    return connection


def _migrate(connection: sqlite3.Connection) -> None:
    from sqlite_utils import Database

    from studykit.store.schema import migrate

    migrate(Database(connection))


@contextmanager
def made_anew(file: str) -> Iterator[Store]:
    """An empty store that takes the place of the one at `file` when the block is done; the caller holds its lock.

    Until then, and if the block fails, what was there stays. Nobody else reads the new one meanwhile, so its pages go
    to their places at once: in a write-ahead log they would be written twice. Raises StoreError.
    """
    aside = f"{file}.new"
    discard_store(aside)
    try:
        with closing(open_store(aside)) as store:
            store.connection.execute("PRAGMA journal_mode = OFF")  # what fails is thrown away, not rolled back
            store.connection.execute("PRAGMA synchronous = OFF")
            yield store
            store.connection.execute("PRAGMA journal_mode = WAL")
        _settle_on_disk(aside)
        _put_in_place(aside, file)
    finally:
        discard_store(aside)  # there is none any more where all went well


def _settle_on_disk(file: str) -> None:
    handle = os.open(file, os.O_RDWR)
    try:
        os.fsync(handle)
    except OSError as error:
        raise StoreError(
            _("{file} cannot be written: {why}.").format(file=file, why=error.strerror), _("Check the folder.")
        ) from error
    finally:
        os.close(handle)


def _put_in_place(aside: str, file: str) -> None:
    """Give `aside` the place of the store at `file`, so that at every moment there is one, the old or the new.

    The old one's write-ahead log is empty by then, for what it held would be taken for the new one's. Where it cannot
    be emptied, since another program reads the old store or it is damaged, the old one goes first.
    """
    if not _log_emptied(file):
        discard_store(file)
    _rename(aside, file)
    _discard((f"{file}-wal", f"{file}-shm"))


def _log_emptied(file: str) -> bool:
    if not os.path.exists(file):
        return False
    try:
        with closing(sqlite3.connect(file, timeout=1.0)) as connection:
            (busy, *_pages) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy
    except sqlite3.Error:
        return False


def _rename(file: str, name: str) -> None:
    try:
        os.replace(file, name)
    except OSError as error:
        raise StoreError(
            _("{file} cannot be written: {why}.").format(file=name, why=error.strerror), _("Check the folder.")
        ) from error


def discard_store(file: str) -> None:
    """Delete a store, damaged or not; the caller holds its lock. What it held is made again from notes and log."""
    _discard((file, f"{file}-wal", f"{file}-shm"))


def _discard(files: Iterable[str]) -> None:
    for each in files:
        try:
            os.unlink(each)
        except FileNotFoundError:
            continue
        except OSError as error:
            raise StoreError(
                _("{file} cannot be deleted: {why}.").format(file=each, why=error.strerror), _("Check the folder.")
            ) from error


_HOLDER = 20  # characters of a lock that say which process holds it


@contextmanager
def only_writer(file: str) -> Iterator[None]:
    """Hold the vault's lock for the block. Raises BusyError naming the process that holds it."""
    place = f"{file}.lock"
    try:
        os.makedirs(os.path.dirname(file), exist_ok=True)
        handle = os.open(place, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StoreError(
            _("{file} cannot be made: {why}.").format(file=place, why=error.strerror),
            _("Check the folder and free space."),
        ) from error
    try:
        _lock(handle)
        os.lseek(handle, 0, os.SEEK_SET)
        # Over the whole of the last one: a file that is cut short first, some file systems write to the disk at once.
        os.write(handle, str(os.getpid()).ljust(_HOLDER).encode())
        yield
    finally:
        os.close(handle)


def is_held(file: str) -> bool:
    """Whether a session or a sync holds the vault's lock now. Waits for nobody; nobody waits for it noticeably."""
    try:
        handle = os.open(f"{file}.lock", os.O_RDWR)
    except OSError:
        return False
    try:
        _try_lock(handle)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False


def _lock(handle: int) -> None:
    """Take the lock, at the second try where somebody only looked whether it was held (`is_held`)."""
    try:
        _try_lock(handle)
    except OSError:
        time.sleep(0.02)
        try:
            _try_lock(handle)
        except OSError as error:
            os.lseek(handle, 0, os.SEEK_SET)
            holder = os.read(handle, _HOLDER).decode("ascii", "replace").strip() or "?"
            raise BusyError(
                _("Another studykit works on this vault (process {holder}).").format(holder=holder),
                _("Finish or close it, then try again."),
            ) from error


def _try_lock(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        # Far behind the process number, which must stay readable for the message of whoever comes second.
        os.lseek(handle, 1 << 20, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
