"""One note in, its report out: every form of claim, each by its own module."""

from studykit.claims import (
    arithmetic_claims,
    attention,
    baselines,
    blocks,
    bubble_tables,
    cache_sizes,
    changes,
    columns,
    comment_results,
    conversions,
    counts,
    cuda,
    device_memory,
    following,
    format_rows,
    implied_bases,
    layouts,
    listed_factors,
    lost_shares,
    marked,
    matrix_rates,
    memory,
    multiples,
    outcomes,
    precisions,
    proportions,
    rows,
    sentences,
    shapes,
    shares,
    short_tables,
    slots,
    stated,
    targets,
    throughput,
    told,
    totals,
    training,
    workings,
    zero,
)
from studykit.claims.finding import Finding, Report, Statement
from studykit.claims.page import Page
from studykit.claims.quoted import quoted
from studykit.claims.surroundings import Surroundings
from studykit.vault.note import Note


def examine(note: Note, *, compare: bool = False) -> Report:
    """Judge the numbers of one note. Never raises for what a note may hold.

    With `compare` its statements are all results that can be held against those of other notes, not bubbles alone.
    """
    page = Page(note)
    report = Report()
    if not page.lines:
        return report
    around = Surroundings(page)
    for simple in (
        arithmetic_claims.check,
        changes.check,
        blocks.check,
        attention.check,
        cache_sizes.check,
        columns.check,
        baselines.check,
        outcomes.check,
        marked.check,
        totals.check,
        conversions.check,
        precisions.check,
        shares.check,
        cuda.check,
        zero.check,
        shapes.check,
        throughput.check,
        workings.check,
        counts.check,
        training.check,
        sentences.check,
        proportions.check,
        multiples.check,
        implied_bases.check,
        short_tables.check,
        listed_factors.check,
        matrix_rates.check,
        format_rows.check,
        comment_results.check,
        device_memory.check,
        lost_shares.check,
    ):
        report.add(simple(page))
    for check in (stated.check, bubble_tables.check, slots.check, targets.check, layouts.check, memory.check):
        report.add(check(page, around))
    for general in (following.check, rows.check):
        report.add(_beyond(report, general(page)))
    if compare:
        report.statements += [told.statement(page, each) for each in told.told(page) if each.near or each.whole]
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
