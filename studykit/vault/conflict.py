"""Conflict markers that a merge left in a note: where they stand, and the two texts that they ask to choose from."""

from typing import NamedTuple

_OURS, _BASE, _MIDDLE, _THEIRS = b"<<<<<<<", b"|||||||", b"=======", b">>>>>>>"
_FENCES = (b"```", b"~~~")


class Conflict(NamedTuple):
    """`line` of the first marker, from 1; both sides as whole notes; and `ours` once more with its lines in place.

    In `shown` the lines of markers and of the other side are empty, so that a line's number is that in the file.
    """

    line: int
    ours: bytes
    theirs: bytes
    shown: bytes


class _Hunk(NamedTuple):
    start: int  # indexes of lines
    middle: int
    end: int
    base: int  # of the marker before the common ancestor; `middle` where the merge shows none


def find_conflict(data: bytes) -> Conflict | None:
    """The conflict of a note, over all its hunks; None where there is none.

    Markers as git writes them, with or without the common ancestor (diff3, zdiff3), in any line ends. What stands in
    a code fence is an example and no conflict.

    >>> find_conflict(b"a\\n<<<<<<< HEAD\\nb\\n=======\\nc\\n>>>>>>> other\\nd\\n")[:3]
    (2, b'a\\nb\\nd\\n', b'a\\nc\\nd\\n')
    """
    if _OURS not in data:
        return None
    lines = data.splitlines(keepends=True)
    hunks = _hunks(lines)
    if not hunks:
        return None
    ours, theirs, shown = list(lines), list(lines), list(lines)
    for hunk in hunks:
        for index in range(hunk.start, hunk.end + 1):
            is_ours, is_theirs = hunk.start < index < hunk.base, hunk.middle < index < hunk.end
            ours[index] = lines[index] if is_ours else b""
            theirs[index] = lines[index] if is_theirs else b""
            shown[index] = lines[index] if is_ours else _line_end(lines[index])
    return Conflict(hunks[0].start + 1, b"".join(ours), b"".join(theirs), b"".join(shown))


def _hunks(lines: list[bytes]) -> list[_Hunk]:
    found: list[_Hunk] = []
    fence, at = b"", 0
    while at < len(lines):
        hunk = _hunk(lines, at) if not fence and _is_marker(lines[at], _OURS) else None
        if hunk:
            found.append(hunk)
            at = hunk.end + 1
            continue
        start = lines[at].lstrip(b" ")[:3]
        if start in _FENCES and fence in (b"", start):
            fence = b"" if fence else start
        at += 1
    return found


def _hunk(lines: list[bytes], start: int) -> _Hunk | None:
    """The hunk that begins at `start`; None where its other markers are missing or out of order."""
    base = middle = 0
    for index in range(start + 1, len(lines)):
        line = lines[index]
        if _is_marker(line, _OURS):
            return None
        if _is_marker(line, _BASE) and not (base or middle):
            base = index
        elif line.rstrip(b"\r\n") == _MIDDLE and not middle:
            middle = index
        elif _is_marker(line, _THEIRS):
            return _Hunk(start, middle, index, base or middle) if middle else None
    return None


def _is_marker(line: bytes, marker: bytes) -> bool:
    """Seven signs, then a space and a name or nothing; the longer ones of a merge within a merge are text."""
    return line.startswith(marker) and line[len(marker) : len(marker) + 1] in (b" ", b"\r", b"\n", b"")


def _line_end(line: bytes) -> bytes:
    return line[len(line.rstrip(b"\r\n")) :]
