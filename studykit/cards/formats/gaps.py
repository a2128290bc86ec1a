"""Cloze text: one text with gaps, and the prompt, the answer and the identity of the card for each of them.

A prompt shows `[…]`, or the hint, in the gap that is asked and everything else as plain text; the answer is the
whole text with what was asked in bold. Gaps may stand within gaps.
"""

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from studykit.cards.formats.inert import Spans, covers, spans

GAP = "[…]"
MOST = 400_000  # characters: gaps times text; above that, a card shows the line of its gap alone


class Gap(NamedTuple):
    """A gap from `start` to `end` in its text, markers included; what it hides stands from `opens` to `closes`.

    `numbers` are the cards that ask it, from 1; `hides` those that neither ask nor show it.
    """

    start: int
    end: int
    opens: int
    closes: int
    hint: str
    numbers: tuple[int, ...]
    hides: tuple[int, ...] = ()

    def moved(self, by: int) -> "Gap":
        """The same gap in a text that begins `by` characters later."""
        start, end, opens, closes = (at - by for at in (self.start, self.end, self.opens, self.closes))
        return self._replace(start=start, end=end, opens=opens, closes=closes)


class Cloze(NamedTuple):
    """One cloze card. `key` is the text with every gap open: what its identity is made of."""

    number: int
    prompt: str
    answer: str
    key: str
    at: int  # where the first gap that it asks begins


def cards(text: str, gaps: Sequence[Gap]) -> Iterator[Cloze]:
    """One card for each number that a gap has, in the order of the numbers.

    >>> [card] = cards("Paris is in {France}.", [Gap(12, 20, 13, 19, "", (1,))])
    >>> card.prompt, card.answer
    ('Paris is in […].', 'Paris is in **France**.')
    """
    gaps = sorted(gaps, key=lambda gap: (gap.start, -gap.end))
    by_number: dict[int, Gap] = {}
    for gap in gaps:
        for number in gap.numbers:
            by_number.setdefault(number, gap)
    if len(by_number) * len(text) > MOST:
        yield from _line_by_line(text, gaps)
        return
    key = _show(text, gaps, _Look(0, every=True))
    inert = spans(text)
    for number in sorted(by_number):
        prompt, answer = (_show(text, gaps, _Look(number, tells=tells, inert=inert)) for tells in (False, True))
        yield Cloze(number, prompt, answer, key, by_number[number].start)


class _Look(NamedTuple):
    number: int
    tells: bool = False
    every: bool = False
    inert: Spans = ()  # where bold would not be bold

    def asks(self, gap: Gap) -> bool:
        return self.every or self.number in gap.numbers


def _line_by_line(text: str, gaps: Sequence[Gap]) -> Iterator[Cloze]:
    """The cards of a long text, each with the lines of its gaps only; a line that is too long itself makes none."""
    asked: set[int] = set()
    place = start = 0
    for line in text.split("\n"):
        end = start + len(line)
        own: list[Gap] = []
        while place < len(gaps) and gaps[place].start < end:
            gap = gaps[place]
            numbers = tuple(number for number in gap.numbers if number not in asked)
            if gap.end <= end and numbers:
                own.append(gap.moved(start)._replace(numbers=numbers))
            place += 1
        if len({number for gap in own for number in gap.numbers}) * len(line) <= MOST:
            for card in cards(line, own):
                asked.add(card.number)
                yield card._replace(at=card.at + start)
        start = end + 1


def _show(text: str, gaps: Sequence[Gap], look: _Look) -> str:
    """The text with its gaps as `look` has them; what crosses a gap that is already shown is left as it stands."""
    pieces: list[str] = []
    at, skipped_to = 0, 0
    closing: list[tuple[int, int]] = []  # (where its text ends, where its marker ends) of gaps around this place
    for place, gap in enumerate(gaps):
        while closing and closing[-1][1] <= gap.start:
            inner, outer = closing.pop()
            pieces.append(text[at:inner])
            at = outer
        if gap.start < max(at, skipped_to) or (closing and gap.end > closing[-1][0]):
            continue
        pieces.append(text[at : gap.start])
        if look.asks(gap):
            pieces.append(_told(text, gaps, place, look) if look.tells else _asked(text, gap, plain=look.every))
            at = skipped_to = gap.end
        elif look.number in gap.hides:
            pieces.append(_asked(text, gap, plain=False))
            at = skipped_to = gap.end
        else:
            at = gap.opens
            closing.append((gap.closes, gap.end))
    while closing:
        inner, outer = closing.pop()
        pieces.append(text[at:inner])
        at = outer
    return "".join([*pieces, text[at:]])


def _asked(text: str, gap: Gap, *, plain: bool) -> str:
    hint = " ".join(gap.hint.split())
    shown = f"[{hint}]" if hint and not plain else GAP
    # Before a bracket it would read as a link.
    return f"\\{shown[:-1]}\\]" if text[gap.end : gap.end + 1] in ("(", "[") and not plain else shown


def _told(text: str, gaps: Sequence[Gap], place: int, look: _Look) -> str:
    gap = gaps[place]
    within = takewhile(lambda other: other.start < gap.closes, (gaps[n] for n in range(place + 1, len(gaps))))
    inner = [other.moved(gap.opens) for other in within if other.end <= gap.closes]
    held = text[gap.opens : gap.closes]
    said = _show(held, inner, _Look(-1)) if inner else held
    whole = said.strip()
    if not whole or "\n" in whole or "**" in whole or covers(look.inert, gap.start):
        return said
    return f"**{whole}**"
