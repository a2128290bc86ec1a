"""What asking a card is worth now and what it costs, by the memory model and this learner's own pace."""

from collections.abc import Iterable
from datetime import date

from studykit.spacing.orders import HORIZON, by_value, gain, order
from studykit.spacing.outcomes import Outcomes
from studykit.spacing.simulation import SimCard
from studykit.store.cards import CardRow
from studykit.study.figures.habits import Habits
from studykit.study.vault import Vault

_DIFFICULTY = 5.0  # of a scheduler that knows none


class Worth:
    """Values of cards on `day`. With `until`, what counts is what is known on that day, else a month ahead."""

    def __init__(self, vault: Vault, habits: Habits, day: date, until: date | None = None) -> None:
        self.habits = habits
        self.day = day
        self.memory = outcomes(vault)
        self.horizon = HORIZON if until is None else max((until - day).days, 1)
        self._costs = habits.learner.seconds_recalled, habits.learner.seconds_forgotten, habits.learner.seconds_new
        self.fsrs = vault.settings.schedule.scheduler == "fsrs"
        # With a deadline there is one order only: what gains most by that day.
        self.by_name = "value" if until else vault.settings.schedule.backlog_order

    def card(self, card: CardRow) -> SimCard:
        """The card as a simulation has it, days counted from `day`."""
        return sim_card(card, self.day, self.fsrs)

    def recall(self, card: CardRow, ahead: int = 0) -> float | None:
        """Retrievability `ahead` days from `day` without a review; None for a new card."""
        one = self.card(card)
        return self.memory.recall(one.stability, max(ahead - one.last, 0)) if one.stability else None

    def seconds(self, card: CardRow) -> float:
        """What it costs today, on average."""
        recall, (recalled, forgotten, new) = self.recall(card), self._costs
        usual = new if recall is None else recall * recalled + (1.0 - recall) * forgotten
        return usual * self.habits.pace.get(card.kind, 1.0)

    def gain(self, card: CardRow) -> float:
        """What it adds to what is known at the horizon, 0 to 1, on average."""
        return gain(self.card(card), 0, self.horizon, self.memory, self.habits.learner)[0]

    def ranked(self, cards: Iterable[CardRow]) -> list[CardRow]:
        """Due cards, those first that the setting `backlog_order` puts first; by value: gain a second."""
        if self.by_name == "value":
            value, pace = by_value(self.memory, self.habits.learner, self.horizon), self.habits.pace
            return sorted(cards, key=lambda card: (value(self.card(card), 0) / pace.get(card.kind, 1.0), card.id))
        first = order(self.by_name, self.memory, self.habits.learner, self.day.isoformat())
        return sorted(cards, key=lambda card: (first(self.card(card), 0), card.id))


def outcomes(vault: Vault) -> Outcomes:
    """The memory model with this learner's parameters; the defaults where the scheduler has no model of memory."""
    return Outcomes(getattr(vault.scheduler(), "parameters", None))


def sim_card(card: CardRow, day: date, fsrs: bool = True) -> SimCard:
    """A card for a simulation that starts on `day`. Other schedulers keep their interval where FSRS has stability."""
    recall = card.recall
    if recall is None:
        return SimCard()
    difficulty = recall.difficulty if fsrs else _DIFFICULTY
    return SimCard(recall.stability, difficulty, (recall.last - day).days, (recall.due - day).days, 0, recall.lapses)
