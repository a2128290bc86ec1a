"""Two computers of one person in one test: each with a home, a clone and a clock of its own."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from studykit.store.cards import CardRow, select_cards
from studykit.store.database import open_store
from studykit.study.sessions.session import Request, Session
from studykit.study.sync import sync
from studykit.study.syncing.report import SyncReport
from studykit.study.vault import Vault, open_vault


@dataclass
class Device:
    """A computer: its data folder, its copy of the notes, and what its clock says."""

    home: Path
    root: Path
    now: datetime
    patched: pytest.MonkeyPatch

    @contextmanager
    def here(self) -> Iterator[Vault]:
        """Act as this computer."""
        with self.patched.context() as patched:
            patched.setenv("STUDYKIT_HOME", str(self.home))
            yield open_vault(str(self.root))

    def sync(self) -> SyncReport:
        with self.here() as vault:
            return sync(vault)

    def review(self, *ratings: int, filter: str = "") -> None:
        """Sync, then grade what the session asks, a rating each."""
        with self.here() as vault:
            sync(vault)
            session = Session.open(vault, Request(filter=filter), clock=lambda: self.now)
            for rating in ratings:
                if session.question:  # the other device's reviews may have left fewer
                    session.grade(rating, 2000)
            assert session.finish() == ()

    def undo(self) -> str | None:
        with self.here() as vault:
            sync(vault)
            session = Session.open(vault, Request(), clock=lambda: self.now)
            label = session.undo()
            session.finish()
            return label

    def state(self) -> list[CardRow]:
        """Every active card with its schedule, after a sync."""
        self.sync()
        with self.here() as vault:
            store = open_store(vault.store_file)
            found = select_cards(store, "active = 1", (), "ORDER BY id")
            store.close()
        return found

    def git(self, *words: str, check: bool = True, **environment: str) -> str:
        """One git command in this computer's clone; what it printed."""
        own = {
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
            "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org",
            "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org",
            "GIT_EDITOR": "true",
        }  # fmt: skip
        done = subprocess.run(
            ["git", *words], cwd=self.root, capture_output=True, text=True, check=False, timeout=60,
            env={**os.environ, **own, **environment},
        )  # fmt: skip
        assert done.returncode == 0 or not check, done.stdout + done.stderr
        return done.stdout + done.stderr

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-qm", "studied", "--allow-empty")


def pair(folder: Path, patched: pytest.MonkeyPatch, notes: Path, now: datetime) -> tuple[Device, Device]:
    """Two clones of one bare repository that holds `notes`."""
    first = Device(folder / "home a", folder / "a", now, patched)
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", folder / "hub.git"], check=True)
    notes.rename(first.root)
    first.git("init", "-q", "-b", "main")
    first.commit()
    first.git("remote", "add", "origin", str(folder / "hub.git"))
    first.git("push", "-qu", "origin", "main")
    second = Device(folder / "home b", folder / "b", now, patched)
    subprocess.run(["git", "clone", "-q", folder / "hub.git", second.root], check=True)
    return first, second
