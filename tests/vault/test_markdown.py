"""The configured parser: emphasis beside wide characters, TeX between dollars, and text without its markup."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from studykit.vault.markdown import parser, plain
from tests.vault import nasty


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("shared_ptr和unique_ptr", "shared_ptr和unique_ptr"),
        ("snake_case_name *is* `kept_as_is`", "snake_case_name is kept_as_is"),
        ("__global__ 函数", "global 函数"),
        ("`__global__` 函数", "__global__ 函数"),
        ("**气泡率：**由 (P-1)/(M+P-1)", "气泡率：由 (P-1)/(M+P-1)"),
        ("$O(n^2)$ and $a_1 * b_2 * c$", "O(n^2) and a_1 * b_2 * c"),
        ("$5 and $10", "$5 and $10"),
        ("[GPipe](https://a.b/c_d_e) ![alt *text*](x.png)", "GPipe alt text"),
        ("a<br>b <b>c</b> &amp; &lt;", "a\nb c & <"),
        ("one  \ntwo\nthree", "one\ntwo\nthree"),
        ("~~old~~ \\*literal\\*", "old *literal*"),
        ("<https://example.org>", "https://example.org"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("", ""),
    ],
)
def test_plain(text: str, expected: str) -> None:
    assert plain(text) == expected


# The cases of the markdown-cjk-friendly project's specification, in words of our own.
BESIDE_WIDE = [
    ("**气泡率：**由公式给出", "<strong>气泡率：</strong>由公式给出"),
    ("它叫**“气泡”**，", "它叫<strong>“气泡”</strong>，"),
    ("是**（空闲）**时间", "是<strong>（空闲）</strong>时间"),
    ("**`bubble`**是", "<strong><code>bubble</code></strong>是"),
    ("即**$P-1$**个", '即<strong><span class="math inline">P-1</span></strong>个'),
    ("这是*斜体。*后面", "这是<em>斜体。</em>后面"),
    ("~~删除（旧）~~新", "<s>删除（旧）</s>新"),
    ("**気泡とは。**次の", "<strong>気泡とは。</strong>次の"),
    ("**버블(빈 시간)**이다", "<strong>버블(빈 시간)</strong>이다"),
    ("**a**b", "<strong>a</strong>b"),
    ("** 空格 **不是", "** 空格 **不是"),
    ("变量_名_称", "变量_名_称"),
    ("说_（强调）_完", "说_（强调）_完"),
]


@pytest.mark.parametrize(("text", "html"), BESIDE_WIDE)
def test_emphasis_beside_wide_characters(text: str, html: str) -> None:
    assert parser().renderInline(text) == html


@settings(max_examples=100)
@given(st.text(alphabet="**__~a .,(“é😀-`\n", max_size=24))
def test_without_wide_characters_emphasis_is_commonmark(text: str) -> None:
    stock = MarkdownIt("commonmark").enable("strikethrough")
    assert parser().renderInline(text) == stock.renderInline(text)


@settings(max_examples=100)
@given(nasty.documents())
def test_no_text_raises(text: str) -> None:
    parser().render(text)
    plain(text)


def test_text_on_which_the_stock_parser_raises() -> None:
    text = "1. a\n   > - <div>\n   >"
    assert "<div>" in parser().render(text)


def test_lists_twenty_deep_keep_what_follows() -> None:
    text = "".join("  " * depth + "- a\n" for depth in range(20)) + "\n# After\n"
    assert "<h1>After</h1>" in parser().render(text)
