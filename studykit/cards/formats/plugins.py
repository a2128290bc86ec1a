"""What the settings of a vault's Obsidian plugins say about its cards."""

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from studykit.cards.formats.plugin_places import (
    FLASHCARDS,
    OBSIDIAN_TO_ANKI,
    SPACED_REPETITION,
    Place,
    configurations,
    within,
)
from studykit.cards.formats.sr_store import Kept, kept

_LARGEST = 64 * 1024 * 1024  # bytes; the plugins keep caches in the same file
_CLOZES = (
    ("convertHighlightsToClozes", "==[123;;]answer[;;hint]==", True),
    ("convertBoldTextToClozes", "**[123;;]answer[;;hint]**", False),
    ("convertCurlyBracketsToClozes", "{{[123;;]answer[;;hint]}}", False),
)


class SpacedRepetition(msgspec.Struct, frozen=True):
    """Settings of Spaced Repetition (`obsidian-spaced-repetition`), at the plugin's own defaults.

    `tags` carry their `#`. With `folders`, a note's folder is its deck and no tag is needed. `end` is the line that
    ends a card, empty for a blank line. `kept` are the schedules outside the notes.
    """

    tags: tuple[str, ...] = ("#flashcards",)
    ignored_tags: tuple[str, ...] = ()
    ignored_paths: tuple[str, ...] = ("**/*.excalidraw.md",)
    folders: bool = False
    inline: str = "::"
    inline_reversed: str = ":::"
    multiline: str = "?"
    multiline_reversed: str = "??"
    end: str = ""
    clozes: tuple[str, ...] = (_CLOZES[0][1],)
    later_tag: str = "#edit-later"
    kept: Kept = Kept()


class ObsidianToAnki(msgspec.Struct, frozen=True):
    """Settings of Obsidian_to_Anki: the words that open and close a note, and the fields of note types.

    `regexps` gives note types the regular expression (JavaScript's) of their notes. With `curly`, `{gaps}` in braces
    are deletions, with `highlights` highlighted text too. `directory` is the only folder that is read, if it is not
    empty. `deck` is that of every note, `decks` and `tags` are those of folders; with `deck_of_path` the path of a file
    names its deck. `keyword` is in the names of the types whose braces are deletions. `installed`: the settings are the
    vault's own, so what they do not name, the plugin does not see.
    """

    begin: str = "START"
    end: str = "END"
    begin_inline: str = "STARTI"
    end_inline: str = "ENDI"
    deck_line: str = "TARGET DECK"
    tags_line: str = "FILE TAGS"
    frozen_line: str = "FROZEN"
    curly: bool = False
    keyword: str = "Cloze"
    highlights: bool = False
    fields: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    regexps: Mapping[str, str] = msgspec.field(default_factory=dict)
    directory: str = ""
    deck: str = ""
    ignored_paths: tuple[str, ...] = ("**/*.excalidraw.md",)
    decks: Mapping[str, str] = msgspec.field(default_factory=dict)
    tags: Mapping[str, str] = msgspec.field(default_factory=dict)
    deck_of_path: bool = False
    installed: bool = False


class FlashcardsObsidian(msgspec.Struct, frozen=True):
    """Settings of Flashcards (`flashcards-obsidian`); `tag` is without its `#`.

    With `folders` a note's folder is its deck, `deck` is that of the others. `installed`: the plugin is in the vault.
    """

    tag: str = "card"
    inline: str = "::"
    inline_reversed: str = ":::"
    folders: bool = True
    deck: str = ""
    installed: bool = False


class Plugins(msgspec.Struct, frozen=True):
    """The plugins' settings that rules ask for.

    `hashcards`: the folder holds the database of that program. `logseq`: it is a graph of Logseq's, and Spaced
    Repetition has never been there.
    """

    spaced_repetition: SpacedRepetition = SpacedRepetition()
    obsidian_to_anki: ObsidianToAnki = ObsidianToAnki()
    hashcards: bool = False
    logseq: bool = False
    flashcards: FlashcardsObsidian = FlashcardsObsidian()

    def without_schedules(self) -> "Plugins":
        """The settings alone. The schedules change with each review there and are taken over once."""
        return replace(self, spaced_repetition=replace(self.spaced_repetition, kept=Kept()))


DEFAULTS = Plugins()


def read_plugins(root: str) -> Plugins:
    """The settings of the vault at `root`; what is missing or of the wrong type is at its default. Never raises.

    Where they stand: see `plugin_places`.
    """
    hashcards = os.path.isfile(os.path.join(root, "hashcards.db"))
    places = configurations(root)
    data, vault = _data(places, SPACED_REPETITION)
    sr = spaced_repetition(_table(data, "settings"))
    held = kept(data, os.path.join(root, vault))
    if vault:
        held = held._replace(notes={vault + path: schedule for path, schedule in held.notes.items()})
        sr = replace(sr, ignored_paths=tuple(vault + pattern for pattern in sr.ignored_paths))
    sr = replace(sr, kept=held)
    data, vault = _data(places, OBSIDIAN_TO_ANKI)
    anki = obsidian_to_anki(_table(data, "settings"), data)
    if vault:
        anki = replace(
            anki,
            directory=(vault + anki.directory).rstrip("/"),
            ignored_paths=tuple(vault + pattern for pattern in anki.ignored_paths),
            decks={vault + folder: deck for folder, deck in anki.decks.items()},
            tags={vault + folder: tags for folder, tags in anki.tags.items()},
        )
    is_graph = os.path.isfile(os.path.join(root, "logseq", "config.edn"))
    reviewed = any(True for place in places for _folder in within(place, SPACED_REPETITION))
    data, _vault = _data(places, FLASHCARDS)
    installed = any(True for place in places for _folder in within(place, FLASHCARDS))
    return Plugins(sr, anki, hashcards, is_graph and not reviewed, flashcards(data, installed=installed))


def spaced_repetition(found: Mapping[str, object]) -> SpacedRepetition:
    """The settings as the plugin's `data.json` holds them. Early versions spelt two of them `singleline…`."""
    own = SpacedRepetition()
    return SpacedRepetition(
        tags=tuple(tag if tag.startswith("#") else f"#{tag}" for tag in _texts(found, "flashcardTags", own.tags)),
        ignored_tags=_texts(found, "flashcardTagsToIgnore", ()),
        ignored_paths=_texts(found, "noteFoldersToIgnore", own.ignored_paths),
        folders=found.get("convertFoldersToDecks") is True,
        inline=_text(found, "singleLineCardSeparator", _text(found, "singlelineCardSeparator", own.inline)),
        inline_reversed=_text(
            found,
            "singleLineReversedCardSeparator",
            _text(found, "singlelineReversedCardSeparator", own.inline_reversed),
        ),
        multiline=_text(found, "multilineCardSeparator", own.multiline),
        multiline_reversed=_text(found, "multilineReversedCardSeparator", own.multiline_reversed),
        end=_text(found, "multilineCardEndMarker", own.end).strip(),
        clozes=_clozes(found),
        later_tag=_text(found, "editLaterTag", own.later_tag),
    )


def _clozes(found: Mapping[str, object]) -> tuple[str, ...]:
    """The patterns; settings from before there were patterns switch three of them on or off."""
    if isinstance(found.get("clozePatterns"), list):
        return _texts(found, "clozePatterns", ())
    if found.get("disableClozeCards") is True:  # in the earliest versions, one switch for all
        return ()
    return tuple(pattern for key, pattern, default in _CLOZES if found.get(key, default) is True)


def obsidian_to_anki(settings: Mapping[str, object], data: Mapping[str, object]) -> ObsidianToAnki:
    """The settings as the plugin's `data.json` holds them; the fields stand beside them."""
    own = ObsidianToAnki()
    words, defaults, fields = _table(settings, "Syntax"), _table(settings, "Defaults"), _table(data, "fields_dict")
    return ObsidianToAnki(
        begin=_text(words, "Begin Note", own.begin),
        end=_text(words, "End Note", own.end),
        begin_inline=_text(words, "Begin Inline Note", own.begin_inline),
        end_inline=_text(words, "End Inline Note", own.end_inline),
        deck_line=_text(words, "Target Deck Line", own.deck_line),
        tags_line=_text(words, "File Tags Line", own.tags_line),
        frozen_line=_text(words, "Frozen Fields Line", own.frozen_line),
        curly=defaults.get("CurlyCloze") is True,
        keyword=_text(defaults, "CurlyCloze - Keyword", own.keyword),
        highlights=defaults.get("CurlyCloze - Highlights to Clozes") is True,
        fields={name: names for name in fields if (names := _list(fields, name, ()))},
        regexps=_filled(settings, "CUSTOM_REGEXPS"),
        deck=deck if (deck := _text(defaults, "Deck", "")) != "Default" else "",
        directory=_text(defaults, "Scan Directory", own.directory).strip("/"),
        ignored_paths=_list(settings, "IGNORED_FILE_GLOBS", own.ignored_paths),
        decks=_filled(settings, "FOLDER_DECKS"),
        tags=_filled(settings, "FOLDER_TAGS"),
        deck_of_path=defaults.get("Auto Target Deck from Path") is True,
        installed=bool(settings),
    )


def flashcards(found: Mapping[str, object], *, installed: bool) -> FlashcardsObsidian:
    """The settings as the plugin's `data.json` holds them; its second version has a table for tags."""
    own = FlashcardsObsidian()
    deck = _text(found, "deck", _text(found, "defaultDeck", "Default")).strip()
    return FlashcardsObsidian(
        tag=_text(_table(found, "hashtag"), "basicTag", _text(found, "flashcardsTag", own.tag)).strip("# ") or own.tag,
        inline=_text(found, "inlineSeparator", own.inline),
        inline_reversed=_text(found, "inlineSeparatorReverse", own.inline_reversed),
        folders=found.get("folderBasedDeck", found.get("folderBasedDecks", True)) is not False,
        deck=deck if deck != "Default" else "",
        installed=installed,
    )


def of_folders(path: str, values: Mapping[str, str]) -> Iterator[str]:
    """What `values` say of the folders of a note's path, of the innermost first."""
    folder = path if values else ""
    while "/" in folder:
        folder = folder.rpartition("/")[0]
        if folder in values:
            yield values[folder]


def matches_glob(path: str, patterns: Sequence[str]) -> bool:
    """Does a path match one of `patterns`?"""
    return any(re.fullmatch(_glob(pattern), path) for pattern in patterns)


def is_ignored(path: str, patterns: Sequence[str]) -> bool:
    """Does a path begin with one of `patterns`, or match it as a glob?"""
    return any(pattern and path.startswith(pattern) for pattern in patterns) or matches_glob(path, patterns)


def _glob(pattern: str) -> str:
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", pattern)
    forms = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return "".join(forms.get(part, re.escape(part)) for part in parts)


def _data(places: Sequence[Place], plugins: Sequence[str]) -> tuple[Mapping[str, object], str]:
    """What the first of `plugins` that has left anything keeps, and where its vault stands in the notes."""
    for place in (folder for configuration in places for folder in within(configuration, plugins)):
        try:
            with open(os.path.join(place.folder, "data.json"), "rb") as file:
                data = json.loads(file.read(_LARGEST).decode("utf-8-sig"))
        except (OSError, ValueError, RecursionError):
            continue
        if isinstance(data, dict):
            return data, place.vault
    return {}, ""


def _table(values: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = values.get(key)
    return value if isinstance(value, dict) else {}


def _text(values: Mapping[str, object], key: str, default: str) -> str:
    value = values.get(key, default)
    return value if isinstance(value, str) else default


def _texts(values: Mapping[str, object], key: str, default: tuple[str, ...]) -> tuple[str, ...]:
    value = values.get(key)
    if isinstance(value, str):
        return tuple(value.split())
    return _list(values, key, default)


def _filled(values: Mapping[str, object], key: str) -> Mapping[str, str]:
    """A table of texts, less those that are empty."""
    return {name: text for name, text in _table(values, key).items() if isinstance(text, str) and text.strip()}


def _list(values: Mapping[str, object], key: str, default: tuple[str, ...]) -> tuple[str, ...]:
    value = values.get(key)
    if not isinstance(value, list):
        return default
    return tuple(item.strip() for item in value if isinstance(item, str) and item.strip())
