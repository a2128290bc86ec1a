"""The rules, in the order in which they look at a note; the names are those of settings and of `by_rule`.

A rule is a function from a `Page` to what it found. `NATIVE` reads the formats of other programs, which mark their
cards: where it finds any, of the other rules only those of `EXPLICIT` look at the note. Else the first of `MAIN` that
finds a main card makes the note's main card; every rule of `FURTHER` adds cards, for lines that no earlier card shows.
"""

from collections.abc import Callable, Iterable, Mapping

from studykit.cards.page import Found, Page
from studykit.cards.rules import (
    anki_cloze,
    answer_section,
    flashcards_obsidian,
    hashcards,
    inline_qa,
    lead,
    logseq,
    obsidian_sr,
    obsidian_to_anki,
    question_heading,
    question_word,
    quiz,
    staged_answer,
    table_row,
)

Rule = Callable[[Page], Iterable[Found]]

NATIVE: Mapping[str, Rule] = {
    "obsidian-to-anki": obsidian_to_anki.find,
    "flashcards-obsidian": flashcards_obsidian.find,
    "logseq": logseq.find,
    "obsidian-sr": obsidian_sr.find,
    "hashcards": hashcards.find,
    "anki-cloze": anki_cloze.find,
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
