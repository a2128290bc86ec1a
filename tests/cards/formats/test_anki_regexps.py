"""Obsidian_to_Anki's notes by regular expression: those of its manual, on texts of our own, and hostile ones.

The expressions are the examples of the plugin's wiki (https://github.com/ObsidianToAnki/Obsidian_to_Anki/wiki/Regex).
"""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.cards.extract import Extraction, RuleOptions, extract
from studykit.cards.formats.anki_regexps import Refused, Taken, notes, translated
from studykit.cards.formats.plugins import ObsidianToAnki, Plugins, obsidian_to_anki, read_plugins
from studykit.cards.rules import NATIVE
from studykit.vault.note import parse_note

TAIL = r"(?:\n(?:^.{1,3}$|^.{4}(?<!<!--).*))"  # lines down to a blank one or a comment
FLASHCARD = rf"((?:[^\n][\n]?)+) #flashcard ?\n*({TAIL}+)"
ONE_LINE = r"^(.*[^\n:]{1}):{2}([^\n:]{1}.*)"
QUESTION = rf"^Q: ((?:.+\n)*)\n*A: (.+{TAIL}*)"
TABLE = r"\|([^\n|]+)\|\n\|(?:[^\n|]+)\|\n\|([^\n|]+)\|\n?"
HEADING = r"^#+(.+)\n*((?:\n(?:^[^\n#].{0,2}$|^[^\n#].{3}(?<!<!--).*))+)"
CLOZE = rf"((?:.+\n)*(?:.*{{.*){TAIL}*)"
BOTH_WAYS = "Basic (and reversed card)"


def found(text: str, regexps: dict[str, str], **defaults: bool | str) -> Extraction:
    settings = obsidian_to_anki({"CUSTOM_REGEXPS": regexps, "Defaults": defaults}, {})
    return extract(parse_note("d/n.md", text.encode()), RuleOptions(plugins=Plugins(obsidian_to_anki=settings)))


def pairs(text: str, regexps: dict[str, str], **defaults: bool | str) -> list[tuple[str, str]]:
    drafts = found(text, regexps, **defaults).drafts
    return [(draft.prompt, draft.answer) for draft in drafts if draft.rule in NATIVE]


@pytest.mark.parametrize(
    ("kind", "expression", "text", "expected"),
    [
        ("Basic", FLASHCARD, "x\n\nWhy? #flashcard\nSo it\nis.\n\nrest", [("Why?", "So it\nis.")]),
        ("Basic", ONE_LINE, "# T\n\na:: b\nno: card\nc:::d\n", [("a", "b")]),
        ("Basic", QUESTION, "Q: why\nA: so\nand so\n\nQ: two\nA: 2\n", [("why", "so\nand so"), ("two", "2")]),
        ("Basic", TABLE, "| front |\n|---|\n| back |\n", [("front", "back")]),
        ("Basic", HEADING, "# Term\nmeaning\nof it\n\n## B\n\ntext\n", [("Term", "meaning\nof it"), ("B", "text")]),
        (BOTH_WAYS, ONE_LINE, "a::b\n", [("a", "b"), ("b", "a")]),
    ],
)  # fmt: skip
def test_the_examples_of_the_manual(kind: str, expression: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert pairs(text, {kind: expression}) == expected


def test_deletions_in_braces() -> None:
    text = "One {gap} and {3:two}, `{code}`, $\\frac{a}{b}$.\n\nNo gap.\n\n{over\nlines}\n"
    assert pairs(text, {"Cloze": CLOZE}, CurlyCloze=True) == [
        ("One […] and two, `{code}`, $\\frac{a}{b}$.", "One **gap** and two, `{code}`, $\\frac{a}{b}$."),
        ("One gap and […], `{code}`, $\\frac{a}{b}$.", "One gap and **two**, `{code}`, $\\frac{a}{b}$."),
        ("[…]", "over\nlines"),
    ]
    assert pairs(text, {"Cloze": CLOZE}) == []
    lit = "The ==Nile== is {long}."
    assert len(pairs(lit, {"Cloze": CLOZE}, CurlyCloze=True)) == 1
    both = pairs(lit, {"Cloze": CLOZE}, **{"CurlyCloze": True, "CurlyCloze - Highlights to Clozes": True})
    assert [prompt for prompt, _ in both] == ["The […] is long.", "The Nile is […]."]
    numbered = pairs(
        "The ==c2::Nile== is {c1:long}.\n",
        {"Cloze": CLOZE},
        **{"CurlyCloze": True, "CurlyCloze - Highlights to Clozes": True},
    )
    assert [prompt for prompt, _ in numbered] == ["The Nile is […].", "The […] is long."]


@pytest.mark.parametrize(
    ("expression", "text", "expected"),
    [
        (r"^Q ([\w\W]+?)\nA ([\w\W]+?)\n$", "Q 你好吗\nA 好，\nπ\n\n", [("你好吗", "好，\nπ")]),
        (r"^([\d\D]+?) = ([^\W]+)$", "数 = ab\n", [("数", "ab")]),
        (r"^(\W+)\b(\w+)$", "什么是GPU\n", [("什么是", "GPU")]),
        (r"^(é\B!) (\D+)$", "é! ٣\n", [("é!", "٣")]),
    ],
)
def test_words_are_ascii_as_in_javascript(expression: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert pairs(text, {"Basic": expression}) == expected


def test_the_id_below_a_note_is_the_cards_own() -> None:
    drafts = found("a::b\n<!--ID: 17-->\n\nc::d Tags: x y\n", {"Basic": ONE_LINE}).drafts
    assert [(draft.prompt, draft.answer, draft.explicit_id, draft.tags) for draft in drafts] == [
        ("a", "b", "17", ()),
        ("c", "d", "", ("x", "y")),
    ]


def test_the_path_names_the_deck_where_no_line_does() -> None:
    by_path: dict[str, bool | str] = {"Auto Target Deck from Path": True, "Deck": "Law"}
    assert [draft.deck for draft in found("a::b\n", {"Basic": ONE_LINE}, **by_path).drafts] == ["d/n"]
    assert [draft.deck for draft in found("TARGET DECK: x\na::b\n", {"Basic": ONE_LINE}, **by_path).drafts] == ["x"]


def test_code_formulas_and_blocks_hold_no_match() -> None:
    text = "```\na::b\n```\n`c::d`\n$e::f$\nSTART\nBasic\ng::h\nBack: i\nEND\nTARGET DECK: k::l\n"
    assert pairs(text, {"Basic": ONE_LINE}) == [("g::h", "i")]


def test_a_cloze_type_of_another_language() -> None:
    [draft] = found("START\nLückentext\nDie {{c1::Elbe}} ist lang.\nEND\n", {}, Deck="Erdkunde::Flüsse").drafts
    assert (draft.prompt, draft.deck) == ("Die […] ist lang.", "Erdkunde/Flüsse")


def test_what_the_plugin_itself_would_pass_over() -> None:
    directory = {"Scan Directory": "/cards"}
    assert pairs("a::b\n", {"Basic": ONE_LINE}, **directory) == []
    options = ObsidianToAnki(regexps={"Basic": ONE_LINE}, decks={"x": "Outer", "x/y": "A::B"}, tags={"x": "t"})
    rules = RuleOptions(plugins=Plugins(obsidian_to_anki=options))
    [draft] = extract(parse_note("x/y/z/n.md", b"a::b\n"), rules).drafts
    assert (draft.deck, draft.tags) == ("A/B", ("t",))
    assert extract(parse_note("x/n.excalidraw.md", b"a::b\n"), rules).drafts == ()


@pytest.mark.parametrize(("expression", "prompt"), [(QUESTION, "why"), (r"^(Q: .+)\nA: (.+)", "Q: why")])
def test_two_programs_may_see_one_card(expression: str, prompt: str) -> None:
    assert pairs("Q: why\nA: so\n", {"Basic": expression}) == [(prompt, "so")]


def test_every_line_that_names_a_deck_is_no_note() -> None:
    text = "TARGET DECK: A::B\n\na::b\n\nTARGET DECK: C::D\n"
    [draft] = found(text, {"Basic": ONE_LINE}).drafts
    assert (draft.prompt, draft.deck) == ("a", "A/B")


def test_an_expression_that_does_not_end_is_refused() -> None:
    start = time.process_time()
    made = found("x::y\n\n" + "a" * 5_000 + "!\n", {"Bad": r"^(([a-z])+.)+[A-Z]([a-z])+$", "Basic": ONE_LINE})
    assert time.process_time() - start < 20
    assert [draft.prompt for draft in made.drafts] == ["x"]
    [problem] = made.problems
    assert "Bad" in problem.message


def test_an_expression_that_cannot_be_read_stops_no_other() -> None:
    assert pairs("a::b\n", {"Bad": "([", "Basic": ONE_LINE}) == [("a", "b")]
    with pytest.raises(Refused):
        list(notes("a", "([", []))


@pytest.mark.parametrize(
    ("javascript", "ours"),
    [
        (r"\/\-\p", r"/\-p"),
        (r"a{2,}{b{,3}", r"a{2,}\{b\{,3}"),
        (r"[^]|[]|[[\w]", r"[\s\S]|(?!)|[\[A-Za-z0-9_]"),
        (r"(?<n>.)\k<n>\u0041", r"(?<n>.)(?P=n)\u0041"),
    ],
)
def test_the_dialect(javascript: str, ours: str) -> None:
    assert translated(javascript) == ours


@given(st.text(alphabet="ab(){}[]^$.*+?|\\dwk<>:=!-,1", max_size=12), st.text(alphabet="ab:\n1<>", max_size=40))
def test_no_expression_raises(expression: str, text: str) -> None:
    found(text, {"Basic": expression})


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 8))), st.integers(0, 30), st.integers(0, 8))
def test_what_is_taken(ranges: list[tuple[int, int]], start: int, length: int) -> None:
    spans = [(first, first + size) for first, size in ranges]
    expected = any(start >= first - 1 and start + length <= last + 1 for first, last in spans)
    assert Taken(spans).holds(start, start + length) == expected


def test_settings(tmp_path: Path) -> None:
    folder = tmp_path / ".obsidian" / "plugins" / "obsidian-to-anki-plugin"
    folder.mkdir(parents=True)
    (folder / "data.json").write_text(
        '{"settings": {"CUSTOM_REGEXPS": {"Basic": "a(b)", "Cloze": ""}, "Defaults": {"Scan Directory": "/K/"},'
        ' "FOLDER_DECKS": {"a": "", "b": "X::Y"}}, "fields_dict": {"Odd": ["Front side", "Back"]}}',
        encoding="utf-8",
    )
    options = read_plugins(str(tmp_path)).obsidian_to_anki
    assert (options.regexps, options.directory, options.decks) == ({"Basic": "a(b)"}, "K", {"b": "X::Y"})
    assert options.fields == {"Odd": ("Front side", "Back")}
