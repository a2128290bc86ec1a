"""The generated section: what is written in it, and that no other byte of the file moves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.vault.related_section import Entry, with_new_section, with_related

ONE = Entry("气泡", "../gpu/a%20b.md", 31, ("gpu", "训练"))
TWO = Entry("Ring", "ring.md", 30)
HEAD = "---\ntags: [a]\n---\n# Title\n\nText.\n\n"


def test_the_form_in_chinese_and_in_english() -> None:
    chinese = HEAD + "## 相关笔记\n<!-- 自动生成 -->\n\n暂无相关笔记\n\n"
    assert with_related(chinese.encode(), [ONE, TWO]).decode() == HEAD + (
        "## 相关笔记\n<!-- 自动生成 -->\n\n"
        "- [气泡](../gpu/a%20b.md) - 相似度: 31% | 标签: gpu, 训练\n- [Ring](ring.md) - 相似度: 30%\n\n"
    )
    english = HEAD + "## Related notes <!-- generated -->"
    assert with_related(english.encode(), [TWO]).decode() == HEAD + (
        "## Related notes <!-- generated -->\n\n- [Ring](ring.md) - similarity: 30%"
    )
    assert with_related(with_related(english.encode(), [TWO]), []).decode().endswith("-->\n\nNo related notes")


def test_what_a_person_wrote_stays() -> None:
    note = (
        HEAD + "## Related notes\n<!-- generated -->\n- [Old](old.md) - similarity: 44%\n- see also my book\n\nBelow.\n"
    )
    assert with_related(note.encode(), [TWO]).decode() == HEAD + (
        "## Related notes\n<!-- generated -->\n- [Ring](ring.md) - similarity: 30%\n- see also my book\n\nBelow.\n"
    )


def test_a_section_that_no_tool_made_is_left_alone() -> None:
    note = (HEAD + "## Related notes\n\n- [mine](mine.md)\n").encode()
    assert with_related(note, [TWO]) == note


@pytest.mark.parametrize(("percent", "rewritten"), [(30, False), (32, False), (33, True), (27, True)])
def test_figures_that_hardly_moved_are_left(percent: int, rewritten: bool) -> None:
    note = (HEAD + "## Related notes\n<!-- generated -->\n\n- [Ring](ring.md) - similarity: 30%\n").encode()
    assert (with_related(note, [TWO._replace(percent=percent)]) != note) is rewritten


def test_a_new_section_stands_at_the_end() -> None:
    made = with_new_section(b"# T\r\n\r\nText.", [TWO], chinese=True)
    section = "## 相关笔记\r\n<!-- 自动生成 -->\r\n\r\n- [Ring](ring.md) - 相似度: 30%\r\n"
    assert made == b"# T\r\n\r\nText.\r\n\r\n" + section.encode()
    assert with_new_section(b"# T\n\nText.\n\n```\nopen\n", [TWO], chinese=False) is None


lines = st.lists(
    st.sampled_from(
        ["", "text", "- item", "  - deep", "# A", "## B", "```", "> quote", "<!-- note -->", "---", "中文。", " x"]
    ),
    max_size=12,
)  # fmt: skip
entries = st.lists(st.sampled_from([ONE, TWO, Entry("x", "x.md", 99)]), unique=True, max_size=3)


@given(before=lines, after=lines, old=entries, new=entries, end=st.sampled_from(["\n", "\r\n"]), bom=st.booleans(),
       gap=st.integers(0, 2))  # fmt: skip
def test_nothing_else_is_touched(
    before: list[str], after: list[str], old: list[Entry], new: list[Entry], end: str, bom: bool, gap: int
) -> None:
    """Whatever stands around the section, the bytes before its list and behind it are those that stood there."""
    listed = [f"- [{each.label}]({each.address}) - 相似度: {each.percent}%" for each in old]
    head = end.join([*before, "", "## 相关笔记", "<!-- 自动生成 -->", *[""] * gap])
    rest = end.join(["", "", "Mine.", *after])
    data = ("\ufeff" * bom + head + end + end.join(listed) + rest).encode()
    made = with_related(data, new)
    if made != data:
        assert made.startswith(("\ufeff" * bom + head).encode())
        assert made.endswith(rest.encode())
        for each in new:
            assert f"]({each.address}) - 相似度: {each.percent}%".encode() in made
    assert with_related(made, new) == made
