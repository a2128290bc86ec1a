"""Syncs over a history of known truth: what each card is taken for, against what it is."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from studykit.cards.card import Card, Draft, Known
from studykit.cards.extract import RuleOptions, extract
from studykit.cards.identity import THRESHOLD, assign, by_base, match
from studykit.vault.note import parse_note
from tests.cards.history import Writer

OPTIONS = RuleOptions(enabled={"lead": False, "answer-section": False, "staged-answer": False})


@dataclass
class Replay:
    """A store that remembers ids as a sync does: cards that are gone stay known, aliases follow matches."""

    threshold: float = THRESHOLD
    known: dict[str, Known] = field(default_factory=dict)
    active: set[str] = field(default_factory=set)
    owner: dict[str, int] = field(default_factory=dict)  # id: the serial that was first studied under it
    had: dict[int, str] = field(default_factory=dict)  # serial: the id under which its history stands
    lost: set[int] = field(default_factory=set)
    wrong: set[int] = field(default_factory=set)
    seen: set[int] = field(default_factory=set)

    def sync(self, drafts: list[Draft], truth: Mapping[tuple[str, int], int], touched: Collection[str]) -> None:
        """One sync that read the `touched` files, or found them gone; cards of other files stay as they are."""
        elsewhere = {name for name in self.active if self.known[name].file not in touched}
        cards = assign(drafts, by_base(self.known.values()), touched)
        present = {card.id for card in cards} | elsewhere
        gone = [card for card in self.known.values() if card.id not in present]
        fresh = [card for card in cards if card.id not in self.known]
        assert not {card.id for card in cards} & elsewhere
        for found in match(gone, fresh, self.threshold):
            self.alias(found.old_id, found.new_id)
        siblings: Counter[tuple[str, int]] = Counter()
        for card in cards:
            place = card.file, card.line
            self.check(card, 100 * truth[place] + siblings[place])
            siblings[place] += 1
            self.known[card.id] = Known(
                card.id, card.base, card.occurrence, card.file, card.prompt, card.answer, card.cloze
            )
        self.active = present

    def alias(self, old: str, new: str) -> None:
        """The history under `old` stands under `new` from now on."""
        del self.known[old]
        serial = self.owner.pop(old)
        self.owner[new] = serial
        if self.had.get(serial) == old:
            self.had[serial] = new

    def check(self, card: Card, serial: int) -> None:
        self.seen.add(serial)
        if self.owner.setdefault(card.id, serial) != serial:
            self.wrong.add(serial)
        elif self.had.setdefault(serial, card.id) != card.id:
            self.lost.add(serial)
            self.had[serial] = card.id


def replay(
    seed: int, commits: int, *, incremental: bool, threshold: float = THRESHOLD, hand: type[Writer] = Writer
) -> Replay:
    """A sync after each of `commits`, of the files that changed (`incremental`) or of all, as `hand` writes."""
    writer, store = hand(seed), Replay(threshold)
    texts: dict[str, str] = {}
    for _ in range(commits + 1):
        written = {path: writer.render(path) for path in sorted(writer.notes)}
        changed = {path for path in written.keys() | texts.keys() if texts.get(path) != written.get(path)}
        touched = changed if incremental else written.keys() | texts.keys()
        drafts: list[Draft] = []
        for path in sorted(touched & written.keys()):
            drafts += extract(parse_note(path, written[path].encode()), OPTIONS).drafts
        store.sync(drafts, writer.truth(), touched)
        texts = written
        writer.commit()
    return store
