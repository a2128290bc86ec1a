"""What Obsidian and HTML add to Markdown, as the study screen shows it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.tui.prose.block import read_blocks
from studykit.tui.prose.html_text import block_text, inline_tag
from studykit.tui.prose.obsidian import marked_runs
from studykit.tui.prose.page import Page


def shown(markdown: str, width: int = 60) -> list[str]:
    """The lines of a text as they stand on the screen."""
    blocks, env = read_blocks(markdown)
    page = Page(blocks, env, width)
    page.until(1 << 20)
    return ["".join(text for text, _style in line).rstrip() for line in page.lines]


def styled(markdown: str, style: str) -> list[str]:
    """The texts on the screen that have this style."""
    blocks, env = read_blocks(markdown)
    page = Page(blocks, env, 60)
    page.until(1 << 20)
    return [text for line in page.lines for text, names in line if style in names.split()]


@pytest.mark.parametrize(
    ("markdown", "line"),
    [
        ("见 [[NCCL 拓扑]]。", "见 NCCL 拓扑。"),
        ("见 [[NCCL 拓扑|拓扑]]。", "见 拓扑。"),
        ("见 [[通信#环|环]] 与 [[通信#环]]", "见 环 与 通信 > 环"),
        ("见 [[通信#^a1b2c3]]、[[#本页一节]]", "见 通信、本页一节"),
        ("![[img/ring.png|300]] 与 ![[别的笔记]]", "[image: ring.png] 与 别的笔记"),
        ("这是 ==要记的== 话", "这是 要记的 话"),
        ("if a == b and c == d", "if a == b and c == d"),
        ("`x ==y== [[z]]`", "x ==y== [[z]]"),
        ("矩阵 [[1, 2], [3, 4]]", "矩阵 [[1, 2], [3, 4]]"),
        ("10<sup>9</sup> 个，H<sub>2</sub>O", "10^(9) 个，H_(2)O"),
        ('<font color="red">红</font>与<u>线</u>', "红与线"),
        ("`Vec<T>` 与 List<T>", "Vec<T> 与 List<T>"),
    ],
)
def test_a_line(markdown: str, line: str) -> None:
    assert shown(markdown) == [line]


def test_links_and_highlights_stand_out() -> None:
    assert styled("见 [[拓扑]] 与 ==要点==。", "link") == ["拓扑"]
    assert styled("见 [[拓扑]] 与 **重 ==要点==**。", "highlight") == ["要点"]


@pytest.mark.parametrize(
    ("markdown", "lines"),
    [
        ("> [!note] 要点\n> 带宽最优。", ["▎ 要点", "▎ 带宽最优。"]),
        ("> [!WARNING]\n> 先热身。", ["▎ Warning", "▎ 先热身。"]),
        ("> [!tip]- **先**说结论\n>\n> - 一\n> - 二", ["▎ 先说结论", "▎", "▎ • 一", "▎ • 二"]),
        ("> [!quote]\n", ["▎ Quote"]),
        ("> 一句话。[!note]", ["▎ 一句话。[!note]"]),
        ("[!note] 不在引用里", ["[!note] 不在引用里"]),
    ],
)
def test_a_callout(markdown: str, lines: list[str]) -> None:
    assert shown(markdown) == lines


def test_a_formula_between_two_dollars_has_its_own_lines_or_stands_in_the_line() -> None:
    assert shown("表示：\n$$y = w^T x$$\n其中") == ["表示：", "", "  y = w^T x", "", "其中"]
    assert shown("- 损失：\n  $$\n  \\frac{a}{b}\n  $$\n- 后") == ["• 损失：", "    a/b", "• 后"]
    assert shown("行内 $$a_1$$ 也是") == ["行内 a₁ 也是"]
    assert shown("花了 $5 和 $$，再花 $10") == ["花了 $5 和 $$，再花 $10"]


def test_html_that_only_lays_out_is_text() -> None:
    assert shown("<details><summary>更多</summary>\n藏起来的文字\n</details>") == ["更多", "藏起来的文字"]
    assert shown('<div align="center">\n<img src="a/ring.png" alt="环">\n</div>') == ["[image: 环]"]
    assert shown("<table><tr><td>1</td></tr></table>") == ["<table><tr><td>1</td></tr></table>"]


@given(st.text(alphabet="[]=!|# ab通\n\\^", max_size=40))
def test_no_text_is_lost(text: str) -> None:
    """Of what is written, only marks and the targets of links go; order stays."""
    left = iter(text)
    kept = "".join(run for run, _style in marked_runs(text, ""))
    if "![[" not in text and ">" not in kept:
        assert all(letter in left for letter in kept)


@given(st.text(alphabet="<>/ abcdivsup=\"'!-\n", max_size=60))
def test_any_html_is_taken(text: str) -> None:
    assert len(block_text(text)) <= 2 * len(text) + 20
    assert isinstance(inline_tag(text), str)
