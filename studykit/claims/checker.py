"""One note in, its report out: every form of claim, each by its own reader."""

from studykit.claims.finding import Finding, Report, Statement
from studykit.claims.readers import asked, asked_of_the_rest
from studykit.claims.reading.page import Page
from studykit.claims.reading.quoted import quoted
from studykit.claims.told.results import statement, told
from studykit.vault.note import Note


def examine(note: Note, *, compare: bool = False) -> Report:
    """Judge the numbers of one note. Never raises for what a note may hold.

    With `compare` its statements are all results that can be held against those of other notes, not bubbles alone.
    """
    page = Page(note)
    report = Report()
    if not page.lines:
        return report
    for found in asked(page):
        report.add(found)
    for general in asked_of_the_rest(page):
        report.add(_beyond(report, general))
    if compare:
        report.statements += [statement(page, each) for each in told(page) if each.near or each.whole]
    report.findings = [each for each in report.findings if not _set_aside(page, each)]
    report.statements = [each for each in report.statements if each.right or not _set_aside(page, each)]
    return report


def _beyond(report: Report, general: Report) -> Report:
    """What the general laws find on lines where no form of claim of its own has found anything."""
    known = {found.line for found in report.findings}
    kept = [found for found in general.findings if found.line not in known]
    general.checked -= len(general.findings) - len(kept)
    general.findings = kept
    return general


def _set_aside(page: Page, found: Finding | Statement) -> bool:
    """Whether the note itself silences the line, or shows the number as a mistake."""
    line = found.line - page.note.body_line
    return line in page.silenced or quoted(page, line, found.column)
