"""Whether prose makes cards in a vault.

Where notes are written for another program, the cards that it makes are those that the person means to study, and
its other notes would flood them. So prose rests there, unless the settings say otherwise: in a folder that such a
program has left its own files in, as soon as one note holds its cards; in any other, when one note in twenty does.
"""

import os

from studykit.store.database import Store
from studykit.study.reading import Changes, Progress, prose_rests, read_again, rule_options
from studykit.study.vault import Vault
from studykit.vault.scan import Scan

PROGRAMS = ("obsidian-to-anki", "logseq", "hashcards", "obsidian-sr")
"""The rules whose cards belong to a program; a cloze deletion as Anki writes it may stand in anybody's notes."""

_TRACES = (
    ".obsidian/plugins/obsidian-spaced-repetition", ".obsidian/plugins/obsidian-to-anki-plugin", "logseq/config.edn",
    "hashcards.db",
)  # fmt: skip
_SHARE = 20  # one note in so many


def rests(root: str, marked: int, notes: int) -> bool:
    """Does prose rest in the folder `root`, where `marked` of its `notes` hold a program's cards?"""
    if not marked:
        return False
    return _SHARE * marked >= notes or any(os.path.exists(os.path.join(root, trace)) for trace in _TRACES)


def settle_prose(vault: Vault, store: Store, found: Scan, changes: Changes, progress: Progress | None) -> bool:
    """Does prose rest from now on? If that is news, every note is read once more for its cards."""
    chosen, before = vault.settings.rules.prose, prose_rests(vault, store)
    after = before
    if chosen == "auto" and (changes.read or changes.gone or changes.moved):
        after = _rests_now(vault, store, changes)
    mark = "off" if after else "on"
    if store.meta("prose") != mark:
        store.set_meta("prose", mark)
    if after != before:
        read_again(vault, store, found, rule_options(vault, prose=not after), changes, progress)
    return after


def _rests_now(vault: Vault, store: Store, changes: Changes) -> bool:
    rules = ",".join("?" * len(PROGRAMS))
    rows = store.connection.execute(f"SELECT DISTINCT file FROM cards WHERE active = 1 AND rule IN ({rules})", PROGRAMS)
    away = changes.read | changes.gone | set(changes.moved.values())
    marked = {file for (file,) in rows if file not in away}
    marked.update(draft.file for draft in changes.drafts if draft.rule in PROGRAMS)
    notes = store.connection.execute("SELECT count(*) FROM notes WHERE material = 1").fetchone()[0]
    return rests(vault.root, len(marked), notes)
