"""What is looked for before a reader is asked must be there whenever the reader would find something."""

import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from re import Pattern

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit import claims
from studykit.claims.equations.equation_lines import EQUATED
from studykit.claims.readers import PIPELINE_READERS, READERS
from studykit.claims.reading.page import Page
from studykit.claims.reading.search import beginning, sought
from studykit.claims.reading.surroundings import Surroundings
from studykit.claims.told.reading import small, words
from studykit.claims.told.results import TOPICS
from studykit.vault.note import parse_note
from tests.claims.told.told_examples import TOLD

PIECES = (
    "TP=8", "PP=4", "DP", "KV cache", "KV 缓存", "每个 token", "权重", "Weights", "吞吐量", "Throughput", "气泡率",
    "约", "需要", "takes", "总共", "MFU", "micro-batch", "张 GPU", "层", "耗时", "TPOT", "TTFT", "INT4", "至少",
    "Llama-3-8B", "128 KB", "0.5MB", "32", "45%", "8", "2 × 4 = 8", "1,024", " ", "，", "为", "=", ": ", "is ", "of ",
    "(", "）", "→", "≈", "等于", "\\approx ",
)  # fmt: skip
SENTENCES = st.lists(st.sampled_from(PIECES), min_size=1, max_size=14).map("".join)


def vault_lines(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*.md")):
        yield from path.read_text(errors="replace").splitlines()


def mentioned_where_read(sentence: str) -> None:
    for name in TOPICS:
        known = words(name)
        if known.read(sentence).results:
            assert known.mentioned(small(sentence)), (name, sentence)
            assert known.told(small(sentence)) == known.read(sentence)


@given(SENTENCES)
def test_a_result_that_is_read_is_mentioned(sentence: str) -> None:
    mentioned_where_read(sentence)


def test_so_it_is_in_every_told_example() -> None:
    for texts in TOLD.values():
        for text in texts:
            mentioned_where_read(text)


@pytest.mark.slow
def test_so_it_is_in_every_line_of_real_notes(vault_dir: Path) -> None:
    for line in vault_lines(vault_dir):
        if re.search(r"\d", line) and len(line) < 600:
            mentioned_where_read(line)


def patterns() -> Iterator[Pattern[str]]:
    for module in pkgutil.walk_packages(claims.__path__, claims.__name__ + "."):
        for value in vars(import_module(module.name)).values():
            for each in value if isinstance(value, tuple) else (value,):
                if isinstance(getattr(each, "pattern", None), str):
                    yield each


def test_a_match_begins_with_the_beginning(vault_dir: Path) -> None:
    """Of every expression of the room, over the lines of real notes that have a number."""
    paths = sorted(vault_dir.rglob("*.md"))[:40]
    texts = [Page(parse_note(str(path), path.read_bytes())).numeric for path in paths]
    begun = 0
    for pattern in patterns():
        if plain := beginning(pattern):
            begun += 1
            assert all(found[0].startswith(plain) for text in texts for found in pattern.finditer(text)), (
                pattern.pattern
            )
    assert begun > 30


@pytest.mark.parametrize(
    ("expression", "plain"),
    [
        ("KB?/s", "K"),
        ("倍|x", ""),
        (r"P(?<=[TP]P) ?=", "P"),
        ("每(?:个|张)", "每"),
        ("a{2}", ""),
        ("to ", "to"),
        ("[xX]", ""),
    ],
)
def test_the_beginning_of_an_expression(expression: str, plain: str) -> None:
    assert beginning(re.compile(expression)) == plain


def test_capitals_that_do_not_matter_leave_no_beginning() -> None:
    assert not beginning(re.compile("speed", re.IGNORECASE))


@given(SENTENCES)
def test_a_number_before_a_sign_of_equality(line: str) -> None:
    first = re.search("[0-9０-９]", line)
    signs = ("=", "≈", "≃", "＝", "等于", "\\")
    expected = first is not None and first.start() < max(line.rfind(sign) for sign in signs)
    assert bool(EQUATED.match(line)) == expected


def silent(page: Page) -> None:
    """A reader that is not asked would have found nothing."""
    around = Surroundings(page)
    for check, wanted in READERS:
        if wanted and not page.has(*wanted):
            assert not check(page).checked, check.__module__
    for closely, wanted, _bubbles in PIPELINE_READERS:
        if wanted and not page.has(*wanted):
            assert not closely(page, around).checked, closely.__module__


@given(st.lists(SENTENCES, max_size=4).map("\n".join))
def test_who_is_not_asked_has_nothing_to_say(text: str) -> None:
    silent(Page(parse_note("note.md", text.encode())))


def test_nor_in_real_notes_a_few_lines_at_a_time(vault_dir: Path) -> None:
    for path in sorted(vault_dir.rglob("*.md"))[::4]:
        lines = path.read_bytes().split(b"\n")
        for start in range(0, len(lines), 12):
            silent(Page(parse_note(str(path), b"\n".join(lines[start : start + 12]))))


@given(SENTENCES, st.sampled_from(PIECES))
def test_a_word_is_found_where_it_stands(text: str, word: str) -> None:
    assert sought(word).letter in word
    page = Page(parse_note("note.md", f"{text}\n\n1 {text}".encode()))
    lines = [number for number in page.lines_with(re.compile(r"\d")) if word in page.lines[number]]
    assert page.lines_of(word) == lines
    assert page.has(word) == bool(lines)
    assert page.said([word]) == ([word] if word in page.text else [])
