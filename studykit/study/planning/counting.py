"""How much is to be studied today, by deck, and a word on it where it is much: what `studykit due` tells."""

from collections import Counter
from contextlib import closing, suppress
from datetime import datetime

import msgspec

from studykit.errors import StoreError
from studykit.locale import _
from studykit.store import due
from studykit.store.database import open_store
from studykit.study.figures.habits import habits_of
from studykit.study.planning.breaks import latest_break
from studykit.study.planning.outlook import outlook
from studykit.study.planning.worth import Worth
from studykit.study.sessions.limits import limits_of
from studykit.study.sessions.queue import Request, build_queue
from studykit.study.vault import Vault
from studykit.study.wording import away_line, outlook_line


class Counted(msgspec.Struct, frozen=True):
    """Cards due and new today, by deck, on the local `day` (ISO); `word` is for the person, mostly empty."""

    due: dict[str, int]
    new: dict[str, int]
    day: str
    word: str = ""


def count_due(vault: Vault) -> Counted:
    """Count what is due, and the new cards that a session would ask today. On a break there are none."""
    day = vault.day(datetime.now())
    today = day.isoformat()
    with closing(open_store(vault.store_file)) as store:
        away = latest_break(store)
        if away and away.runs(day):
            return Counted({}, {}, today, away_line(away.end))
        limits = limits_of(vault, store, Request(), day)
        habits = habits_of(store)
        asked = build_queue(store, Request(), today, limits, Worth(vault, habits, day, None))
        fresh = dict(Counter(card.deck for card in asked if card.due is None))
        waiting = due.due_by_deck(store.connection, today)
        ahead = outlook(vault, store, habits, day)
        word = outlook_line(ahead) if ahead else ""
        if not (waiting or fresh) and not store.connection.execute("SELECT 1 FROM notes LIMIT 1").fetchone():
            return Counted({}, {}, today, _("No note was read yet. `studykit sync` reads them."))
        about = due.kept_about(today, sum(waiting.values()), limits.new)
        with suppress(StoreError), store.write():  # the next time it is there at once; if not, nothing is lost
            store.set_meta("word", due.as_kept(about, word, fresh))
        return Counted(waiting, fresh, today, word)
