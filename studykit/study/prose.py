"""Whether prose makes cards in a vault.

Where notes are written for another program, the cards that it makes are those that the person means to study, and
its other notes would flood them. So prose rests there, unless the settings say otherwise: in a folder that such a
program has left its own files in, as soon as one note holds its cards; in any other, when one note in twenty does.
"""

import os

from studykit.cards.formats.plugin_places import OBSIDIAN_TO_ANKI, SPACED_REPETITION, plugin_places
from studykit.store.database import Store
from studykit.study.prose_rest import prose_rests
from studykit.study.reading import Changes
from studykit.study.vault import Vault

PROGRAMS = ("obsidian-to-anki", "logseq", "hashcards", "obsidian-sr")
"""The rules whose cards belong to a program; a cloze deletion as Anki writes it may stand in anybody's notes."""

_TRACES = ("logseq/config.edn", "hashcards.db")
_PLUGINS = (*SPACED_REPETITION, *OBSIDIAN_TO_ANKI)
_SHARE = 20  # one note in so many


def rests(root: str, marked: int, notes: int) -> bool:
    """Does prose rest in the folder `root`, where `marked` of its `notes` hold a program's cards?"""
    if not marked:
        return False
    if _SHARE * marked >= notes or any(os.path.exists(os.path.join(root, trace)) for trace in _TRACES):
        return True
    return next(plugin_places(root, _PLUGINS), None) is not None


def settle_prose(vault: Vault, store: Store, changes: Changes) -> bool:
    """Keep whether prose rests from now on; whether that is news, so that every note is to be read again.

    `changes` are in the store already, their drafts not yet. A first sync of a large vault decides by its first batch,
    and whatever changes later decides anew.
    """
    before = after = prose_rests(vault, store)
    if vault.settings.rules.prose == "auto" and (changes.read or changes.gone or changes.moved):
        after = _rests_now(vault, store, changes)
    mark = "off" if after else "on"
    if store.meta("prose") != mark:
        store.set_meta("prose", mark)
    return after != before


def _rests_now(vault: Vault, store: Store, changes: Changes) -> bool:
    rules = ",".join("?" * len(PROGRAMS))
    rows = store.connection.execute(f"SELECT DISTINCT file FROM cards WHERE active = 1 AND rule IN ({rules})", PROGRAMS)
    away = changes.read | changes.gone | set(changes.moved.values())
    marked = {file for (file,) in rows if file not in away}
    marked.update(draft.file for draft in changes.drafts if draft.rule in PROGRAMS)
    if not marked:
        return False
    notes = store.connection.execute("SELECT count(*) FROM notes WHERE material = 1").fetchone()[0]
    return rests(vault.root, len(marked), notes)
