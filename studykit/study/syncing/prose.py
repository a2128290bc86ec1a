"""Whether prose makes cards in a vault.

Where notes are written for another program, the cards that it makes are those that the person means to study, and
its other notes would flood them. So prose rests there, unless the settings say otherwise: in a folder that such a
program has left its own files in, or a schedule behind a card, as soon as one note holds its cards; in any other, when
one note in twenty does, or three notes hold what only Obsidian's plugins read. Where more notes have review keys than
hold such cards, the person studies notes as wholes and has some flashcards beside them: both make cards.
"""

import os
from collections import Counter
from collections.abc import Mapping

from studykit.cards.formats.plugin_places import FLASHCARDS, OBSIDIAN_TO_ANKI, SPACED_REPETITION, plugin_places
from studykit.store.database import Store
from studykit.study.syncing.prose_rest import prose_rests
from studykit.study.syncing.reading import Changes
from studykit.study.vault import Vault

PROGRAMS = ("obsidian-to-anki", "flashcards-obsidian", "logseq", "hashcards", "obsidian-sr")
"""The rules whose cards belong to a program; a cloze deletion as Anki writes it may stand in anybody's notes."""

_TRACES = ("logseq/config.edn", "hashcards.db")
_PLUGINS = (*SPACED_REPETITION, *OBSIDIAN_TO_ANKI, *FLASHCARDS)
_SHARE = 20  # one note in so many
_UNMISTAKABLE, _FEW = ("obsidian-to-anki", "flashcards-obsidian", "obsidian-sr"), 3


def rests(root: str, marked: Mapping[str, int], notes: int, *, reviewed: bool = False, own: int = 0) -> bool:
    """Does prose rest in the folder `root`, where of its `notes` so many hold a program's cards (`marked`, by rule)?

    `reviewed`: a program has left a schedule behind one of them. `own` is the number of notes with review keys.
    """
    total = sum(marked.values())
    if not total or own > total:
        return False
    if reviewed or sum(marked.get(rule, 0) for rule in _UNMISTAKABLE) >= _FEW:
        return True
    if _SHARE * total >= notes or any(os.path.exists(os.path.join(root, trace)) for trace in _TRACES):
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
    rows = store.connection.execute(
        f"SELECT rule, file, max(imported) FROM cards WHERE active = 1 AND rule IN ({rules}) GROUP BY rule, file",
        PROGRAMS,
    )
    away = changes.read | changes.gone | set(changes.moved.values())
    stored = [(rule, file, imported) for rule, file, imported in rows if file not in away]
    fresh = [draft for draft in changes.drafts if draft.rule in PROGRAMS]
    marked = {(rule, file) for rule, file, _ in stored} | {(draft.rule, draft.file) for draft in fresh}
    if not marked:
        return False
    reviewed = any(draft.schedule for draft in fresh) or any(
        imported and _counts_none(store, file) for _, file, imported in stored
    )
    notes, own = store.connection.execute(
        "SELECT count(*), count(nullif(keys, '')) FROM notes WHERE material = 1"
    ).fetchone()
    return rests(vault.root, Counter(rule for rule, _ in marked), notes, reviewed=reviewed, own=own)


def _counts_none(store: Store, path: str) -> bool:
    """Does a note count no reviews of its own, so that those of its cards came from elsewhere?"""
    row = store.connection.execute("SELECT review_count FROM notes WHERE path = ?", (path,)).fetchone()
    return not (row and row[0])
