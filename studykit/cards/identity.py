"""Which card is which: an id from the prompt, kept across edits, moves and copies.

`base` hashes the normalised prompt and the cloze number, so neither the path nor the answer makes an id. Cards of
equal prompt are told apart by their occurrence, which `assign` keeps for a card that stays, and `matching.match`
finds those whose prompt was edited.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from studykit.blake2b import blake2b
from studykit.cards.card import Card, Draft, Known
from studykit.cards.matching import THRESHOLD, Match, match
from studykit.cards.normal_form import NORMAL_FORM, normalise
from studykit.cards.occurrence import settle

__all__ = ["NORMAL_FORM", "THRESHOLD", "Known", "Match", "assign", "base", "base_of", "card_id", "match", "normalise"]

_LONGEST = 4_000  # characters of a prompt that are normalised; what follows is taken as it stands


def base(prompt: str, cloze: int = 0) -> str:
    """16 hexadecimal digits for the question a prompt asks and the number of its gap.

    >>> base("**什么是 KV 缓存？**") == base("什么是KV缓存")
    True
    """
    form = normalise(prompt[:_LONGEST]) + prompt[_LONGEST:]
    return _hash(f"{form}\0{cloze}" if cloze else form)


def base_of(draft: Draft) -> str:
    """The base of the card that `draft` becomes."""
    return draft.base or base(draft.key or draft.prompt, draft.cloze)


def card_id(base: str, occurrence: int) -> str:
    """The id of the card that is number `occurrence` (from 0) of those with this base."""
    return base if occurrence == 0 else _hash(f"{base}\0{occurrence}")


def _hash(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def assign(
    drafts: Sequence[Draft], known: Mapping[str, Sequence[Known]], touched: Collection[str] | None = None
) -> list[Card]:
    """The cards of `drafts`, in their order, with occurrences and ids that stay what they were.

    `known` holds, by base, what stands in the store, orphans included. `touched` names the files that were read or
    found gone in this sync, if `drafts` is not the whole vault: a known card in any other file keeps its place.
    """
    bases = [base_of(draft) for draft in drafts]
    explicit = _explicit(drafts, bases, known, touched)
    groups: dict[str, list[int]] = defaultdict(list)
    for number, value in enumerate(bases):
        if number not in explicit:
            groups[value].append(number)
    occurrences: dict[int, int] = {}
    for value, numbers in groups.items():
        numbered = [card for card in known.get(value, ()) if card.id == card_id(value, card.occurrence)]
        occurrences |= settle({number: drafts[number] for number in numbers}, numbered, touched)
    return [
        _card(draft, bases[number], occurrences.get(number, 0), explicit.get(number, ""))
        for number, draft in enumerate(drafts)
    ]


def _explicit(
    drafts: Sequence[Draft], bases: Sequence[str], known: Mapping[str, Sequence[Known]], touched: Collection[str] | None
) -> dict[int, str]:
    """The ids that notes give, one card each: of two that claim an id, the one that had it, else the first."""
    claims: dict[str, list[int]] = defaultdict(list)
    for number, draft in enumerate(drafts):
        if draft.explicit_id:
            claims[draft.explicit_id].append(number)
    chosen: dict[int, str] = {}
    for claimed, numbers in claims.items():
        holders = {card.file for number in numbers for card in known.get(bases[number], ()) if card.id == claimed}
        if touched is not None and any(file not in touched for file in holders):
            continue
        chosen[min(numbers, key=lambda number: (drafts[number].file not in holders, *_place(drafts[number])))] = claimed
    return chosen


def _place(draft: Draft) -> tuple[str, int]:
    return draft.file, draft.line


def _card(draft: Draft, base: str, occurrence: int, explicit: str) -> Card:
    return Card(
        id=explicit or card_id(base, occurrence),
        rule=draft.rule,
        kind=draft.kind,
        deck=draft.deck,
        file=draft.file,
        line=draft.line,
        prompt=draft.prompt,
        answer=draft.answer,
        title=draft.title,
        context=draft.context,
        label=draft.label,
        tags=draft.tags,
        cloze=draft.cloze,
        occurrence=occurrence,
        base=base,
        schedule=draft.schedule,
    )


def by_base(known: Iterable[Known]) -> dict[str, list[Known]]:
    """Known cards as `assign` takes them."""
    groups: dict[str, list[Known]] = defaultdict(list)
    for card in known:
        groups[card.base].append(card)
    return groups
