"""The normal form of a prompt: what it levels, what it keeps, and that it is a form."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from studykit.cards.identity import NORMAL_FORM, base, card_id
from studykit.cards.normal_form import normalise

MARKED = st.text(alphabet="ab1._-*`~#?！？：: 一二、()（）[]Qq气泡　Ａ\\\n", max_size=30)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("什么是气泡？", "什么是气泡"),
        ("什么是气泡？", "**什么是气泡？**"),
        ("什么是气泡？", "1.2 什么是气泡?"),
        ("什么是气泡？", "Q3：什么是 气泡？"),
        ("什么是 KV 缓存？", "什么是KV缓存？"),
        ("K 个一组翻转链表", "K个一组翻转链表"),
        ("Why does it stall?", "why  does it\nstall"),
        ("Ｗｈｙ？", "why?"),
        ("`shared_ptr` 的开销", "shared_ptr 的开销"),
        ("see [the docs](https://a.example)", "see [the docs](https://b.example)"),
        ("_stage_ balance", "stage balance"),
        ("a\u200bb", "ab"),
    ],
)
def test_ways_of_writing_are_one_question(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("shared_ptr 的开销", "sharedptr 的开销"),
        ("new one", "newone"),
        ("0.3 是多少？", "0.03 是多少？"),
        ("2.4 GHz 有多少信道？", "5 GHz 有多少信道？"),
        ("C++ 是什么？", "C 是什么？"),
        ("什么是 INT8？", "什么是 INT4？"),
        ("为什么增加？", "为什么不增加？"),
        ("2:4 稀疏", "1:4 稀疏"),
    ],
)
def test_different_questions_stay_different(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


@given(st.one_of(MARKED, st.text(max_size=40)))
@example("1. 2. 3. x")
@example("**1.** *2.* x")
@example("1.**2. x")
@example("\u2474 x")
@example("ﬁ ﬀ \u0390")
def test_the_form_of_a_form_is_itself(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(max_size=40))
def test_width_case_and_marks_do_not_count(text: str) -> None:
    assert normalise(text.upper().lower()) == normalise(text.lower())
    assert normalise(f"**{text}**") == normalise(text)
    assert normalise(f"  {text}\n") == normalise(text)


def test_ids_of_this_form_never_change() -> None:
    """Ids stand in the review log of every vault: a change here needs a new NORMAL_FORM and alias events."""
    assert NORMAL_FORM == 1
    # blake2b of "what is a bubble", 8 bytes; of base + NUL + "1"; of the form + NUL + the cloze.
    from hashlib import blake2b

    def hashed(text: str) -> str:
        return blake2b(text.encode(), digest_size=8).hexdigest()

    first = hashed("what is a bubble")
    assert base("2. **What is a bubble?**") == first
    assert card_id(first, 0) == first
    assert card_id(first, 1) == hashed(f"{first}\x001")
    assert base("What is a bubble?", 2) == hashed("what is a bubble\x002")
    assert base("What is a bubble?", 1) != base("What is a bubble?", 0)


def test_a_prompt_of_any_length_is_told_from_another() -> None:
    assert base("x" * 10_000 + "a") != base("x" * 10_000 + "b")
