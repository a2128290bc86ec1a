"""Line breaking: nothing lost, nothing too wide, no line that a Chinese or a Latin reader would call wrong."""

import re
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from studykit.tui.prose.wrap import CLOSING, OPENING, Run, line_width, wrap

NEVER_FIRST = "，。、）】》：；！？"
NEVER_LAST = "（【《“"
HAN = st.text("流水线气泡率的是在空闲阶段微批", min_size=1, max_size=6)
WORD = st.text("abcxyzPM_=/.+", min_size=1, max_size=9)
MARK = st.sampled_from(["，", "。", "、", "：", "；", "！", "？", "……", "——"])
BRACKETED = st.tuples(st.sampled_from(["（）", "【】", "《》", "“”"]), st.one_of(HAN, WORD)).map(
    lambda pair: pair[0][0] + pair[1] + pair[0][1]
)
MIXED = st.lists(st.one_of(HAN, WORD, BRACKETED, st.just(" ")), max_size=25).flatmap(
    lambda parts: st.lists(st.one_of(st.just(""), MARK), min_size=len(parts), max_size=len(parts)).map(
        lambda marks: "".join(part + (mark if part.strip() else "") for part, mark in zip(parts, marks, strict=True))
    )
)
ANYTHING = st.text(
    st.one_of(st.characters(exclude_categories=("Cs", "Cc")), st.sampled_from(" \n，（ab中")), max_size=80
)


def texts(runs: list[Run], width: int) -> list[str]:
    return ["".join(text for text, _style in line) for line in wrap(runs, width)]


@given(MIXED, st.integers(20, 60))
def test_no_line_begins_or_ends_where_it_must_not(text: str, width: int) -> None:
    lines = texts([(text, "")], width)
    assert not [line for line in lines[1:] if line and line[0] in NEVER_FIRST]
    assert not [line for line in lines[:-1] if line and line[-1] in NEVER_LAST]


@given(ANYTHING, st.integers(4, 40))
def test_nothing_is_lost_but_spaces_at_breaks(text: str, width: int) -> None:
    def visible(whole: str) -> str:
        return re.sub(r"\s", "", whole)

    assert visible("".join(texts([(text, "")], width))) == visible(text)


@given(ANYTHING, st.integers(4, 40))
def test_no_line_is_wider_than_asked(text: str, width: int) -> None:
    assert all(cell_len(line) <= width for line in texts([(text, "")], width))


@example("=" * 23 + "MM", 24)  # longer than a line by one: it is cut where it may
@given(MIXED, st.integers(24, 60))
def test_a_word_that_fits_a_line_stays_whole(text: str, width: int) -> None:
    breaks = set()
    at = 0
    for line in texts([(text, "")], width)[:-1]:
        at = text.index(line, at) + len(line)
        breaks.add(at)
    # What stands at a word without a space goes where it goes: `a=b`, `（abc）：`.
    for group in re.finditer(rf"[{re.escape(OPENING)}]*[!-~]+(?: ?[{re.escape(CLOSING)}])*", text):
        if cell_len(group.group()) <= width:
            inside = [range(word.start() + 1, word.end()) for word in re.finditer(r"[A-Za-z_]+", group.group())]
            assert not breaks & {group.start() + at for span in inside for at in span}


@given(MIXED, st.integers(4, 40), st.data())
def test_styles_do_not_move_breaks(text: str, width: int, data: st.DataObject) -> None:
    """A text cut into runs of other styles breaks at the same places, and every letter keeps its style."""
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=4)))
    edges = [0, *cuts, len(text)]
    runs = [(text[a:b], str(n)) for n, (a, b) in enumerate(pairwise(edges))]
    assert texts(runs, width) == texts([(text, "")], width)
    styled = [(letter, style) for line in wrap(runs, width) for piece, style in line for letter in piece]
    source = iter([(letter, style) for piece, style in runs for letter in piece])
    assert all(any(pair == other for other in source) for pair in styled)


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("气泡率是七分之一。", 16, ["气泡率是七分之", "一。"]),  # 。 takes 一 with it
        ("使用（GPipe）调度", 10, ["使用", "（GPipe）", "调度"]),
        ("a Block of code", 8, ["a Block", "of code"]),
        ("don’t wrap it", 6, ["don’t", "wrap", "it"]),
        ("一二三\n四", 20, ["一二三", "四"]),
        ("断开——不断开", 5, ["断", "开——", "不断", "开"]),
        ("", 10, [""]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),  # nowhere to break: cut at the edge
    ],
)
def test_breaks_by_hand(text: str, width: int, expected: list[str]) -> None:
    assert texts([(text, "")], width) == expected


def test_the_classes_hold_what_must_not_stand_at_an_edge() -> None:
    assert set(NEVER_FIRST) <= set(CLOSING)
    assert set(NEVER_LAST) <= set(OPENING)


def test_line_width_counts_cells() -> None:
    assert line_width([("气泡", ""), ("ab", "x")]) == 6
