"""Title → the section whose heading says that it is the answer.

An answer section one level down, under a heading of its own (`## Bubble` / `### Answer`), answers that heading.
A bold line of its own may mark an answer too, as `**标准面试答案：**` does.
"""

from collections.abc import Iterator, Sequence

from studykit.cards.answer import answers, explicit_id, tidy
from studykit.cards.page import Found, Page, Span
from studykit.cards.prompt import asks, is_question
from studykit.cards.rules.block import block_end, bold_lines, wholly_bold
from studykit.cards.spelling import LONGEST_HEADING, candidates, which
from studykit.settings import ANSWER_HEADINGS

DEEPEST = 3  # heading level
_LEAST = 2  # visible characters: under a heading that says so, `TCP` is an answer


def find(page: Page) -> Iterator[Found]:
    """The note's main card where it has an answer section, and a card for each answered heading inside it."""
    spellings = page.options.answer_headings or ANSWER_HEADINGS
    ranked = sorted([*_sections(page, spellings), *_bold_lines(page, spellings)], key=lambda pair: pair[0])
    own = [found for _, found in ranked if not found.parent]
    nested: dict[str, Found] = {}
    for _, found in ranked:
        if found.parent:
            nested.setdefault(found.parent, found)
    if not own and len(nested) == 1 and not (page.note.lead.strip() or is_question(*nested)):
        own, nested = list(nested.values()), {}
    if own:
        yield own[0]._replace(prompt=page.title, parent="", main=True)
    yield from (found._replace(prompt=heading, parent="") for heading, found in nested.items())


def _sections(page: Page, spellings: Sequence[str]) -> Iterator[tuple[int, Found]]:
    """Answer sections with the rank of their spelling; `parent` is the heading that they answer."""
    for span, place in page.headed(spellings):
        if span.section.heading.level > DEEPEST or _is_list_of_questions(page, span):
            continue
        answer = tidy(span.section.body)
        if answers(answer, _LEAST):
            marked = explicit_id(span.section.body)
            page.cover(span.start, span.end)
            yield place, Found("", answer, span.start, span.end, span.parent, explicit_id=marked)


def _is_list_of_questions(page: Page, span: Span) -> bool:
    """An answer section that opens with a question heading is a collection; its questions are cards."""
    if tidy(span.section.own):
        return False
    inner = next((other for other in page.spans if other.start > span.start), None)
    return inner is not None and inner.start < span.end and asks(inner.prompt)


def _bold_lines(page: Page, spellings: Sequence[str]) -> Iterator[tuple[int, Found]]:
    """Paragraphs under a bold line that is one of the spellings; a question heading takes its own as its answer."""
    bold = bold_lines(page)
    opened = "\n".join([text[:LONGEST_HEADING] for _, text in bold]).lower()
    for at, text in (bold[number] for number in candidates(opened, spellings)):
        place = which(wholly_bold(text), spellings)
        if place is None:
            continue
        line = page.line_at(at)
        if page.is_prose(line) and not (page.is_covered(line) or is_question(page.heading_at(line))):
            end = block_end(page, line + 1, page.size, stops_at_bold=True)
            answer = tidy(page.text(line + 1, end))
            if answers(answer, _LEAST):
                yield place, Found("", answer, line, end, page.heading_at(line))
