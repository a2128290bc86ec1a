"""What today holds of a request: the limits, the worth of cards and the queue, put together once for all who ask."""

from datetime import date

from studykit.store.cards import CardRow
from studykit.store.database import Store
from studykit.study.figures.habits import Habits
from studykit.study.planning.worth import Worth
from studykit.study.sessions.limits import limits_of
from studykit.study.sessions.queue import Request, build_queue
from studykit.study.vault import Vault


def todays_queue(vault: Vault, store: Store, request: Request, day: date, habits: Habits) -> list[CardRow]:
    """The cards to ask on the study day `day`, in order. Raises FilterError."""
    limits = limits_of(vault, store, request, day)
    worth = Worth(vault, habits, day, request.until)
    return build_queue(store, request, day.isoformat(), limits, worth)
