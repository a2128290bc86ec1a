"""Notes by what a person calls them: a path from the vault or from where they stand, a file's name, a title."""

import os
from collections.abc import Iterable, Sequence
from unicodedata import normalize

from studykit.errors import NotFoundError
from studykit.locale import _, listed
from studykit.store.database import Store
from studykit.study.vault import Vault

NEAR = 0.6
"""Likeness from which another name is offered."""


def note_at(vault: Vault, store: Store, name: str) -> str:
    """The path of the note called `name`. Raises NotFoundError when none or several are, with the nearest name."""
    titles: dict[str, str] = dict(store.connection.execute("SELECT path, title FROM notes").fetchall())
    known = {normalize("NFC", path): path for path in titles}
    for path in (name, from_here(vault, name)):
        if found := known.get(normalize("NFC", path)):
            return found
    wanted = _plain(name)
    fitting = [path for path, title in titles.items() if wanted in (_plain(path), _plain(title))]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        shown = listed(sorted(fitting)[:3])
        raise NotFoundError(
            _("{name!r} names {n} notes: {paths}.").format(name=name, n=len(fitting), paths=shown),
            _("Give the path of one."),
        )
    near = nearest(name, titles.items())
    hint = _("Did you mean `{name}`?").format(name=near) if near else _("`studykit notes` lists them.")
    raise NotFoundError(_("There is no note {name!r} in the vault.").format(name=name), hint)


def from_here(vault: Vault, name: str) -> str:
    """A path as the shell gives it, relative to the vault with `/`; it begins with `../` if it lies outside."""
    place = os.path.abspath(os.path.expanduser(name))
    real = os.path.join(os.path.realpath(os.path.dirname(place)), os.path.basename(place))
    return os.path.relpath(real, vault.root).replace(os.sep, "/")


def nearest(name: str, notes: Iterable[tuple[str, str]]) -> str | None:
    """The path of the note whose name or title is most like `name`, if any is much like it."""
    found = ranked(name, list(notes))
    return found[0] if found else None


def ranked(name: str, notes: Sequence[tuple[str, str]], at_least: float = NEAR) -> list[str]:
    """The paths of at most three notes by likeness to `name` (0 to 1), in name or title; `notes` are pairs of both."""
    from rapidfuzz import fuzz, process

    wanted = _plain(name)
    if not wanted:
        return []
    names = [_plain(path) for path, _title in notes] + [_plain(title) for _path, title in notes]
    best = process.extract(wanted, names, scorer=fuzz.ratio, limit=3, score_cutoff=at_least * 100)
    return list(dict.fromkeys(notes[place % len(notes)][0] for _name, _score, place in best))


def _plain(name: str) -> str:
    """The letters of a file's name or a title, without its folder, ending and punctuation."""
    stem = name.rpartition("/")[2] if name.endswith(".md") else name
    return "".join(filter(str.isalnum, normalize("NFKC", stem.removesuffix(".md")).casefold()))
