"""Numbers that a note shows as mistakes: struck out, asked about, put beside the right one, under `常见错误`.

`误区：气泡率 = 3/16 = 37.5%`, `it is not 30% but 18%`, `修改前：14 + 84 = 102GB`. Only what was found wrong is looked
at here, so this costs a note nothing that has no wrong number.
"""

import re
from collections.abc import Iterator

from studykit.claims.reading.page import Page
from studykit.vault.later import later

_MARK = later(
    r"误[区以认解算写]|错误(?!率|恢复|处理|容忍|检测)|写错|算错|[写算当]成|易错|的错|错的|有错|不对|不正确|反例|陷阱|勘误"
    r"|(?:修改|更正|修正|改正|订正|纠正)之?前|(?:原文|原来|原先|旧文|初稿)(?:写|说|是|为)|有人|有些人|很多人|不少人|网上"
    r"|声称|号称|假如|若写|如果写"
    r"|\b(?:mistake|mistaken|wrong|wrongly|incorrect|incorrectly|erroneous|misconception|pitfall|myth|typo|bogus"
    r"|misread|miscalculat\w+|people say|some say|claims? that|claimed|one might (?:think|say|expect)|before (?:the )?"
    r"(?:fix|correction)|used to say|don't write|do not write|naively)\b",
    re.IGNORECASE,
)
_AMENDED = later(r"正确|应为|应该是|应是|更正后|修正后|而是|\bcorrect\b|\bright\b|should be|\bbut\b|✅|✓|→ ?正")
_DENIED = later(
    r"(?:不是|并非|而非|不等于|不会是|别写|\bnot|\bno longer|rather than|instead of|isn't|aren't)"
    r"[^\d,，。；;:：]{0,12}$", re.IGNORECASE
)  # fmt: skip
_REFUTED = later(
    r"[^\d。；;|]{0,10}?(?:是错|错了|不对|有误|错误(?!率)|应为|应该(?:是|为)|才对|不成立|（错|\(错"
    r"|\((?:wrong|incorrect)\b|(?:is|are|was|would be) (?:wrong|incorrect)|should (?:be|read)|\bwrong\b|\(sic)",
    re.IGNORECASE,
)
_ASKED = later(r"[^。；;.!！|\d]{0,16}[?？]")
_STRUCK = later(r"~~[^~\n]{1,400}~~|<(?P<tag>del|s|strike)>[^\n]{1,400}?</(?P=tag)>")
_CROSS = later(r"[❌✖](?!\s*(?:太|极|很|较|偏|过|差|高|慢|低|不可|不推|超|放不|装不|不够|爆|OOM|too|poor|bad|slow))")
_SECTION = later(
    r"误区|错误(?!率|处理|恢复)|反例|易错|勘误|陷阱|misconception|pitfall|mistake|wrong|counter-?example|myth|errata",
    re.IGNORECASE,
)
_CLAUSE = later(r"[。；;！!|]|\.\s|(?<=\d)，")
_NUMBER = later(r"\d+(?:[.,]\d+)*")
_UNIT = later(r"^[ %A-Za-z*`」”\"']+")
_LETTER = later(r"[^\W\d_]")
_LABEL = later(r"^\s*(?:#|//|/\*|<!--)|[:：][\s*_]*$")
_BACK = 8
_REACH = 500  # characters


def quoted(page: Page, line: int, column: int) -> bool:
    """Whether the number at `column` (from 1) of a line of the body is shown as a mistake, or asked about."""
    # As far as words about a number reach: a line of megabytes must not be read anew for each of its numbers.
    first = max(0, column - 1 - _REACH)
    source = page.lines[line][first : column - 1 + _REACH]
    number = _NUMBER.search(source, column - 1 - first)
    if number is None or _worked(page, line):
        return False
    places = [found.span() for found in _NUMBER.finditer(source) if found[0] == number[0]]
    return (
        any(_marked(source, start, end) for start, end in places)
        or _CROSS.search(source) is not None
        or any(_SECTION.search(heading.title) for heading in page.headings(line)[:1] if heading.level > 1)
        or _introduced(page, line)
    )


def _worked(page: Page, line: int) -> bool:
    """Whether the line is of a block that is worked out by a calculator, and meant to be right."""
    fence = page.fence(line)
    return fence is not None and fence.info.strip().lower().startswith(("calc", "quiz"))


def _marked(source: str, start: int, end: int) -> bool:
    """Whether the words around one number say that it is none to be believed."""
    if any(found.start() < start < found.end() for found in _STRUCK.finditer(source)):
        return True
    before, behind = source[max(0, start - 120) : start], _UNIT.sub("", source[end : end + 60])
    clause = before[max((found.end() for found in _CLAUSE.finditer(before)), default=0) :]
    mark = max((found.end() for found in _MARK.finditer(clause)), default=-1)
    if mark >= 0 and not _AMENDED.search(clause, mark):
        return True
    return bool(_DENIED.search(before) or _REFUTED.match(behind) or _ASKED.match(behind))


def _introduced(page: Page, line: int) -> bool:
    """Whether the line of words that leads to this one, in its block or right before its fence, speaks of a mistake."""
    for above in _above(page, line):
        source = page.lines[above]
        if not _LETTER.search(source):
            continue
        if not any(letter.isdigit() for letter in source):
            return bool(_LABEL.search(source) and _MARK.search(source)) and not _AMENDED.search(source)
    return False


def _above(page: Page, line: int) -> Iterator[int]:
    """The lines above, past the fence's beginning and one blank line, no farther than the block goes."""
    blanks = 0
    for above in range(line - 1, max(page.section_start(line), line - _BACK) - 1, -1):
        source = page.lines[above].strip()
        if not source:
            blanks += 1
            if blanks > 1 or (page.fence(line) and page.fence(above)):
                return
        elif not source.startswith(("```", "~~~")):
            yield above
