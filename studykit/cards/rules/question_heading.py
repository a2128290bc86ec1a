"""A heading that ends in a question mark → its section, up to 900 characters."""

from bisect import bisect_right
from collections.abc import Callable, Iterator

from studykit.cards.answer import answers, explicit_id, tidy, without_label
from studykit.cards.page import Found, Page, Span
from studykit.cards.prompt import LONGEST_PROMPT, asks

LONGEST = 900  # characters of a section that can be recalled in one go
_SHORTEST_OWN = 20  # visible characters that the text before a first subheading needs to be an answer


def find(page: Page) -> Iterator[Found]:
    """A card for every heading that asks."""
    return sections(page, asks)


def sections(page: Page, fits: Callable[[str], bool]) -> Iterator[Found]:
    """A card for every heading that `fits` and that no earlier card shows."""
    questions = [page.spans[place].start for place in page.asking]
    for place in page.asking:
        span = page.spans[place]
        prompt = span.prompt
        if len(prompt) > LONGEST_PROMPT or not fits(prompt) or page.is_covered(span.start) or page.is_aside(span.start):
            continue
        inner = page.spans[place + 1].start if place + 1 < len(page.spans) else span.end
        if answer := _answer(span, asked_inside=_any_between(questions, span.start, span.end)):
            end = span.end if answer[1] else min(inner, span.end)
            yield Found(prompt, answer[0], span.start, end, span.parent, explicit_id=explicit_id(answer[2]))


def _any_between(ordered: list[int], start: int, end: int) -> bool:
    place = bisect_right(ordered, start)
    return place < len(ordered) and ordered[place] < end


def _answer(span: Span, *, asked_inside: bool) -> tuple[str, bool, str] | None:
    """The section, or only its own text where it is long or asks further questions; None if neither answers."""
    section = span.section
    if not asked_inside and len(section.body) <= 2 * LONGEST:
        whole = without_label(tidy(section.body))
        if len(whole) <= LONGEST:
            return (whole, True, section.body) if answers(whole) else None
    own = without_label(tidy(section.own)) if len(section.own) <= 2 * LONGEST else ""
    if own and len(own) <= LONGEST and answers(own, _SHORTEST_OWN):
        return own, False, section.own
    return None
