"""Rows of cards: which of them a history need not be written to."""

from contextlib import closing
from datetime import date

from studykit.spacing.state import Recall
from studykit.store.cards import AS_MADE, set_histories
from studykit.store.database import MEMORY, open_store
from studykit.store.past import CardHistory

DAY = date(2026, 3, 1)
FULL = CardHistory(
    Recall(stability=2.5, difficulty=5.5, last=DAY, due=DAY, reps=3, lapses=1),
    suspended=True, buried_until=DAY, flagged=True, days=2, introduced=DAY, imported=1,
)  # fmt: skip


def test_a_card_to_which_anything_happened_is_not_as_made() -> None:
    """Each column that a history fills tells by itself; an empty history leaves the row as it was made."""
    with closing(open_store(MEMORY)) as store, store.write() as connection:
        connection.execute(
            "INSERT INTO cards(id, base, rule, kind, deck, file, line, prompt, answer, active)"
            " VALUES ('a', 'a', 'lead', 'recall', '', 'a.md', 1, 'front', 'back', 1)"
        )
        names = [row[1] for row in connection.execute("PRAGMA table_info(cards)")]

        def row() -> dict[str, object]:
            return dict(zip(names, connection.execute("SELECT * FROM cards").fetchone(), strict=True))

        def as_made() -> bool:
            return bool(connection.execute(f"SELECT {AS_MADE} FROM cards").fetchone()[0])

        made = row()
        set_histories(store, [("a", FULL)])
        filled = {name: value for name, value in row().items() if value != made[name]}
        assert len(filled) == 12
        for name, value in filled.items():
            set_histories(store, [("a", CardHistory())])
            assert row() == made
            assert as_made()
            connection.execute(f"UPDATE cards SET {name} = ?", (value,))
            assert not as_made(), name
