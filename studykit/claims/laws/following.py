"""Sentences and lists that give all that a result follows from, in any order of words; judged by the laws.

A sentence is one for a law if its amounts play just the parts that the law needs. A list with an amount an item is read
as one sentence, with the line right below it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from studykit.calculators.figures import rounded
from studykit.claims.finding import Finding, Report
from studykit.claims.judging.formulas import taken
from studykit.claims.laws.law import Case, Law
from studykit.claims.laws.memory_laws import MEMORY_LAWS
from studykit.claims.laws.roles import LONGEST, MOST, Part, Told, read
from studykit.claims.laws.speed_laws import SPEED_LAWS
from studykit.claims.laws.word_factors import by_words
from studykit.claims.reading.hedges import LIMIT, MEASURED, approximate
from studykit.claims.reading.page import Page
from studykit.claims.reading.tokens import SENTENCE_END
from studykit.vault.later import later

_LAWS: dict[tuple[str, ...], list[Law]] = {}
for _law in (*MEMORY_LAWS, *SPEED_LAWS):
    _LAWS.setdefault(_law.needs, []).append(_law)
_RESULTS = frozenset(role for laws in _LAWS.values() for law in laws for role in law.results)
_MENTION = later(
    r"\d ?(?:[KMGT]i?B|[GT]b|ms|毫秒|秒|s\b|h\b|小时|hours|个? ?tok|倍|[x×]|%|times|[KMGTPE]?FLOP|k?W|GPU"
    r"|卡|张|B |万|亿|$)"
    r"|1/\d|\$ ?\d|\de\d"
)
_TWO = later(r"\d[\d.,]*[^\d.,\n][^\d\n]*\d")
WORDS = (
    "token", "KV", "权重", "eights", "参数", "param", "FLOP", "educe", "气泡", "ubble", "GB", "MB", "ms", "/s", "GPU",
    "减半", "翻倍", "halv", "half", "doubl", "1/", "$", "kW", "张卡",
)  # fmt: skip
_PLAIN_BUBBLE = ("PP", "microbatch", "share")
_SIZE_OF_MODEL = ("bytes", "parameter")
_GROUPED = later(r"(?<=头) ?(?:→|->) ?(?=\d+ ?个? ?KV)")
_UNSURE = later(
    # The set before the alternatives spares most places all of them.
    r"(?=[-<>≤≥→\d+以超不至最ouamlibpwhtgrsnPORMO实测额另其包v而但共卸预分左或之~目要需如未还])"
    rf"(?:{LIMIT}|{MEASURED}|→|->|\d ?\+|\+ ?\d|额外|另外|另加|其余|包括|包含|而"
    r"|但|共享|卸载|预留|分别|左右各|或|不同|之间|目标|要求|需求|如果|未来|还|另|~ ?\d+ ?[-–]"
    r"|(?<![A-Za-z])(?:over (?=\d)(?!\d+ (?:GPUs|cards|ranks|devices|stages))|under|at most|up to|more than|less than)"
    r"|ncluding|[Pp]lus\b|vs|\bbut\b|whereas|however|[Oo]ffload|[Rr]eserv|respectively|\bor\b"
    r"|between|target|goal|\bif\b)"
)
_AMOUNT = later(r"\d")
_NO_PROSE = later(r"[{}\"\\|\[\]]|(?:\d[^\d]+){13}")
_ITEM = later(r"^\s*(?:[-*+•]|\d{1,2}[.)、])\s|^[^:：=。]{1,24}[:：=] ?\S")
_CODE = ("", "text", "txt", "plain", "plaintext", "markdown", "md")
_MOST_ITEMS = 8


def check(page: Page) -> Report:
    """Every sentence and list of the note that a law holds of."""
    report = Report()
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
    parts = [each for each in SENTENCE_END.split(plain) if _TWO.search(each)]
    judged = [found for each in parts if (read := _read(each)) for found in _judge(page, line, read)]
    if not judged:
        whole = page.once(_of_line, line)
        judged = list(_judge(page, line, whole)) if whole and len(parts) != 1 else []
    yield from judged or _list(page, line)


def _read(text: str) -> Told | None:
    """What a text tells; None where it cannot be read, or where it says that more is at play."""
    if len(text) > 2 * LONGEST or _NO_PROSE.search(text):
        return None
    text = _GROUPED.sub("，", text)
    arrow, text = "→" in text, text.replace("→", "，")
    if len(text) > LONGEST or _UNSURE.search(text):
        return None
    found = read(text)
    return found._replace(formulas=found.formulas | {"→"}) if found and arrow else found


def _of_line(page: Page, line: int) -> Told | None:
    """The line as one sentence."""
    plain = page.plain(line).strip(" .。")
    return None if "|" in plain else _read(SENTENCE_END.sub("，", plain))


def _list(page: Page, line: int) -> Iterator[Finding | None]:
    """The line as the end of a list: its items, and one blank line between, are read as one sentence."""
    if not any(_AMOUNT.search(each) and _ITEM.match(each) for each in page.lines[max(0, line - 2) : line]):
        return
    told = page.once(_of_line, line)
    if told is None or not told.parts or told.parts[-1].role not in _RESULTS:
        return
    blanks = 0
    for above in range(line - 1, max(page.section_start(line) - 1, line - _MOST_ITEMS - 2, -1), -1):
        source = page.lines[above]
        if not source.strip():
            blanks += 1
            if blanks > 1:
                return
            continue
        if not _ITEM.match(source) or source.lstrip()[:1] in "|#" or page.fence(above) is not page.fence(line):
            return
        item = page.once(_of_line, above)
        if item is None or len(told.text) + len(item.text) > LONGEST:
            return
        told = item.followed_by(told)
        if found := list(_judge(page, line, told)):
            yield from found
            return


def _judge(page: Page, line: int, told: Told) -> Iterator[Finding | None]:
    if not 2 <= len(told.parts) <= MOST:
        return
    arrow = "→" in told.formulas
    last = told.parts[-1]
    for rights in () if arrow else by_words(told):
        yield _finding(page, line, last, rights, "change", {}, fits(told, last, rights, 0.94, 1.06))
        return
    for found in outcomes(told, told.source, worded=not arrow):
        if found.fits and found.law.needs == _PLAIN_BUBBLE:
            return  # `bubbles.stated` counts it
        if not arrow or found.law.needs == _SIZE_OF_MODEL == tuple(sorted(part.role for part in told.parts)):
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


def outcomes(told: Told, text: str, *, worded: bool = True) -> Iterator[Outcome]:
    """By each law whose parts are those of the sentence; without `worded` no words are asked for."""
    for law in _fitting(tuple(sorted(part.role for part in told.parts))):
        result = _result(told, law)
        if result is None or (
            worded and law.words and not law.words.search(told.text if "#" in law.words.pattern else text)
        ):
            continue
        if law.unless and law.unless.search(text):
            continue
        given: dict[str, float] = {}
        for part in told.parts:
            if part is not result:
                given.setdefault(part.role, part.value)
        case = Case(given, told.widths, told.formulas, result, told)
        rights = taken(law.gives, case) if all(given.values()) else []
        if rights and all(rights) and result.value:
            yield Outcome(law, result, rights, _inputs(law, given, told), told)


def _inputs(law: Law, given: Mapping[str, float], told: Told) -> dict[str, float]:
    """What the result comes from, by the calculator's names."""
    known = {**given, "width": next(iter(told.widths))} if len(told.widths) == 1 else given
    return {name: known[role] for role, name in law.inputs if role in known}


def _result(told: Told, law: Law) -> Part | None:
    """The last part, if it is what the law gives; what stands behind it must be of no matter."""
    for part in reversed(told.parts):
        if part.role in law.results:
            return part
        if part.role not in (*law.may, "batch"):
            return None
    return None


@lru_cache(maxsize=1024)
def _fitting(roles: tuple[str, ...]) -> tuple[Law, ...]:
    """The laws that need just these roles, or these without those that may stand there, too."""
    found = list(_LAWS.get(roles, ()))
    for needs, laws in _LAWS.items():
        if len(needs) < len(roles):
            rest = Counter(roles)
            rest.subtract(needs)
            if all(number >= 0 for number in rest.values()):
                over = {role for role, number in rest.items() if number}
                found += [law for law in laws if over <= set(law.may)]
    return tuple(found)


def fits(told: Told, result: Part, rights: Sequence[float], low: float, high: float) -> bool:
    """Whether the result is one of those, as far as its digits and words like 约 allow."""
    slack = 0.1 if approximate(told.text, result.at, result.end) else 0.0
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
    return page.wrong(line, result.number, value, calculator, shown, inputs=inputs, stated=result.written)
