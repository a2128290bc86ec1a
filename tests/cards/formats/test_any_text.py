"""Whatever a file holds, no format raises, and each takes time in proportion to it."""

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from studykit.cards.extract import RuleOptions, extract
from studykit.cards.formats.plugins import FlashcardsObsidian, ObsidianToAnki, Plugins, SpacedRepetition
from studykit.cards.identity import assign
from studykit.cards.rules import NATIVE
from studykit.vault.note import parse_note
from tests.linear import in_proportion

PIECES = (
    "#flashcards", "#flashcards/a", "\n", "\n\n", "::", ":::", "?\n", "??\n", "==", "**", "{{", "}}", ";;",
    "1;;", "ash;;", "a", " ", "`", "``", "```\n", "$", "$$\n", "<!--", "-->", "<!--SR:!2024-01-01,3,250-->",
    "<!--SR:", "!fsrs,1,2", "---\n", "tags: [flashcards]\n", "{{c1::", "{{c2,3::", "::hint}}", "Q:", "A:", "C:",
    "[", "]", "![", "\\[", "+++\n", "name = \"x\"\n", "START\n", "END\n", "Basic\n", "Cloze\n", "Back:",
    "STARTI [Basic] ", "ENDI", "ID: 12\n", "<!--ID: 3-->\n", "TARGET DECK: a::b\n", "FROZEN - Basic:\n",
    " #card-reverse #x\n", "#card/reverse", "^1607361487244", "---\ncards-deck: a::b\n---\n", "{3:",
    "FILE TAGS: x\n", "{gap}", "{2:gap}", " #card\n", "tags:: card\n",
    ":LOGBOOK:\n", ":END:\n", "SCHEDULED: <x>\n", "deck:: a\n", "#\n", "\\]",
    "Tags: a b\n", "- ", "\t- ", "  - ", "#card", "{{cloze ", "card-ease-factor:: 2.5\n",
    "card-last-interval:: 4\n", "id:: 6\n", "collapsed:: true\n", " ^id", "> ", "# h\n", "\x00", "\u2028", "\r",
    "\ufeff", "e\u0301", "\ud7ff",
)  # fmt: skip
notes = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), max_size=50).map("".join)
OPTIONS = (
    RuleOptions(),
    RuleOptions(plugins=Plugins(SpacedRepetition(
        end="---", inline="=", inline_reversed="==", folders=True,
        clozes=("**[123;;]answer[;;hint]**", "{{[123;;]answer[;;hint]}}", "==answer==[^\\[hint\\]][\\[^123\\]]", "["),
    ), ObsidianToAnki(curly=True, highlights=True, regexps={
        "Basic": r"((?:[^\n][\n]?)+) #card ?\n*((?:\n(?:^.{1,3}$|^.{4}(?<!<!--).*))+)",
        "Cloze": r"((?:.+\n)*(?:.*{.*))",
    }), hashcards=True, flashcards=FlashcardsObsidian(tag="a", inline=";;", inline_reversed=":", installed=True))),
)  # fmt: skip


@given(notes, st.sampled_from(OPTIONS), st.booleans())
@example("<!--SR:!2024-01-01,3,250-->{gap}", OPTIONS[1], False)
def test_no_text_raises(text: str, options: RuleOptions, tagged: bool) -> None:
    text = f"#flashcards\n\n{text}" if tagged else text
    note = parse_note("a/b.md", text.encode("utf-8", "surrogatepass"))
    found = extract(note, options)
    lines = note.text.count("\n") + 1
    for draft in found.drafts:
        assert draft.prompt.strip()
        assert draft.answer.strip()
        assert 1 <= draft.line <= lines
        assert draft.rule not in NATIVE or "<!--SR:!2024-01-01,3,250-->" not in draft.answer
        assert (draft.kind == "cloze") == (draft.cloze > 0)
    cards = assign(found.drafts, {})
    assert len({card.id for card in cards}) == len(cards)
    assert [card.schedule for card in cards] == [draft.schedule for draft in found.drafts]


FLASHCARDS = "---\ncards-deck: a\n---\n\n"
LARGE: dict[str, Callable[[int], str]] = {
    "colons, a deck": lambda n: "#flashcards\n\n" + "a::b\n" * n,
    "colons on one line": lambda n: "#flashcards\n\n" + "::" * n,
    "one line": lambda n: "#flashcards\n\n" + "a" * (n * 50) + "::b",
    "backticks": lambda n: "#flashcards\n\n" + "`a::b" * n,
    "dollars": lambda n: "#flashcards\n\n" + "$a::b" * n,
    "open comments": lambda n: "#flashcards\n\n" + "a <!-- x::y " * n,
    "schedules": lambda n: "#flashcards\n\na::b " + "<!--SR:" * n,
    "closed schedules": lambda n: "#flashcards\n\na::b " + "<!--SR:!2024-01-01,1,250-->" * n,
    "highlights on one line": lambda n: "#flashcards\n\n" + "==a== " * n,
    "highlights in a block": lambda n: "#flashcards\n\n" + "==a== x\n" * n,
    "open highlights": lambda n: "#flashcards\n\n" + "== a\n" * n + "==",
    "open hints": lambda n: "#flashcards\n\n==a" + ";;" * n,
    "numbers": lambda n: "#flashcards\n\n" + "==1;;" * n,
    "tags": lambda n: "#flashcards " * n + "\n\na::b\n",
    "tags on lines": lambda n: "#flashcards/a\n\na::b\n\n" * n,
    "separators": lambda n: "#flashcards\n\nq\n" + "?\n" * n,
    "nested quotes": lambda n: "#flashcards\n\n" + ">" * (n // 10) + " a::b\n",
    "fences on HTML": lambda n: "#flashcards\n\n<br>\n" + "```x\n" * n,
    "longer fences": lambda n: "#flashcards\n\n<br>\n" + "".join("`" * (3 + i % 90) + "\n" for i in range(n)),
    "a head of a deck": lambda n: FLASHCARDS + "q #card\n\na\n\n" * n,
    "tags in one paragraph": lambda n: FLASHCARDS + "q #card x\n" * n,
    "tags in one line": lambda n: FLASHCARDS + "q #card " * n,
    "tags in a fence": lambda n: FLASHCARDS + "```\n" + "q #card\n" * n + "```\n",
    "tags alone": lambda n: FLASHCARDS + "#card\n\n" * n,
    "tags behind tags": lambda n: FLASHCARDS + "q #card" + " #a" * n + "\n\na\n",
    "blanks before a tag": lambda n: FLASHCARDS + ("a::b" + " " * 900 + "#a\n") * (n // 100),
    "ids": lambda n: FLASHCARDS + "a::b\n^1607361487244\n" * n,
    "braces": lambda n: FLASHCARDS + "{1:a} " * n,
    "open braces on lines": lambda n: FLASHCARDS + "{1:a ==b\n" * n,
    "blank lines": lambda n: FLASHCARDS + "q #card" + "\n" * n + "a",
    "deletions": lambda n: "{{c1::a}} " * n,
    "numbered deletions": lambda n: "".join(f"{{{{c{i % 999 + 1}::a}}}}\n" for i in range(n)),
    "deletions within": lambda n: "{{c1::" * n + "}}" * n,
    "open deletions": lambda n: "{{c1::a::" * n,
    "closed deletions": lambda n: "{{c1::a" + "}}" * n,
    "hints": lambda n: "{{c1::a" + "::" * n + "}}",
    "paragraphs of deletions": lambda n: "{{c1::a}} b {{c2::c::d}}\n\n" * n,
    "questions and answers": lambda n: "Q: a\nA: b\n" * n,
    "questions": lambda n: "Q: a\n" * n + "A: b\n",
    "answers": lambda n: "Q: a\n" + "A: b\n" * n,
    "brackets": lambda n: "C: " + "[a] " * n,
    "open brackets": lambda n: "C: [b] " + "[" * n + "![" * n,
    "headings in a deck": lambda n: "Q: a\nA: b\n" + "# c\n\nd\n" * n,
    "dashes": lambda n: "Q: a\nA: b\n" + "---\n" * n,
    "blocks": lambda n: "- a #card\n\t- b\n" * n,
    "blocks without end": lambda n: "- a #card\n" + "\t- b\n" * n,
    "deep blocks": lambda n: "".join("\t" * (i % 40) + "- a #card\n" for i in range(n)),
    "marks on one line": lambda n: "- " + "#card " * n + "\n\t- b\n",
    "open macros": lambda n: "- #card " + "{{cloze " * n,
    "properties": lambda n: "- a #card\n" + "  id:: 1\n" * n + "\t- b\n",
    "notes for Anki": lambda n: "START\nBasic\na\nBack: b\nEND\n" * n,
    "open notes": lambda n: "START\nBasic\na\n" * n,
    "notes in code": lambda n: "```\n" + "START\n" * n + "END\n" * n + "```\n",
    "open notes in code": lambda n: "```\nSTART\nBasic\na\n```\n" * n,
    "deletions in code": lambda n: "START\nCloze\n" + "`{{c1::a}}` <!-- b --> " * n + "\nEND\n",
    "frozen fields": lambda n: "FROZEN - Basic:\n" * n + "\nSTART\nBasic\na\nBack: b\nEND\n",
    "frozen fields by type": lambda n: "FROZEN - Basic:\nBack: b\n\n" * n + "START\nBasic\na\nBack: b\nEND\n",
    "dollars on lines": lambda n: "#flashcards\n\n" + "$$ a::b\n\n" * n,
    "macros around marks": lambda n: "- " + "{{a #card}} " * n + "#card\n\t- b\n",
    "inline notes": lambda n: "STARTI [Basic] a Back: b ENDI " * n,
    "lines of inline notes": lambda n: "STARTI [Basic] a Back: b ENDI\n" * n,
    "labels": lambda n: "START\nOther\n" + "Back: b\n" * n + "END\n",
    "decks": lambda n: "TARGET DECKx\n" * n + "START\nBasic\na\nBack: b\nEND\n",
    "gaps in braces": lambda n: "START\nCloze\n" + "{a} `b` $c$ ==d== " * n + "\nEND\n",
    "open braces": lambda n: "START\nCloze\n" + "{a" * n + "\nEND\n",
    "paragraphs for an expression": lambda n: "a {b} #card\nc\n\n" * n,
    "ids of notes": lambda n: "a #card\nb\n<!--ID: 1-->\n\n" * n,
    "cards by property": lambda n: "- a\n  tags:: card, b\n\t- {{cloze c}}\n" * n,
    "properties that name the page": lambda n: "- a\n" + "  b:: [[card]]\n" * n + "\t- b\n",
    "signs behind marks": lambda n: "- " + "#card) " * n + "#card\n\t- b\n",
    "names of a property": lambda n: "- a\n  tags:: " + "card, " * n + "\n\t- b\n",
    "open logbooks": lambda n: "- a #card\n  :LOGBOOK:\n" * n + "\t- b\n",
    "number signs in a deck": lambda n: "Q: a\nA: b\n" + "#c\n" * n,
    "escaped brackets": lambda n: "C: [a] " + "\\[" * n + "\\]" * n,
    "exclamations": lambda n: "C: [a] " + "![" * n,
    "frontmatter tags": lambda n: "---\ntags:\n" + " - flashcards\n" * (n // 10) + "---\n\na::b\n",
}  # fmt: skip


@pytest.mark.parametrize("kind", LARGE)
@pytest.mark.parametrize(
    "options", [pytest.param(OPTIONS[0], marks=pytest.mark.slow), OPTIONS[1]], ids=["plain", "set"]
)
def test_time_is_linear(kind: str, options: RuleOptions) -> None:
    """Eight times the text takes about eight times as long; a square would take 64 times as long."""

    def extraction(size: int) -> Callable[[], object]:
        return partial(extract, parse_note("a.md", LARGE[kind](size).encode()), options)

    assert in_proportion(extraction, 300, 2_400, floor=0.05)


@pytest.mark.slow
@pytest.mark.parametrize("kind", LARGE)
def test_a_hundred_thousand(kind: str) -> None:
    def extraction(size: int) -> Callable[[], object]:
        return partial(extract, parse_note("a.md", LARGE[kind](size).encode()), OPTIONS[0])

    assert in_proportion(extraction, 10_000, 100_000, floor=5)
