"""A dated archive of a vault's review log and settings, and the way back: a union that overwrites nothing.

The archive (`.tar.gz`) holds `log/<device>/<month>`, the vault's settings as `vault.toml`, the person's own as
`person.toml`, and `about.json`. Notes are not in it, and the store is made again from notes and log.
"""

import io
import json
import os
import re
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from studykit.errors import LogError
from studykit.locale import _
from studykit.places import write_whole
from studykit.store.log import append_lines
from studykit.store.log_read import is_log_file, unpacked

_MONTH = re.compile(r"(\d{4}-\d{2})\b")
_MOST = 4 << 30  # bytes that one member may unpack to; a log has a fraction of that


@dataclass(slots=True)
class Restored:
    """What an archive gave: files put where none stood, lines added to this device's own months, lines known before.

    `settings` names the settings in the archive (`vault.toml`, `person.toml`), with their bytes.
    """

    files: int = 0
    lines: int = 0
    known: int = 0
    settings: dict[str, bytes] = field(default_factory=dict)


def write_backup(file: str, log_root: str, settings: dict[str, str], about: dict[str, object], now: datetime) -> int:
    """Write the archive `file` whole or not at all; how many log files are in it. Raises LogError.

    `settings` maps names in the archive to files, passed over where there is none.
    """
    members = [(f"log/{path}", os.path.join(log_root, *path.split("/"))) for path in log_files(log_root)]
    told = {**about, "made": now.astimezone().isoformat(timespec="seconds"), "log_files": len(members)}
    buffer = io.BytesIO()
    try:
        with tarfile.open(fileobj=buffer, mode="w:gz", compresslevel=6) as archive:
            _add(archive, "about.json", json.dumps(told, ensure_ascii=False, indent=2).encode() + b"\n", now)
            for name, place in [*members, *settings.items()]:
                if name.startswith("log/") or os.path.isfile(place):
                    with open(place, "rb") as source:
                        _add(archive, name, source.read(), now)
        write_whole(os.path.abspath(file), buffer.getvalue())
    except OSError as error:
        raise LogError(
            _("{file} cannot be written: {why}.").format(file=file, why=error.strerror or error),
            _("Name a place with room that can be written; the log itself is untouched."),
        ) from error
    return len(members)


def is_backup(file: str) -> bool:
    """Whether `file` is an archive that `write_backup` wrote, whole or cut short."""
    try:
        with tarfile.open(file, mode="r|gz") as archive:
            first = archive.next()
    except (OSError, tarfile.TarError, EOFError, zlib.error):
        return False
    return first is not None and first.name == "about.json"


def log_files(log_root: str) -> list[str]:
    """Paths within the log folder, with `/`, of every file that a reading of the log reads."""
    found = []
    for folder, folders, names in os.walk(log_root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        prefix = os.path.relpath(folder, log_root).replace(os.sep, "/")
        found += [f"{prefix}/{name}" for name in names if is_log_file(name) and not name.startswith((".", "~"))]
    return sorted(path.removeprefix("./") for path in found)


def _add(archive: tarfile.TarFile, name: str, data: bytes, now: datetime) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mtime, member.mode = len(data), int(now.timestamp()), 0o644
    archive.addfile(member, io.BytesIO(data))


def restore_log(file: str, log_root: str, device: str) -> Restored:
    """Put every line of the archive's log that is missing under `log_root` back. Raises LogError.

    A file that is not there comes back whole. Lines missing from one that is there go to the end of this device's own
    file for that month, so that no other device's file is written and nothing newer is touched.
    """
    found = Restored()
    present = {
        line for path in log_files(log_root) for line in _lines(_whole(os.path.join(log_root, *path.split("/"))))
    }
    try:
        for name, data in _members(file):
            if not name.startswith("log/"):
                found.settings[name] = data
                continue
            _restore_file(name.removeprefix("log/"), data, log_root, device, present, found)
    except tarfile.ReadError as error:
        raise LogError(
            _("{file} is no backup, or is cut short.").format(file=file),
            _("Give a file that `studykit backup` wrote. What was read before the fault is restored."),
        ) from error
    except (tarfile.TarError, EOFError, OSError) as error:
        raise LogError(
            _("{file} cannot be read as a backup: {why}.").format(file=file, why=error),
            _("Give a file that `studykit backup` wrote. What was read before the fault is restored."),
        ) from error
    return found


def _restore_file(path: str, data: bytes, log_root: str, device: str, present: set[bytes], found: Restored) -> None:
    lines = dict.fromkeys(_lines(unpacked(data)[0] if path.endswith(".gz") else data))
    missing = [line for line in lines if line not in present]
    found.known += len(lines) - len(missing)
    if not missing:
        return
    present.update(missing)
    place = os.path.join(log_root, *path.split("/"))
    if len(missing) == len(lines) and not os.path.exists(place):
        write_whole(place, data)
        found.files += 1
    else:
        name = os.path.basename(path)
        month = _MONTH.match(name)
        append_lines(os.path.join(log_root, device, f"{month[1] if month else name}.jsonl"), missing)
    found.lines += len(missing)


def _members(file: str) -> Iterator[tuple[str, bytes]]:
    """The archive's files by name: only those that a backup has, at names that stay within the log folder."""
    with tarfile.open(file, mode="r:*") as archive:
        for member in archive:
            source = archive.extractfile(member) if member.isfile() and _is_ours(member) else None
            if source:
                yield member.name, source.read()


def _is_ours(member: tarfile.TarInfo) -> bool:
    parts = member.name.split("/")
    is_log = len(parts) == 3 and parts[0] == "log" and is_log_file(parts[2])
    safe = all(part and not part.startswith((".", "~")) and "\\" not in part and ":" not in part for part in parts)
    return member.size < _MOST and safe and (is_log or member.name in ("vault.toml", "person.toml", "about.json"))


def _whole(place: str) -> bytes:
    with open(place, "rb") as file:
        data = file.read()
    return unpacked(data)[0] if place.endswith(".gz") else data


def _lines(data: bytes) -> Iterator[bytes]:
    return (line for line in (each.strip(b"\0 \t\r") for each in data.split(b"\n")) if line)
