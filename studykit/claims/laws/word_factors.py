"""Factors told in words: `140GB 减半为 70GB`, `cut in half from 80 ms to 40 ms`, `降到原来的 1/4，即 25ms`."""

from collections.abc import Iterator

from studykit.claims.laws.roles import Told
from studykit.vault.later import later

_KINDS = frozenset(
    ("bytes", "time", "rate", "requests", "speed", "bytes@gpu", "bytes@token", "time@token", "power", "money")
)
_TO = (
    r"(?:到了?|至|为|成|变为|变成|即|降至|降到|达到?|就?是|只有|仅|to|is|only|i\.e\.|=|≈|约|大?约|about|just"
    r"|[,，:：（( ])*"
)
_HALF = r"减半|降低一半|减少一半|缩短一半|缩小一半|halves|halved|halving|by half|in half"
_TWICE = r"翻倍|翻一番|加倍|翻番|double[sd]?|doubling"
_BETWEEN = later(rf"[^,，。;；\d]{{0,12}}(?:(?P<half>{_HALF})|(?P<twice>{_TWICE})){_TO}$")
_BEFORE = later(rf"(?:(?P<half>{_HALF})|(?P<twice>{_TWICE})) ?(?:from|从|由) ?$")
_LINK = later(r"^ ?(?:to|到|→|至|降到|降至|变为|减到|减至|升到|升至) ?(?:about|约)? ?$")
_DOWN_TO = later(
    r"(?:降低?|减少?|缩小?|压缩?|变)?(?:到|至|为|成)了?(?:原来的|原先的|其)?(?:大?约)? ?1 ?/ ?$|to (?:about )?1 ?/ ?$"
)
_BY = later(r"降低?|减少|缩小|压缩|缩短|提升|提高|增加|增长|增大|扩大|cuts?|reduc|increas|improv|compress|shrink")
_WHICH = later(rf"^{_TO}$|^[^\d,，。;；]{{0,3}}{_TO}$")


def by_words(told: Told) -> Iterator[list[float]]:
    """What the last amount may be, where the sentence says how it comes from the first; else nothing."""
    parts = told.parts
    first, last = parts[0], parts[-1]
    if first.role != last.role or first.role not in _KINDS:
        return
    if len(parts) == 2:
        between, before = told.text[first.end : last.at], told.text[: first.at]
        found = _BETWEEN.search(between) or (_BEFORE.search(before) if _LINK.match(between) else None)
        if found:
            yield [first.value / 2 if found["half"] else first.value * 2]
    elif len(parts) == 3 and _WHICH.match(told.text[parts[1].end : last.at]):
        middle = parts[1]
        words = told.text[first.end : middle.at]
        if middle.role == "fraction" and _DOWN_TO.search(words):
            yield [first.value * middle.value]
        elif middle.role == "factor" and middle.value > 1 and _BY.search(words):
            times = middle.value
            yield [first.value * times, first.value / times, first.value * (1 + times), first.value / (1 + times)]
