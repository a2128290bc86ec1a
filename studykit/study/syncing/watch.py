"""Follow a vault while its notes are written in other programs: what was saved is studied a moment later.

The operating system tells of changes (through watchfiles, an optional part); what it tells decides only when to sync,
never what, so that a message lost or doubled does no harm.
"""

import os
import time
from collections.abc import Callable, Iterator
from threading import Event

from studykit.errors import BusyError, StudyError, VaultError
from studykit.locale import _
from studykit.progress import Progress
from studykit.study.sync import sync
from studykit.study.syncing.report import SyncReport
from studykit.study.vault import Vault, open_vault
from studykit.vault.globs import Globs

STEP = 30
"""Milliseconds without a further change after which a save counts as done; a thousand files at once are one sync."""

_LONGEST = 10_000  # milliseconds that changes may keep coming before a sync does not wait for their end any more
_LOOK = 250  # milliseconds after which the vault itself is looked at
_ANYWAY = 60.0  # seconds after which a sync runs untold: some network drives tell nothing
_RETRY = 0.2  # seconds between two tries while another studykit holds the vault
_OWN = (".studykit/config.toml", ".studykit/log/")
_OWN_FOLDER = ".studykit"  # when it is made, what is first in it may come too early to be told


def follow(
    vault: Vault,
    done: Callable[[SyncReport], None],
    say: Callable[[str], None],
    progress: Callable[[], Progress] | None = None,
    stop: Event | None = None,
) -> None:
    """Sync now and after every change, until `stop` is set or Ctrl-C; `done` gets each report, `say` what hinders.

    `progress` makes what each sync shows its progress with.

    While another studykit holds the vault (a review session), a sync waits for it. Raises VaultError when the vault
    vanishes, and StudyError where watchfiles is not installed.
    """
    _Follower(vault, done, say, progress or (lambda: None), stop or Event()).run()


class _Follower:
    def __init__(
        self,
        vault: Vault,
        done: Callable[[SyncReport], None],
        say: Callable[[str], None],
        progress: Callable[[], Progress | None],
        stop: Event,
    ) -> None:
        self.vault, self.done, self.say, self.progress, self.stop = vault, done, say, progress, stop

    def run(self) -> None:
        while not self.stop.is_set():
            # A folder that was replaced by another of its name is watched anew.
            self._follow_folder(self._identity())

    def _follow_folder(self, identity: tuple[int, int]) -> None:
        last = 0.0  # the first sync comes once the watch stands, so that nothing falls between the two
        for changed in _changes(self.vault.root, self.concerns, self.stop):
            if self._identity() != identity:
                return
            if changed or time.monotonic() - last > _ANYWAY or not last:
                self._sync()
                last = time.monotonic()

    def _identity(self) -> tuple[int, int]:
        """Which folder it is. Raises VaultError if there is none."""
        try:
            status = os.stat(self.vault.root)
        except OSError:
            raise VaultError(
                _("{folder} is gone; it is not followed any more.").format(folder=self.vault.root),
                _("If it is on another disk, mount it, and start `studykit sync --watch` again."),
            ) from None
        return status.st_dev, status.st_ino

    def _sync(self) -> None:
        """One sync, by the settings as they are now; what hinders it is said once, and the next change tries again."""
        told = False
        while not self.stop.is_set():
            try:
                self.vault = open_vault(self.vault.root)
                self.done(sync(self.vault, progress=self.progress()))
            except BusyError as error:
                if not told:
                    self.say(_("{reason} Changes are read as soon as it is done.").format(reason=error.message))
                told = True
                self.stop.wait(_RETRY)
                continue
            except StudyError as error:
                self._identity()
                self.say(str(error))
            return

    def concerns(self, path: str) -> bool:
        """Whether a change of `path` can change cards: a note, a folder, the settings, another device's log.

        Swap, backup and temporary files of editors are none of these.
        """
        relative = os.path.relpath(path, self.vault.root).replace(os.sep, "/")
        if relative == _OWN_FOLDER or relative.startswith(_OWN):
            return not relative.endswith(".tmp")
        if any(part.startswith(".") for part in relative.split("/")):
            return relative == "."
        wanted = self.vault.settings.notes
        if Globs(wanted.include).match(relative):
            return not Globs(wanted.exclude).match(relative)
        # A folder that is gone looks like any name without a suffix; `4913` is what vim tries a folder with.
        name = relative.rpartition("/")[2]
        return os.path.isdir(path) or not (os.path.exists(path) or "." in name or name.endswith("~") or name.isdigit())


def _changes(root: str, concerns: Callable[[str], bool], stop: Event) -> Iterator[bool]:
    """True after changes that concern us, False every so often without one; ends when `stop` is set."""
    try:
        from watchfiles import watch
    except ImportError:
        raise StudyError(
            _("`--watch` needs the package watchfiles, which is not installed."),
            _("Install it: pip install 'studykit[watch]'"),
        ) from None
    changes = watch(
        root,
        watch_filter=lambda _change, path: concerns(path),
        debounce=_LONGEST,
        step=STEP,
        stop_event=stop,
        rust_timeout=_LOOK,
        yield_on_timeout=True,
        ignore_permission_denied=True,
    )
    return (bool(found) for found in changes)
