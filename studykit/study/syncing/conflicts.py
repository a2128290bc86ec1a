"""Merge conflicts in notes: those over review fields are settled, every other is named and left alone.

A settled note takes the values of the side that was reviewed last; the sync that settles it then writes those that
follow from the merged log, as it does for every note.
"""

import os
from typing import NamedTuple

from msgspec.structs import replace

from studykit.errors import Problem, VaultError
from studykit.locale import _
from studykit.study.vault import Vault
from studykit.vault.conflict import Conflict, find_conflict
from studykit.vault.note import Note, parse_note
from studykit.vault.review_fields import alike
from studykit.vault.rewrite import read_bytes, replace_file
from studykit.vault.scan import FileStat


class Settled(NamedTuple):
    """A note as it is to be studied, its file's state, and what stands in the way, if anything does."""

    note: Note
    stat: FileStat
    problem: Problem | None


def settle(vault: Vault, stat: FileStat, data: bytes, *, write: bool = True) -> Settled | None:
    """Settle the conflict in the note at `stat.path`, whose bytes are `data`; None where it has none.

    A conflict that is left is studied as its first side, and its review fields are not renewed meanwhile. Without
    `write` the file stays as it is.
    """
    conflict = find_conflict(data)
    if conflict is None:
        return None
    ours, theirs = alike(conflict.ours, conflict.theirs)
    if ours != theirs:
        message = _("a conflict of a merge, and not over review fields alone; choose a side and delete the markers")
        return _left(stat, data, conflict, message)
    if vault.settings.notes.write_back == "never":
        message = _("a conflict of a merge over review fields; choose a side, since notes.write_back is never")
        return _left(stat, data, conflict, message)
    if not write:
        return Settled(parse_note(stat.path, ours), stat, None)
    try:
        now = _written(os.path.join(vault.root, stat.path), data, ours, stat.path)
    except (VaultError, OSError) as error:
        message = _("a conflict of a merge over review fields that cannot be settled: {why}").format(
            why=error.message if isinstance(error, VaultError) else error.strerror
        )
        return _left(stat, data, conflict, message)
    return Settled(parse_note(stat.path, ours), now, None)


def _written(place: str, before: bytes, after: bytes, path: str) -> FileStat:
    now, status = read_bytes(place)
    if now != before or not replace_file(place, after, status):
        raise VaultError(_("it was changed meanwhile"))
    status = os.stat(place)
    return FileStat(path, status.st_mtime_ns, status.st_size)


def _left(stat: FileStat, data: bytes, conflict: Conflict, message: str) -> Settled:
    """The note with its first side, under the digest of the file as it stands, and with no field to be renewed."""
    from studykit.vault.decode import digest

    note = parse_note(stat.path, conflict.shown)
    front = replace(note.frontmatter, keys=frozenset())
    return Settled(
        replace(note, digest=digest(data), frontmatter=front), stat, Problem(stat.path, conflict.line, message)
    )
