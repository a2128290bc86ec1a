"""The day's limits, less what the day has had already: by count, by minutes, by deck; after a break, by share."""

from datetime import date

from studykit.store.database import Store
from studykit.store.reviews import reviews
from studykit.study.planning.breaks import latest_break
from studykit.study.sessions.queue import Limits, Request, today_done
from studykit.study.vault import Vault

_LONGEST = 600_000  # ms: more is no thinking time


def limits_of(vault: Vault, store: Store, request: Request, day: date) -> Limits:
    """What `day` has left. A break, or a day whose share is 0, leaves nothing, unless minutes or cards are named."""
    schedule = vault.settings.schedule
    today = day.isoformat()
    introduced, reviewed = today_done(store, today)
    named = request.minutes is not None or request.new is not None or request.limit is not None
    share = 1.0 if named else vault.shares()(day)
    away = latest_break(store)
    if away and away.runs(day) and not named:
        share = 0.0
    return Limits(
        new=round(schedule.new_per_day * share) - introduced,
        reviews=round(schedule.reviews_per_day * share) - reviewed,
        seconds=_seconds_left(vault, store, request, today, share),
        decks=vault.settings.deck,
        schedule=schedule,
        returned=away.end.isoformat() if away else "",
        days_left=away.days_left(day) if away else 0,
        places=_places(vault, store) if schedule.new_order == "outline" else {},
    )


def _places(vault: Vault, store: Store) -> dict[str, int]:
    from studykit.study.outlines.outline_order import outline_places

    return outline_places(vault, store)


def _seconds_left(vault: Vault, store: Store, request: Request, today: str, share: float) -> float | None:
    if request.minutes is not None:
        return request.minutes * 60.0
    minutes = vault.settings.schedule.minutes_per_day
    if not minutes or request.limit is not None:
        return None
    return minutes * 60.0 * share - seconds_spent(store, today)


def seconds_spent(store: Store, today: str) -> float:
    """Thinking time of the reviews of a day."""
    standing = (each.review for each in reviews(store, today) if each.card is not None)
    return sum(min(review.ms, _LONGEST) for review in standing if review.day == today) / 1000.0
