"""Sentences and lists that give all that a result follows from, in any order of words; judged by `laws`.

A sentence is one for a law if its amounts play just the parts that the law needs. A list with an amount an item is read
as one sentence, with the line right below it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from studykit.calculators.figures import rounded
from studykit.claims.finding import Finding, Report, Severity
from studykit.claims.laws import MEMORY_LAWS, Case, Law
from studykit.claims.page import Page
from studykit.claims.roles import LONGEST, Part, Told, told
from studykit.claims.speed_laws import SPEED_LAWS
from studykit.claims.word_factors import by_words
from studykit.claims.wording import CLAIM
from studykit.locale import _
from studykit.vault.later import later

_LAWS: dict[tuple[str, ...], list[Law]] = {}
for _law in (*MEMORY_LAWS, *SPEED_LAWS):
    _LAWS.setdefault(_law.needs, []).append(_law)
_MENTION = later(
    r"\d ?(?:[KMGT]i?B|[GT]b|ms|毫秒|秒|s\b|h\b|小时|hours|个? ?tok|倍|[x×]|%|times|[KMGTPE]?FLOP|k?W|GPU|卡|张|B |万"
    r"|亿"
    r"|$)"
    r"|1/\d|\$ ?\d|\de\d"
)
_TWO = later(r"\d[\d.,]*[^\d.,\n][^\d\n]*\d")
_WORDS = (
    "token", "KV", "权重", "eights", "参数", "param", "FLOP", "educe", "气泡", "ubble", "GB", "MB", "ms", "/s", "GPU",
    "减半", "翻倍", "halv", "half", "doubl", "1/", "$", "kW", "张卡",
)  # fmt: skip
_SIZE_OF_MODEL = ("bytes", "parameter")
_GROUPED = later(r"(?<=头) ?(?:→|->) ?(?=\d+ ?个? ?KV)")
_UNSURE = later(
    r"[<>≤≥→]|->|\d ?\+|\+ ?\d|以[上下内]|超过|不到|至多|最多|(?<![A-Za-z])(?:over (?=\d)(?!\d+ (?:GPUs|cards|ranks"
    r"|devices"
    r"|stages))|under|at most|up to|more than|less than|measured|observed)"
    r"|实测|测得|额外|另外|另加|其余|ncluding|包括|包含|[Pp]lus\b|vs|而|但|\bbut\b|whereas|however|共享|[Oo]ffload|卸载|预留"
    r"|[Rr]eserv|分别|respectively|左右各|\bor\b|或|不同|之间|between|~ ?\d+ ?[-–]|目标|要求|target|goal|需求|如果"
    r"|\bif\b"
    r"|未来"
    r"|还"
    r"|另"
)
_ABOUT = later(r"[约~≈]|大概|左右|接近|大约|about|around|roughly|nearly|approx")
_SENTENCE = later(r"[。；;！!？?]|\.(?=\s|$)")
_ITEM = later(r"^\s*(?:[-*+•]|\d{1,2}[.)、])\s|^[^:：=。]{1,24}[:：=] ?\S")
_CODE = ("", "text", "txt", "plain", "plaintext", "markdown", "md")
_MOST_ITEMS = 8


def check(page: Page) -> Report:
    """Every sentence and list of the note that a law holds of."""
    report = Report()
    if not page.has(*_WORDS):
        return report
    seen: set[int] = set()
    for line in page.lines_with(_MENTION):
        source = page.lines[line]
        if line in seen or len(source) > 2 * LONGEST or source.lstrip()[:1] == "|" or not _readable(page, line):
            continue
        if _TWO.search(source):
            report.take(_sentences(page, line))
        else:
            seen.add(line)
            report.take(_list(page, line))
    return report


def _readable(page: Page, line: int) -> bool:
    fence = page.fence(line)
    return not page.quiet(line) and (fence is None or fence.info.strip().lower() in _CODE)


def _sentences(page: Page, line: int) -> Iterator[Finding | None]:
    plain = page.plain(line)
    parts = [each for each in _SENTENCE.split(plain) if _TWO.search(each)]
    judged = [found for each in parts for found in _judge(page, line, each)]
    if not judged and len(plain) <= LONGEST:
        judged = list(_judge(page, line, _SENTENCE.sub("，", plain.rstrip(" .。")))) or list(_list(page, line))
    yield from judged


def _list(page: Page, line: int) -> Iterator[Finding | None]:
    """The line as the end of a list: its items, and one blank line between, are read as one sentence."""
    texts = [page.plain(line).strip()]
    blanks = 0
    for above in range(line - 1, max(page.section_start(line) - 1, line - _MOST_ITEMS - 2, -1), -1):
        source = page.lines[above]
        if not source.strip():
            blanks += 1
            if blanks > 1:
                return
            continue
        if not _ITEM.match(source) or source.lstrip()[:1] in "|#" or page.fence(above) is not page.fence(line):
            break
        texts.append(page.plain(above).strip())
        if len(texts) > 1 and sum(map(len, texts)) <= LONGEST:
            found = list(_judge(page, line, "；".join(reversed(texts))))
            if found:
                yield from found
                return


def _judge(page: Page, line: int, text: str) -> Iterator[Finding | None]:
    arrow = "→" in (text := _GROUPED.sub("，", text))
    text = text.replace("→", "，")
    if len(text) > LONGEST or _UNSURE.search(text):
        return
    read = told(text)
    if read is None or (arrow and len(read.parts) != 2):
        return
    for rights in by_words(read):
        yield _finding(page, line, read.parts[-1], rights, "change", {}, fits(read, read.parts[-1], rights, 0.94, 1.06))
        return
    for found in outcomes(read, text, worded=not arrow):
        if arrow and found.law.needs != _SIZE_OF_MODEL:
            continue
        yield _finding(page, line, found.result, found.rights, found.law.calculator, found.inputs, found.fits)
        return


class Outcome(NamedTuple):
    """A result that a law judges: what it may be, and whether it is one of these."""

    law: Law
    result: Part
    rights: Sequence[float]
    inputs: Mapping[str, float]
    told: Told

    def keeps(self, reading: int) -> bool:
        """Whether the result is the one of that number."""
        return fits(self.told, self.result, self.rights[reading : reading + 1], self.law.low, self.law.high)

    @property
    def fits(self) -> bool:
        """Whether the result is any of them."""
        return fits(self.told, self.result, self.rights, self.law.low, self.law.high)


def outcomes(read: Told, text: str, *, worded: bool = True) -> Iterator[Outcome]:
    """By each law whose parts are those of the sentence; without `worded` no words are asked for."""
    for law in _fitting(Counter(part.role for part in read.parts)):
        result = _result(read, law)
        if result is None or (
            worded and law.words and not law.words.search(read.text if "#" in law.words.pattern else text)
        ):
            continue
        if law.unless and law.unless.search(text):
            continue
        given: dict[str, float] = {}
        for part in read.parts:
            if part is not result:
                given.setdefault(part.role, part.value)
        rights = law.gives(Case(given, read.widths, read.formulas, result, read)) if all(given.values()) else []
        if rights and all(rights) and result.value:
            inputs = {name: given[role] for role, name in law.inputs if role in given}
            yield Outcome(law, result, rights, inputs, read)


def _result(read: Told, law: Law) -> Part | None:
    """The last part, if it is what the law gives; what stands behind it must be of no matter."""
    for part in reversed(read.parts):
        if part.role in law.results:
            return part
        if part.role not in (*law.may, "batch"):
            return None
    return None


def _fitting(counts: Counter[str]) -> Iterator[Law]:
    """The laws that need just these roles, or these without those that may stand there, too."""
    roles = sorted(counts.elements())
    yield from _LAWS.get(tuple(roles), ())
    for needs, laws in _LAWS.items():
        if len(needs) < len(roles):
            rest = counts.copy()
            rest.subtract(needs)
            if all(number >= 0 for number in rest.values()):
                over = {role for role, number in rest.items() if number}
                yield from (law for law in laws if over <= set(law.may))


def fits(read: Told, result: Part, rights: Sequence[float], low: float, high: float) -> bool:
    """Whether the result is one of those, as far as its digits and words like 约 allow."""
    about = _ABOUT.search(read.text, max(0, result.at - 8), result.at) or _ABOUT.search(
        read.text, result.end, result.end + 4
    )
    slack = 0.1 if about else 0.0
    return any(
        abs(result.value - right) <= result.step / 2 * (1 + 1e-9) or low - slack <= result.value / right <= high + slack
        for right in rights
    )


def _finding(
    page: Page, line: int, result: Part, rights: Sequence[float], calculator: str, inputs: Mapping[str, float],
    right: bool,
) -> Finding | None:  # fmt: skip
    """None for a result that is right."""
    if right:
        return None
    value, sign = rights[0] / result.scale, ""
    if result.role == "fraction":
        value, sign = 1 / rights[0], "1/"
    shown = f"{sign}{rounded(value, 3)} {result.unit.strip()}".rstrip()
    message = _("{claim}: it is {value}").format(claim=CLAIM, value=shown)
    return page.finding(
        line, result.number, Severity.WRONG, value, calculator, message, suggestion=shown, inputs=inputs
    )
