"""Schedules that Obsidian's Spaced Repetition plugin keeps outside the notes.

Told to (`dataStore`), it puts them into its `data.json`, or into files of a folder of the vault (`*.sr.md`, JSON all
the same), and no comment into the notes. A question is known there by a hash of its text, or in some versions by an
id that stands behind it (`^sr-data-id-…`), and a note by its path. What is known is a list, card by card as in the
comment. The facts are those of `src/data/data-stores` at 57d5a55 and ebeb0ee, and of `src/data/data-store` at 8566c73
(https://github.com/st3v3nmw/obsidian-spaced-repetition).
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from studykit.cards.card import Schedule
from studykit.cards.formats.sr_schedule import entry
from studykit.vault.later import later

_FOLDER = "Spaced Repetition"
_FILES = (
    "schedule-data.sr.md",
    "Schedule Data/card-schedule-data.sr.md",
    "Schedule Data/note-schedule-data.sr.md",
)
_LARGEST = 64 * 1024 * 1024  # bytes
_WORD = 0xFFFFFFFF
_COMMENT = later(r"<!--SR:.+-->")
_TAG = later(r"#[^\s#]+")
_BLOCK_ID = later(r" \^[a-zA-Z0-9-]+\Z")
_DATA_ID = later(r"\^sr-data-id-([\w-]+)")


class Kept(NamedTuple):
    """Schedules by the plugin's key of a question, sibling by sibling, and by the path of a note."""

    cards: Mapping[str, Sequence[Schedule | None]] = {}
    notes: Mapping[str, Schedule] = {}


def kept(data: Mapping[str, object], vault: str) -> Kept:
    """What `data.json` holds, and over it what the files in the vault at `vault` do. Never raises."""
    settings = data.get("settings")
    settings = settings if isinstance(settings, dict) else {}
    states = [data.get("scheduleState"), data.get("scheduleData")]
    if settings.get("dataStore", "NOTES") != "NOTES":
        folder = str(settings.get("scheduleDataVaultLocation") or "").strip().strip("/") or _FOLDER
        states += _in_files(os.path.join(vault, folder))
    cards: dict[str, Sequence[Schedule | None]] = {}
    notes: dict[str, Schedule] = {}
    for state in states:
        for key, values in _table(state, "cardSchedules").items():
            if isinstance(values, list):
                cards[key.rpartition("::")[2]] = [entry(value) for value in values]  # early, the path was in the key
        notes |= {path: found for path, value in _table(state, "noteSchedules").items() if (found := entry(value))}
    return Kept(cards, notes)


def of_question(text: str, known: Kept, *, folders: bool) -> Sequence[Schedule | None]:
    """The schedules of the question that is written as `text`, or nothing."""
    if not known.cards:
        return ()
    given = _DATA_ID.search(text)
    found = known.cards.get(given[1]) if given else None
    return found or known.cards.get(question_hash(text, folders=folders), ())


def question_hash(text: str, *, folders: bool = False) -> str:
    """The plugin's key of a question: cyrb53 of its text less the schedule and the block id, in hexadecimal.

    A tag that begins the text belongs to it, unless `folders` are decks.

    >>> question_hash("Q::A ^q1") == question_hash("Q::A") != question_hash("Q::B")
    True
    """
    bare = _COMMENT.sub("", text)
    body = bare.lstrip()
    tag = _TAG.match(body)
    path = "/".join(part for part in tag[0][1:].split("/") if part) if tag else ""
    if not (tag and path):
        return _cyrb53(_without_block_id(bare.rstrip()))
    question = body[tag.end() :].lstrip()
    if folders:
        return _cyrb53(_without_block_id(question))
    blank, between = bare[: len(bare) - len(body)], body[tag.end() : len(body) - len(question)]
    return _cyrb53(f"{blank}#{path}{between}{_without_block_id(question)}")


def _without_block_id(text: str) -> str:
    found = _BLOCK_ID.search(text)
    return text[: found.start()].rstrip() if found else text


def _cyrb53(text: str) -> str:
    """The hash of https://stackoverflow.com/a/52171480 over the UTF-16 units of a text, seed 0."""
    first, second = 0xDEADBEEF, 0x41C6CE57
    units = memoryview(text.encode("utf-16-le", "surrogatepass")).cast("H")
    for unit in units:
        first = (first ^ unit) * 2654435761 & _WORD
        second = (second ^ unit) * 1597334677 & _WORD
    first = _mixed(first, second)
    second = _mixed(second, first)
    return f"{(second & 0x1FFFFF) << 32 | first:x}"


def _mixed(own: int, other: int) -> int:
    return ((own ^ own >> 16) * 2246822507 ^ (other ^ other >> 13) * 3266489909) & _WORD


def _in_files(folder: str) -> Iterator[object]:
    """The JSON of the plugin's files: between fences, or the whole of a file."""
    for name in _FILES:
        try:
            with open(os.path.join(folder, name), "rb") as file:
                text = file.read(_LARGEST).decode("utf-8-sig")
            yield json.loads(text[text.find("{") : text.rfind("}") + 1])
        except (OSError, ValueError, RecursionError):
            continue


def _table(values: object, key: str) -> Mapping[str, object]:
    value = values.get(key) if isinstance(values, dict) else None
    return value if isinstance(value, dict) else {}
