"""Cards with all that is known of them, for a file that another program reads."""

from collections.abc import Iterable
from datetime import date, datetime

import msgspec

from studykit.store.blocks import reviews_at
from studykit.store.cards import CardRow
from studykit.store.database import Store, open_store
from studykit.store.past import Past
from studykit.store.pasts import pasts
from studykit.study.browsing.browse import chosen_cards
from studykit.study.sessions.numeric import draw_numbers
from studykit.study.vault import Vault


class Graded(msgspec.Struct, frozen=True):
    """A review: its moment (RFC 3339, UTC) and local day, the grade (1 to 4), milliseconds of thinking, the days the
    card had rested (None: never seen before), and its stability after it, in days."""

    at: str
    day: str
    rating: int
    ms: int
    device: str
    rested: int | None
    stability: float


class Exported(msgspec.Struct, frozen=True):
    """One card. `prompt` and `answer` are Markdown; those of a quiz have the numbers that would be asked next.

    Days are ISO days, None for a new card; `due` equals `last` where it was forgotten on that day. `stability` in days,
    `difficulty` 1 to 10 and `retrievability` 0 to 1 as FSRS defines them.
    """

    id: str
    deck: str
    prompt: str
    answer: str
    context: str
    title: str
    file: str
    line: int
    rule: str
    kind: str
    tags: tuple[str, ...]
    label: str
    state: str
    due: str | None
    last: str | None
    reps: int
    lapses: int
    stability: float | None
    difficulty: float | None
    retrievability: float | None
    flagged: bool
    reviews: tuple[Graded, ...]


def export_cards(vault: Vault, words: str, now: datetime) -> list[Exported]:
    """Every card that the filter names, by file and line, as the last sync and session left it; orphans only with
    `is:orphaned`. Raises FilterError, StoreError."""
    day = vault.day(now)
    store = open_store(vault.store_file)
    try:
        rows = chosen_cards(store, words, day)
        reviews = _reviews(store, rows)
    finally:
        store.close()
    return [_exported(vault, row, day, reviews.get(row.id, ())) for row in rows]


def _reviews(store: Store, rows: Iterable[CardRow]) -> dict[str, tuple[Graded, ...]]:
    after = {row.id: row.stability or 0.0 for row in rows}
    held = [(card, past) for card, past in pasts(store) if card in after]
    said = reviews_at(store, {place for _card, past in held for place in past.places})

    def graded(past: Past, last: float) -> Iterable[Graded]:
        following = [*past.stabilities[1:], last]
        for row, stability in zip(past.rows("", said), following, strict=True):
            review, _card, rested, _before = row
            yield Graded(review.at, review.day, review.rating, review.ms, review.device, rested, round(stability, 4))

    return {card: tuple(graded(past, after[card])) for card, past in held}


def _exported(vault: Vault, row: CardRow, day: date, reviews: tuple[Graded, ...]) -> Exported:
    prompt, answer = row.prompt, row.answer
    if row.rule == "quiz":
        ask = draw_numbers(row, row.reps)
        prompt, answer = ask.prompt, ask.answer()
    recall = row.recall
    known = vault.scheduler().for_deck(row.deck).retrievability(recall, day) if recall else None
    return Exported(
        id=row.id,
        deck=row.deck,
        prompt=prompt,
        answer=answer,
        context=row.context,
        title=row.title,
        file=row.file,
        line=row.line,
        rule=row.rule,
        kind=row.kind,
        tags=tuple(tag for tag in row.tags.split("\n") if tag),
        label=row.label,
        state=row.state(day.isoformat()),
        due=row.due,
        last=row.last,
        reps=row.reps,
        lapses=row.lapses,
        stability=row.stability,
        difficulty=row.difficulty,
        retrievability=None if known is None else round(known, 4),
        flagged=bool(row.flagged),
        reviews=reviews,
    )
