"""What stands in a vault beside what its store knows: the part of a sync that looks and reads no note."""

import os
from typing import NamedTuple

from studykit.errors import VaultError
from studykit.locale import _
from studykit.store import notes
from studykit.store.database import Store
from studykit.study.vault import Vault
from studykit.vault.scan import Scan, Seen, scan
from studykit.vault.unchanged import UNKNOWN, changes, standing


class Look(NamedTuple):
    """The notes that the store knows, and the files there are. `whole`: all of them; else only those that differ."""

    known: dict[str, Seen]
    found: Scan
    whole: bool

    def differs(self) -> bool:
        """Whether a file came, went or was written; the scan gives back what stands as it was."""
        known, files = self.known, self.found.files
        return len(files) != len(known) or any(known.get(path) is not seen for path, seen in files.items())

    def remember(self, store: Store, unread: set[str]) -> None:
        """Keep how the vault stands for the next look; `unread` notes are not known as they stand. In `write()`."""
        stood = standing(self.found.folders, self.found.files) if self.whole else self.found.standing
        # The folder of such a note is scanned until it could be read.
        stood |= dict.fromkeys({os.path.dirname(path) for path in unread} & stood.keys(), UNKNOWN)
        before = notes.known_standing(store, None if self.whole else stood)
        if before != stood:
            notes.remember_standing(store, stood, whole=self.whole)


def look(vault: Vault, store: Store) -> Look:
    """What differs from the last sync, or all that stands there where that cannot be told. Raises VaultError."""
    wanted = vault.settings.notes
    told = changes(vault.root, wanted.include, wanted.exclude, notes.known_standing(store))
    if told is None:
        return look_at_all(vault, store)
    found, gone = told
    known: dict[str, Seen] = {}
    if found.files or gone:
        known |= notes.known_files(store, [*found.files, *gone])
        # What was written back since, or was looked at by a sync that was broken off, the store may know already.
        found.files = {path: _same(known.get(path), seen) for path, seen in found.files.items()}
    return Look(known, _not_empty(vault, found, known), False)


def look_at_all(vault: Vault, store: Store) -> Look:
    """All that the store knows and all that stands there. Raises VaultError if all of many are gone at once."""
    wanted = vault.settings.notes
    known: dict[str, Seen] = {**notes.known_files(store)}
    found = scan(vault.root, wanted.include, wanted.exclude, known, notes.known_folders(store) if known else None)
    return Look(known, _not_empty(vault, found, known), True)


def _same(known: Seen | None, seen: Seen) -> Seen:
    return known if known is not None and tuple(known) == tuple(seen) else seen


def _not_empty(vault: Vault, found: Scan, known: dict[str, Seen]) -> Scan:
    stands = found.files or found.unchanged
    if known and not stands and not any(os.path.exists(os.path.join(vault.root, path)) for path in known):
        raise VaultError(
            _("{folder} holds no notes, but {n} stood there at the last sync.").format(folder=vault.root, n=len(known)),
            _("If they are on another disk, mount it. If they are gone for good: `studykit sync --rebuild`."),
        )
    return found
