"""Cards of Obsidian's Spaced Repetition plugin, in notes that have a deck tag (`#flashcards/physics`).

`Question::Answer`, `term:::meaning` (asked both ways), a question and an answer of several lines with `?` or `??`
between them, and gaps (`==highlighted==`, and what else the vault's own plugin settings name). Schedules that the
plugin left behind a card are the start of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from textwrap import dedent

from studykit.cards.formats.cloze_pattern import Pattern, gaps, read_pattern
from studykit.cards.formats.deck_tags import DeckTags, without_block_id
from studykit.cards.formats.gaps import Gap, cards
from studykit.cards.formats.inert import covers, maths_lines, spans
from studykit.cards.formats.plugins import is_ignored
from studykit.cards.formats.sr_blocks import COMMENT, Block, blocks
from studykit.cards.formats.sr_schedule import entries, without_comments
from studykit.cards.formats.sr_store import of_question
from studykit.cards.page import Found, Page
from studykit.vault.later import later

_CALLOUT = "[!sr|card-metadata]"
_ANKI = later(r"\{\{c\d{1,3}(?:,\d{1,3})*::")


def find(page: Page) -> Iterator[Found]:
    """The cards of a note that is in a deck."""
    options = page.options.plugins.spaced_repetition
    decks = DeckTags.of(page, options)
    if decks is None or is_ignored(page.note.path, options.ignored_paths):
        return
    patterns = [pattern for raw in options.clozes if (pattern := read_pattern(raw))]
    found = list(
        blocks(_lines(page), options, lambda line: bool(_gaps(line, patterns)), _fences(page), _plain_lines(page))
    )
    decks.leave_out([(block.start, block.end) for block in found])
    for block in found:
        if not (options.later_tag and options.later_tag in block.text):
            yield from _cards(page, block, patterns, decks)


def _lines(page: Page) -> Sequence[str]:
    """The lines of the body; a callout that holds nothing but a schedule reads as the schedule alone."""
    if _CALLOUT not in page.note.body:
        return page.lines
    lines = list(page.lines)
    for number in page.lines_with(_CALLOUT):
        below = lines[number + 1].lstrip("> \t") if number + 1 < page.size else ""
        if lines[number].startswith(">") and below.startswith(COMMENT):
            lines[number : number + 2] = [below, ""]
    return lines


def _fences(page: Page) -> Mapping[int, int]:
    """The fences by their first lines, with those that follow on HTML: to Markdown they are text, to the plugin not."""
    fences = {fence.line: fence.end for fence in page.note.outline.fences}
    end = 0
    for number in page.lines_with("\n```", "\n~~~") if "<" in page.note.body else ():
        line = page.lines[number]
        mark = line[: len(line) - len(line.lstrip(line[0]))]
        if number >= end and page.is_prose(number) and mark[0] not in line[len(mark) :]:
            closing = (at for at in range(number + 1, page.size) if page.lines[at].startswith(mark))
            end = fences[number] = next(closing, page.size - 1) + 1
    return fences


def _plain_lines(page: Page) -> frozenset[int]:
    """Lines on which nothing is a card: formulas, comments, and clozes that are Anki's."""
    lines = set(maths_lines(page.lines)) if "$$" in page.note.body else set()
    for line, text in page.note.outline.comments:
        if not text.startswith(COMMENT):
            lines.update(range(line, line + text.count("\n") + 1))
    custom = any("{{c" in pattern.replace("[", "") for pattern in page.options.plugins.spaced_repetition.clozes)
    if "{{c" in page.note.body and not custom:
        lines.update(line for line in page.lines_with("{{c") if _ANKI.search(page.lines[line]))
    return frozenset(lines)


def _gaps(text: str, patterns: Sequence[Pattern]) -> tuple[Gap, ...]:
    """The gaps of a text that are not in code, formulas or comments."""
    found = gaps(text, patterns)
    inert = spans(text) if found else ()
    return tuple(gap for gap in found if not covers(inert, gap.start))


def _cards(page: Page, block: Block, patterns: Sequence[Pattern], decks: DeckTags) -> Iterator[Found]:
    """The cards of one block, each with its entry of the schedule."""
    deck, text = decks.deck(block.start, without_comments(block.text).rstrip())
    options = page.options.plugins.spaced_repetition
    schedules = of_question(block.text, options.kept, folders=options.folders) or entries(block.text)
    parent = page.heading_at(block.start)
    for place, (prompt, answer, cloze, key) in enumerate(_sides(page, block, without_block_id(text), patterns)):
        entry = cloze - 1 if cloze else place  # the plugin counts the numbers that no gap has too
        if prompt.strip() and answer.strip():
            yield Found(
                prompt, answer, block.start, block.end, parent, key=key, cloze=cloze, deck=deck,
                kind="cloze" if cloze else "recall",
                schedule=schedules[entry] if entry < len(schedules) else None,
            )  # fmt: skip


def _sides(
    page: Page, block: Block, text: str, patterns: Sequence[Pattern]
) -> Iterator[tuple[str, str, int, str]]:  # prompt, answer, number of the gap, identity
    """What a block asks and answers, in the order in which the plugin counts siblings."""
    if block.kind == "cloze":
        text = dedent(text).strip()
        for card in cards(text, _gaps(text, patterns)):
            yield card.prompt, card.answer, card.number, card.key
        return
    options = page.options.plugins.spaced_repetition
    if block.kind in ("inline", "inline-reversed"):
        marker = options.inline if block.kind == "inline" else options.inline_reversed
        front, found, back = text.partition(marker)
    else:
        marker = options.multiline if block.kind == "multiline" else options.multiline_reversed
        lines = text.split("\n")
        at = next((place for place, line in enumerate(lines) if line.strip() == marker), len(lines))
        front, found, back = "\n".join(lines[:at]), marker if at < len(lines) else "", "\n".join(lines[at + 1 :])
    if found:
        front, back = dedent(front).strip(), dedent(back).strip()
        yield front, back, 0, ""
        if block.kind.endswith("reversed"):
            yield back, front, 0, ""
