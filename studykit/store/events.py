"""What a person did, as lines of the review log. A line is one JSON object; nothing in a log is ever rewritten.

Every event has `id` (uuid7), `at` (RFC 3339, UTC, milliseconds: what the clock said), `day` (the local study day it
counts for) and `device`. Fields that a reader does not know are left alone, so that versions can share a folder.
"""

import os
import time
from _thread import allocate_lock  # threading, with which nothing here begins, takes 2 ms to load
from datetime import UTC, date, datetime
from typing import Annotated, TypeAlias, get_args

import msgspec

Grade = Annotated[int, msgspec.Meta(ge=1, le=4)]
Milliseconds = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Days = Annotated[int, msgspec.Meta(ge=-36_500, le=36_500)]
Count = Annotated[int, msgspec.Meta(ge=0, le=2**31)]


class _Event(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, tag_field="type", tag=str.lower):
    id: str
    at: str
    day: str
    device: str


class Review(_Event, frozen=True):
    """One grading. `ms`: thinking time. `fuzz`: days added to the interval that the scheduler gave.

    `file` and `front` are said once, by a card's first review (an import, an alias): see `front_of`.
    `suggested` is the grade proposed after a checked answer, `answer` what was typed. `clock_back`: the clock was
    behind the card's latest review; `day` is then the day of that review (see `spacing.day.counted_day`).
    """

    card: str
    rating: Grade
    ms: Milliseconds = 0
    fuzz: Days = 0
    file: str = ""
    suggested: Grade | None = None
    answer: str | None = None
    clock_back: bool = False
    front: str = ""


class Undo(_Event, frozen=True):
    """Takes back the event it names, whichever device made it. To undo an undo is to restore."""

    event: str


class Suspend(_Event, frozen=True):
    """Takes a card out of study (`on`) or back into it."""

    card: str
    on: bool


class Bury(_Event, frozen=True):
    """Hides a card until the local day `until` (exclusive); an empty `until` unburies it."""

    card: str
    until: str


class Flag(_Event, frozen=True):
    """Marks a card for a later look (`on`) or clears the mark."""

    card: str
    on: bool


class Alias(_Event, frozen=True):
    """Card `card` is now `to`: its history, and what other devices still record for it, belong to `to`.

    With `to` equal to `card`, the id stands for itself again: a new card has come to have the old prompt.
    `by_hand`: a person said so, and may take it back; the others follow from the notes.
    """

    card: str
    to: str
    by_hand: bool = False
    file: str = ""
    front: str = ""


class Forget(_Event, frozen=True):
    """Takes a card that no note makes off the list of such cards. Its history stays, should its note return."""

    card: str


class Import(_Event, frozen=True):
    """A card already studied elsewhere: last on `last`, due `interval` days after it, reviewed `reps` times.

    Counts only for a card that has no history yet.
    """

    card: str
    last: str
    interval: Days
    reps: Count
    label: str = "medium"
    file: str = ""
    front: str = ""


class Pause(_Event, frozen=True):
    """A break: nothing is asked before the local day `until`; an empty `until` ends it. The latest word counts.

    It is about no card, and moves no schedule: memory fades as it does.
    """

    until: str


Event: TypeAlias = Review | Undo | Suspend | Bury | Flag | Alias | Forget | Import | Pause

# What this version reads of a log, in one line: whoever has read one with another form has to read it again, because
# it has passed over lines that are events now.
FORM = " ".join(
    f"{kind.__struct_config__.tag}({','.join(kind.__struct_fields__)})" for kind in get_args(Event)
)  # fmt: skip

_encoder = msgspec.json.Encoder()
decoder: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


def encode(event: Event) -> bytes:
    """The event's log line, without the newline."""
    try:
        return _encoder.encode(event)
    except UnicodeEncodeError:  # a file name that is no Unicode
        return _encoder.encode(msgspec.structs.replace(event, **_printable(event)))


def _printable(event: Event) -> dict[str, str]:
    texts = {name: getattr(event, name) for name in event.__struct_fields__}
    return {k: v.encode("utf-8", "backslashreplace").decode() for k, v in texts.items() if isinstance(v, str)}


_FRONT = 80  # characters


def front_of(prompt: str) -> str:
    """The beginning of a card's question, for the log: by it a card is known when its note and the store are gone.

    >>> front_of("What is\\n a bubble?")
    'What is a bubble?'
    """
    words = " ".join(prompt.split())
    return words if len(words) <= _FRONT else words[: _FRONT - 1] + "…"


def order(event: Event) -> str:
    """The place of an event among all: by day, then clock, then id. The same on every device.

    A review made while the clock was behind comes last on its day: its `at` says nothing about its place.
    """
    back = "1" if isinstance(event, Review) and event.clock_back else "0"
    return f"{event.day} {back} {event.at} {event.id}"


def is_day(text: str) -> bool:
    """Whether `text` is a calendar day as the log writes it, `2026-11-23`.

    >>> is_day("2026-11-23"), is_day("20261123"), is_day("2026-02-30")
    (True, False, False)
    """
    try:
        return len(text) == 10 and text[4] == text[7] == "-" and bool(date.fromisoformat(text))
    except ValueError:
        return False


def timestamp(moment: datetime) -> str:
    """`at` of an event that happens at `moment` (aware, or naive on this computer's clock).

    >>> timestamp(datetime(2026, 11, 23, 8, 30, tzinfo=UTC))
    '2026-11-23T08:30:00.000Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


_RANDOM_BITS = 74
_lock = allocate_lock()
_latest = (0, 0)  # milliseconds, random part


def continue_after(event_id: str) -> None:
    """Let every id made from now on be later than `event_id`, whatever the clock says: undo takes back the latest id.

    What is no uuid (another program's id) is passed over.
    """
    global _latest
    try:
        value = int(event_id.replace("-", ""), 16) if len(event_id) == 36 else 0
    except ValueError:
        return
    random = (value >> 64 & 0xFFF) << 62 | value & (1 << 62) - 1
    with _lock:
        _latest = max(_latest, (value >> 80, random))


def new_id() -> str:
    """A uuid7 (RFC 9562, 5.7), later than every other that this process made, even if the clock is set back."""
    global _latest
    random = int.from_bytes(os.urandom(10), "big") >> (80 - _RANDOM_BITS)
    with _lock:
        now, (before, counter) = time.time_ns() // 1_000_000, _latest
        # Half of the random range is left for ids of the same millisecond, which count up by a random step.
        _latest = (now, random >> 1) if now > before else (before, counter + 1 + (random >> 42))
        now, random = _latest
    value = (now & (1 << 48) - 1) << 80 | 0x7 << 76 | (random >> 62) << 64 | 0b10 << 62 | random & (1 << 62) - 1
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
