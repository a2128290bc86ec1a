"""Prompts, answers, spellings, key points: the small pieces of text that the rules are made of."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.cards import answer, normal_form, prompt
from studykit.cards.keypoints import MOST, key_points
from studykit.cards.normal_form import may_be_numbered, normalise
from studykit.cards.spelling import candidates, which
from studykit.settings import ANSWER_HEADINGS

NUMBERED = [re.compile(each._NUMBERING.pattern) for each in (prompt, normal_form)]


@given(st.one_of([st.from_regex(each) for each in NUMBERED]))
def test_the_quick_look_overlooks_no_numbering(text: str) -> None:
    numbered = any(each.match(text) for each in NUMBERED)
    assert may_be_numbered(text) or not numbered


@given(st.text("qz9+#.-一丁𠀀鿿ꀀ、 ?\n", max_size=20))
def test_words_that_carry_the_subject_are_runs_of_han_and_latin(text: str) -> None:
    runs = re.findall(r"[a-z][a-z0-9+#.\-]*[a-z0-9+#]|[\u3400-\u9fff]+", text)
    assert sorted(prompt._content(text)) == sorted(runs)  # none of these characters makes a word without a subject


@pytest.mark.parametrize(
    ("heading", "shown"),
    [
        ("1. 什么是原子操作", "什么是原子操作"),
        ("2.3.1 什么是内存池？", "什么是内存池？"),
        ("一、为什么需要锁？", "为什么需要锁？"),
        ("（二）如何避免死锁", "如何避免死锁"),
        ("第三章 什么是虚表？", "什么是虚表？"),
        ("Q3：为什么用 `rsqrt`？", "为什么用 `rsqrt`？"),
        ("问题1：没有激活函数会怎样？", "没有激活函数会怎样？"),
        ("🎯 **Why does it stall?**", "Why does it stall?"),
        ("3) How big is a warp?", "How big is a warp?"),
        # Numbers that are no numbering stay.
        ("2.4 GHz 频段有多少信道？", "2.4 GHz 频段有多少信道？"),
        ("1.5万亿参数如何放下？", "1.5万亿参数如何放下？"),
        ("2:4 稀疏是什么？", "2:4 稀疏是什么？"),
        ("3D 并行是什么？", "3D 并行是什么？"),
        ("6层堆叠的设计选择", "6层堆叠的设计选择"),
        ("`csrc/` 目录存放什么？", "`csrc/` 目录存放什么？"),
        ("**A** 和 **B** 的区别", "**A** 和 **B** 的区别"),
        ("1.", "1."),
    ],
)
def test_numbering_is_taken_off(heading: str, shown: str) -> None:
    assert prompt.clean(heading) == shown


@pytest.mark.parametrize(
    ("asked", "title", "alone"),
    [
        ("什么是集合通信？", "NCCL 库的作用", True),
        ("What is a mutex?", "Locks", True),
        ("为什么需要双缓冲？", "双缓冲技术如何隐藏访存延迟？", True),
        ("Why does RMSNorm work?", "RMSNorm", True),
        ("为什么这样可行？", "接雨水", False),
        ("为什么？", "接雨水", False),
        ("有什么区别？", "接雨水", False),
        ("Why does this work?", "Two Sum", False),
        ("How is it used?", "Semaphores", False),
        ("为什么要排序？", "三数之和", False),
    ],
)
def test_a_front_that_cannot_stand_alone_is_known(asked: str, title: str, alone: bool) -> None:
    assert prompt.stands_alone(asked, title) is alone


def test_context_names_each_place_once() -> None:
    assert prompt.context("C++/语言", "const 关键字", "成员函数") == "C++ › 语言 › const 关键字 › 成员函数"
    assert prompt.context("", "Locks", "**Locks**") == "Locks"
    assert prompt.context("Locks", "Locks") == "Locks"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "---",
        "\n\n",
        "### only a heading",
        "<!-- hidden -->",
        "TODO",
        "待补充",
        "*Coming soon.*",
        "To be continued…",
        "（略）",
        "```\n```",
        "![](x.png)",
        "- [ ] ",
    ],
)
def test_what_is_no_answer(text: str) -> None:
    assert not answer.answers(answer.tidy(text))


@pytest.mark.parametrize(
    "text", ["O(n)", "不能。", "42", "```py\nx = 1\n```", "- a\n- b", "| a |\n|---|\n| b |", "是的：\n```\nx\n```"]
)
def test_what_is_an_answer(text: str) -> None:
    assert answer.tidy(text) == text
    assert answer.answers(text)


def test_an_answer_that_only_announces_is_none() -> None:
    assert not answer.answers("主要有以下几点：")
    assert answer.tidy("一句话说完。\n\n例如：") == "一句话说完。"


@pytest.mark.parametrize(
    "text",
    [
        "当然，如果使用页锁定内存，传输可以异步进行。\n\n否则不行。",
        "好的缓存设计取决于访问模式。\n\n先看局部性。",
        "Of course the cache must be warm first.\n\nThen it is fast.",
    ],
)
def test_sentences_that_only_sound_like_a_chat_stay(text: str) -> None:
    assert answer.tidy(text) == text


def test_a_quiz_block_is_taken_out_and_other_fences_stay() -> None:
    text = "before\n\n```quiz\nask: ?\n```\n\n```py\nquiz = 1\n```"
    assert answer.tidy(text) == "before\n\n\n```py\nquiz = 1\n```"
    assert answer.tidy("before\n```quiz\nnever closed") == "before"


@given(st.text(alphabet="a好的，。我你\n -*#<>!`~ID:quiz"))
def test_tidying_again_changes_little_and_adds_nothing(text: str) -> None:
    tidied = answer.tidy(text)
    assert len(tidied) <= len(text)
    assert all(line in text for line in tidied.split("\n"))


@pytest.mark.parametrize(
    "heading",
    [
        "面试标准答案", "🎯 面试标准答案（可背诵）", "面试标准答案（精简版）", "标准答案", "4. 面试标准回答",
        "标准面试答案（可背诵）", "精简答案（面试版）", "核心回答：三句话", "标准精简答案 (可背诵版本)",
        "【标准答案】", "Answer", "ANSWER:", "Short answer (30 s)", "TL;DR", "tl; dr", "**Answer**", "ＴＬ；ＤＲ",
        "标准面试回答可以这样说", "Answer – in one line", "一句话总结",
    ],
)  # fmt: skip
def test_spellings_of_an_answer_heading(heading: str) -> None:
    assert which(heading, ANSWER_HEADINGS) is not None


@pytest.mark.parametrize(
    "heading",
    [
        "详细讲解",
        "答案之外",
        "简答题",
        "Answers to the exercises",
        "Answering machines",
        "The long answer is no",
        "",
        "()",
        "总结",
    ],
)
def test_headings_that_are_no_answer(heading: str) -> None:
    assert which(heading, ANSWER_HEADINGS) is None


def test_key_points_of_an_answer() -> None:
    text = (
        "**气泡**是空闲时间，分为：\n\n1. **填充**：等第一个\n2. 排空：等最后一个\n   - 细节：不算\n\n"
        "**原因**：\n- 阶段数 `P`\n- 微批次数\n\n```\n**code**\n```\n方法：1)加大批次，更满；2)交错调度，更碎。"
    )
    assert key_points(text) == ("气泡", "填充", "排空", "阶段数 P", "微批次数", "加大批次", "交错调度")


@given(st.text(alphabet="ab*- \n1.气：`#>|[]_"))
def test_key_points_are_few_short_and_distinct(text: str) -> None:
    points = key_points(text)
    assert len(points) <= MOST
    assert len({normalise(point) for point in points}) == len(points)
    assert all(point.strip() and len(point) <= 40 for point in points)


def test_a_task_is_a_key_point_whether_done_or_not() -> None:
    assert key_points("- [ ] 先热身：一\n- [x] 再测量：二\n") == ("先热身", "再测量")


def test_a_spelling_without_letters_is_no_heading() -> None:
    assert which("答案", ["!!", "答案"]) == 1
    assert which("!!", ["!!"]) is None
    assert candidates("其他\n答案", ["!!", "答案"]) == [1]
    assert candidates("其他\n答案", []) == []


def test_a_heading_in_wide_letters_is_looked_at() -> None:
    assert candidates("其他\nＴＬ；ＤＲ\n答案", ["TL;DR", "答案"]) == [1, 2]
    assert which("ＴＬ；ＤＲ", ["TL;DR"]) == 0
