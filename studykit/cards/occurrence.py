"""Cards that ask the same: which occurrence is which, from one sync to the next."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from studykit.cards.card import Draft, Known
from studykit.cards.pairing import Pair, candidates, one_to_one
from studykit.cards.similarity import answers_alike, tokens

_ALIKE = 0.5  # of the answers, for a card to be the same as one of equal prompt
_LONG = 40  # characters; a prompt of so many is no other card's, though it may refer to what stands around it
_KIN = 0.2  # the same, where the prompt says enough and no other card asks it; unrelated answers reach 0.1


def settle(drafts: Mapping[int, Draft], known: Sequence[Known], touched: Collection[str] | None) -> dict[int, int]:
    """The occurrence of each draft (all of one base), by its number.

    A card is known by its answer, in its own file first; by its prompt alone only where that says enough and nothing
    else in the file, or in the vault, asks it. The rest are new and take the lowest numbers that nobody ever had.
    """
    open_drafts = dict(drafts)
    open_known = {card.occurrence: card for card in known if touched is None or card.file in touched}
    settled: dict[int, int] = {}
    if open_known:
        _stay(open_drafts, open_known, settled)
        alone = len(drafts) == len(known) == len(open_drafts) == len(open_known) == 1 and not _needs_context(drafts)
        _match(open_drafts, open_known, settled, _KIN if alone else _ALIKE)
    settled |= _lowest([n for n in drafts if n not in settled], drafts, {card.occurrence for card in known})
    return _twins_in_order(settled, drafts)


def _needs_context(drafts: Mapping[int, Draft]) -> bool:
    return any(draft.context and len(draft.prompt) < _LONG for draft in drafts.values())


def _stay(drafts: dict[int, Draft], known: dict[int, Known], settled: dict[int, int]) -> None:
    """Settle what stayed in its file: by its answer, and the last one that is left of each."""
    files: dict[str, tuple[dict[int, Draft], dict[int, Known]]] = defaultdict(lambda: ({}, {}))
    for number, draft in drafts.items():
        files[draft.file][0][number] = draft
    for occurrence, card in known.items():
        files[card.file][1][occurrence] = card
    for own_drafts, own_known in files.values():
        if own_drafts and own_known:
            before = dict(settled)
            _match(own_drafts, own_known, settled)
            if len(own_drafts) == len(own_known) == 1 and not _needs_context(own_drafts):
                settled[next(iter(own_drafts))] = next(iter(own_known))
            for number in settled.keys() - before.keys():
                del drafts[number], known[settled[number]]


def _match(drafts: dict[int, Draft], known: dict[int, Known], settled: dict[int, int], least: float = _ALIKE) -> None:
    """Settle drafts and known cards of the same answer, in order, then those of a like one; what is settled leaves."""
    same: dict[str, list[int]] = defaultdict(list)
    for occurrence in sorted(known, reverse=True):
        same[known[occurrence].answer].append(occurrence)
    pairs = [(number, same[draft.answer].pop()) for number, draft in drafts.items() if same.get(draft.answer)]
    _leave(pairs, drafts, known, settled)
    numbers, occurrences = list(drafts), list(known)
    left = [tokens(draft.prompt, draft.answer) for draft in drafts.values()]
    right = [tokens(card.prompt, card.answer) for card in known.values()]
    likely = [
        Pair(score, score, one, other)
        for one, other in candidates(left, right, lambda _: range(min(len(right), 12)))
        if (score := answers_alike(left[one], right[other])) >= least
    ]
    chosen = [(numbers[pair.left], occurrences[pair.right]) for pair in one_to_one(likely)]
    _leave(chosen, drafts, known, settled)


def _leave(
    pairs: Sequence[tuple[int, int]], drafts: dict[int, Draft], known: dict[int, Known], settled: dict[int, int]
) -> None:
    for number, occurrence in pairs:
        settled[number] = occurrence
        del drafts[number], known[occurrence]


def _twins_in_order(settled: dict[int, int], drafts: Mapping[int, Draft]) -> dict[int, int]:
    """Cards of one file that ask and answer the same are numbered by line: nothing else can tell them apart."""
    twins: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number in settled:
        twins[drafts[number].file, drafts[number].answer].append(number)
    for numbers in twins.values():
        if len(numbers) > 1:
            occurrences = sorted(settled[number] for number in numbers)
            settled |= zip(sorted(numbers, key=lambda n: drafts[n].line), occurrences, strict=True)
    return settled


def _lowest(numbers: Sequence[int], drafts: Mapping[int, Draft], had: set[int]) -> dict[int, int]:
    """The lowest occurrences that were never given, in the order of files and lines."""
    given: dict[int, int] = {}
    occurrence = 0
    for number in sorted(numbers, key=lambda n: (drafts[n].file, drafts[n].line)):
        while occurrence in had:
            occurrence += 1
        given[number] = occurrence
        had.add(occurrence)
    return given
