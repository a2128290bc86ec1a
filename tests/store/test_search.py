"""The index of words: what it finds, in what order, and that it is always the one that the cards alone would give."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.store.database import Store, open_store
from studykit.store.search import ranked_cards
from studykit.store.version import VERSION
from studykit.store.words import RANKED, fill_index, phrase, ready_index, renew_index, runs, tokens

INTO = "INSERT INTO cards(id, base, rule, kind, deck, file, line, title, prompt, answer, tags, active)"
VALUES = " VALUES (?, ?, 'lead', 'recall', '', ?, 1, ?, ?, ?, ?, 1)"
TEXTS = st.text(st.sampled_from("流水线气泡显存aAｂ1_ \n*`，。-\u3007한글é"), max_size=24)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = open_store(str(tmp_path / "store.db"))
    ready_index(made.connection)
    yield made
    made.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = open_store(str(tmp_path_factory.mktemp("words") / "store.db"))
    ready_index(made.connection)
    yield made
    made.close()


def put(store: Store, name: str, answer: str, prompt: str = "", title: str = "", tags: str = "") -> None:
    store.connection.execute(INTO + VALUES, (name, name, f"{name}.md", title, prompt, answer, tags))


def found(store: Store, asked: str, *, whole: bool = False) -> set[str]:
    rows = store.connection.execute(
        f"SELECT id FROM ({RANKED}) JOIN cards ON cards.rowid = found", (phrase(asked, whole=whole),)
    )
    return {row[0] for row in rows}


def postings(store: Store) -> list[tuple[object, ...]]:
    """Every word of the index with its card, column and place."""
    store.connection.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.words USING fts5vocab(main, card_words, instance)"
    )
    return store.connection.execute("SELECT * FROM temp.words ORDER BY 1, 2, 3, 4").fetchall()


@pytest.mark.parametrize(
    ("text", "asked", "fits"),
    [
        ("流水线并行", "水线", True),
        ("流水线并行", "线", True),
        ("流水线并行", "行", True),
        ("流水，线并行", "水线", False),
        ("分布式**训练**框架", "式训练框", True),
        ("软换\n行也是一行", "换行", True),
        ("用shared_ptr管理", "ptr管", True),
        ("The Bubble shrinks", "bubb", True),
        ("The Bubble shrinks", "ubble", False),
        ("ＧＰＵ 显存", "gpu 显存", True),
        ("1F1B 与 GPipe", "1f1b", True),
        ("Straße", "STRASSE", True),
        ("가나다라", "나다", True),
        ("𠀀𠀁𠀂", "𠀁𠀂", True),
    ],
)
def test_what_is_found(store: Store, text: str, asked: str, fits: bool) -> None:
    put(store, "one", text)
    assert (found(store, asked) == {"one"}) is fits


def test_quoted_words_are_whole(store: Store) -> None:
    put(store, "one", "bubbles and stages")
    assert found(store, "bubble") == {"one"}
    assert found(store, "bubble", whole=True) == set()
    assert found(store, "bubbles and", whole=True) == {"one"}


def test_a_phrase_does_not_reach_from_one_text_into_the_next(store: Store) -> None:
    put(store, "one", answer="stage", prompt="pipeline")
    assert found(store, "stage pipeline") == found(store, "pipeline stage") == set()


@given(
    st.text(st.sampled_from("流水线气泡显存，。 "), max_size=30),
    st.text(st.sampled_from("流水线气泡显存"), min_size=1, max_size=4),
)
def test_chinese_is_found_exactly_where_it_stands(shared: Store, text: str, asked: str) -> None:
    shared.connection.execute("DELETE FROM cards")
    put(shared, "one", text)
    assert bool(found(shared, asked)) is (asked in text)


@given(TEXTS, TEXTS)
def test_a_word_is_found_where_its_runs_follow_each_other(shared: Store, text: str, asked: str) -> None:
    have, wanted = runs(text), runs(asked)
    if not wanted:
        assert phrase(asked) == ""
        return
    shared.connection.execute("DELETE FROM cards")
    put(shared, "one", text)
    assert bool(found(shared, asked)) is _follows(have, wanted)


def _follows(have: list[str], wanted: list[str]) -> bool:
    """A query's first run may begin within a Chinese one, its last may end within; a Latin one begins its word."""
    wide = [word[0] >= "\u3005" for word in wanted]
    for start in range(len(have) - len(wanted) + 1):
        pairs = list(zip(have[start:], wanted, strict=False))
        inner = [
            (there.endswith(word) if wide[n] else there == word) if n == 0 else there == word
            for n, (there, word) in enumerate(pairs[:-1])
        ]
        there, word = pairs[-1]
        anywhere = len(wanted) == 1 and wide[0]
        if all(inner) and (word in there if anywhere else there.startswith(word)):
            return True
    return False


STEPS = st.lists(st.tuples(st.sampled_from(["put", "change", "move", "drop"]), st.integers(0, 3), TEXTS), max_size=12)


@given(STEPS)
def test_the_index_is_the_one_that_the_cards_alone_give(shared: Store, steps: list[tuple[str, int, str]]) -> None:
    shared.connection.execute("DELETE FROM cards")
    for what, number, text in steps:
        match what:
            case "put":
                shared.connection.execute(
                    INTO + VALUES + " ON CONFLICT(id) DO UPDATE SET prompt = excluded.prompt, title = excluded.title",
                    (f"c{number}", "", "f", text[:5], text, text, text),
                )
            case "change":
                shared.connection.execute("UPDATE cards SET answer = ?, tags = NULL WHERE id = ?", (text, f"c{number}"))
            case "move":
                shared.connection.execute("UPDATE cards SET file = ?, due = ? WHERE id = ?", (text, text, f"c{number}"))
            case "drop":
                shared.connection.execute("DELETE FROM cards WHERE id = ?", (f"c{number}",))
    grown = postings(shared)
    fill_index(shared.connection)
    assert grown == postings(shared)


def test_an_index_of_another_reading_is_made_anew(store: Store) -> None:
    put(store, "one", "流水线")
    before = postings(store)
    store.connection.execute("INSERT INTO card_words(card_words) VALUES ('delete-all')")
    renew_index(store.connection)
    assert postings(store) == []  # it looks as it should, so that it is left alone
    store.set_meta("words", "0 1.0")
    renew_index(store.connection)
    assert postings(store) == before


def test_a_store_of_the_first_version_gets_its_index_and_days(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "store.db"))
    for statement in (
        "DROP INDEX cards_deck", "DROP INDEX cards_tags",
        "ALTER TABLE cards DROP COLUMN added",
        "DELETE FROM _sqlite_migrations WHERE name LIKE '0002%'", "PRAGMA user_version = 1",
        "INSERT INTO notes(path, mtime_ns, size, digest, title, deck, label, tags, material, keys, created)"
        " VALUES ('one.md', 0, 0, '', '', '', 'easy', '', 1, '', '2026-10-19')",
    ):  # fmt: skip
        store.connection.execute(statement)
    put(store, "one", "流水线")
    store.close()
    store = open_store(str(tmp_path / "store.db"))
    assert store.connection.execute("PRAGMA user_version").fetchone() == (VERSION,)
    assert store.connection.execute("SELECT added FROM cards").fetchall() == [("2026-10-19",)]
    ready_index(store.connection)
    assert found(store, "水线") == {"one"}
    store.close()


def test_what_a_card_is_about_comes_before_what_it_says(store: Store) -> None:
    filler = "\n".join(f"word{n}" for n in range(30))
    put(store, "a", f"a bubble in passing\n{filler}", prompt="What is a stage?")
    put(store, "b", f"idle time\n{filler}", prompt="What is a bubble?")
    for n in range(8):
        put(store, f"z{n}", filler)
    ranked, total = ranked_cards(store, phrase("bubble"), "1", (), all_have_words=True, limit=1)
    assert ([each.card.id for each in ranked], total) == (["b"], 2)
    assert ranked[0].score > 0
    everything, total = ranked_cards(store, phrase("bubble"), "1", (), all_have_words=False, limit=50)
    assert ([each.card.id for each in everything][:3], total) == (["b", "a", "z0"], 10)
    unasked, _ = ranked_cards(store, "", "file >= ?", ("z6.md",), all_have_words=False, limit=50)
    assert [each.card.id for each in unasked] == ["z6", "z7"]


@given(st.text())
def test_any_text_can_be_indexed_and_asked_for(shared: Store, text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    shared.connection.execute("DELETE FROM cards")
    put(shared, "one", text)
    if runs(text):
        assert found(shared, text) == {"one"}
    assert re.fullmatch(r"\S*( \S+)*", tokens(text))
