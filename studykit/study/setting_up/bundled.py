"""The notes that come with studykit, put where they can be studied and edited."""

import os
import shutil

import studykit
from studykit import places
from studykit.errors import VaultError
from studykit.locale import _, language


def bundled_source() -> str:
    """Where the shipped notes lie: inside the package, or beside it in a checkout."""
    package = os.path.dirname(os.path.abspath(studykit.__file__))
    for place in (os.path.join(package, "notes"), os.path.join(os.path.dirname(package), "notes")):
        if os.path.isdir(os.path.join(place, "en")):
            return place
    raise VaultError(_("The bundled notes are missing from this installation."), _("Install studykit again."))


def place_bundled(wanted: str | None = None) -> str:
    """Copy the notes of a language (default: the one in use) below the data folder; the copy's path.

    A copy that stands already is left as it is: it may hold edits, and it holds the review log.
    """
    name = "zh" if (wanted or language()).startswith("zh") else "en"
    target = os.path.join(places.data_folder(), "notes", name)
    if not os.path.isdir(target):
        temporary = f"{target}.{os.getpid()}.tmp"
        shutil.copytree(os.path.join(bundled_source(), name), temporary)
        os.rename(temporary, target)
    return target
