"""How much is to be studied today, by deck, and a word on it where it is much: what `studykit due` tells."""

from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime

from studykit.errors import StoreError
from studykit.store import due
from studykit.store.database import open_store
from studykit.study.breaks import latest_break
from studykit.study.filter import read_filter
from studykit.study.habits import habits_of
from studykit.study.limits import limits_of
from studykit.study.new_cards import DeckRoom, introduced_by_deck, next_new
from studykit.study.outlook import outlook
from studykit.study.queue import Request
from studykit.study.vault import Vault
from studykit.study.wording import away_line, outlook_line


@dataclass(frozen=True, slots=True)
class Counted:
    """Cards due and new today, by deck, on the local `day` (ISO); `word` is for the person, mostly empty."""

    due: dict[str, int]
    new: dict[str, int]
    day: str
    word: str = ""


def count_due(vault: Vault) -> Counted:
    """Count today's cards. On a break there are none."""
    day = vault.day(datetime.now())
    today = day.isoformat()
    with closing(open_store(vault.store_file)) as store:
        away = latest_break(store)
        if away and away.runs(day):
            return Counted({}, {}, today, away_line(away.end))
        limits = limits_of(vault, store, Request(), day)
        decks = DeckRoom(limits.decks, dict(introduced_by_deck(store, today)), "new_per_day")
        fresh: dict[str, int] = {}
        everything = read_filter("").condition(day)
        for card in next_new(store, everything, limits.schedule, today, decks, limits.places)[: max(limits.new, 0)]:
            fresh[card.deck] = fresh.get(card.deck, 0) + 1
        waiting = due.due_by_deck(store.connection, today)
        ahead = outlook(vault, store, habits_of(store), day)
        word = outlook_line(ahead) if ahead else ""
        with suppress(StoreError), store.write():  # the next time it is there at once; if not, nothing is lost
            store.set_meta("word", f"{today} {sum(waiting.values())}\n{word}")
        return Counted(waiting, fresh, today, word)
