"""HTML in notes as text: tags that only lay text out are left out, all others stay as they were written."""

import re

from studykit.locale import _
from studykit.vault.later import later

_TAG = later(r"<(?P<end>/)?(?P<name>[A-Za-z][\w-]*)(?P<rest>(?:\s[^<>]*)?)/?>")
_INERT = frozenset({
    "a", "abbr", "b", "big", "blockquote", "center", "cite", "del", "details", "div", "em", "figcaption", "figure",
    "font", "i", "ins", "kbd", "li", "mark", "ol", "p", "picture", "s", "section", "small", "source", "span", "strong",
    "summary", "u", "ul",
})  # fmt: skip
_LINES = frozenset({"br", "div", "p", "summary", "li", "details", "figcaption"})
_COMMENT = later(r"<!--.*?-->", re.DOTALL)
_ATTRIBUTE = later(r"""\b(alt|src)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")


def inline_tag(source: str) -> str:
    """What is shown in place of one tag within a line.

    >>> inline_tag('<font color="red">'), inline_tag("<br/>"), inline_tag("<T>")
    ('', '\\n', '<T>')
    >>> inline_tag('<img src="a/ring.png" width=80>'), inline_tag("<sup>"), inline_tag("</sup>")
    ('[image: ring.png]', '^(', ')')
    """
    source = _COMMENT.sub("", source)
    return _TAG.sub(_shown, source)


def block_text(source: str) -> str:
    """A block of HTML as text, if its tags only lay it out; else as it was written.

    >>> block_text("<details><summary>更多</summary>\\n藏起来的\\n</details>")
    '更多\\n藏起来的'
    """
    bare = _COMMENT.sub("", source)
    names = {found["name"].lower() for found in _TAG.finditer(bare)}
    if names - _INERT - {"br", "img", "sup", "sub"}:
        return source.strip("\n")
    lines = _TAG.sub(lambda found: _shown(found) + ("\n" if _ends_line(found) else ""), bare).split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())


def _ends_line(found: re.Match[str]) -> bool:
    return bool(found["end"]) and found["name"].lower() in _LINES


def _shown(found: re.Match[str]) -> str:
    name = found["name"].lower()
    if name == "br":
        return "\n"
    if name == "img":
        given = {key: a or b or c for key, a, b, c in _ATTRIBUTE.findall(found["rest"])}
        return _("[image: {name}]").format(name=given.get("alt") or given.get("src", "").rpartition("/")[2])
    if name in ("sup", "sub"):  # 10<sup>9</sup> is not 109
        return ")" if found["end"] else "^(" if name == "sup" else "_("
    return "" if name in _INERT else found[0]
