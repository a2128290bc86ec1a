"""The days ahead are reckoned again when something may have changed, and only then."""

from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

import pytest

from studykit.store.database import Store, open_store
from studykit.study.planning import days_ahead
from studykit.study.sessions.actions import set_suspended
from studykit.study.sync import sync
from studykit.study.vault import Vault
from tests.study.conftest import Notes

NOW = datetime(2026, 11, 23, 12)


def _reckonings(notes: Notes, now: datetime, monkeypatch: pytest.MonkeyPatch) -> int:
    made: list[datetime] = []
    look = days_ahead.look_ahead

    def counted(vault: Vault, store: Store, at: datetime) -> dict[str, Any]:
        made.append(at)
        return look(vault, store, at)

    with monkeypatch.context() as patch, closing(open_store(notes.vault.store_file)) as store:
        patch.setattr(days_ahead, "look_ahead", counted)
        shown = days_ahead.renew(notes.vault, store, now)
        fresh = look(notes.vault, store, now)
    assert shown | {"made": ""} == fresh | {"made": ""}
    return len(made)


def test_only_what_was_written_another_day_or_another_language_needs_it(
    three: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(three.vault)
    assert _reckonings(three, NOW, monkeypatch) == 1
    assert _reckonings(three, NOW + timedelta(hours=1), monkeypatch) == 0
    with closing(open_store(three.vault.store_file)) as store:
        card = store.connection.execute("SELECT id FROM cards").fetchone()[0]
    set_suspended(three.vault, card, True)
    assert _reckonings(three, NOW, monkeypatch) == 1
    assert _reckonings(three, NOW + timedelta(days=1), monkeypatch) == 1
    monkeypatch.setattr(days_ahead, "in_words", lambda waiting, new, took, _limit: f"{waiting} {new} {took}")
    assert _reckonings(three, NOW + timedelta(days=1), monkeypatch) == 1
