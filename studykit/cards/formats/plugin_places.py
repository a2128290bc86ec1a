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
_USUAL = ".obsidian"
_MOST = 2_000  # entries of a folder that are looked at; a folder of a hundred thousand notes is no home of vaults


class Place(NamedTuple):
    """A plugin's folder. `vault` is where its vault stands in the notes, with `/` at its end, or '' for all of them."""

    folder: str
    vault: str


def plugin_places(root: str, plugins: Sequence[str]) -> Iterator[Place]:
    """The folders of `plugins` (ids, in order of preference) that are there, those of the usual configuration first."""
    for vault in _vaults(root):
        for configuration in _configurations(os.path.join(root, vault)):
            for plugin in plugins:
                folder = os.path.join(configuration, "plugins", plugin)
                if os.path.isdir(folder):
                    yield Place(folder, vault)


def _vaults(root: str) -> list[str]:
    """The notes as a whole; if they are no vault, the only one among their folders: of several, none speaks for all."""
    if os.path.isdir(os.path.join(root, _USUAL)) or next(_configurations(root), None):
        return [""]
    within = [name for name in _folders(root) if os.path.isdir(os.path.join(root, name, _USUAL))]
    return [f"{within[0]}/"] if len(within) == 1 else []


def _configurations(folder: str) -> Iterator[str]:
    """The configuration folders of a vault, the usual one first."""
    usual = os.path.join(folder, _USUAL)
    if os.path.isdir(usual):
        yield usual
    for name in sorted(_folders(folder)):
        named = os.path.join(folder, name)
        if name[0] == "." and name != _USUAL and os.path.isfile(os.path.join(named, "community-plugins.json")):
            yield named


def _folders(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry in islice(entries, _MOST) if entry.is_dir()]
    except OSError:
        return []
