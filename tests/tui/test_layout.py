"""Markdown in cells: what each construct looks like, and that nothing of a note is ever missing."""

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from unicodedata import east_asian_width

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it.token import Token

from studykit.tui.prose.block import Block, read_blocks
from studykit.tui.prose.inline import inline_runs
from studykit.tui.prose.layout import lay_out
from studykit.tui.prose.page import Page
from studykit.tui.prose.wrap import Line, line_width
from studykit.vault.markdown import parser


def laid(text: str, width: int = 40) -> list[Line]:
    blocks, env = read_blocks(text)
    page = Page(blocks, env, width)
    page.until(1 << 60)
    return page.lines


def shown(text: str, width: int = 40) -> list[str]:
    return ["".join(piece for piece, _style in line).rstrip() for line in laid(text, width)]


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("软换行\n之后", ["软换行之后"]),
        ("soft\nbreak", ["soft break"]),
        ("混合\nmixed\n中文", ["混合 mixed 中文"]),
        ("硬换行  \n之后", ["硬换行", "之后"]),
        ("前<br>后<br/>末", ["前", "后", "末"]),
        ("**气泡率：**由 `shared_ptr` 和 ~~旧~~ 新", ["气泡率：由 shared_ptr 和 旧 新"]),
        ("[名](http://x.y) 与 ![图](a.png)", ["名 与 [image: 图]"]),
        ("- 一\n- 二\n  - 三\n- 四", ["• 一", "• 二", "  ◦ 三", "• 四"]),
        ("3. 三\n4. 四", ["3. 三", "4. 四"]),
        ("- [ ] 未\n- [x] 完", ["• [ ] 未", "• [x] 完"]),
        ("-", ["•"]),
        ("> 引\n> > 再引", ["▎ 引", "▎", "▎ ▎ 再引"]),
        ("---", ["─" * 40]),
        ("$a^2$ 与 $\\sqrt{x}$", ["a² 与 √x"]),
        ("$$\n\\frac{a}{b}\n$$", ["  a/b"]),
        ("<object>原样</object>", ["<object>原样</object>"]),
        ("见[^1]。\n\n[^1]: 没有空格的脚注。", ["见[^1]。", "", "[^1]: 没有空格的脚注。"]),
        ("a\x1b[31mb", ["a\ufffd[31mb"]),  # a note cannot drive the terminal
        ("注意 ⚠️ 小心", ["注意 ⚠ 小心"]),
        ("正文<!-- 给编辑器看的 -->结束", ["正文结束"]),
    ],
)
def test_by_hand(source: str, lines: list[str]) -> None:
    assert shown(source) == lines


def test_a_table_fits_and_wraps_its_cells() -> None:
    source = "| 方案 | 气泡 |\n|:--|--:|\n| GPipe | 30.4% |\n| a `x \\| y` | 一二三四五六七八九十一二三四五六七八九十 |"
    lines = shown(source, 30)
    assert lines[0].split("│")[0].strip() == "方案"
    assert lines[1] == "─" * 10 + "┼" + "─" * 19 or set(lines[1]) == {"─", "┼"}
    assert lines[2].endswith("30.4%")
    assert "x | y" in lines[4]
    assert all(line_width(line) <= 30 for line in laid(source, 30))
    assert "".join(line.split("│")[1].strip() for line in lines[4:]) == "一二三四五六七八九十一二三四五六七八九十"


def test_a_table_with_too_many_columns_becomes_a_list() -> None:
    head = "|" + "|".join(f"列名{n}" for n in range(9)) + "|"
    row = "|" + "|".join(f"值{n}" for n in range(9)) + "|"
    lines = shown(f"{head}\n{'|-' * 9}|\n{row}", 30)
    assert lines == [f"列名{n}: 值{n}" for n in range(9)]


def test_code_is_coloured_and_folded_with_a_hanging_indent() -> None:
    lines = laid("```python\ndef f(x):\n    return x + 'a very long string that goes on and on'\n```", 30)
    styles = {style for line in lines for _text, style in line}
    assert {"code-keyword", "code-name", "code-string"} <= styles
    assert all(line_width(line) <= 30 for line in lines)
    assert (
        "".join("".join(text for text, _style in line[1:]) for line in lines[1:])
        .replace(" ", "")
        .startswith("returnx+")
    )


def test_an_unknown_language_is_plain_code() -> None:
    assert shown("```klingon {x}\nqapla'\n```") == ["  qapla'"]


def test_unknown_tokens_show_their_source() -> None:
    """A plugin's token that this program has never heard of is still text."""
    inline = inline_runs([Token("wikilink", "", 0, content="[[别处]]"), Token("sup_open", "sup", 1, markup="^")])
    assert inline == [("[[别处]]", ""), ("^", "")]
    lines = lay_out(Block("video", Token("video", "", 0, content="@[a](b)")), 40, {})
    assert lines == [[("@[a](b)", "html")]]


class _Text(HTMLParser):
    """What a browser would show, but for formulas: those may be converted."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: Counter[str] = Counter()
        self.maths = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.maths or any("math" in (value or "") for _name, value in attrs):
            self.maths += 1

    def handle_endtag(self, tag: str) -> None:
        self.maths = max(self.maths - 1, 0)

    def handle_data(self, data: str) -> None:
        if not self.maths:
            self.letters.update(re.sub(r"[\s\ufe0f\x00-\x1f\x7f-\x9f]", "", data))


def missing(text: str, width: int) -> Counter[str]:
    """The letters, but for those of formulas, that the parser's own HTML shows and the laid-out lines do not."""
    reader = _Text()
    reader.feed(parser().render(re.sub(r"\$\$.+?\$\$", "", text, flags=re.DOTALL)))
    have = Counter("".join(shown(text, width)))
    return reader.letters - have


PIECES = st.sampled_from(
    [
        "# 标题\n", "- 项目 **粗**\n", "  - 嵌套\n", "1. 一\n", "> 引用\n", "```c\nint x; // 注\n```\n",
        "| a | b |\n|-|-|\n| 1 | `2` |\n", "正文 *em* `code`\n", "\n", "---\n", "$x_1$ 公式\n", "![图](a.png)\n",
        "[^n]: 注\n", "    缩进代码\n", "<b>html</b>\n", "甲<br>乙\n", "- [x] 做完\n", "长" * 50 + "\n",
        "w" * 90 + "\n", "\t- tab\n", "[a]: http://b\n", "\\*escaped\\*\n",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=14).map("".join), st.integers(20, 90))
def test_no_letter_is_missing(text: str, width: int) -> None:
    assert not missing(text, width)


@given(st.lists(PIECES, max_size=14).map("".join), st.integers(30, 90))
def test_no_line_is_too_wide(text: str, width: int) -> None:
    assert all(line_width(line) <= width for line in laid(text, width))


@given(st.text(max_size=200))
def test_any_text_is_laid_out(text: str) -> None:
    laid(text, 40)


@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.slow)])
def test_the_sample_notes_lose_nothing(vault_dir: Path, step: int) -> None:
    lost = {}
    for place in sorted((vault_dir / "notes").rglob("*.md"))[::step]:
        text = place.read_text(encoding="utf-8", errors="replace").partition("\n---\n")[2]
        if gone := missing(text, 76):
            lost[place.name] = gone
    assert not lost


def test_a_page_is_laid_out_only_as_far_as_it_is_looked_at() -> None:
    blocks, env = read_blocks("\n\n".join(f"段落 {n}" for n in range(1000)))
    page = Page(blocks, env, 40)
    page.until(10)
    assert 10 <= len(page.lines) < 20
    assert not page.complete
    assert sum(bool(block.token and block.token.children) for block in blocks) < 20


def test_a_wide_terminal_is_drawn_in_ascii(monkeypatch: pytest.MonkeyPatch) -> None:
    """No sign is left whose width terminals disagree on: East Asian width A, after UAX #11."""
    monkeypatch.setenv("STUDYKIT_AMBIGUOUS", "wide")
    source = "# 题\n\n- “甲”→乙——丙…\n\n> 引\n\n| a | b |\n|-|-|\n| 1 | ≤2 |\n\n```\n┌─┐\n│x│\n└─┘\n```\n\n---\n"
    text = "".join(shown(source))
    assert not [sign for sign in text if east_asian_width(sign) == "A"]
    assert '"甲"->乙--丙...' in text
