"""A note's cards, as drafts: the rules run in order, and no card asks or answers what another does already."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from studykit.cards import prompt as prompts
from studykit.cards.answer import sane_id
from studykit.cards.card import Draft, Schedule
from studykit.cards.formats.sr_schedule import of_note
from studykit.cards.identity import base
from studykit.cards.page import LONGEST_FORM, Found, Page, RuleOptions
from studykit.cards.rules import EXPLICIT, FURTHER, MAIN, NATIVE, Rule
from studykit.errors import Problem
from studykit.vault.note import Note

__all__ = ["Extraction", "RuleOptions", "extract"]

_LONGEST_TITLE = 1_000  # characters; a title beyond that is not asked


class Extraction(NamedTuple):
    """The drafts of one note in the order of their lines, and what was wrong with some of its blocks."""

    drafts: tuple[Draft, ...]
    problems: tuple[Problem, ...]


def extract(note: Note, options: RuleOptions) -> Extraction:
    """The cards that `note` makes under `options`. Raises for no text; a note that is no material makes none."""
    if not note.is_material or not note.frontmatter.cards:
        return Extraction((), ())
    page = Page(note, options)
    found = list(_distinct(page))
    found.sort(key=lambda pair: pair[1].start)
    asked = Counter(page.form(each) for _, each in found)
    drafts = (_draft(page, rule, each, again=asked[page.form(each)] > 1) for rule, each in _with_ids(page, found))
    return Extraction(tuple(drafts), tuple(page.problems))


def _found(page: Page) -> Iterator[tuple[str, Found]]:
    """What the rules find: one rule's main card, then what further rules see outside the lines that are shown.

    A note that marks its cards in another program's format has said which they are: there, prose asks nothing. Nor does
    it in a vault where prose rests, but for the question of a note that another program reviews as a whole.
    """
    marked = [found for name, rule in NATIVE.items() for found in _run(page, name, rule)]
    yield from marked
    prose = page.options.prose and not marked
    if prose:
        yield from _main(page)
    elif not marked and _is_reviewed(page):
        yield from (pair for pair in _main(page) if pair[1].main)
    for name, rule in FURTHER.items():
        if prose or name in EXPLICIT:
            yield from _run(page, name, rule)


def _main(page: Page) -> Iterator[tuple[str, Found]]:
    for name, rule in MAIN.items():
        if results := _run(page, name, rule):
            yield from results
            if any(found.main for _, found in results):
                break


def _run(page: Page, name: str, rule: Rule) -> list[tuple[str, Found]]:
    if not page.options.enabled.get(name, True):
        return []
    if name in MAIN and not 0 < len(page.title) <= _LONGEST_TITLE:
        return []
    results = []
    for found in rule(page):
        page.cover(found.start, found.end)
        results.append((name, found))
    return results


def _distinct(page: Page) -> Iterator[tuple[str, Found]]:
    """No question of a note twice: neither the title's again, nor one that stands twice under the same heading."""
    mains: set[str] = set()
    seen: set[tuple[str, str]] = set()
    marked: dict[tuple[str, int], str] = {}
    for name, found in _found(page):
        if name in NATIVE:  # what is marked as a card is one, though two may ask the same
            if marked.setdefault((page.form(found), found.start), name) == name:  # but two programs may both see it
                yield name, found
            continue
        form = page.form(found)
        if found.kind == "numeric":
            form += f"\0{found.answer}"  # the same words over other numbers are another question
        if found.main:
            mains.add(form)
        elif form in mains or (form, found.parent) in seen:
            continue
        seen.add((form, found.parent))
        yield name, found


def _with_ids(page: Page, results: list[tuple[str, Found]]) -> Iterator[tuple[str, Found]]:
    """The frontmatter's id for the first main card; each id for one card only."""
    given: set[str] = set()
    own = sane_id(page.note.frontmatter.id or "")
    for name, found in results:
        wanted = own if found.main and own and own not in given else found.explicit_id
        given_id = wanted if wanted and wanted not in given else ""
        given.add(given_id)
        yield name, found._replace(explicit_id=given_id)


def _draft(page: Page, rule: str, found: Found, *, again: bool) -> Draft:
    note = page.note
    return Draft(
        rule=rule,
        kind=found.kind,
        deck=found.deck or note.deck,
        file=note.path,
        line=page.file_line(found.start),
        prompt=found.prompt,
        answer=found.answer,
        title=note.title,
        context=_context(page, rule, found, again=again),
        label=note.frontmatter.label,
        tags=tuple(dict.fromkeys((*note.frontmatter.tags, *found.tags))),
        explicit_id=found.explicit_id,
        cloze=found.cloze,
        key=found.key,
        schedule=found.schedule or _of_note(page, found),
        base=base(found.key or found.prompt, found.cloze),
    )


def _is_reviewed(page: Page) -> bool:
    """Does another program review the note as a whole?"""
    kept = page.options.plugins.spaced_repetition.kept.notes
    return "sr-due" in page.note.frontmatter.keys or page.note.path in kept


def _of_note(page: Page, found: Found) -> Schedule | None:
    """The schedule of a note that is reviewed as a whole is that of its main card."""
    if not found.main or not _is_reviewed(page):
        return None
    note, kept = page.note, page.options.plugins.spaced_repetition.kept.notes
    return kept.get(note.path) or of_note(note.text[: len(note.text) - len(note.body)])


def _context(page: Page, rule: str, found: Found, *, again: bool) -> str:
    """Where a question stands, if it does not say enough or the note asks it more than once."""
    if found.main:
        return prompts.context(page.note.deck, "") if prompts.names_little(page.title) and not found.key else ""
    if rule != "table-row" and not again and prompts.stands_alone(found.prompt[:LONGEST_FORM], page.title):
        return ""
    return prompts.context(page.note.deck, page.title, found.parent)
