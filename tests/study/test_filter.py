"""The language of filters: its shape, its errors, and each field against a plain reading of it in Python."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.spacing.fsrs import curve
from studykit.store.cards import CardRow, select_cards
from studykit.store.database import Store, open_store
from studykit.store.words import ready_index
from studykit.study.filters.filter import FilterError, quote, read_filter
from studykit.study.filters.filter_parse import Either, Every, Node, Not, Term, parse
from studykit.study.sessions.queue import Request
from tests.store.stored import put_histories

TODAY = date(2026, 11, 23)
WORDS = ("气泡", "流水线", "bubble", "stage")


def day(ahead: int) -> str:
    return (TODAY + timedelta(days=ahead)).isoformat()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """120 cards in which every field takes several values, none of them in step with another."""
    made = open_store(str(tmp_path_factory.mktemp("filter") / "store.db"))
    ready_index(made.connection)
    rows = [_row(number) for number in range(120)]
    names = list(rows[0])
    with made.write() as connection:
        connection.executemany(
            f"INSERT INTO cards({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
            [tuple(row.values()) for row in rows],
        )
        graded = {f"{n:04x}": [(TODAY - timedelta(days=n % 6), n % 4 + 1, 0.0)] for n in range(0, 120, 2) if n % 11}
        put_histories(made, graded)
    yield made
    made.close()


def _row(n: int) -> dict[str, object]:
    seen = n % 3 > 0
    return {
        "id": f"{n:04x}", "base": "", "rule": ("lead", "quiz")[n % 2], "kind": ("recall", "numeric", "cloze")[n % 3],
        "deck": ("推理/流水线", "训练", "", "Ｔrain/gpu")[n % 4], "file": f"d{n % 5}/n{n}.md", "line": 1,
        "title": WORDS[n % 4], "prompt": f"{WORDS[(n // 4) % 4]} => {n}", "answer": WORDS[(n // 16) % 4],
        "label": ("easy", "medium", "hard")[n % 3], "tags": ("gpu/并行\ndraft", "", "草稿")[n % 3],
        "active": int(n % 7 > 0), "suspended": int(n % 5 == 0), "flagged": int(n % 6 == 1),
        "buried": (None, day(1), day(0))[n % 3] if n % 2 else None,
        "stability": (n % 13) + 0.5 if seen else None, "difficulty": 1.0 + n % 9 if seen else None,
        "last": day(-(n % 8)) if seen else None, "due": day(n % 9 - n % 8) if seen else None,
        "reps": n % 5 if seen else 0, "lapses": n % 12 if seen else 0, "added": (None, day(-(n // 2 % 10)))[n % 2],
    }  # fmt: skip


def found(store: Store, words: str) -> set[str]:
    sql, bound = read_filter(words).condition(TODAY)
    return {card.id for card in select_cards(store, sql, bound)}


def every(store: Store) -> list[CardRow]:
    return select_cards(store)


Plain = Callable[[CardRow], bool]


def compared(value: float | None, sign: str, number: float) -> bool:
    if value is None:
        return False
    return {"<": value < number, "<=": value <= number, ">": value > number, ">=": value >= number,
            "=": value == number, "!=": value != number}[sign]  # fmt: skip


def span(one: str | None, other: str | None) -> int | None:
    return (date.fromisoformat(one) - date.fromisoformat(other)).days if one and other else None


def recalled(card: CardRow) -> float | None:
    elapsed = span(TODAY.isoformat(), card.last)
    return None if card.stability is None or elapsed is None else curve(card.stability, elapsed)


PLAIN: dict[str, Plain] = {
    "气泡": lambda c: "气泡" in f"{c.title}\n{c.prompt}\n{c.answer}",
    "泡": lambda c: "泡" in f"{c.title}\n{c.prompt}\n{c.answer}",
    "水线": lambda c: "流水线" in f"{c.title}\n{c.prompt}\n{c.answer}",
    "ＢＵＢ": lambda c: "bubble" in f"{c.title}\n{c.prompt}\n{c.answer}",
    '"bub"': lambda _: False,
    '"=> 7"': lambda c: c.prompt.endswith(" 7"),
    "=>": lambda _: True,
    "deck:流": lambda c: c.deck == "推理/流水线",
    "deck:train/g": lambda c: c.deck == "Ｔrain/gpu",
    "tag:并": lambda c: "并行" in c.tags,
    "tag:#gpu": lambda c: "gpu" in c.tags,
    "file:N1": lambda c: "/n1" in c.file,
    "id:000": lambda c: c.id.startswith("000"),
    "kind:cloze": lambda c: c.kind == "cloze",
    "difficulty:hard": lambda c: c.label == "hard",
    "is:leech": lambda c: c.lapses >= 8,
    "is:flagged": lambda c: bool(c.flagged),
    "is:due": lambda c: c.due is not None and c.due <= day(0) and c.state(day(0)) in ("learning", "review"),
    **{
        f"is:{state}": lambda c, state=state: c.state(day(0)) == state  # type: ignore[misc]
        for state in ("new", "learning", "review", "suspended", "buried", "orphaned")
    },
    **{
        f"prop:{name}{sign}{number}": lambda c, name=name, sign=sign, number=number: (  # type: ignore[misc]
            compared(getattr(c, name), sign, number)
        )
        for name, number in (("stability", 5.5), ("difficulty", 7), ("reps", 3), ("lapses", 2))
        for sign in ("<", "<=", "=", "!=", ">=", ">")
    },
    **{
        f"prop:due{sign}-2": lambda c, sign=sign: compared(span(c.due, day(0)), sign, -2)  # type: ignore[misc]
        for sign in ("<", "<=", "=", ">")
    },
    "prop:interval>3": lambda c: compared(span(c.due, c.last), ">", 3),
    **{
        f"prop:retrievability{sign}{number}": lambda c, sign=sign, number=number: (  # type: ignore[misc]
            compared(recalled(c), sign, number)
        )
        for sign in ("<", ">=", ">")
        for number in (-1, 0, 0.55, 0.87, 1, 2)
    },
}


@pytest.mark.parametrize("words", PLAIN)
def test_each_field_finds_what_a_plain_reading_finds(store: Store, words: str) -> None:
    assert found(store, words) == {card.id for card in every(store) if PLAIN[words](card)}


@pytest.mark.parametrize("words", ["added:1", "added:7", "reviewed:1", "reviewed:4", "rated:3:1"])
def test_spans_of_days_end_today(store: Store, words: str) -> None:
    days = int(words.split(":")[1])
    if words.startswith("added"):
        expected = {f"{n:04x}" for n in range(1, 120, 2) if n // 2 % 10 < days}
    else:
        grade = int(words.split(":")[2]) if words.count(":") == 2 else None
        expected = {f"{n:04x}" for n in range(0, 120, 2) if n % 11 and n % 6 < days and grade in (None, n % 4 + 1)}
    assert expected
    assert found(store, words) == expected


def turned(one: tuple[str, Plain]) -> tuple[str, Plain]:
    return f"-({one[0]})", lambda card: not one[1](card)


def together(parts: list[tuple[str, Plain]]) -> tuple[str, Plain]:
    return " ".join(f"({text})" for text, _ in parts), lambda card: all(fits(card) for _, fits in parts)


def either(parts: list[tuple[str, Plain]]) -> tuple[str, Plain]:
    return f"({' OR '.join(text for text, _ in parts)})", lambda card: any(fits(card) for _, fits in parts)


TREES = st.recursive(
    st.sampled_from(sorted(PLAIN)).map(lambda words: (words, PLAIN[words])),
    lambda inner: st.one_of(
        inner.map(turned),
        st.lists(inner, min_size=2, max_size=4).map(together),
        st.lists(inner, min_size=2, max_size=4).map(either),
    ),
    max_leaves=12,
)


@given(TREES)
def test_any_combination_finds_what_its_parts_say(store: Store, tree: tuple[str, Plain]) -> None:
    words, fits = tree
    assert found(store, words) == {card.id for card in every(store) if fits(card)}


def shape(node: Node) -> object:
    match node:
        case Term():
            return f"{node.field}:{node.value}" if node.field else node.value
        case Not():
            return ("-", shape(node.part))
        case Every():
            return tuple(shape(part) for part in node.parts)
        case Either():
            return [shape(part) for part in node.parts]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", ()),
        ("a b or c", [("a", "b"), "c"]),
        ("a (b or c)", ("a", ["b", "c"])),
        ("-(a b)", ("-", ("a", "b"))),
        ("--a", ("-", ("-", "a"))),
        ("a-b", "a-b"),
        ("O(n) (O(n))", ("O(n)", "O(n)")),
        ("order Or(a)", ["order", "a"]),
        ('"or" or "a (b"', ["or", "a (b"]),
        ('deck:"a b"c', ("deck:a b", "c")),
        (r'"a \"b\" \frac \\"', 'a "b" \\frac \\'),
        ('"open', "open"),
        ("12:30", "12:30"),
    ],
)
def test_the_shape_of_a_filter(words: str, expected: object) -> None:
    assert shape(parse(words)) == expected


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("a or", 4), ("or a", 0), ("a or or b", 5), ("()", 1), ("气泡 (a b", 5), ("a )", 2), ("a -", 2), ("(a -)", 3),
        ("气泡 deck:", 10), ("added:x", 6), ("added:0", 6), ("rated:1:5", 8), ('added:"x"', 7), ("kind:foo", 0),
        ("prop:stabilty<5", 5), ("prop:reps5", 9), ("prop:reps<", 10), ("prop:reps<x", 10), ("prop:reps<5x", 10),
        ("difficulty:bad", 0), ("std::vector", 0),
    ],
)  # fmt: skip
def test_an_error_points_at_its_character(words: str, at: int) -> None:
    with pytest.raises(FilterError) as caught:
        read_filter(words)
    assert caught.value.message.endswith(f"\n  {words}\n  {' ' * at}^")
    assert caught.value.hint


@pytest.mark.parametrize("words", ["(" * 5000, "-" * 5000 + "a", "a " * 5000, "(a or " * 3000, "a or " * 400 + "b"])
def test_no_filter_is_too_deep_or_slow(store: Store, words: str) -> None:
    began = time.process_time()
    with suppress(FilterError):
        found(store, words)
    assert time.process_time() - began < 5


@given(st.text(min_size=1))
def test_a_quoted_text_is_one_value_whatever_it_holds(value: str) -> None:
    tree = parse(f"deck:{quote(value)}")
    assert isinstance(tree, Term)
    assert (tree.field, tree.value) == ("deck", value)


def test_or_in_a_filter_does_not_reach_the_deck_of_a_request(store: Store) -> None:
    asked = Request(filter="is:flagged or kind:cloze", deck="训练").text()
    assert found(store, asked) == found(store, "deck:训练 is:flagged") | found(store, "deck:训练 kind:cloze")
