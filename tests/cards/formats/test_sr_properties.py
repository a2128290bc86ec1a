"""What Spaced Repetition's rules promise of any text, whatever stands beside a card.

The rules: a line with a separator is a card by itself; a card of several lines takes in all its paragraph, and no
blank line unless the vault has an end marker; a note's decks are those of its tags.
"""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from studykit.cards.extract import RuleOptions, extract
from studykit.cards.formats.plugins import Plugins, SpacedRepetition
from studykit.vault.note import parse_note

PLAIN = ("word", "two words", "- item", "\t- deeper", "> quoted", "| a | b |", "# Head", "1. one", "**bold**", "[[x]]",
         "5$ each", "`code`", "%% aside %%", "中文", "#other", "a ^id")  # fmt: skip
plain = st.sampled_from(PLAIN)
paragraphs = st.lists(st.lists(plain, min_size=1, max_size=4), max_size=5)


def drafts(text: str, options: SpacedRepetition | None = None) -> list[tuple[int, str, str, str]]:
    rules = RuleOptions(plugins=Plugins(options or SpacedRepetition()), prose=False)
    found = extract(parse_note("d/n.md", text.encode()), rules).drafts
    return [(draft.line, draft.deck, draft.prompt, draft.answer) for draft in found if draft.rule == "obsidian-sr"]


@given(st.lists(st.tuples(plain, st.booleans()), min_size=1, max_size=12), st.sampled_from(["\n", "\r\n"]))
def test_every_line_with_a_separator_is_one_card(lines: list[tuple[str, bool]], newline: str) -> None:
    written = [f"{text} q::answer {place}" if asks else text for place, (text, asks) in enumerate(lines)]
    found = drafts(newline.join(["#flashcards", "", *written, "last words"]))
    expected = [(place + 3, f"answer {place}") for place, (_text, asks) in enumerate(lines) if asks]
    assert [(line, answer) for line, _deck, _prompt, answer in found] == expected


@given(paragraphs, st.lists(plain, min_size=1, max_size=3), st.lists(plain, min_size=1, max_size=3), paragraphs)
def test_a_card_of_several_lines_is_its_paragraph(
    above: list[list[str]], front: list[str], back: list[str], below: list[list[str]]
) -> None:
    assume(without_own_tag(front))  # a card that asks nothing is none
    card = [*front, "?", *back, "end of it"]
    text = "\n\n".join(["#flashcards", *("\n".join(lines) for lines in [*above, card, *below])])
    [(line, _deck, prompt, answer)] = drafts(text)
    assert line == 3 + sum(len(lines) + 1 for lines in above)
    assert prompt.split() == without_own_tag(front)
    assert answer.split() == "\n".join([*back, "end of it"]).split()


@given(paragraphs, st.sampled_from(["+++", "***end***"]))
def test_an_end_marker_takes_in_every_paragraph(between: list[list[str]], marker: str) -> None:
    answer = "\n\n".join(["first", *("\n".join(lines) for lines in between), "last words"])
    text = f"#flashcards\n\nQuestion\n?\n{answer}\n{marker}\nnot of it\n"
    [(_line, _deck, _prompt, found)] = drafts(text, SpacedRepetition(end=marker))
    assert found.split() == answer.split()


@given(st.lists(st.sampled_from(["a", "b/c", "d"]), max_size=4), st.booleans())
def test_the_deck_is_the_tag_above(decks: list[str], in_front: bool) -> None:
    head = "---\ntags: [flashcards/front]\n---\n" if in_front else ""
    text = head + "one::1\n\n" + "".join(f"#flashcards/{deck}\n\n{n}::x\n\n" for n, deck in enumerate(decks))
    found = [deck for _line, deck, _prompt, _answer in drafts(text)]
    tagged = [f"flashcards/{deck}" for deck in decks]
    first = ["flashcards/front"] if in_front else tagged[:1]
    assert found == (first + tagged if in_front or decks else [])


@pytest.mark.parametrize("tags", ["[x, {0}]", '"#{0}"', "{0} x", "x,{0}", "\n  - x\n  - {0}", '\n- "#{0}"'])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_tags_of_the_frontmatter_in_any_form(tags: str, newline: str, mark: str) -> None:
    text = f"{mark}---\ntitle: t\ntags: {tags.format('flashcards/law')}\n---\nq::a\n".replace("\n", newline)
    assert [(deck, prompt) for _line, deck, prompt, _answer in drafts(text)] == [("flashcards/law", "q")]


def without_own_tag(front: list[str]) -> list[str]:
    """A tag at the very start of a card names its deck."""
    words = "\n".join(front).split()
    return words[1:] if words[0] == "#other" else words
