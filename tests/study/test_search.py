"""Search as a person meets it: what comes first, and the place that is marked."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.errors import StudyError
from studykit.store.database import open_store
from studykit.study.browsing.search import WIDTH, Hit, _pattern, _snippet, search_cards
from studykit.study.filters.filter import read_filter
from studykit.study.sync import sync
from tests.study.conftest import Notes


def marked(hit: Hit) -> list[str]:
    return [hit.snippet[first:end] for first, end in hit.marks]


def files(notes: Notes, query: str) -> list[str]:
    return [Path(hit.card.file).stem for hit in search_cards(notes.vault, query).hits]


@pytest.fixture
def known(three: Notes) -> Notes:
    three.write("推理/气泡.md", "流水线的气泡是什么？", "各级**等待**相邻级的时间，见 ＧＰＵ 时间线。")
    sync(three.vault)
    return three


@pytest.mark.parametrize(
    ("query", "expected", "marks"),
    [
        ("气泡", "气泡", ["气泡"]),
        ("级", "气泡", ["级", "级"]),
        ('"gpu 时间"', "气泡", ["ＧＰＵ 时间"]),
        ("级等待", "气泡", ["级**等待"]),
        ("neigh", "bubble", ["neigh"]),
        ('"NEIGHBOURS"', "bubble", ["neighbours"]),
        ("reduce-scatter", "ring", ["reduce-scatter"]),
        ("deck:gpu stage -neighbours", "stage", ["stage"]),
    ],
)
def test_what_is_found_and_marked(known: Notes, query: str, expected: str, marks: list[str]) -> None:
    hits = search_cards(known.vault, query).hits
    assert [Path(hit.card.file).stem for hit in hits] == [expected]
    assert marked(hits[0]) == marks


def test_the_card_about_a_word_comes_before_one_that_mentions_it(known: Notes) -> None:
    assert files(known, "stage") == ["stage", "bubble"]
    assert set(files(known, "ring or deck:gpu")) == {"ring", "bubble", "stage"}
    assert files(known, "ring or deck:gpu")[0] == "ring"
    assert files(known, "deck:gpu") == ["bubble", "stage"]


def test_limit_and_total(known: Notes) -> None:
    found = search_cards(known.vault, "is:new", limit=2)
    assert (len(found.hits), found.total) == (2, 4)


def test_an_edited_note_is_found_by_its_new_words_only(known: Notes) -> None:
    known.write("net/ring.md", "What is a ring all-reduce?", "Every rank **sends** to its neighbour in a circle.")
    sync(known.vault)
    assert files(known, "circle") == ["ring"]
    assert files(known, "scatter") == []
    (known.root / "net" / "ring.md").unlink()
    sync(known.vault)
    assert files(known, "circle") == []


def test_orphans_are_found_only_if_asked_for(known: Notes) -> None:
    session = known.open()
    while session.question is not None:
        session.grade(3, 10)
    session.finish()
    (known.root / "net" / "ring.md").unlink()
    sync(known.vault)
    assert files(known, "scatter") == []
    assert files(known, "scatter is:orphaned") == ["ring"]
    assert files(known, "-is:orphaned scatter") == []


@given(st.text(max_size=400), st.text(max_size=6))
def test_marks_are_places_of_the_words_in_any_text(text: str, query: str) -> None:
    try:
        words = read_filter(query).words
    except StudyError:
        return
    snippet, marks = _snippet(text, _pattern(words))
    assert len(snippet) <= WIDTH + 2
    assert all(0 <= first < end <= len(snippet) for first, end in marks)
    assert not re.search(r"[\x00-\x1f]", snippet)


def test_a_long_text_is_no_trouble() -> None:
    pattern = _pattern(read_filter('"a b" 流水').words)
    assert _snippet("a " * 100_000, pattern)[1] == ()
    assert len(_snippet("a b " * 100_000, pattern)[1]) > 1


def test_the_index_is_made_at_the_first_search_and_kept_by_every_sync_after_it(notes: Notes) -> None:
    place = notes.write("one.md", "What is a bubble?", "Idle **time** of a stage.")
    sync(notes.vault)
    store = open_store(notes.vault.store_file)
    count = "SELECT count(*) FROM sqlite_master WHERE name = 'card_words'"
    assert store.connection.execute(count).fetchone() == (0,), "a sync pays for a search that nobody asked for"
    store.close()
    assert search_cards(notes.vault, "idle").total == 1
    place.write_text(place.read_text().replace("Idle", "Lost"))
    sync(notes.vault)
    assert search_cards(notes.vault, "idle").total == 0
    assert search_cards(notes.vault, "lost").total == 1
