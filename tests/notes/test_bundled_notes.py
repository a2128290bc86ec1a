"""The form of the notes that come with studykit, and the pairing of their two languages."""

import re
from typing import Any
from urllib.parse import unquote

import frontmatter
import yaml
from markdown_it import MarkdownIt

from tests.notes.bundled import FENCE, HEADING, LANGUAGES, NOTES, TOPICS, every_note, every_topic, in_both, note

KEYS = ["created", "last_reviewed", "next_review", "review_count"]
KEYS += ["difficulty", "mastery_level", "tags", "related_outlines"]
ANSWER = {"zh": "面试标准答案", "en": "Answer"}
SPEAKABLE = {"zh": range(120, 301), "en": range(70, 131)}  # Chinese characters; English words: about 40 s aloud


# ---------------------------------------------------------------- form


@in_both
def test_there_are_twelve_topics(language: str) -> None:
    assert [path.name[:3] for path in sorted((NOTES / language).iterdir())] == [f"{topic:02d}-" for topic in TOPICS]


@every_note
def test_frontmatter_is_that_of_a_new_note(language: str, topic: int) -> None:
    post = frontmatter.load(str(note(language, topic).path))
    assert list(post.metadata) == KEYS
    assert post["created"] == post["next_review"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", str(post["created"]))
    assert (post["last_reviewed"], post["review_count"], post["mastery_level"]) == (None, 0, 0.0)
    assert post["difficulty"] in {"easy", "medium", "hard"}
    tags: Any = post["tags"]
    assert tags
    assert all("/" in tag for tag in tags)
    assert post["related_outlines"] == []


@every_note
def test_one_title_and_an_answer_that_can_be_said_aloud(language: str, topic: int) -> None:
    here = note(language, topic)
    assert [level for level, _ in HEADING.findall(FENCE.sub("", here.body))].count("#") == 1
    assert next(iter(here.sections())) == ANSWER[language]
    answer = here.section(ANSWER[language])
    length = len(re.findall(r"[\w]", answer)) if language == "zh" else len(answer.split())
    assert length in SPEAKABLE[language]
    assert len(re.findall(r"\*\*[^*]+\*\*", answer)) >= 3


@every_note
def test_length_questions_and_blocks(language: str, topic: int) -> None:
    here = note(language, topic)
    assert 60 <= len(here.path.read_text(encoding="utf-8").splitlines()) <= 130
    questions = {title: text for title, text in here.sections().items() if title[-1] in "？?"}
    assert len(questions) >= 3
    for title, text in questions.items():
        assert len(FENCE.sub("", text)) <= 900, title
    assert here.fences("quiz") + here.fences("calc")


def test_question_headings_differ_over_the_whole_folder() -> None:
    for language in LANGUAGES:
        titles = [title for topic in TOPICS for title in note(language, topic).sections() if title[-1] in "？?"]
        assert len(titles) == len(set(titles))


@every_note
def test_relative_links_lead_somewhere(language: str, topic: int) -> None:
    here = note(language, topic)
    targets = re.findall(r"\]\(([^)]+)\)", here.body)
    assert len(targets) >= 2
    for target in targets:
        assert (here.path.parent / unquote(target)).is_file(), target


@every_note
def test_emphasis_renders_in_plain_commonmark(language: str, topic: int) -> None:
    tokens = MarkdownIt("commonmark").enable("table").parse(note(language, topic).body)
    shown = [t.content for token in tokens for t in token.children or [] if t.type == "text"]
    assert not [text for text in shown if "**" in text]


# ---------------------------------------------------------------- the two languages


@every_topic
def test_both_languages_state_the_same_numbers_section_by_section(topic: int) -> None:
    zh, en = (note(language, topic).sections() for language in LANGUAGES)
    for (title, chinese), (_, english) in zip(zh.items(), en.items(), strict=True):
        assert _numbers(chinese) == _numbers(english), title


def _numbers(section: str) -> set[str]:
    return set(re.findall(r"\d+(?:\.\d+)?", re.sub(r"\]\([^)]*\)", "]", FENCE.sub("", section))))


@every_topic
def test_both_languages_fill_the_same_tables(topic: int) -> None:
    zh, en = ([_row_numbers(table) for table in note(language, topic).tables()] for language in LANGUAGES)
    assert zh == en


def _row_numbers(table: list[list[str]]) -> list[list[list[str]]]:
    return [[sorted(re.findall(r"[\d.]*\d", cell)) for cell in row] for row in table]


@every_topic
def test_both_languages_write_the_same_formulas(topic: int) -> None:
    zh, en = ({_spaceless(each) for each in note(language, topic).formulas()} for language in LANGUAGES)
    assert {each for each in zh ^ en if re.search(r"[\d=/(]", each)} == set()


def _spaceless(formula: str) -> str:
    return re.sub(r"\\[,;]|\s", "", formula)


@every_topic
def test_both_languages_draw_the_same_timelines(topic: int) -> None:
    zh, en = (note(language, topic).fences("text") for language in LANGUAGES)
    assert zh == en


@every_topic
def test_both_languages_ask_the_same_of_the_same_calculator(topic: int) -> None:
    zh, en = (note(language, topic) for language in LANGUAGES)
    assert zh.fences("calc") == en.fences("calc")
    asked = [[_without_text(block) for block in each.fences("quiz")] for each in (zh, en)]
    assert asked[0] == asked[1]


def _without_text(block: str) -> dict[str, Any]:
    """A quiz block with only the numbers of its sentences left."""
    quiz: dict[str, Any] = yaml.safe_load(block)
    return quiz | {key: _numbers(quiz[key]) for key in ("ask", "why") if key in quiz}


@every_note
def test_quiz_blocks_are_complete(language: str, topic: int) -> None:
    for block in note(language, topic).fences("quiz"):
        quiz = yaml.safe_load(block)
        assert {"ask", "calculator", "given", "answer"} <= set(quiz) <= {"ask", "calculator", "given", "answer", "why"}
        asked = set(re.findall(r"\{(\w+)\}", quiz["ask"]))
        drawn = {name for name, value in quiz["given"].items() if isinstance(value, list) or ".." in str(value)}
        assert asked == drawn, "the question must show every drawn number"
        if quiz["answer"] == "ratio":
            assert quiz["given"]["convention"] in quiz["ask"], "a bubble ratio needs its convention in the question"
