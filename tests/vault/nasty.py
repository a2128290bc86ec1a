"""Generated Markdown that is hard to cut into blocks: lines that open, close, interrupt or continue one another."""

from hypothesis import strategies as st

INDENTS = ("", "", "", " ", "  ", "   ", "    ", "      ", "\t", " \t", "  \t", "\t\t")
MARKERS = ("", "", "", "", "- ", "* ", "+ ", "1. ", "2. ", "10. ", "1) ", "-\t", "-    ", "-     ", "> ", ">", "> > ",
           ">\t", "- - ", "- > ", "> - ", "1. - ", "- 1. ")  # fmt: skip
PIECES = (
    "", "", "", "text", "文字。", "**粗：**体", "a | b", "| a | b |", "|---|---|", "---|---", "|:-:|", "| - | - |",
    "|a", "-|-", "|-", ":-", "a \\| b", "`a | b`", "# H", "## H ##", "### H #x", "#", "#no", "####### 7",
    "## 相关笔记 <!-- 自动生成 -->", "#\tT", "---", "--", "-", "- ", "***", "* * *", "___", "- - -", "===", "=",
    "= =", "--- ", "```", "````", "```py", "``` a`b", "~~~", "~~~~ x", "~~", "``", "`x`", "```x```", "<!-- c -->",
    "<!--", "-->", "<!-->", "<div>", "</div>", "<br>", "<b>x</b>", "<pre>", "</pre>", "<script>", "</script> x",
    "<?x", "?>", "<!X>", "<![CDATA[", "]]>", "<a href='x'>", "< x", "<x y", "[a]: /u", "[a]:", "[a]: /u 't", "t'",
    "[a", "]: /u", "/u", "[x]", "[ ] t", "[a](b)", "$$", "$$x$$", "$$x", "x$$", "$$ a $$ b", "$$ a $$ (1)",
    "$$ (1)", "$x$", "$", "1.", "1)", "2.", "１. x", "١) x", "123456789. x",
    "1234567890. x", "*", "+", "+ x", "*x*", "-x", "1.x",
    "{{x}}", "\\", "\\# x", "\x0b", "\x0c", "\u3000", "\u00a0", "\0", "é", "Q: a", "    ",
)  # fmt: skip

ENDS = ("", "", "", " ", "  ", "\t")


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Some lines of an indent, container markers, a piece and trailing blanks, all from a few of each.

    A few, because what matters is how the same forms meet again and again.
    """
    indents = draw(st.lists(st.sampled_from(INDENTS), min_size=1, max_size=3))
    markers = draw(st.lists(st.sampled_from(MARKERS), min_size=1, max_size=3))
    pieces = draw(st.lists(st.sampled_from(PIECES), min_size=1, max_size=5))
    line = st.builds(
        "{}{}{}{}".format, *(st.sampled_from(["", *some]) for some in (indents, markers, pieces)), st.sampled_from(ENDS)
    )
    lines = draw(st.lists(line, max_size=14))
    return "\n".join(lines) + draw(st.sampled_from(("", "\n", "\n\n", "  ", "\n  ")))


small = st.text(alphabet="-#`~> \n\t|*=<!$[]:1.)a+_", max_size=60)
"""Anything at all, of the characters that mean something."""
