"""Cards in the store: read for matching and for screens, written by a sync."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Literal

import msgspec

from studykit.errors import NotFoundError
from studykit.locale import _
from studykit.spacing.state import Recall
from studykit.store.database import Store
from studykit.store.past import CardHistory

if TYPE_CHECKING:
    from studykit.cards.card import Card

# The order in which new cards are introduced: what the note is about first, its details afterwards.
RANKS = {"answer-section": 0, "lead": 0, "staged-answer": 0, "quiz": 1, "inline-qa": 2, "table-row": 2}
_LAST_RANK = 3

_COLUMNS = (
    "id, base, cloze, occurrence, rule, kind, deck, file, line, prompt, answer, title, context, label, tags, "
    "active, stability, difficulty, last, due, reps, lapses, days, imported, introduced, suspended, buried, flagged"
)


class CardRow(msgspec.Struct, frozen=True):
    """One card with what is known of its recall. `last` and `due` are ISO days, empty while the card is new."""

    id: str
    base: str
    cloze: int
    occurrence: int
    rule: str
    kind: str
    deck: str
    file: str
    line: int
    prompt: str
    answer: str
    title: str
    context: str
    label: str
    tags: str
    active: int
    stability: float | None
    difficulty: float | None
    last: str | None
    due: str | None
    reps: int
    lapses: int
    days: int
    imported: int
    introduced: str | None
    suspended: int
    buried: str | None
    flagged: int

    @property
    def recall(self) -> Recall | None:
        """What the scheduler knows of it; None for a new card."""
        if self.stability is None or self.difficulty is None or self.last is None or self.due is None:
            return None
        return Recall(
            stability=self.stability,
            difficulty=self.difficulty,
            last=date.fromisoformat(self.last),
            due=date.fromisoformat(self.due),
            reps=self.reps,
            lapses=self.lapses,
        )

    def state(self, today: str) -> str:
        """`new`, `learning` (failed on its last day), `review`, `suspended`, `buried` or `orphaned`."""
        if not self.active:
            return "orphaned"
        if self.suspended:
            return "suspended"
        if self.buried and self.buried > today:
            return "buried"
        if self.due is None:
            return "new"
        return "learning" if self.due == self.last else "review"


def select_cards(store: Store, where: str = "1", arguments: Sequence[object] = (), tail: str = "") -> list[CardRow]:
    """Rows for an SQL condition written in this package (never by a person)."""
    rows = store.connection.execute(f"SELECT {_COLUMNS} FROM cards WHERE {where} {tail}", tuple(arguments))
    return [CardRow(*row) for row in rows]


def find_card(store: Store, name: str) -> CardRow:
    """The card whose id is or begins with `name`. Raises NotFoundError when none or several do."""
    name = name.encode("utf-8", "replace").decode()  # of bytes that are no text, SQLite would raise
    found = select_cards(store, "id = ?", (name,))
    if not found and len(name) >= 4:
        found = select_cards(store, "substr(id, 1, ?) = ?", (len(name), name), "LIMIT 2")
    if not found:
        raise NotFoundError(
            _("There is no card {name!r}.").format(name=name),
            _("`studykit cards` lists ids; the first four characters do."),
        )
    if len(found) > 1:
        raise NotFoundError(
            _("{name!r} begins more than one card id.").format(name=name), _("Give more characters of it.")
        )
    return found[0]


def put_cards(store: Store, cards: "Iterable[Card]") -> None:
    """Insert cards, or renew what their notes say of them; the schedule of a known card is left alone."""
    store.connection.executemany(
        "INSERT INTO cards(id, base, cloze, occurrence, rule, kind, deck, file, line, prompt, answer, title, context,"
        " label, tags, rank, active, added) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,1,"
        " (SELECT created FROM notes WHERE path = ?))"
        " ON CONFLICT(id) DO UPDATE SET base=excluded.base, cloze=excluded.cloze, occurrence=excluded.occurrence,"
        " rule=excluded.rule, kind=excluded.kind, deck=excluded.deck, file=excluded.file, line=excluded.line,"
        " prompt=excluded.prompt, answer=excluded.answer, title=excluded.title, context=excluded.context,"
        " label=excluded.label, tags=excluded.tags, rank=excluded.rank, active=1,"
        " added=excluded.added",
        (
            (
                card.id,
                card.base,
                card.cloze,
                card.occurrence,
                card.rule,
                card.kind,
                card.deck,
                card.file,
                card.line,
                card.prompt,
                card.answer,
                card.title,
                card.context,
                card.label,
                "\n".join(card.tags),
                RANKS.get(card.rule, _LAST_RANK),
                card.file,
            )
            for card in cards
        ),
    )


def orphan_cards(store: Store, ids: Iterable[str]) -> None:
    """Take cards out of study whose note no longer makes them; rows with a history stay for a restore."""
    pairs = [(card,) for card in ids]
    store.connection.executemany("UPDATE cards SET active = 0 WHERE id = ?", pairs)
    store.connection.executemany(
        "DELETE FROM cards WHERE id = ? AND due IS NULL AND suspended = 0 AND flagged = 0 AND buried IS NULL", pairs
    )


AS_MADE = (
    "stability IS NULL AND difficulty IS NULL AND last IS NULL AND due IS NULL AND introduced IS NULL"
    " AND buried IS NULL AND reps = 0 AND lapses = 0 AND days = 0 AND imported = 0 AND suspended = 0 AND flagged = 0"
)
"""SQL that is true of a card to which nothing has happened: what `set_histories` writes is as `put_cards` left it."""


def set_histories(
    store: Store, histories: Iterable[tuple[str | int, CardHistory]], by: Literal["id", "rowid"] = "id"
) -> None:
    """Write what the fold found, a pair of card id and history each; ids that no row has are passed over.

    `by` "rowid": the number of a card's row is in the place of its id, and spares looking for it.
    """
    store.connection.executemany(
        "UPDATE cards SET stability=?, difficulty=?, last=?, due=?, reps=?, lapses=?, days=?, imported=?, introduced=?,"
        f" suspended=?, buried=?, flagged=? WHERE {by}=?",
        ((*_schedule(history), card) for card, history in histories),
    )


@contextmanager
def schedule_unindexed(store: Store) -> Iterator[None]:
    """Without the indexes of the columns that `set_histories` writes: made anew for all cards at once they cost a
    fraction. Inside `write()`."""
    query = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'cards'"
        " AND (sql LIKE '%(due%' OR sql LIKE '%due IS%' OR sql LIKE '%introduced%')"
    )
    indexes = store.connection.execute(query).fetchall()
    for name, _statement in indexes:
        store.connection.execute(f"DROP INDEX {name}")
    yield
    for _name, statement in indexes:
        store.connection.execute(statement)


def _schedule(history: CardHistory) -> tuple[object, ...]:
    recall = history.recall
    return (
        recall and recall.stability,
        recall and recall.difficulty,
        recall and recall.last.isoformat(),
        recall and recall.due.isoformat(),
        history.reps,
        history.lapses,
        history.days,
        history.imported,
        history.introduced and history.introduced.isoformat(),
        int(history.suspended),
        history.buried_until and history.buried_until.isoformat(),
        int(history.flagged),
    )
