"""What can be done to one card without a session: suspend, bury, undo. Each is one event in the log."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from studykit.errors import StoreError
from studykit.store import events, history, undoable
from studykit.store.cards import CardRow, find_card
from studykit.store.database import Store, only_writer, open_store
from studykit.store.log import Log
from studykit.study.planning.days_ahead import renew
from studykit.study.vault import Vault


@contextmanager
def opened(vault: Vault) -> Iterator[Store]:
    """The vault's store, its lock held; status bars and reminders learn what was done. Raises BusyError, StoreError."""
    with only_writer(vault.store_file):
        store = open_store(vault.store_file)
        try:
            undoable.continue_ids(store, vault.device)
            yield store
            with suppress(OSError):
                renew(vault, store, datetime.now())
        finally:
            store.close()


def keep(vault: Vault, store: Store, log: Log, made: list[events.Event]) -> None:
    """Into the log first, then into the store; the schedule of every touched card follows.

    Raises LogError or StoreError, and nothing was done: should the store refuse (a full disk) what the log has taken
    already, the log is told to take it back, or an answer given again would count twice.
    """
    log.append(made)
    try:
        with store.write():
            touched = history.absorb(store, made)
            history.refold(store, vault.scheduler(), touched)
    except StoreError:
        log.append([events.Undo(**vault.stamp(datetime.now()), event=event.id) for event in made])
        raise


class Acted(NamedTuple):
    """The card that something was done to: its id, the first line of its front; not `done` where it was so already."""

    card: str
    front: str
    done: bool = True


def _act(vault: Vault, name: str, make: Callable[[CardRow], events.Event | None]) -> Acted:
    """Do what `make` makes of the card; nothing where that is None, or an undo would take back what changed nothing."""
    with opened(vault) as store:
        card = find_card(store, name)
        if made := make(card):
            keep(vault, store, Log(vault.log_folder, vault.device), [made])
        return Acted(card.id, card.prompt.splitlines()[0] if card.prompt else card.title, made is not None)


def set_suspended(vault: Vault, name: str, on: bool) -> Acted:
    """Suspend a card or bring it back. Raises NotFoundError, BusyError, LogError."""

    def change(card: CardRow) -> events.Event | None:
        return events.Suspend(**vault.stamp(datetime.now()), card=card.id, on=on) if card.suspended != on else None

    return _act(vault, name, change)


def bury(vault: Vault, name: str) -> Acted:
    """Hide a card until tomorrow."""
    now = datetime.now()
    until = (vault.day(now) + timedelta(days=1)).isoformat()

    def change(card: CardRow) -> events.Event | None:
        return events.Bury(**vault.stamp(now), card=card.id, until=until) if (card.buried or "") < until else None

    return _act(vault, name, change)


def undo_last(vault: Vault) -> dict[str, Any] | None:
    """Take back the last thing done on this device; what it was, or None when there is nothing.

    `ended`: it was the end of something (a card came back from suspension, a flag was cleared, a break ended).
    `events`: all that was taken back. The ticks of a list were one thing to whoever took it.
    """
    with opened(vault) as store:
        last = undoable.last_undoable(store, vault.device)
        if last is None:
            return None
        all_of_it = undoable.together(store, last, vault.device)
        now = datetime.now()
        keep(vault, store, Log(vault.log_folder, vault.device),
             [events.Undo(**vault.stamp(now), event=done.id) for done in all_of_it])  # fmt: skip
        row = store.connection.execute("SELECT prompt FROM cards WHERE id = ?", (last.card,)).fetchone()
        said = store.connection.execute("SELECT body FROM events WHERE id = ?", (last.id,)).fetchone()
        event = events.decoder.decode(said[0]) if said else None
        ended = getattr(event, "on", True) is False or getattr(event, "until", "-") == ""
        prompt = row[0] if row else ""
        return {"type": last.type, "ended": ended, "card": last.card, "prompt": prompt, "event": last.id,
                "events": [done.id for done in all_of_it]}  # fmt: skip
