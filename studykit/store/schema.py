"""The store's tables, as a list of migrations run by sqlite-utils.

Everything here is derived from the notes and the review log, so a column may be dropped and filled again.
Days are ISO texts (`2026-11-23`), times RFC 3339; a schedule column is NULL while a card is new.
"""

from typing import TYPE_CHECKING

from studykit.store.version import VERSION

if TYPE_CHECKING:
    from sqlite_utils import Database


def migrate(database: "Database") -> None:
    """Bring a store of any earlier version, or an empty file, to `VERSION`."""
    from sqlite_utils.migrations import Migrations

    steps = Migrations("studykit")
    steps(name="0001_first_tables")(_first_tables)
    steps(name="0002_filters")(_filters)
    steps(name="0003_relations")(_relations)
    steps(name="0004_reviews_in_bulk")(_reviews_in_bulk)
    steps(name="0005_counts")(_counts)
    steps(name="0006_folders")(_folders)
    steps(name="0007_packed_reviews")(_packed_reviews)
    with database.atomic():
        steps.apply(database)
        database.execute(f"PRAGMA user_version = {VERSION}")


def _first_tables(database: "Database") -> None:
    database.table("meta").create({"key": str, "value": str}, pk="key", strict=True)
    database.table("notes").create(
        {
            "path": str,
            "mtime_ns": int,
            "size": int,
            "digest": str,
            "title": str,
            "deck": str,
            "label": str,
            "tags": str,  # one a line
            "material": int,
            "why_not": str,
            "keys": str,  # which review fields the file has, separated by spaces
            "last_reviewed": str,  # the four as they stand in the file
            "next_review": str,
            "review_count": int,
            "mastery": float,
            "created": str,
        },
        pk="path",
        not_null={"mtime_ns", "size", "digest", "title", "deck", "label", "tags", "material", "keys"},
        strict=True,
    )
    database.table("problems").create({"file": str, "line": int, "message": str}, strict=True)
    database.table("problems").create_index(["file"])
    database.table("cards").create(
        {
            "id": str,
            "base": str,
            "cloze": int,
            "occurrence": int,
            "rule": str,
            "kind": str,
            "deck": str,
            "file": str,
            "line": int,
            "prompt": str,
            "answer": str,
            "title": str,
            "context": str,
            "label": str,
            "tags": str,
            "rank": int,  # order of introduction: main cards of all notes, then the rest
            "active": int,  # 1 = made from a note that stands in the vault now
            "stability": float,
            "difficulty": float,
            "last": str,
            "due": str,
            "reps": int,
            "lapses": int,
            "days": int,  # distinct local days with a review
            "imported": int,  # reviews made before studykit, as the note counted them
            "introduced": str,
            "suspended": int,
            "buried": str,  # hidden until this day
            "flagged": int,
        },
        pk="id",
        not_null={"base", "rule", "kind", "deck", "file", "line", "prompt", "answer", "active"},
        defaults={"reps": 0, "lapses": 0, "days": 0, "imported": 0, "suspended": 0, "flagged": 0, "rank": 0},
        strict=True,
    )
    # Every review of the log: what its line says, and what the fold made of it (`card` NULL: taken back).
    database.table("reviews").create(
        {
            "id": str,
            "logged": str,  # the card id in the log line; `card` is the one that holds it now
            "day": str,
            "at": str,
            "device": str,
            "rating": int,
            "ms": int,
            "fuzz": int,
            "suggested": int,
            "clock_back": int,
            "card": str,
            "elapsed": int,
            "stability": float,
        },
        pk="id",
        not_null={"logged", "day", "at", "device", "rating", "ms", "fuzz"},
        strict=True,
    )
    # Every other event. `target` is what it points at: the event of an undo, the new id of an alias.
    database.table("events").create(
        {"id": str, "type": str, "card": str, "target": str, "device": str, "at": str, "body": str},
        pk="id",
        not_null={"type", "device", "at", "body"},
        strict=True,
    )
    database.table("logs").create({"path": str, "mark": str}, pk="path", strict=True)
    for statement in (
        # The due queue is a seek: only cards that can be asked, by day.
        "CREATE INDEX cards_due ON cards(due, id) WHERE active = 1 AND suspended = 0 AND due IS NOT NULL",
        "CREATE INDEX cards_new ON cards(rank, file, line) WHERE active = 1 AND suspended = 0 AND due IS NULL",
        "CREATE INDEX cards_introduced ON cards(introduced) WHERE introduced IS NOT NULL",
        "CREATE INDEX cards_file ON cards(file)",
        "CREATE INDEX cards_base ON cards(base)",
        "CREATE INDEX cards_orphaned ON cards(base, id) WHERE active = 0",
        "CREATE INDEX reviews_logged ON reviews(logged)",
        "CREATE INDEX reviews_card ON reviews(card, day)",
        "CREATE INDEX reviews_day ON reviews(day)",
        "CREATE INDEX events_card ON events(card)",
        "CREATE INDEX events_target ON events(target)",
        "CREATE INDEX events_type ON events(type)",
    ):
        database.execute(statement)


def _filters(database: "Database") -> None:
    """The day a card's note was made, and the seeks of a filter by deck or tag (for words see `words.ready_index`)."""
    for statement in (
        "ALTER TABLE cards ADD COLUMN added TEXT",
        "UPDATE cards SET added = (SELECT created FROM notes WHERE path = cards.file)",
        "CREATE INDEX cards_deck ON cards(deck)",
        "CREATE INDEX cards_tags ON cards(tags)",
    ):
        database.execute(statement)


def _relations(database: "Database") -> None:
    """What notes are about, for `related`; filled when first asked for (see `store.related`)."""
    for statement in (
        # Terms and keywords: 4 bytes a term in `terms` and `keys`, one byte a weight in `weights` and `key_weights`.
        "CREATE TABLE related_notes(note INTEGER PRIMARY KEY, path TEXT NOT NULL, digest TEXT NOT NULL,"
        " terms BLOB NOT NULL, weights BLOB NOT NULL, keys BLOB, key_weights BLOB) STRICT",
        # What is known is looked through at every question, without the vectors.
        "CREATE UNIQUE INDEX related_known ON related_notes(path, digest)",
        "CREATE TABLE related_postings(term INTEGER, note INTEGER, weight INTEGER NOT NULL, PRIMARY KEY(term, note))"
        " STRICT, WITHOUT ROWID",
        # How many notes have each term, as one array.
        "CREATE TABLE related_counts(one INTEGER PRIMARY KEY CHECK(one = 0), total INTEGER NOT NULL,"
        " counts BLOB NOT NULL) STRICT",
        # Pairs that are alike, either way round.
        "CREATE TABLE related_pairs(note INTEGER, other INTEGER, score REAL NOT NULL, PRIMARY KEY(note, other))"
        " STRICT, WITHOUT ROWID",
    ):
        database.execute(statement)


def _reviews_in_bulk(database: "Database") -> None:
    """The reviews' id as an index of its own: one made after a million rows costs a third of one kept up meanwhile."""
    database.execute("ALTER TABLE reviews RENAME TO earlier")
    database.execute(
        "CREATE TABLE reviews(id TEXT NOT NULL, logged TEXT NOT NULL, day TEXT NOT NULL, at TEXT NOT NULL,"
        " device TEXT NOT NULL, rating INTEGER NOT NULL, ms INTEGER NOT NULL, fuzz INTEGER NOT NULL,"
        " suggested INTEGER, clock_back INTEGER, card TEXT, elapsed INTEGER, stability REAL) STRICT"
    )
    database.execute("INSERT INTO reviews SELECT * FROM earlier")
    database.execute("DROP TABLE earlier")  # its indexes go with it


def _counts(database: "Database") -> None:
    """What every sync counts, without a look at each card and note."""
    for statement in (
        "CREATE INDEX cards_rule ON cards(rule) WHERE active = 1",
        "CREATE INDEX notes_skipped ON notes(path) WHERE material = 0",
    ):
        database.execute(statement)


def _folders(database: "Database") -> None:
    """How each folder stood at the last look (see `vault.unchanged`), in place of one text for the whole vault."""
    for statement in (
        "CREATE TABLE folders(path TEXT PRIMARY KEY, stamp TEXT NOT NULL, names TEXT NOT NULL, stats BLOB NOT NULL)"
        " STRICT",
        "DELETE FROM meta WHERE key IN ('folders', 'standing')",
    ):
        database.execute(statement)


def _packed_reviews(database: "Database") -> None:
    """Reviews many in a row: as their lines say (`store.blocks`), and by card as the fold has them (`store.pasts`)."""
    from studykit.store.packing import pack_rows

    for statement in (
        "CREATE TABLE blocks(first INTEGER PRIMARY KEY, reviews INTEGER NOT NULL,"
        # The least and the greatest id, and the latest day and moment: what a row is looked for by.
        " earliest TEXT NOT NULL, latest TEXT NOT NULL, day TEXT NOT NULL, at TEXT NOT NULL, body BLOB NOT NULL)"
        " STRICT",
        "CREATE INDEX blocks_latest ON blocks(latest, earliest)",
        "CREATE INDEX blocks_day ON blocks(day)",
        "CREATE INDEX blocks_at ON blocks(at)",
        # Days are ordinals here. `before`: of a card that was studied elsewhere, its last day there.
        "CREATE TABLE pasts(card TEXT PRIMARY KEY, last INTEGER NOT NULL, reviews INTEGER NOT NULL, before INTEGER,"
        " places BLOB NOT NULL, days BLOB NOT NULL, ratings BLOB NOT NULL, stabilities BLOB NOT NULL)"
        " STRICT, WITHOUT ROWID",
        "CREATE INDEX pasts_last ON pasts(last)",
        "CREATE TABLE loose(place INTEGER PRIMARY KEY, card TEXT NOT NULL) STRICT",
        "CREATE INDEX loose_card ON loose(card)",
        "CREATE TABLE days(day TEXT PRIMARY KEY, reviews INTEGER NOT NULL, ms INTEGER NOT NULL, again INTEGER NOT NULL,"
        " scored INTEGER NOT NULL, recalled INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    ):
        database.execute(statement)
    pack_rows(database.conn)
    database.execute("DROP TABLE reviews")
