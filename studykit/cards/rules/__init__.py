"""The rules, in the order in which they look at a note; the names are those of settings and of `by_rule`.

A rule is a function from a `Page` to what it found. `NATIVE` reads the formats of other programs, which mark their
cards: where it finds any, of the other rules only those of `EXPLICIT` look at the note. Else the first of `MAIN` that
finds a main card makes the note's main card; every rule of `FURTHER` adds cards, for lines that no earlier card shows.
"""

from collections.abc import Callable, Iterable, Mapping

from studykit.cards.page import Found, Page
from studykit.cards.rules import (
    answer_section,
    inline_qa,
    lead,
    marks,
    question_heading,
    question_word,
    quiz,
    staged_answer,
    table_row,
)

Rule = Callable[[Page], Iterable[Found]]


def _marked(name: str, is_marked: Callable[[Page], bool]) -> Rule:
    """The rule in the module `name`, which is loaded for the first note that may hold what it finds."""

    def find(page: Page) -> Iterable[Found]:
        if not is_marked(page):
            return ()
        from importlib import import_module

        rule: Rule = import_module(f"studykit.cards.rules.{name}").find
        return rule(page)

    return find


NATIVE: Mapping[str, Rule] = {
    "obsidian-to-anki": _marked("obsidian_to_anki", marks.obsidian_to_anki),
    "flashcards-obsidian": _marked("flashcards_obsidian", marks.flashcards_obsidian),
    "logseq": _marked("logseq", marks.logseq),
    "obsidian-sr": _marked("obsidian_sr", marks.obsidian_sr),
    "hashcards": _marked("hashcards", marks.hashcards),
    "anki-cloze": _marked("anki_cloze", marks.anki_cloze),
}
MAIN: Mapping[str, Rule] = {
    "answer-section": answer_section.find,
    "lead": lead.find,
    "staged-answer": staged_answer.find,
}
FURTHER: Mapping[str, Rule] = {
    "question-heading": question_heading.find,
    "question-word": question_word.find,
    "inline-qa": inline_qa.find,
    "quiz": quiz.find,
    "table-row": table_row.find,
}
EXPLICIT = ("quiz", "table-row")
NAMES = (*NATIVE, *MAIN, *FURTHER)
