"""The index of the cards' words, and the text functions that SQL borrows from Python.

FTS5 knows no Chinese words, so the index holds pairs of neighbouring characters: `流水线` is kept as `流水 水线 线`
and asked for as the phrase `流水 水线`, which stands exactly where the three characters do. The last character of a
run stands for itself as well, so that one character is the beginning of some token wherever it stands. Alphabets are
kept by words. Triggers keep the index true to the cards within each transaction; the index itself holds no text.
"""

import re
import sqlite3
import unicodedata
from functools import cache, lru_cache

TOKENS = 1  # the version of `tokens`; another one, or other Unicode tables, and the index is made anew

WIDE = "\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
LETTER = f"[^\\W_{WIDE}]"

# The longest first: FTS5 keeps the first column's places without a mark. The weights put what a card is about before
# what it says.
_COLUMNS = {"answer": 1.0, "prompt": 4.0, "title": 3.0, "tags": 2.0}
_TEXTS = {name: "{row}." + name for name in _COLUMNS} | {"title": "nullif({row}.title, {row}.prompt)"}


@cache  # compiled when first needed: it takes 4 ms, which the first screen of a session should not wait for
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Runs of letters; and what parts no Chinese word: marks of emphasis, a soft line break."""
    return re.compile(f"[{WIDE}]+|{LETTER}+"), re.compile(f"(?<=[{WIDE}])(?:[*`]+|\n)(?=[{WIDE}])")


def fold(text: str) -> str:
    """Text without the differences of case and width.

    >>> fold("ＧＰＵ Ｐ－１")
    'gpu p-1'
    """
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


def runs(text: str) -> list[str]:
    """The words of alphabets and the unbroken runs of Chinese, Japanese or Korean in `text`, folded.

    >>> runs("`shared_ptr` 的**流水**线")
    ['shared', 'ptr', '的流水线']
    """
    runs_of_letters, seams = _patterns()
    return runs_of_letters.findall(seams.sub("", fold(text)))


def tokens(text: str) -> str:
    """What the index holds of a text, separated by spaces.

    >>> tokens("流水线 stalls")
    '流水 水线 线 stalls'
    """
    found: list[str] = []
    for run in runs(text):
        if run[0] >= "\u3005":
            found += map(str.__add__, run, run[1:])
            found.append(run[-1])
        else:
            found.append(run)
    return " ".join(found)


def phrase(text: str, *, whole: bool = False) -> str:
    """The FTS5 query that finds `text`; empty where it holds nothing that is indexed (`=>`).

    A last word of an alphabet may go on, unless `whole`: `bubb` finds bubble.

    >>> phrase("流水线"), phrase("线"), phrase("bubb"), phrase("bubble size", whole=True)
    ('"流水 水线"', '"线" *', '"bubb" *', '"bubble size"')
    """
    found = runs(text)
    if not found:
        return ""
    asked, last = tokens(text), found[-1]
    if last[0] >= "\u3005":
        return f'"{asked[:-2]}"' if len(last) > 1 else f'"{asked}" *'
    return f'"{asked}"' if whole else f'"{asked}" *'


def under(paths: str, wanted: str) -> bool:
    """Does `wanted` (folded) begin one of the `paths` (one a line), or begin at one of its folders?

    >>> under("推理/流水线", "流水"), under("推理/流水线", "推理/流"), under("推理/流水线", "水线")
    (True, True, False)
    """
    return _under(paths, wanted)


@lru_cache(maxsize=4096)
def _under(paths: str, wanted: str) -> bool:
    asked = "/" + wanted.strip("/")
    return any(asked in "/" + path for path in fold(paths).split("\n"))


def add_functions(connection: sqlite3.Connection) -> None:
    """Let SQL call `tokens(text)`, `fold(text)` and `under(paths, wanted)`; the triggers need the first."""
    for name, arguments, function in (("tokens", 1, tokens), ("fold", 1, fold), ("under", 2, under)):
        connection.create_function(name, arguments, function, deterministic=True)


def ready_index(connection: sqlite3.Connection) -> None:
    """See that the index is there before words are asked for; outside a transaction.

    It is made at the first search and kept from then on: whoever never searches pays nothing for it at a sync.
    """
    if _is_there(connection):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        if not _is_there(connection):  # another process may have been quicker
            make_index(connection)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _is_there(connection: sqlite3.Connection) -> bool:
    query = "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'card_words')"
    return bool(connection.execute(query).fetchone()[0])


def make_index(connection: sqlite3.Connection) -> None:
    """The index and the triggers that maintain it; cards that are there already are taken in."""
    names = ", ".join(_COLUMNS)
    connection.execute(
        f"CREATE VIRTUAL TABLE card_words USING fts5({names}, content='', tokenize='ascii', detail=full)"
    )
    put = f"INSERT INTO card_words(rowid, {names}) VALUES (new.rowid, {_made_of('new')});"
    take = f"INSERT INTO card_words(card_words, rowid, {names}) VALUES ('delete', old.rowid, {_made_of('old')});"
    differs = " OR ".join(f"old.{name} IS NOT new.{name}" for name in _COLUMNS)
    for statement in (
        f"CREATE TRIGGER card_words_insert AFTER INSERT ON cards BEGIN {put} END",
        f"CREATE TRIGGER card_words_delete AFTER DELETE ON cards BEGIN {take} END",
        f"CREATE TRIGGER card_words_update AFTER UPDATE OF {names} ON cards WHEN {differs} BEGIN {take} {put} END",
    ):
        connection.execute(statement)
    fill_index(connection)


def _made_of(row: str) -> str:
    return ", ".join(f"tokens(coalesce({text.format(row=row)}, ''))" for text in _TEXTS.values())


def fill_index(connection: sqlite3.Connection) -> None:
    """The index anew from the cards, as this program reads them."""
    connection.execute("INSERT INTO card_words(card_words) VALUES ('delete-all')")
    connection.execute(
        f"INSERT INTO card_words(rowid, {', '.join(_COLUMNS)}) SELECT rowid, {_made_of('cards')} FROM cards"
    )
    connection.execute("INSERT OR REPLACE INTO meta(key, value) VALUES ('words', ?)", (_reading(),))


def renew_index(connection: sqlite3.Connection) -> None:
    """Make the index anew if it was made by another reading of words: what it holds could not be taken out again."""
    if not _is_there(connection):
        return
    row = connection.execute("SELECT value FROM meta WHERE key = 'words'").fetchone()
    if row is None or row[0] != _reading():
        fill_index(connection)


def _reading() -> str:
    return f"{TOKENS} {unicodedata.unidata_version}"


# `found` is a card's rowid; the lower its `score`, the better it fits (FTS5's bm25). The query is bound.
_SCORE = f"bm25(card_words, {', '.join(map(str, _COLUMNS.values()))})"
RANKED = f"SELECT rowid AS found, {_SCORE} AS score FROM card_words WHERE card_words MATCH ?"
