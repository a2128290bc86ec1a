"""An answer as it is shown: the note's own text, less what is not part of the answer."""

import re

from studykit.vault.later import later

_NEAR = (60, 300)  # characters at each end: few tell of nearly every answer that it is one
_ID = later(r"<!--\s*ID\s*:\s*([^\s<>]{1,80})\s*-->", re.IGNORECASE)
_SANE_ID = later(r"[A-Za-z0-9][A-Za-z0-9._:\-]{0,63}")
_BREAK = later(r"[ ]{0,3}(?:-[ \t]*){3,}|[ ]{0,3}(?:\*[ \t]*){3,}|[ ]{0,3}(?:_[ \t]*){3,}")
_DETAILS = later(r"</?details[^<>]*>|(?:<details[^<>]*>\s*)?<summary>[^\n]*</summary>", re.IGNORECASE)
_FENCE = later(r"[ ]{0,3}(`{3,}|~{3,})[ \t]*([\w-]*)")

# What a chat program says around an answer, at its head and at its tail.
_GREETING = later(
    r"(?:好的|好[，,！!]|很好[，,！!]|没问题|明白了?[，,！!]|当然[，,！!可]|你(?:的问题|把|说得|问得|提到的)|这(?:是一)?个?(?:非常|很)?好的?问题|我来|让我|我(?:给|帮|为)你|"
    r"(?:sure|certainly|absolutely|of course|great question|good question|okay|ok|alright|no problem)\b[\s,!.:]|"
    r"(?:let me|i'll|i will|here(?:'s| is| are) (?:a|an|the|your|some)\b[^.\n]*:$))",
    re.IGNORECASE,
)
_SPEAKS = later(r"我|你|下面|以下|给出|帮|\b(?:i|i'll|you|your|here|below|let)\b", re.IGNORECASE)
_OFFER = later(
    r"(?:好[，,]这就是|要不要我|需要我|是否需要我|要我|想让我|"
    r"如果你?(?:需要|愿意|想|希望|有).{0,40}我|我可以(?:再|继续|帮|给|为)|我还可以|轮到你|希望(?:这|以上|对你)|"
    r"(?:let me know|would you like|if you(?:'d| would)? (?:like|want)|do you want me|shall i|"
    r"i hope (?:this|that)|feel free|i can also)\b)",
    re.IGNORECASE,
)
_DECORATION = "*_> \t✅👉👇🎯💡📌🚀😊🙂#"
_ANNOUNCEMENT = 20  # characters
_SPOKEN = 200  # characters; a longer first paragraph has content of its own

_LABEL = later(r"([-*+][ \t]+)?(?:\*\*)?(?:[Aa](?:nswer)?|答案?|回答)\d{0,3}[ \t]*(?:\*\*[ \t]*[:：]|[:：](?:\*\*)?)")
_BOLD_LABEL = later(
    r"\*\*[ \t]*(?:标准答案|参考答案|回答要点|答题要点|答案|回答|(?i:answer|key points))"
    r"[ \t]*[:：]?[ \t]*\*\*[ \t]*[:：]?[ \t]*\n"
)
# At the start of a line, which a line break marks: an expression that begins with a letter is looked for by it alone.
_UNSEEN_LINE = later(
    r"\n(?:[ \t]*(?:`{3,}|~{3,}).*|[ ]{0,3}#{1,6}(?:[ \t].*)?(?=\n|\Z)|[ \t|:>+*_=~\-]+(?=\n|\Z)|"
    r"[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t])?)"
)
_UNSEEN = later(r"!\[[^\[\]]*\]\([^()\s]*\)|https?://\S+")
_LONGEST = 20_000  # characters looked at
_MARKS_AND_SPACES = later(r"[*_`~\[\]|>#\s]+")
_LONGEST_PLACEHOLDER = 15  # characters
_PLACEHOLDER = later(  # of what is visible, which has no spaces
    r"(?:todo|tbd|tba|wip|fixme|n/?a|none|placeholder|comingsoon|tobe(?:done|written|added|continued)|"
    r"待补充?|待完善|待整理|待写|未完待续|略|暂无|无|见上文?|见下文?|同上|待定)"
)


def tidy(text: str) -> str:
    """`text` without separators, id comments and chat residue at its edges, and without quiz blocks.

    >>> tidy("好的，下面是我整理的答案：\\n\\n气泡是空闲时间。\\n\\n---\\n<!--ID: 42-->\\n")
    '气泡是空闲时间。'
    """
    if "quiz" in text:
        text = _without_quizzes(text)
    for _ in range(3):  # an offer may stand behind a separator, and another behind that
        before = text
        text = _without_announcement(_without_offer(_without_greeting(_without_edges(text))))
        if text == before:
            break
    return text


def without_label(text: str) -> str:
    """`text` without the `A:` or `答：` that opens it; a lone list item loses its bullet with it.

    >>> without_label("**A**: It stalls."), without_label("- 答：会等待")
    ('It stalls.', '会等待')
    """
    if heading := _BOLD_LABEL.match(text):
        return text[heading.end() :].lstrip()
    found = _LABEL.match(text)
    if not found or (found[1] and "\n" in text.strip()):
        return text
    return text[found.end() :].lstrip(" \t\n")


def explicit_id(text: str) -> str:
    """The id an `<!--ID: …-->` comment in `text` gives; '' if there is none or it is not fit to be one.

    >>> explicit_id("Because.\\n<!--ID: 1690000000000-->"), explicit_id("<!--ID: ../x-->")
    ('1690000000000', '')
    """
    found = _ID.search(text) if "<!--" in text else None
    return sane_id(found[1]) if found else ""


def sane_id(text: str) -> str:
    """`text` if it may serve as a card's id (letters, digits and `._:-`, at most 64), else ''."""
    return text if _SANE_ID.fullmatch(text) else ""


def visible(text: str) -> str:
    """What a reader sees of a Markdown text, roughly: no headings, separators, markers, comments, images, addresses.

    >>> visible("### Sub\\n---\\n- **stage** <!-- x --> time")
    'stagetime'
    """
    text = _UNSEEN_LINE.sub("\n", "\n" + _without_comments(text))
    return _MARKS_AND_SPACES.sub("", _UNSEEN.sub(" ", text) if "](" in text or "://" in text else text)


def answers(text: str, least: int = 2) -> bool:
    """Is there an answer in `text`: `least` visible characters, no placeholder, not only the words before a list?"""
    return any(_says(_ends(text[:_LONGEST], near), text, least) for near in _NEAR)


def _says(ends: str, text: str, least: int) -> bool:
    seen = visible(ends)
    if len(seen) < least or _is_placeholder(seen.casefold().strip("。.…!！()（）[]【】")):
        return False
    return not (seen.endswith((":", "：")) and not text.rstrip().endswith(("```", "~~~")))


def _is_placeholder(text: str) -> bool:
    return len(text) <= _LONGEST_PLACEHOLDER and bool(_PLACEHOLDER.fullmatch(text))


def _ends(text: str, near: int) -> str:
    """The lines around the first and last `near` characters of a long text: does it say anything, how does it end?"""
    if len(text) < 4 * near or "<!--" in text:
        return text
    first, last = text.find("\n", near), text.rfind("\n", 0, -near)
    return f"{text[:first]}{text[last:]}" if 0 < first < last else text


def _without_edges(text: str) -> str:
    """`text` less blank lines, thematic breaks and id comments before and after it."""
    lines = text.split("\n")
    first, last = 0, len(lines)
    while first < last and _is_edge(lines[first]):
        first += 1
    while last > first and _is_edge(lines[last - 1]):
        last -= 1
    return "\n".join(lines[first:last]) if last - first < len(lines) else text


def _is_edge(line: str) -> bool:
    line = line.strip()
    if not line or (line.startswith("<!--") and line.find("-->") == len(line) - 3):
        return True
    if line[0] == "<" and len(line) < 200 and _DETAILS.fullmatch(line):
        return True
    return line[0] in "-*_" and len(line) < 200 and bool(_BREAK.fullmatch(line))


def _without_quizzes(text: str) -> str:
    """A quiz block asks a question of its own; it is no part of an answer."""
    kept: list[str] = []
    fence = info = ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        inside = fence
        if mark and not fence:
            inside = fence = mark[1]
            info = mark[2]
        elif mark and mark[1].startswith(fence) and not line.strip().strip(fence[0]):
            fence = ""
        if not (inside and info == "quiz"):
            kept.append(line)
    return "\n".join(kept)


def _without_comments(text: str) -> str:
    first, *others = text.split("<!--")
    return first + " ".join(other.partition("-->")[2] for other in others)


def _without_greeting(text: str) -> str:
    head, gap, rest = text.partition("\n\n")
    said = head.lstrip(_DECORATION)
    if not gap or not _GREETING.match(said) or not _SPEAKS.search(said):
        return text
    return rest if len(head) <= _SPOKEN else text


def _without_announcement(text: str) -> str:
    """`text` less a last `例如：` that nothing follows."""
    rest, gap, tail = text.rpartition("\n\n")
    return rest if gap and len(tail) <= _ANNOUNCEMENT and tail.rstrip().endswith((":", "：")) else text


def _without_offer(text: str) -> str:
    rest, gap, tail = text.rpartition("\n\n")
    return rest if gap and len(tail) <= _SPOKEN * 2 and _OFFER.match(tail.lstrip(_DECORATION)) else text
