"""Making a folder of notes a vault: its settings file, and its place as the known vault."""

import os
from dataclasses import dataclass

import msgspec

from studykit import places, settings
from studykit.errors import VaultError
from studykit.vault.scan import scan

_EXPLAINED = {
    "language": "auto, en or zh_CN: the language of messages",
    "editor": "the command that opens a note; empty: $VISUAL or $EDITOR",
    "schedule.rollover_hour": "the local hour, 0 to 23, at which a study day begins",
    "schedule.desired_retention": "the recall aimed at, 0.70 to 0.99; higher means more reviews",
    "schedule.new_per_day": "new cards a day",
    "schedule.reviews_per_day": "reviews a day",
    "schedule.maximum_interval": "no card waits longer, in days",
    "schedule.scheduler": "fsrs, ladder or sm2",
    "notes.include": "which files are notes",
    "notes.exclude": "which of them are none after all",
    "notes.answer_headings": "headings whose section answers the note's title",
    "notes.write_back": "when review fields are renewed in notes: session (and sync), sync, never",
}


@dataclass(frozen=True, slots=True)
class Initialised:
    """What `initialise` did. `written` is False where a settings file stood already."""

    root: str
    config_file: str
    notes: int
    written: bool


def initialise(folder: str, *, force: bool = False) -> Initialised:
    """Write the vault's settings and remember it. Raises VaultError when `folder` is none or cannot be written."""
    root = os.path.realpath(os.path.expanduser(folder))
    if not os.path.isdir(root):
        found = "is a file" if os.path.exists(root) else "is not there"
        raise VaultError(f"{folder} {found}.", "Give the folder that holds your Markdown notes.")
    file = settings.vault_file(root)
    written = force or not os.path.exists(file)
    if written:
        try:
            places.write_whole(file, template().encode())
        except OSError as error:
            raise VaultError(
                f"{file} cannot be written: {error.strerror}.", "Check the folder's permissions."
            ) from error
    chosen = settings.load(root).settings
    places.remember_vault(root)
    found_files = scan(root, chosen.notes.include, chosen.notes.exclude, None).files
    return Initialised(root, file, len(found_files), written)


def template() -> str:
    """Every setting at its default, commented out, with what it means: a file to uncomment from."""
    lines = ["# Settings of this vault; they travel with the notes. Uncomment what you want to change.", ""]
    table = ""
    for key, value in settings.flatten(msgspec.to_builtins(settings.Settings())):
        name = key.rpartition(".")
        if name[0] != table:
            table = name[0]
            lines += ["", f"[{table}]"]
        explained = _EXPLAINED.get(key, "a rule that makes cards, on or off" if table == "rules" else "")
        comment = f"  # {explained}" if explained else ""
        lines.append(f"# {name[2]} = {settings.as_toml(value)}{comment}")
    return "\n".join(lines) + "\n"
