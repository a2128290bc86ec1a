"""In a vault whose own settings of Obsidian_to_Anki are known, a note is what that plugin makes one of."""

from collections.abc import Iterator

import pytest

from studykit.cards.card import Draft
from studykit.cards.extract import Extraction, RuleOptions, extract
from studykit.cards.formats.plugins import ObsidianToAnki, Plugins, obsidian_to_anki
from studykit.vault.note import parse_note

OWN = ObsidianToAnki(fields={"Basic": ("Front", "Back"), "Cloze": ("Text", "Extra")}, curly=True, installed=True)


def extracted(text: str, options: ObsidianToAnki = OWN, path: str = "a.md") -> Extraction:
    return extract(parse_note(path, text.encode()), RuleOptions(plugins=Plugins(obsidian_to_anki=options), prose=False))


def sides(drafts: tuple[Draft, ...]) -> list[tuple[str, str]]:
    return [(draft.prompt, draft.answer) for draft in drafts]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("START  \nBasic\nWhere is Lima?\nBack: In Peru\nEND\n", "blanks behind START"),
        ("START\nWhere is Lima?\nBack: In Peru\nEND\n", "Where is Lima?"),
        ("STARTI [Fact] Where is Lima? Back: In Peru ENDI\n", "Fact"),
    ],
)
def test_what_the_plugin_does_not_see_is_told_and_no_card(text: str, told: str) -> None:
    found = extracted(text)
    assert not found.drafts
    assert [(problem.line, told in problem.message) for problem in found.problems] == [(1, True)]
    assert extracted(text, ObsidianToAnki()).drafts or "\nWhere" in text  # without settings, what is meant counts


@pytest.mark.parametrize("text", ["START  \nBasic\nq\nBack: a\n{}END\n", "START\nFact\nq\nBack: a\n{}END\n"])
def test_an_id_shows_that_the_plugin_saw_it(text: str) -> None:
    assert not extracted(text.format("")).drafts
    found = extracted(text.format("<!--ID: 1700000000001-->\n"))
    assert [draft.explicit_id for draft in found.drafts] == ["1700000000001"]
    assert not found.problems


@pytest.mark.parametrize("end", ["Tags: ", "Tags:", "Tags: \n<!--ID: 1700000000001-->", "Tags: city  peru"])
def test_tags_that_nobody_filled_in_are_no_text(end: str) -> None:
    (draft,) = extracted(f"START\nBasic\nWhere is Lima?\nBack: In Peru\n{end}\nEND\n").drafts
    assert (draft.answer, draft.tags) == ("In Peru", tuple(end.split()[1:] if "ID" not in end else ()))


def test_deletions_elsewhere_are_not_the_plugins() -> None:
    loose = "The {{c1::Andes}} are high.\n"
    assert not extracted(loose).drafts
    assert [draft.rule for draft in extracted(loose, ObsidianToAnki()).drafts] == ["anki-cloze"]
    (draft,) = extracted(f"START\nCloze\n{loose}END\n").drafts
    assert draft.prompt == "The […] are high."


TYPES = {  # as Anki names them: basic and reversed, optional reversed, typed
    "en": ("Basic (and reversed card)", "Basic (optional reversed card)", "Basic (type in the answer)"),
    "de": ("Einfach (beide Richtungen)", "Einfach (eine oder zwei Richtungen)", "Einfach (Antwort eintippen)"),
    "it": ("Basilare (e carta inversa)", "Basilare (carta inversa opzionale)", "Basilare (digita la risposta)"),
    "fr": ("Basique (carte inversée)", "Basique (carte inversée optionnelle)", "Basique (saisir la réponse)"),
    "es": ("Básico (y tarjeta invertida)", "Básico (tarjeta invertida opcional)", "Básico (teclear la respuesta)"),
    "cs": ("Základní (plus obrácená karta)", "Základní (volitelná obrácená karta)", "Základní (napsat odpověď)"),
    "zh": ("问答题（附翻转卡片）", "问答题（翻转卡片可选）", "问答题（输入答案）"),
}


@pytest.mark.parametrize("language", TYPES)
def test_types_of_any_language_make_as_many_cards(language: str) -> None:
    """Both ways; both ways only where the third field says so; one way."""
    both, optional, typed = TYPES[language]
    own = ObsidianToAnki(fields={both: ("A", "B"), optional: ("A", "B", "C"), typed: ("A", "B")}, installed=True)
    for kind, more, expected in ((both, "", 2), (optional, "", 1), (optional, "C: y\n", 2), (typed, "", 1)):
        assert len(extracted(f"START\n{kind}\nq\nB: a\n{more}END\n", own).drafts) == expected


def test_a_word_for_the_deck_that_begins_a_sentence() -> None:
    own = ObsidianToAnki(
        deck_line="deck", fields={"Basic": ("Front", "Back")}, regexps={"Basic": r"^(.+) -> (.+)$"}, installed=True
    )
    found = extracted("deck: Ships::Parts\n\ndecks -> floors of a ship\ndeck: a -> b\n", own)
    assert sides(found.drafts) == [("decks", "floors of a ship")]
    assert {draft.deck for draft in found.drafts} == {"Ships/Parts"}


def keywords() -> Iterator[tuple[str, str, int]]:
    yield from (("Cloze", "Cloze", 1), ("Lückentext", "Cloze", 0), ("Lückentext", "Lücke", 1), ("Basic", "Cloze", 0))


@pytest.mark.parametrize(("kind", "keyword", "gaps"), keywords())
def test_braces_are_deletions_where_the_types_name_says_so(kind: str, keyword: str, gaps: int) -> None:
    data = {"fields_dict": {kind: ["Text", "Extra"]}}
    options = obsidian_to_anki({"Defaults": {"CurlyCloze": True, "CurlyCloze - Keyword": keyword}}, data)
    drafts = extracted(f"START\n{kind}\nThe {{Andes}} are high.\nExtra: In Peru\nEND\n", options).drafts
    assert sum(draft.kind == "cloze" for draft in drafts) == gaps


def test_the_tags_of_every_folder_count_and_the_deck_of_the_innermost() -> None:
    settings = {
        "FOLDER_TAGS": {"a": "land", "a/b": "river lake", "x": "no"},
        "FOLDER_DECKS": {"a": "Geo", "a/b": "Geo::Water"},
    }
    note = "START\nBasic\nWhere is Lima?\nBack: In Peru\nEND\n"
    (draft,) = extracted(note, obsidian_to_anki(settings, {}), "a/b/c/n.md").drafts
    assert (draft.deck, draft.tags) == ("Geo/Water", ("river", "lake", "land"))


def test_settings_are_the_vaults_own_where_there_are_any() -> None:
    assert not obsidian_to_anki({}, {}).installed
    assert obsidian_to_anki({"Defaults": {}}, {}).installed
    assert sides(extracted("START\nBasic\nq\nBack: a\nEND\n", obsidian_to_anki({"Defaults": {}}, {})).drafts) == [
        ("q", "a")
    ]


@pytest.mark.parametrize("head", ["---\n{}---\n", "---\ntitle: x\n{}\n---\n\n", "{}\n"])
def test_frozen_fields_stand_in_the_frontmatter_too(head: str) -> None:
    frozen = head.format("FROZEN - Basic:\nBack: See the atlas.\n")
    (draft,) = extracted(f"{frozen}START\nBasic\nWhere is Lima?\nBack: In Peru\nEND\n").drafts
    assert draft.answer == "In Peru\nSee the atlas."
