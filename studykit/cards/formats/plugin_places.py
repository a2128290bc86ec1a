"""Where the plugins of an Obsidian vault keep their settings.

That is below `.obsidian`, mostly. But Obsidian lets people name another hidden folder (some have one for the telephone
and one for the desk), and a repository may hold its vault in a folder of its own.
"""

import os
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

SPACED_REPETITION = ("obsidian-spaced-repetition", "obsidian-spaced-repetition-recall", "spaced-repetition-recall")
OBSIDIAN_TO_ANKI = ("obsidian-to-anki-plugin",)
FLASHCARDS = ("flashcards-obsidian",)
_USUAL = ".obsidian"
_MOST = 1_000  # entries of a folder that are looked at; a folder of a hundred thousand notes is no home of vaults


class Place(NamedTuple):
    """A folder of settings. `vault` is where its vault stands in the notes, with `/` at its end, or '' for all."""

    folder: str
    vault: str


def plugin_places(root: str, plugins: Sequence[str]) -> Iterator[Place]:
    """The folders of `plugins` (ids, in order of preference) that are there, those of the usual configuration first."""
    for configuration in configurations(root):
        yield from within(configuration, plugins)


def within(configuration: Place, plugins: Sequence[str]) -> Iterator[Place]:
    """The folders of `plugins` in one configuration."""
    for plugin in plugins:
        folder = os.path.join(configuration.folder, "plugins", plugin)
        if os.path.isdir(folder):
            yield Place(folder, configuration.vault)


def configurations(root: str) -> list[Place]:
    """The configuration folders of the notes, the usual one first.

    Where the notes are no vault, those of the only vault among their folders: of several, none speaks for all.
    """
    names = _folders(root)
    own = _of_vault(root, "", names)
    if own:
        return own
    vaults = [name for name in names if name[0] != "." and os.path.isdir(os.path.join(root, name, _USUAL))]
    if len(vaults) != 1:
        return []
    vault = os.path.join(root, vaults[0])
    return _of_vault(vault, f"{vaults[0]}/", _folders(vault))


def _of_vault(folder: str, vault: str, names: Sequence[str]) -> list[Place]:
    others = [name for name in names if name[0] == "." and name != _USUAL]
    held = [name for name in sorted(others) if os.path.isfile(os.path.join(folder, name, "community-plugins.json"))]
    usual = [_USUAL] if os.path.isdir(os.path.join(folder, _USUAL)) else []
    return [Place(os.path.join(folder, name), vault) for name in (*usual, *held)]


def _folders(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry in islice(entries, _MOST) if entry.name[-3:] != ".md" and entry.is_dir()]
    except OSError:
        return []
