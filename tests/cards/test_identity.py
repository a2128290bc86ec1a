"""Which card is which: occurrences among equal prompts, ids that notes give, and matches of edited cards."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Indel

from studykit.cards.card import Card, Draft, Known
from studykit.cards.identity import Match, assign, base, by_base, card_id, match
from studykit.cards.similarity import indel_similarity

LONG = "流水线的气泡来自填充和排空：第一级要等数据，最后一级要等结果，其间其他级只能空闲，因此微批次越多占比越小。"


def draft(file: str, prompt: str, answer: str, *, line: int = 1, context: str = "", explicit: str = "") -> Draft:
    return Draft("question-heading", "recall", "", file, line, prompt, answer, "T", context, explicit_id=explicit)


def known(cards: list[Card]) -> list[Known]:
    return [Known(c.id, c.base, c.occurrence, c.file, c.prompt, c.answer, c.cloze) for c in cards]


def again(cards: list[Card], drafts: list[Draft], touched: set[str] | None = None) -> list[Card]:
    return assign(drafts, by_base(known(cards)), touched)


def test_the_first_of_a_prompt_has_the_base_as_its_id() -> None:
    [first, second] = assign([draft("a.md", "Why?", "x"), draft("b.md", "why", "y")], {})
    assert (first.id, first.occurrence) == (base("Why?"), 0)
    assert (second.id, second.occurrence) == (card_id(base("Why?"), 1), 1)


def test_numbers_follow_file_and_line_and_not_the_order_of_reading() -> None:
    drafts = [draft("b.md", "Why?", "3"), draft("a.md", "Why?", "2", line=9), draft("a.md", "Why?", "1", line=2)]
    assert [card.occurrence for card in assign(drafts, {})] == [2, 1, 0]


def test_cards_keep_their_occurrence_when_another_goes() -> None:
    before = assign([draft("a.md", "Why?", "x"), draft("b.md", "Why?", "y"), draft("c.md", "Why?", "z")], {})
    after = again(before, [draft("b.md", "Why?", "y"), draft("c.md", "Why?", "z")])
    assert [card.id for card in after] == [before[1].id, before[2].id]


def test_cards_of_one_file_are_told_apart_by_their_answers() -> None:
    one, two = "one owner, no counting of references", "many owners that count each other"
    before = assign([draft("a.md", "Why?", one, line=1), draft("a.md", "Why?", two, line=5)], {})
    after = again(before, [draft("a.md", "Why?", f"{two} now", line=2), draft("a.md", "Why?", f"{one} now", line=7)])
    assert [card.id for card in after] == [before[1].id, before[0].id]


def test_a_moved_card_keeps_its_occurrence_by_its_answer() -> None:
    before = assign([draft("a.md", "Why?", "first answer, quite long"), draft("b.md", "Why?", LONG)], {})
    after = again(before, [draft("a.md", "Why?", "first answer, quite long"), draft("z.md", "Why?", LONG)])
    assert [card.id for card in after] == [card.id for card in before]


def test_a_new_card_takes_no_orphans_number() -> None:
    before = assign([draft("a.md", "Why?", "bubbles cost time", context="T")], {})
    after = again(before, [draft("b.md", "Why?", "缓存行有 64 字节", context="T")])
    assert after[0].id != before[0].id
    assert after[0].occurrence == 1


def test_a_prompt_that_says_enough_is_the_same_card_in_a_renamed_note() -> None:
    before = assign([draft("a.md", "What is a bubble in a pipeline?", "idle time of a stage")], {})
    after = again(
        before, [draft("b.md", "What is a bubble in a pipeline?", "the idle time of any stage while it waits")]
    )
    assert after[0].id == before[0].id


def test_a_deleted_and_restored_card_is_itself() -> None:
    before = assign([draft("a.md", "Why?", "x"), draft("b.md", "Why?", LONG)], {})
    assert again(before, [draft("c.md", "Why?", LONG)])[0].id == before[1].id


def test_cards_of_files_not_read_hold_their_numbers() -> None:
    before = assign([draft("a.md", "Why?", LONG), draft("b.md", "Why?", "y")], {})
    after = again(before, [draft("c.md", "Why?", LONG)], touched={"b.md", "c.md"})
    assert after[0].id not in {card.id for card in before}
    assert again(before, [draft("b.md", "Why?", "y, edited")], touched={"b.md"})[0].id == before[1].id


def test_an_id_in_the_note_wins_and_belongs_to_one_card() -> None:
    [card] = assign([draft("a.md", "Why?", "x", explicit="note-1")], {})
    assert card.id == "note-1"
    copies = [draft("0-copy.md", "Why?", "x", explicit="note-1"), draft("a.md", "Why?", "x", explicit="note-1")]
    copy, original = again([card], copies)
    assert (copy.id, original.id) == (base("Why?"), "note-1")
    assert again([card], copies[:1], touched={"0-copy.md"})[0].id == base("Why?")


def test_giving_a_card_an_id_is_found_as_a_match() -> None:
    before = assign([draft("a.md", "Why does it stall?", LONG)], {})
    after = again(before, [draft("a.md", "Why does it stall?", LONG, explicit="x-1")])
    assert match(known(before), after) == [Match(before[0].id, "x-1", 1.0, False)]


files = st.sampled_from(["a.md", "b.md", "c.md"])
rows = st.lists(st.tuples(files, st.sampled_from(["Why?", "How?"]), st.sampled_from(["x", "y", LONG])), max_size=8)


@given(rows, rows)
def test_ids_are_distinct_and_a_second_sync_changes_nothing(
    first: list[tuple[str, str, str]], second: list[tuple[str, str, str]]
) -> None:
    def drafts(rows: list[tuple[str, str, str]]) -> list[Draft]:
        return [draft(*row, line=line, context="T") for line, row in enumerate(rows, 1)]

    before = assign(drafts(first), {})
    after = again(before, drafts(second))
    assert len({card.id for card in after}) == len(after)
    store = {card.id: card for card in (*before, *after)}
    assert again(list(store.values()), drafts(second)) == after


# --- matching


def cards(*drafts: Draft) -> list[Card]:
    return assign(drafts, {})


def test_an_edited_prompt_is_the_same_card() -> None:
    old, new = cards(draft("a.md", "什么是气泡", LONG)), cards(draft("a.md", "流水线里的气泡是什么", LONG))
    assert [(m.old_id, m.new_id, m.moved) for m in match(known(old), new)] == [(old[0].id, new[0].id, False)]


def test_a_move_is_told_from_an_edit() -> None:
    old, new = cards(draft("a.md", "什么是气泡", LONG)), cards(draft("b.md", "什么是流水线气泡", LONG))
    assert [m.moved for m in match(known(old), new)] == [True]


def test_the_same_note_comes_first() -> None:
    old = cards(draft("a.md", "What is a bubble?", LONG))
    new = cards(draft("b.md", "What is the bubble?", LONG), draft("a.md", "What is this bubble?", LONG))
    assert [m.new_id for m in match(known(old), new)] == [new[1].id]


def test_what_is_nearly_tied_is_left_alone() -> None:
    old = cards(draft("a.md", "What is a bubble in a pipeline?", LONG))
    new = cards(
        draft("b.md", "What is a bubble in pipelines?", LONG), draft("c.md", "What is a bubble in the pipeline?", LONG)
    )
    assert match(known(old), new) == []


def test_each_card_is_matched_once() -> None:
    old = cards(draft("a.md", "What is a bubble?", LONG), draft("a.md", "What is a stage?", "A part of the model."))
    new = cards(draft("a.md", "What is the bubble?", LONG + "。"))
    assert [m.old_id for m in match(known(old), new)] == [old[0].id]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            ("Why does this work?", "The sum of prefixes is known."),
            ("Why does that work?", "Both pointers meet in the loop."),
        ),
        (("int8 的范围？", "-128 到 127"), ("int16 的范围？", "-32768 到 32767")),
        (("What is GPipe?", "All forwards first."), ("What is Redis?", "A store of keys in memory.")),
    ],
)
def test_cards_that_only_look_alike_are_two(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert match(known(cards(draft("a.md", *one))), cards(draft("a.md", *other))) == []


def test_siblings_of_one_text_are_matched_gap_by_gap() -> None:
    old = cards(*(draft("a.md", "The {…} of a stage is idle time", LONG)._replace(cloze=n) for n in (1, 2, 3)))
    new = cards(*(draft("a.md", "The {…} of one stage is idle time", LONG)._replace(cloze=n) for n in (1, 2, 3)))
    assert {(m.old_id, m.new_id) for m in match(known(old), new)} == {
        (o.id, n.id) for o, n in zip(old, new, strict=True)
    }


def test_nothing_gone_or_nothing_new() -> None:
    some = cards(draft("a.md", "Why?", LONG))
    assert match([], some) == match(known(some), []) == []


_TOKENS = st.lists(st.sampled_from(["流水", "水线", "a", "b", "stall"]), max_size=80)


@given(_TOKENS, _TOKENS)
def test_the_first_pairs_are_as_alike_as_all_others(one: list[str], other: list[str]) -> None:
    if one or other:
        assert indel_similarity(one, other) == Indel.normalized_similarity(one, other)
