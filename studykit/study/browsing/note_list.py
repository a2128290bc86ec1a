"""The vault's notes in a list, and review keys put into them when a person says so."""

import os
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from studykit.errors import Problem, SettingsError, StudyError
from studykit.locale import _
from studykit.store.database import Store, only_writer, open_store
from studykit.study.browsing.note_names import note_at
from studykit.study.sync import synchronise
from studykit.study.vault import Vault
from studykit.vault.insert_keys import with_keys, with_text
from studykit.vault.rewrite import read_bytes, replace_file

KEYS = {"last_reviewed": "null", "next_review": "null", "review_count": "0", "difficulty": "medium",
        "mastery_level": "0.0"}  # fmt: skip
"""What `init_keys` adds. Where the log knows better, the next sync writes that in."""

SETTABLE = {"difficulty": ("easy", "medium", "hard"), "cards": ("true", "false")}
_LISTED = """
SELECT notes.path, notes.title, notes.material, notes.why_not, notes.label, notes.keys,
       count(cards.id), min(iif(cards.suspended = 0, cards.due, NULL)),
       coalesce(sum(cards.suspended = 0 AND cards.due IS NULL), 0),
       coalesce(sum(cards.suspended = 0 AND cards.due <= ?), 0)
FROM notes LEFT JOIN cards ON cards.file = notes.path AND cards.active = 1
WHERE ? OR notes.path IN (SELECT value FROM json_each(?)) GROUP BY notes.path ORDER BY notes.path
"""


@dataclass(slots=True)
class Written:
    """Notes that were written, those that had all keys already, and what could not be written."""

    notes: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def list_notes(vault: Vault, names: Sequence[str] = ()) -> list[dict[str, Any]]:
    """The notes named (none: all) with their cards, as plain values; synced first. `next` is the earliest due day."""
    import json

    today = vault.day(datetime.now()).isoformat()
    with only_writer(vault.store_file), closing(open_store(vault.store_file)) as store:
        synchronise(vault, store)
        chosen = json.dumps([note_at(vault, store, name) for name in names])
        rows = store.connection.execute(_LISTED, (today, not names, chosen)).fetchall()
    fields = ("file", "title", "material", "why_not", "difficulty", "review_keys", "cards", "next", "new", "due")
    return [_plain(dict(zip(fields, row, strict=True))) for row in rows]


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"material": bool(row["material"]), "review_keys": row["review_keys"].split()}


def init_keys(vault: Vault, names: Sequence[str], settings: Sequence[str] = ()) -> Written:
    """Add the review keys that each named note lacks; `settings` (`difficulty=hard`) are set in the same stroke."""
    wanted = [read_setting(text) for text in settings]

    def change(data: bytes) -> bytes:
        return _set(with_keys(data, KEYS | dict(wanted)), wanted)

    return _write(vault, names, change)


def set_keys(vault: Vault, names: Sequence[str], settings: Sequence[str]) -> Written:
    """Set keys (`difficulty=hard`, `cards=false`) of each named note. Raises SettingsError for another one."""
    wanted = [read_setting(text) for text in settings]
    return _write(vault, names, lambda data: _set(data, wanted))


def _set(data: bytes, wanted: Sequence[tuple[str, str]]) -> bytes:
    for key, value in wanted:
        data = with_text(data, key, value)
    return data


def read_setting(text: str) -> tuple[str, str]:
    """`key=value` as a pair. Raises SettingsError naming what can be set."""
    key, _equals, value = (part.strip() for part in text.partition("="))
    if value not in SETTABLE.get(key, ()):
        known = "; ".join(f"{key}={'|'.join(values)}" for key, values in SETTABLE.items())
        raise SettingsError(_("{text} cannot be set.").format(text=text), _("Known are: {known}.").format(known=known))
    return key, value


def _write(vault: Vault, names: Sequence[str], change: Callable[[bytes], bytes]) -> Written:
    written = Written()
    with only_writer(vault.store_file), closing(open_store(vault.store_file)) as store:
        synchronise(vault, store)
        paths = list(dict.fromkeys(note_at(vault, store, name) for name in names))
        for path in paths:
            _write_one(vault, path, change, written)
        if written.notes:
            _read_again(vault, store, written)
    return written


def _write_one(vault: Vault, path: str, change: Callable[[bytes], bytes], written: Written) -> None:
    place = os.path.join(vault.root, path)
    try:
        data, seen = read_bytes(place)
        new = change(data)
        if new == data:
            written.same.append(path)
        elif replace_file(place, new, seen):
            written.notes.append(path)
        else:
            written.problems.append(Problem(path, 1, _("is being changed by another program; nothing was written")))
    except StudyError as error:
        written.problems.append(Problem(path, 1, error.message.removeprefix(f"{place}: ")))


def _read_again(vault: Vault, store: Store, written: Written) -> None:
    """What was just written, so that the log's values follow at once."""
    written.problems += [problem for problem in synchronise(vault, store).problems if problem.file in written.notes]
