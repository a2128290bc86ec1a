"""A problem with its idea, its explanation and its code → up to three cards, each asked with the problem."""

from collections.abc import Iterator

from studykit.cards.answer import answers, explicit_id, tidy
from studykit.cards.page import Found, Page, Span

PROBLEM = (
    "题目描述", "问题描述", "题目", "题意", "题面", "Problem", "Problem statement", "Problem description",
    "Description",
)  # fmt: skip
STAGES = {
    "idea": (
        "思路讲解", "解题思路", "算法思路", "思路分析", "题解", "思路", "解法", "Approach", "Idea", "Intuition",
        "Strategy", "Key idea",
    ),
    "spoken": (
        "快速口述", "面试时的快速口述讲解", "快速口述讲解", "口述讲解", "面试口述", "口述", "Explanation",
        "Talk through", "Walkthrough", "In words",
    ),
    "code": ("代码实现", "参考代码", "完整代码", "代码", "实现", "Code", "Implementation", "Solution", "Solution code"),
}  # fmt: skip
_LONGEST_PROBLEM = 2_000  # characters; a longer problem is left to the note


def find(page: Page) -> Iterator[Found]:
    """The main card of a note that states a problem, and its further stages."""
    problem = _first(page, PROBLEM)
    if problem is None:
        return
    statement = tidy(problem.section.body)
    main = True
    for stage, spellings in STAGES.items():
        span = _first(page, spellings)
        if span is None or span.start < problem.start:
            continue
        answer = tidy(span.section.body)
        if answers(answer, 10):
            yield Found(
                _prompt(page.title, span.prompt, statement),
                answer,
                span.start,
                span.end,
                main=main,
                explicit_id=explicit_id(span.section.body),
                key=f"{page.title} {stage}",
            )
            main = False


def _first(page: Page, spellings: tuple[str, ...]) -> Span | None:
    return next((span for span, _ in page.headed(spellings)), None)


def _prompt(title: str, stage: str, statement: str) -> str:
    colon = "：" if any(char > "\u2e80" for char in title + stage) else ": "
    question = f"{title}{colon}{stage}"
    return f"{question}\n\n{statement}" if statement and len(statement) <= _LONGEST_PROBLEM else question
