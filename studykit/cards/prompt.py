"""A heading as a question: its numbering taken off, and whether it says enough to stand alone."""

import re
import unicodedata

from studykit.cards.normal_form import may_be_numbered, normalise
from studykit.vault.later import later

LONGEST_PROMPT = 300  # characters; what is longer is a paragraph, not a question

_UNITS = r"(?:[KMGTPkmgtp]?i?[Bb](?:it|yte)?s?|[KkMG]?Hz|ms|us|ns|s|bit|x|倍|万|亿|千|年|月|天|代|版|[%％])(?![A-Za-z])"
_HAN = "一二三四五六七八九十百"
_NUMBERING = later(
    r"(?:"
    r"[1-9]\d{0,2}(?:[.．]\d{1,3})+[.)）、:：]?(?:\s+|(?=[^\W\d]))(?!" + _UNITS + r")"
    r"|\d{1,3}(?:[)）、]|[.．:：](?!\d))\s*"
    rf"|[(（](?:\d{{1,3}}|[{_HAN}]{{1,4}})[)）]\s*"
    rf"|[{_HAN}]{{1,4}}[、.．:：]\s*"
    rf"|第[{_HAN}\d]{{1,4}}[章节讲课篇题][、:：\s]*"
    r"|[\u2460-\u2473]\s*"
    r"|(?:[Qq](?:[Uu][Ee][Ss][Tt][Ii][Oo][Nn])?|问|问题|提问|面试题|面试官|追问)(?:\s*[:：]|\s*\d{1,3}\s*[:：.、)）])\s*"
    r")+(?=\S)"
)
_WHOLLY_BOLD = later(r"(\*\*|__)(?=\S)((?:(?!\1).)+)(?<=\S)\1")
_LONGEST_REMARK = 20  # characters
_ENDING = "\"'”’」』)）]】*_ \t"

_QUESTION_WORD = later(
    r"什么是|是什么|有什么|为什么|为何|为啥|如何|怎么|怎样|有哪些|何时|什么时候|"
    r"区别$|的区别|的异同|区别与联系|的差异$|的作用$|"
    r"^[^:：,，。]{1,40}(?<![a-z])vs(?![a-z])\.?[^:：,，。]{1,40}(?<!决策树)$|"
    r"^(?:what|why|how|when|where|which|who)(?:'s| is| are)?\s+\S|\bdifferences? between\b",
    re.IGNORECASE,
)
# Each begins with a letter or sign and no set of them, so that the expression is looked for by these alone.
_QUESTION_SIGN = later(r"\?|？|什么|为[何啥]|如何|怎|有哪些|何时|区别|异同|差异|作用|vs|wh|how|diff")  # of lower case
_NO_QUESTION = later(r"无论如何|不管怎样|^what's new\b|^how to use (?:this|these)\b|^如何使用(?:本|这)", re.IGNORECASE)

_DEICTIC = later(r"这|此|它|他们|该|上述|上面|以下|其(?!他)|\b(?:this|that|these|those|it|its|they|them|above|here)\b")
_FILLER = later(
    r"什么(?:是|时候)?|为什么|为何|为啥|如何|怎么|怎样|何时|何种|哪些|哪个|哪种|哪里|多少|是否|能否|可否|可以|需要|应该|应当|"
    r"主要|常见|区别|不同|关系|原因|问题|作用|意义|目的|好处|坏处|优点|缺点|优势|劣势|优缺点|特点|特性|方法|方式|步骤|流程|"
    r"使用|选择|实现|处理|解决|避免|理解|影响|例子|举例|场景|情况|之间|"
    r"有|没有|吗|呢|的|了|和|与|或|在|中|时|要|会|能|用|做|是|不|也|都|各|最|更|还|"
    r"\b(?:what|why|how|when|where|which|who|whose|is|are|was|were|be|do|does|did|can|could|should|would|will|may|must|"
    r"the|a|an|of|to|in|on|for|with|and|or|not|we|you|i|one|there|have|has|need|use|used|using|work|works|mean|means|"
    r"matter|choose|happen|happens|difference|between|from|at|by|as|so|if|vs)\b"
)
_DEFINES = later(r"什么是|是什么|\bwhat(?:'s| is| are)\b")
_WORD, _ENOUGH, _TERM = 4, 12, 3  # Han characters; `训练` names no subject, `流水线` does
_LATIN = later(r"[a-z][a-z0-9+#.\-]*[a-z0-9+#]")
_GENERIC = frozenset({
    "定义", "概念", "概述", "简介", "介绍", "背景", "原理", "总结", "小结", "结论", "基础", "基本概念", "引言",
    "前言", "笔记", "附录", "参考", "其他", "示例", "overview", "introduction", "intro", "summary", "conclusion",
    "background", "basics", "notes", "note", "definition", "definitions", "index", "appendix",
})  # fmt: skip


def clean(heading: str) -> str:
    """A heading as a prompt: leading symbols, numbering, `Q1:` and emphasis around the whole are dropped.

    >>> clean("🎯 1.2 **Q3：为什么要用 `rsqrt`？**")
    '为什么要用 `rsqrt`？'
    >>> clean("2.4 GHz 频段有多少信道？")
    '2.4 GHz 频段有多少信道？'
    """
    text = heading.strip()
    for _ in range(3):
        if text[:1].isalpha() and not may_be_numbered(text):
            break  # nothing to drop, as in most headings
        before = text
        text = _without_symbols(text)
        if text.startswith(("**", "__")) and (bold := _WHOLLY_BOLD.fullmatch(text)):
            text = bold[2].strip()
        if may_be_numbered(text) and _NUMBERING.match(text):
            text = _NUMBERING.sub("", text, count=1)
        if text == before:
            break
    return text


def _without_symbols(text: str) -> str:
    """`text` without the emoji and dingbats at its head."""
    start = 0
    while start < len(text) and (unicodedata.category(text[start]) in {"So", "Cf", "Zs"} or text[start] == "\ufe0f"):
        start += 1
    return text[start:] or text


def asks(text: str) -> bool:
    """Does it end in a question mark, quotes and a remark in brackets after it not counted?

    >>> asks("“Why is it fast?”"), asks("为什么快？（高频）"), asks("What is fast")
    (True, True, False)
    """
    text = text.rstrip(_ENDING)
    if text.endswith(("？", "?")):
        return True
    opening = max(text.rfind(mark, -_LONGEST_REMARK) for mark in "（([【")
    return opening >= 0 and text[:opening].rstrip(_ENDING).endswith(("？", "?"))


def may_ask(headings: str) -> list[int]:
    """A quick look at many headings, one a line and of lower case: the numbers of those that can ask, from 0."""
    return lines_with(_QUESTION_SIGN, headings)


def lines_with(pattern: re.Pattern[str], text: str) -> list[int]:
    """The numbers of the lines, from 0, in which `pattern` stands."""
    found: list[int] = []
    number = counted = 0
    match = pattern.search(text)
    while match:
        number += text.count("\n", counted, match.start())
        found.append(number)
        counted = text.find("\n", match.end())
        match = pattern.search(text, counted) if counted >= 0 else None
    return found


def is_question(prompt: str) -> bool:
    """Does it end in a question mark, or ask by its words (`的区别`, `How …`)?"""
    return asks(prompt) or bool(_QUESTION_WORD.search(prompt[:LONGEST_PROMPT]) and not _NO_QUESTION.search(prompt))


def stands_alone(prompt: str, title: str) -> bool:
    """Can someone who does not see the note know what is asked? In doubt, no: a context line costs little.

    It can if it names its subject: a definition asked for, a word of the title, or enough words of its own.

    >>> stands_alone("什么是集合通信？", "NCCL库的作用"), stands_alone("为什么这样可行？", "接雨水")
    (True, False)
    """
    text = normalise(prompt)
    if _DEICTIC.search(text):
        return False
    words = _content(text)
    if (_DEFINES.search(text) and words) or _weight(words) >= _ENOUGH:
        return True
    named = normalise(title)
    return any(len(word) >= _TERM and word in named for word in words)


def names_little(title: str) -> bool:
    """Is a note's title too short or too general to be asked without its deck?"""
    text = normalise(title)
    return text in _GENERIC or _weight(_content(text)) < _WORD


def context(deck: str, title: str, parent: str = "") -> str:
    """`deck › title › parent`, each part once and none empty."""
    parts: list[str] = []
    for part in (deck.replace("/", " › "), title, parent):
        if part and normalise(part) not in (normalise(other) for other in parts):
            parts.append(part)
    return " › ".join(parts)


def _weight(words: list[str]) -> int:
    """How much words say, in Han characters; a word of an alphabet counts as four."""
    return sum(_WORD if word.isascii() else len(word) for word in words)


def _content(text: str) -> list[str]:
    """The words of a normalised text that carry its subject."""
    rest = _FILLER.sub(" ", text)
    # Without an expression: one with a set of so many characters takes as long to compile as ten others.
    han = "".join([char if "\u3400" <= char <= "\u9fff" else " " for char in rest])
    return [*_LATIN.findall(rest), *han.split()]
