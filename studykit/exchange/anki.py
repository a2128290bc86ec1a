"""Cards as a package that Anki imports (.apkg): a deck for each folder, and what is known of each card's memory.

A card has the same identity each time, so that a package that is imported again renews what it brought before.
"""

import json
import os
import sqlite3
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from studykit.errors import StudyError
from studykit.exchange.anki_html import html
from studykit.locale import _
from studykit.study.browsing.export import Exported, Graded
from studykit.vault.obsidian_marks import is_picture

if TYPE_CHECKING:
    import genanki

_MODEL = 1_764_300_211  # for ever the same: by it Anki knows cards of an earlier package
_FIELDS = ("Front", "Back", "Context", "Source")
_QUESTION = '<div class="context">{{Context}}</div>\n{{Front}}'
_ANSWER = '{{FrontSide}}\n<hr id="answer">\n{{Back}}\n<div class="source">{{Source}}</div>'
_STYLE = """\
.card { font-family: system-ui, sans-serif; font-size: 19px; line-height: 1.5; text-align: left; }
.context, .source { font-size: 14px; opacity: 0.6; }
pre { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { border: 1px solid; padding: 0.2em 0.6em; }
"""
_NEW, _REVIEW, _SUSPENDED = 0, 2, -1  # Anki's types and queues
_EASE = 2500  # Anki's permille; its FSRS does not read it
_ROLLOVER = time(4)  # Anki counts its days from this hour of the collection's first day

Tell = Callable[[int, int], object]


class Collection(NamedTuple):
    """What a package is made of: the vault's folder, the moment and its local day there, and whether the scheduler is
    FSRS, whose memory Anki understands."""

    root: str
    now: datetime
    today: date
    fsrs: bool


def package(cards: Sequence[Exported], about: Collection, tell: Tell) -> bytes:
    """The package as bytes. `tell(done, total)` hears of each card.

    Raises StudyError where genanki is not installed.
    """
    try:
        import genanki
    except ImportError as error:
        raise StudyError(_("This needs the extra `anki`."), "pip install 'studykit[anki]'") from error

    class Package(genanki.Package):  # type: ignore[misc]
        def write_to_db(self, cursor: sqlite3.Cursor, timestamp: float, id_gen: Iterator[int]) -> None:
            super().write_to_db(cursor, timestamp, id_gen)
            _put_schedules(cursor, cards, about)

    with tempfile.TemporaryDirectory() as folder:
        media = _Media(about.root, folder)
        decks = _decks(genanki, cards, about, media, tell)
        file = os.path.join(folder, "cards.apkg")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # genanki takes what stands between < and > in code for a tag
            Package(decks, sorted(media.files.values())).write_to_file(file, about.now.timestamp())
        with open(file, "rb") as made:
            return made.read()


def _decks(
    anki: Any, cards: Sequence[Exported], about: Collection, media: "_Media", tell: Tell
) -> "list[genanki.Deck]":
    model = anki.Model(
        _MODEL,
        "studykit",
        fields=[{"name": name} for name in _FIELDS],
        templates=[{"name": "Card", "qfmt": _QUESTION, "afmt": _ANSWER}],
        css=_STYLE,
    )
    top = os.path.basename(about.root)
    decks: dict[str, Any] = {}
    for number, card in enumerate(cards, 1):
        name = "::".join([top, *filter(None, card.deck.split("/"))])
        deck = decks.get(name) or decks.setdefault(name, anki.Deck(_number(name), name))
        deck.add_note(anki.Note(model, _fields(card, media), guid=card.id, tags=list(map(_tag, card.tags))))
        tell(number, len(cards))
    return list(decks.values())


def _fields(card: Exported, media: "_Media") -> list[str]:
    def picture(address: str) -> str | None:
        return media.name(card.file, address)

    source = f"{card.file}:{card.line}"
    return [html(card.prompt, picture), html(card.answer, picture), html(card.context, picture), html(source, picture)]


def _tag(tag: str) -> str:
    return tag.replace("/", "::").replace(" ", "_")


def _number(name: str) -> int:
    """An id for a deck, which its name alone decides. Anki's own are milliseconds since 1970, far above these."""
    return int.from_bytes(sha256(name.encode()).digest()[:4], "big") % (1 << 30) + (1 << 30)


class _Media:
    """Pictures of notes under the names that they get in Anki's one folder of media."""

    def __init__(self, root: str, folder: str) -> None:
        self._root, self._folder = root, folder
        self.files: dict[str, str] = {}

    def name(self, note: str, address: str) -> str | None:
        """The name for a picture that `note` shows by `address`; None where there is none within the vault."""
        for place in (os.path.dirname(note), ""):
            real = os.path.realpath(os.path.join(self._root, place, unquote(address)))
            within = real.startswith(os.path.join(self._root, ""))
            if within and is_picture(real) and os.path.isfile(real):
                return os.path.basename(self.files.get(real) or self._take(real))
        return None

    def _take(self, real: str) -> str:
        mark = sha256(os.path.relpath(real, self._root).encode("utf-8", "surrogateescape")).hexdigest()[:8]
        self.files[real] = taken = os.path.join(self._folder, f"studykit-{mark}-{os.path.basename(real)}")
        os.symlink(real, taken)
        return taken


def _put_schedules(cursor: sqlite3.Cursor, cards: Sequence[Exported], about: Collection) -> None:
    """What is known of each card, which genanki has put in as new.

    The collection begins today, so that a day's number in it is the days from today on.
    """
    began = int(datetime.combine(about.today, _ROLLOVER).timestamp())
    (settings,) = cursor.execute("SELECT conf FROM col").fetchone()
    # In packages of its oldest scheduler Anki counts the grades of a first answer differently.
    cursor.execute("UPDATE col SET crt = ?, conf = ?", (began, json.dumps(json.loads(settings) | {"schedVer": 2})))
    numbers = dict(cursor.execute("SELECT n.guid, c.id FROM cards c JOIN notes n ON c.nid = n.id").fetchall())
    moments: set[int] = set()
    for position, card in enumerate(cards):
        number = numbers[card.id]
        cursor.execute(
            "UPDATE cards SET type=?, queue=?, due=?, ivl=?, factor=?, reps=?, lapses=?, data=?, flags=? WHERE id=?",
            (*_schedule(card, about, position), int(card.flagged), number),
        )
        rows = [(_moment(each, moments), number, -1, *row) for each, row in _answers(card.reviews)]
        cursor.executemany("INSERT INTO revlog VALUES (?,?,?,?,?,?,?,?,?)", rows)


def _schedule(card: Exported, about: Collection, position: int) -> tuple[object, ...]:
    """Type, queue, due, interval in days, ease, reviews, lapses and memory."""
    queue = _SUSPENDED if card.state == "suspended" else None
    if card.due is None or card.last is None:
        return _NEW, _NEW if queue is None else queue, position, 0, 0, 0, 0, ""
    due, last = date.fromisoformat(card.due), date.fromisoformat(card.last)
    memory = {"s": round(card.stability or 0.0, 4), "d": round(card.difficulty or 0.0, 3)} if about.fsrs else {}
    return (
        _REVIEW, _REVIEW if queue is None else queue, (due - about.today).days, max((due - last).days, 1), _EASE,
        card.reps, card.lapses, json.dumps(memory) if memory else "",
    )  # fmt: skip


def _answers(reviews: Sequence[Graded]) -> Iterator[tuple[Graded, tuple[int, ...]]]:
    """Each review with grade, interval, the interval before, ease, milliseconds, and its type (0: the first)."""
    days = [0, *(max(round(each.stability), 1) for each in reviews)]
    for number, (each, (before, after)) in enumerate(zip(reviews, pairwise(days), strict=True)):
        yield each, (each.rating, after, before, _EASE if number else 0, each.ms, int(number > 0))


def _moment(review: Graded, taken: set[int]) -> int:
    """Milliseconds since 1970, by which Anki knows a review: each is there once."""
    moment = int(datetime.fromisoformat(review.at).astimezone(UTC).timestamp() * 1000)
    while moment in taken:
        moment += 1
    taken.add(moment)
    return moment
