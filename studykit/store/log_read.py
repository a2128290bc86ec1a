"""Reading the review log: everything that can be read is, and whatever is odd is named by file and line.

Other programs carry these files about, so they are read with patience: a last line cut short by a crash, copies
made on a sync conflict, conflict markers of a merge, zero bytes of a lost disk cache, lines glued together, event
types and fields of other versions. Nothing is dropped in silence and nothing is written.
"""

import os
import re
from collections.abc import Generator, Iterable, Iterator, Mapping
from itertools import chain, groupby
from operator import attrgetter
from typing import NamedTuple
from zlib import crc32, decompressobj
from zlib import error as zlib_error

import msgspec

from studykit.errors import Problem
from studykit.locale import _
from studykit.store.events import Bury, Event, Import, Pause, Review, decoder, is_day

_BLOCK = 1 << 16  # bytes decoded at once: few enough for a processor's cache; an odd line slows down only its block
_MONTH = re.compile(r"\d{4}-\d{2}\.jsonl(\.gz)?")
_GLUED = re.compile(rb'(?<=.)(?=\{"(?:type|id)":)', re.DOTALL)
_MARKERS = (b"<<<<<<<", b"|||||||", b"=======", b">>>>>>>")
_BEGINNINGS = (b'{"type":', b'{"id":')
_day = attrgetter("day")
_SHOWN = 60  # characters of a strange line in a message


class Mark(NamedTuple):
    """How far one file was read: its size and time then, bytes and lines taken in, and a checksum of those bytes.

    Of a closed month the size is that of the file, the rest is of what it unpacks to.
    """

    size: int
    mtime_ns: int
    offset: int
    lines: int
    checksum: int


class Unknown(NamedTuple):
    """A line that is JSON but no event of this version, as it stands in the log. `type` may be empty."""

    file: str
    line: int
    type: str
    raw: bytes


class Read(msgspec.Struct):
    """What a reading found. `whole`: `events` are all there are, so start over; else they come on top of the known.

    Of the `oddities`, `lost` are those behind which an event may hide that nobody can read.
    Keep `offsets` (by path within the log folder) for the next reading. Events may come twice: the id tells.
    """

    events: list[Event] = msgspec.field(default_factory=list)
    offsets: dict[str, Mark] = msgspec.field(default_factory=dict)
    oddities: list[Problem] = msgspec.field(default_factory=list)
    unknown: list[Unknown] = msgspec.field(default_factory=list)
    lost: list[Problem] = msgspec.field(default_factory=list)
    whole: bool = True


def read_log(root: str, place: str, known: Mapping[str, Mark] | None = None) -> Read:
    """Read the log under the folder `root`, or what is new since `known`.

    `place` is how messages name that folder. If a file known from before has changed other than by growing, or is
    gone, everything is read again and the result is `whole`: what it once said may no longer be so.
    """
    if known and (grown := read_grown(root, place, known)):
        return grown
    read = Read()
    for paths in month_files(root, place, read, known or {}):
        for events in chain.from_iterable(events_in(root, place, paths, read)):
            read.events += events
    return read


class _ReplacedError(Exception):
    """A file's earlier part is not what it was."""


def read_grown(root: str, place: str, known: Mapping[str, Mark]) -> Read | None:
    """What was appended since `known`; None when something else happened to a file, so that all is to be read."""
    read = Read(whole=False)
    files = list(_log_files(root, place, read.oddities))
    if not {*known} <= {*files}:
        return None
    try:
        for path in files:
            for events in _taken(root, path, place, known.get(path), read):
                read.events += events
    except _ReplacedError:
        return None
    return read


def month_files(root: str, place: str, read: Read, known: Mapping[str, Mark]) -> list[list[str]]:
    """The paths of the whole log, those of one month of all devices after the other.

    `read` is told what is odd about them. `known` are files that were read before.
    """
    files = list(_log_files(root, place, read.oddities))
    message = _("this file was read before and is gone; its reviews no longer count")
    gone = sorted(path for path in {*known} - {*files} if f"{path}.gz" not in files)
    read.oddities += [Problem(f"{place}/{path}", 1, message) for path in gone]
    return [list(paths) for _name, paths in groupby(sorted(files, key=_month_of), _month_of)]


def events_in(root: str, place: str, paths: Iterable[str], read: Read) -> list[Iterator[list[Event]]]:
    """The events of each of some files, some at a time.

    What else there is to know `read` is told, of a file when the last of its events is taken.
    """
    return [_taken(root, path, place, None, read) for path in paths]


def _month_of(path: str) -> str:
    """By what the files of a month, and copies of them, stand together in the order of time."""
    return path.rpartition("/")[2][: len("2026-11")]


def _log_files(root: str, place: str, oddities: list[Problem]) -> Iterator[str]:
    """Paths of all `.jsonl` files within the log folder, with `/`, in one order everywhere."""
    found: list[str] = []

    def note(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):  # no log yet
            oddities.append(_unreadable(place, error))

    for folder, folders, names in os.walk(root, onerror=note):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        prefix = os.path.relpath(folder, root).replace(os.sep, "/") + "/"
        found += [(prefix + name).removeprefix("./") for name in names if not name.startswith((".", "~"))]
    for path in sorted(found):
        if is_log_file(path):
            if not _MONTH.fullmatch(path.rpartition("/")[2]):
                message = _("a copy made by another program; it is read, and an event in both counts once")
                oddities.append(Problem(f"{place}/{path}", 1, message))
            yield path
        elif not path.endswith(".tmp"):
            oddities.append(Problem(f"{place}/{path}", 1, _("this is no review log (.jsonl) and is not read")))


def is_log_file(name: str) -> bool:
    """Whether a file of this name is read: a month, a closed one, or a copy of either made by another program.

    >>> [is_log_file(name) for name in ("2026-01.jsonl", "2026-01.jsonl.sync-conflict-1-A.gz", "notes.txt")]
    [True, True, False]
    """
    return name.endswith(".jsonl") or (name.endswith(".gz") and ".jsonl" in name)


def unpacked(data: bytes) -> tuple[bytes, bool]:
    """What a closed month holds, and whether all of it could be unpacked; of a damaged file what stands before that."""
    pieces: list[bytes] = []
    while data:
        inflate = decompressobj(wbits=31)
        try:
            pieces.append(inflate.decompress(data))
        except zlib_error:
            return b"".join(pieces) + _salvaged(data), False
        if not inflate.eof:
            return b"".join(pieces), False
        data = inflate.unused_data
    return b"".join(pieces), True


def _salvaged(data: bytes) -> bytes:
    """All that comes out before the damage, piece by piece."""
    inflate, pieces = decompressobj(wbits=31), []
    try:
        for start in range(0, len(data), 512):
            pieces.append(inflate.decompress(data[start : start + 512]))  # noqa: PERF401 - what came before stays
    except zlib_error:
        pass
    return b"".join(pieces)


def _unreadable(file: str, error: OSError) -> Problem:
    return Problem(file, 1, _("cannot be read: {reason}").format(reason=error.strerror or error))


def _taken(root: str, path: str, place: str, mark: Mark | None, read: Read) -> Iterator[list[Event]]:
    """The events of one file from `mark` on, some at a time. Raises _ReplacedError."""
    file = f"{place}/{path}"
    real = os.path.join(root, *path.split("/"))
    try:
        state = os.stat(real)
        if mark and (state.st_size, state.st_mtime_ns) == (mark.size, mark.mtime_ns):
            read.offsets[path] = mark
            return
        with open(real, "rb") as handle:
            data = handle.read()
    except OSError as error:
        read.oddities.append(_unreadable(file, error))
        read.lost.append(read.oddities[-1])
        if mark:
            read.offsets[path] = mark
        return
    size = len(data)  # as it was read: a file that grew since it was looked at is looked at again
    if path.endswith(".gz"):
        data, complete = unpacked(data)
        if not complete:
            message = _("the closed month is damaged or still being copied; what can be unpacked is read")
            read.oddities.append(Problem(file, 1, message))
            read.lost.append(read.oddities[-1])
    start, lines = (mark.offset, mark.lines) if mark else (0, 0)
    if mark and (len(data) < start or crc32(memoryview(data)[:start]) != mark.checksum):
        raise _ReplacedError
    end = _complete(data, start, file, lines, read)
    lines = yield from _parsed(data, start, end, file, lines, read)
    read.offsets[path] = Mark(size, state.st_mtime_ns, end, lines, crc32(memoryview(data)[:end]))


def _complete(data: bytes, start: int, file: str, lines: int, read: Read) -> int:
    """The end of the last line that is whole: one without a newline counts if it is whole JSON."""
    end = data.rfind(b"\n", start) + 1 or start
    tail = data[end:].strip(b"\0 \t\r")
    if not tail:
        return len(data)
    if _is_json(tail):
        return len(data)
    message = _("the last line is incomplete: a crash cut it short, or it is still being copied")
    read.oddities.append(Problem(file, lines + data.count(b"\n", start, end) + 1, message))
    return end


def _parsed(data: bytes, start: int, end: int, file: str, lines: int, read: Read) -> Generator[list[Event], None, int]:
    """Decode the lines of `data[start:end]`; returns the number of lines before `end`."""
    while start < end:
        stop = end if end - start <= _BLOCK else data.rfind(b"\n", start, start + _BLOCK) + 1
        if stop <= start:  # one line longer than a block
            stop = data.find(b"\n", start, end) + 1 or end
        block = data[start:stop]
        try:
            events = decoder.decode_lines(block)
            plain = _days_are_sound(events)
        except (msgspec.DecodeError, RecursionError):
            plain = False
        if not plain:
            numbered = enumerate(block.split(b"\n"), lines + 1)
            events = [event for number, line in numbered for event in _of_line(line, file, number, read)]
        yield events
        lines += block.count(b"\n")
        start = stop
    return lines


def _days_are_sound(events: list[Event]) -> bool:
    if not all(map(is_day, set(map(_day, events)))):
        return False
    return {*map(type, events)} <= {Review} or not any(_fault(event) for event in events if type(event) is not Review)


def _fault(event: Event) -> str:
    """What is wrong with an event whose fields have the right types; empty if nothing is."""
    if not is_day(event.day):
        return f"day {event.day!r}"
    if isinstance(event, Bury | Pause) and event.until and not is_day(event.until):
        return f"until {event.until!r}"
    if isinstance(event, Import) and not is_day(event.last):
        return f"last {event.last!r}"
    return ""


def _of_line(line: bytes, file: str, number: int, read: Read) -> Iterator[Event]:
    text = line.removeprefix(b"\xef\xbb\xbf").strip(b"\0 \t\r")
    if not text:
        if b"\0" in line:
            read.oddities.append(Problem(file, number, _("zero bytes, as a lost disk cache leaves them; passed over")))
    elif text.startswith(_MARKERS):
        message = _("a conflict marker of a merge; the lines of both sides are read")
        read.oddities.append(Problem(file, number, message))
    else:
        pieces = [text] if _is_json(text) else _GLUED.split(text)
        for piece in pieces:
            if event := _event(piece, file, number, read):
                yield event


def _is_json(text: bytes) -> bool:
    try:
        msgspec.json.decode(text, type=msgspec.Raw)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def _is_cut_short(text: bytes) -> bool:
    """Whether this is how an event's line begins, and sound as far as it goes."""
    if not text.startswith(_BEGINNINGS) and not any(each.startswith(text) for each in _BEGINNINGS):
        return False
    try:
        msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        return "truncated" in str(error)
    except RecursionError:
        return False
    return False


def _event(text: bytes, file: str, number: int, read: Read) -> Event | None:
    try:
        event = decoder.decode(text)
        if not (fault := _fault(event)):
            return event
        message = _("{fault} is no calendar day; the line is kept and not counted").format(fault=fault)
    except msgspec.ValidationError as error:
        message = _("not an event of this version ({reason}); the line is kept and not counted").format(reason=error)
    except (msgspec.DecodeError, RecursionError):
        if _MONTH.fullmatch(file.rpartition("/")[2]) and _is_cut_short(text):
            # Only its own device adds to a month's file, and waits until a line is on the disk: a review whose line was
            # cut was never confirmed. A copy that was cut may lack what was.
            message = _("a line that a crash cut short while it was written; passed over")
            read.oddities.append(Problem(file, number, message))
            return None
        shown = text[:_SHOWN].decode("utf-8", "replace")
        message = _("this is no log line: {text}").format(text=shown)
        read.oddities.append(Problem(file, number, message))
        read.lost.append(read.oddities[-1])
        return None
    read.unknown.append(Unknown(file, number, _type(text), text))
    read.oddities.append(Problem(file, number, message))
    return None


class _Typed(msgspec.Struct):
    type: str = ""


def _type(text: bytes) -> str:
    try:
        return msgspec.json.decode(text, type=_Typed).type
    except msgspec.DecodeError:
        return ""
