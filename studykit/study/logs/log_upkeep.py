"""What keeps a log small and safe: old months closed on request, and dated archives of it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from studykit import __version__, places
from studykit.errors import LogError, NotFoundError, StudyError
from studykit.locale import _
from studykit.store.backup import is_backup, restore_log, write_backup
from studykit.store.database import only_writer
from studykit.store.log_close import Closed, close_months
from studykit.store.version import VERSION, stored_version
from studykit.study.vault import Vault


@dataclass(frozen=True, slots=True)
class Backup:
    """An archive as it was written: its place, its bytes, and how many log files it holds."""

    file: str
    bytes: int
    log_files: int


@dataclass(frozen=True, slots=True)
class Returned:
    """What a restore did: see `store.backup.Restored`. `settings` names what became of each settings file."""

    files: int
    lines: int
    known: int
    settings: dict[str, str]


def close_old_months(vault: Vault, now: datetime | None = None) -> Iterator[Closed]:
    """Close this device's months before the present one, one by one. Raises BusyError, LogError."""
    month = vault.day(now or datetime.now()).isoformat()[:7]
    with only_writer(vault.store_file):
        yield from close_months(vault.log_folder, vault.device, month)


def back_up(vault: Vault, file: str | None = None, why: str = "") -> Backup:
    """Write log and settings into an archive: `file`, or a dated one in the data folder.

    Raises LogError, and StudyError where something else than a backup stands in that place.
    """
    now = datetime.now()
    place = os.path.abspath(os.path.expanduser(file)) if file else _dated(vault, now, why)
    if os.path.exists(place) and os.path.getsize(place) and not is_backup(place):
        raise StudyError(_("{file} is there and no backup.").format(file=place), _("Name another file, or delete it."))
    about: dict[str, object] = {
        "studykit": __version__, "vault": vault.root, "device": vault.device, "why": why or "asked for",
    }  # fmt: skip
    count = write_backup(place, vault.log_folder, _settings_files(vault), about, now)
    return Backup(place, os.path.getsize(place), count)


def back_up_before_migration(vault: Vault) -> Backup | None:
    """An archive before a store of an earlier format is brought to this one, once for each; else None.

    The store is derived and a migration does not touch the log, so that this is caution and no condition: where the
    archive cannot be written, study goes on.
    """
    version = stored_version(vault.store_file)
    if not 0 < version < VERSION:
        return None
    why = f"before-format-{VERSION}"
    folder, stem = os.path.split(_stem(vault))
    try:
        if any(name.startswith(stem) and why in name for name in os.listdir(folder)):
            return None
    except FileNotFoundError:
        pass
    try:
        return back_up(vault, why=why)
    except LogError:
        return None


def restore(vault: Vault, file: str, *, settings: bool = False) -> Returned:
    """Put back what the archive `file` has and the log lacks; nothing that is there is overwritten.

    Settings come back where there are none, and with `settings` in the place of those that are there, after a backup.
    Raises NotFoundError, LogError, BusyError.
    """
    place = os.path.abspath(os.path.expanduser(file))
    if not os.path.isfile(place):
        raise NotFoundError(
            _("There is no file {file}.").format(file=file), _("Give one that `studykit backup` wrote.")
        )
    with only_writer(vault.store_file):
        if settings:
            back_up(vault, why="before-restore")
        found = restore_log(place, vault.log_folder, vault.device)
        outcomes = {
            name: _put_settings(target, found.settings[name], settings)
            for name, target in _settings_files(vault).items()
            if name in found.settings
        }
    return Returned(found.files, found.lines, found.known, outcomes)


def _put_settings(target: str, data: bytes, overwrite: bool) -> str:
    """`same`, `kept` (another one stands there), `restored` or `replaced`."""
    there = os.path.exists(target)
    if there:
        with open(target, "rb") as file:
            if file.read() == data:
                return "same"
        if not overwrite:
            return "kept"
    places.write_whole(target, data)
    return "replaced" if there else "restored"


def _settings_files(vault: Vault) -> dict[str, str]:
    return {"vault.toml": places.vault_config_file(vault.root), "person.toml": places.config_file()}


def _stem(vault: Vault) -> str:
    name = os.path.splitext(os.path.basename(vault.store_file))[0]
    return os.path.join(places.data_folder(), "backups", name)


def _dated(vault: Vault, now: datetime, why: str) -> str:
    return f"{_stem(vault)}-{now:%Y-%m-%d-%H%M%S}{'-' if why else ''}{why}.tar.gz"
