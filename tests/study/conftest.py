"""A small vault of one's own, and a session in it whose clock the test holds."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from studykit.study.sessions.session import Request, Session
from studykit.study.sync import sync
from studykit.study.vault import Vault, open_vault

FRONT = """---
created: '2026-10-19'
last_reviewed: null
next_review: '2026-10-19'
review_count: 0
difficulty: medium
mastery_level: 0.0
tags: []
---
"""


@dataclass
class Notes:
    """A folder of notes and the time it is in it."""

    root: Path
    now: datetime = field(default_factory=lambda: datetime(2026, 11, 23, 20, 0))

    def write(self, name: str, title: str, answer: str, front: str = FRONT) -> Path:
        """One note with an answer section."""
        place = self.root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"{front}# {title}\n\n## Answer\n\n{answer}\n", encoding="utf-8")
        return place

    @property
    def vault(self) -> Vault:
        return open_vault(str(self.root))

    def open(self, **request: object) -> Session:
        """Sync and begin a session at the test's time."""
        sync(self.vault)
        return Session.open(self.vault, Request(**request), clock=lambda: self.now)  # type: ignore[arg-type]

    def pass_days(self, days: int) -> None:
        """Let time go by."""
        self.now += timedelta(days=days)


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    """An empty vault."""
    root = tmp_path / "notes"
    root.mkdir()
    return Notes(root)


@pytest.fixture
def three(notes: Notes) -> Notes:
    """A vault with three plain notes."""
    notes.write("gpu/bubble.md", "What is a bubble?", "Time in which a **stage** waits for its neighbours.")
    notes.write("gpu/stage.md", "What is a stage?", "A run of **layers** that one rank holds.")
    notes.write("net/ring.md", "What is a ring all-reduce?", "A **reduce-scatter** followed by an all-gather.")
    return notes


Grading = Callable[[Session, int], None]
