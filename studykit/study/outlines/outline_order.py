"""The order in which outlines list notes, for new cards that are to come in it."""

from posixpath import dirname

from studykit.errors import StudyError
from studykit.store.database import Store
from studykit.study.browsing.note_names import from_here
from studykit.study.outlines.outline import list_outlines
from studykit.study.outlines.outline_topics import chapters
from studykit.study.vault import Vault
from studykit.vault.links import Targets
from studykit.vault.note import parse_note
from studykit.vault.rewrite import read_bytes


def outline_places(vault: Vault, store: Store) -> dict[str, int]:
    """The place of each note that an outline links to, over all outlines by name; a note counts where it comes first.

    An outline that cannot be read is passed over: `studykit outline` says why.
    """
    paths = [path for (path,) in store.connection.execute("SELECT path FROM notes ORDER BY path")]
    targets = Targets(paths, vault.root)
    places: dict[str, int] = {}
    for place in list_outlines(vault):
        try:
            note = parse_note("", read_bytes(place)[0])
        except (OSError, StudyError):
            continue
        folder = dirname(from_here(vault, place))
        links = [topic.link for chapter in chapters(note) for topic in chapter.topics if topic.link]
        for link in links:
            if path := targets.find_leniently(link, folder):
                places.setdefault(path, len(places))
    return places
