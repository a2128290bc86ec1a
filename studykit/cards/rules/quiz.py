"""A ```` ```quiz ```` block → a numeric card; fresh numbers are drawn when it is asked."""

from collections.abc import Iterator

from studykit.cards.page import Found, Page
from studykit.errors import Problem


def find(page: Page) -> Iterator[Found]:
    """A card for every quiz block; a block that cannot be read becomes a problem of the note."""
    for fence in page.note.outline.fences:
        if fence.info.split(None, 1)[:1] != ["quiz"]:
            continue
        from studykit.calculators.quiz import QuizError, parse_quiz  # only notes with a quiz pay for the calculators

        try:
            quiz = parse_quiz(fence.content)
        except QuizError as error:
            message = f"{error.reason} {error.hint}".strip()
            page.problems.append(Problem(page.note.path, page.file_line(fence.line) + error.line, message))
            continue
        yield Found(quiz.ask, fence.content, fence.line, fence.end, page.heading_at(fence.line), kind="numeric")
