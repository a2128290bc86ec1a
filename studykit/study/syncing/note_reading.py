"""One file read: its row for the store and the drafts of its cards, as plain values that may come from any process."""

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from studykit.cards.card import Draft
from studykit.cards.extract import RuleOptions, extract
from studykit.errors import Problem
from studykit.locale import _
from studykit.store.notes import Row, row_of
from studykit.vault.decode import digest
from studykit.vault.frontmatter import Frontmatter
from studykit.vault.material import conflict_copy_of
from studykit.vault.note import Note, parse_note
from studykit.vault.scan import FileStat


class Reading(NamedTuple):
    """What a file says. `row` is None where the bytes are those known before, or could not be read (`why_not`).

    `front` is the frontmatter of a note that was reviewed elsewhere, and None for any other. `conflicted`: there may
    be a merge conflict in it.
    """

    stat: FileStat
    digest: str = ""
    row: Row | None = None
    drafts: tuple[Draft, ...] = ()
    problems: tuple[Problem, ...] = ()
    front: Frontmatter | None = None
    why_not: str = ""
    conflicted: bool = False


CONFLICT = b"<<<<<<<"  # without which no note has a merge conflict


def read_notes(
    root: str, stats: Iterable[FileStat], digests: Mapping[str, str], options: RuleOptions, *, again: bool
) -> Iterator[Reading]:
    """Read files under `root`; one that is gone gives nothing. `again`: even where its bytes are those of `digests`."""
    for stat in stats:
        try:
            with open(os.path.join(root, stat.path), "rb", buffering=0) as file:
                data = file.read()
        except FileNotFoundError:
            continue  # deleted since the scan; the next sync sees it gone
        except OSError as error:
            yield Reading(stat, why_not=error.strerror or str(error))
            continue
        if not again and stat.path in digests and digest(data) == digests[stat.path]:
            yield Reading(stat)
        else:
            read = reading_of(parse_note(stat.path, data), stat, options)
            yield read._replace(conflicted=True) if CONFLICT in data else read


def reading_of(note: Note, stat: FileStat, options: RuleOptions, more: Iterable[Problem] = ()) -> Reading:
    """What a parsed note says; `more` are problems that were found before it was parsed."""
    made = extract(note, options)
    front = note.frontmatter if note.frontmatter.review_count > 0 else None
    problems = (*more, *_copied(note.path), *note.problems, *made.problems)
    return Reading(stat, note.digest, row_of(note, stat), made.drafts, problems, front)


def _copied(path: str) -> Iterator[Problem]:
    if original := conflict_copy_of(path):
        message = _(
            "a file sync kept this copy of {note}, which two devices changed; take over what it has and delete it"
        )
        yield Problem(path, 1, message.format(note=original))
