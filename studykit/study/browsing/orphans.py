"""Cards whose notes are gone: listed, given to the card that took their place, or taken off the list."""

from datetime import datetime
from typing import Any

from studykit.errors import NotFoundError
from studykit.locale import _
from studykit.store import events
from studykit.store.cards import find_card, orphan_cards
from studykit.store.database import Store, open_store
from studykit.store.history import successors
from studykit.store.log import Log
from studykit.store.orphans import Orphan, nearest, orphans
from studykit.study.sessions.actions import keep, opened
from studykit.study.vault import Vault

_TELLING = (events.Review, events.Import, events.Alias)


def list_orphans(vault: Vault, *, everything: bool = False) -> list[dict[str, Any]]:
    """The orphaned cards, the latest reviewed first, each with the active cards most like it.

    With `everything`, those that were taken off the list as well. Of one whose
    note was gone before the store was made anew, `prompt` is what the log keeps: its beginning, or None.
    """
    store = open_store(vault.store_file)
    try:
        found = [orphan for orphan in orphans(store) if everything or not orphan.hidden]
        logged = _logged(vault, store) if any(orphan.prompt is None for orphan in found) else {}
        return [_plain(store, _with_words(orphan, logged)) for orphan in found]
    finally:
        store.close()


def _plain(store: Store, orphan: Orphan) -> dict[str, Any]:
    near = [
        {"id": card.id, "score": score, "prompt": card.prompt, "file": card.file, "line": card.line}
        for card, score in nearest(store, orphan)
    ]
    return {
        "id": orphan.id,
        "prompt": orphan.prompt,
        "file": orphan.file,
        "line": orphan.line,
        "last": orphan.last,
        "reviews": orphan.reviews,
        "hidden": orphan.hidden,
        "nearest": near,
    }


def _with_words(orphan: Orphan, logged: dict[str, tuple[str, str]]) -> Orphan:
    """An orphan that the store knows no text of, with the words and the file that the log has."""
    if orphan.prompt is not None or orphan.id not in logged:
        return orphan
    front, file = logged[orphan.id]
    return orphan._replace(prompt=front or None, file=file or None)


def _logged(vault: Vault, store: Store) -> dict[str, tuple[str, str]]:
    """For each card the beginning of its question and its file, as the log last said them."""
    read = Log(vault.log_folder, vault.device).read_all()
    names = successors(store)
    said: dict[str, tuple[str, str]] = {}
    telling = [each for each in read.events if isinstance(each, _TELLING) and (each.front or each.file)]
    for event in sorted(telling, key=events.order):
        card = event.to if isinstance(event, events.Alias) else event.card
        for name in {card, names.get(card, card)}:
            front, file = said.get(name, ("", ""))
            said[name] = (event.front or front, event.file or file)
    return said


def restore(vault: Vault, name: str, to: str) -> dict[str, Any]:
    """Give the history of the orphan `name` to the active card `to`; `studykit undo` takes it back.

    Both are ids or beginnings of ids. Raises NotFoundError, BusyError, LogError.
    """
    with opened(vault) as store:
        orphan, target = _find(store, name), find_card(store, to)
        if not target.active:
            raise NotFoundError(
                _("No note makes the card {id}.").format(id=target.id), _("Name a card that `studykit cards` lists.")
            )
        alias = events.Alias(**vault.stamp(datetime.now()), card=orphan.id, to=target.id, by_hand=True)
        keep(vault, store, Log(vault.log_folder, vault.device), [alias])
        with store.write():
            # What has handed over its history is no orphan: left in place, a sync would match it once more.
            orphan_cards(store, [orphan.id])
        heir = find_card(store, target.id)
        return {"card": orphan.id, "to": heir.id, "prompt": heir.prompt, "reviews": heir.reps, "due": heir.due}


def forget(vault: Vault, name: str) -> dict[str, Any]:
    """Take the orphan `name` off the list; nothing of its history is deleted, and `studykit undo` lists it again."""
    with opened(vault) as store:
        orphan = _find(store, name)
        event = events.Forget(**vault.stamp(datetime.now()), card=orphan.id)
        keep(vault, store, Log(vault.log_folder, vault.device), [event])
        return {"card": orphan.id, "prompt": orphan.prompt, "reviews": orphan.reviews}


def _find(store: Store, name: str) -> Orphan:
    found = [orphan for orphan in orphans(store) if orphan.id == name]
    if not found and len(name) >= 4:
        found = [orphan for orphan in orphans(store) if orphan.id.startswith(name)]
    if len(found) == 1:
        return found[0]
    if found:
        raise NotFoundError(
            _("{name!r} begins more than one card id.").format(name=name), _("Give more characters of it.")
        )
    raise NotFoundError(
        _("There is no orphaned card {name!r}.").format(name=name),
        _("`studykit orphans` lists them; the first four characters of an id do."),
    )
