"""Bytes of a note to text, and what to say where they are no text."""

import codecs
from typing import NamedTuple

from studykit.blake2b import blake2b
from studykit.errors import Problem
from studykit.locale import _

BOM = codecs.BOM_UTF8
_WIDE = ((codecs.BOM_UTF16_LE, "UTF-16"), (codecs.BOM_UTF16_BE, "UTF-16"))


class Decoded(NamedTuple):
    """The text with `\\n` line ends and no byte order mark; `why_not` is empty if it can be studied."""

    text: str
    why_not: str = ""
    problems: tuple[Problem, ...] = ()


def digest(data: bytes) -> str:
    """32 hex digits that change whenever a byte of the file does.

    >>> digest(b"note") == digest(b"note"), digest(b"note") == digest(b"note ")
    (True, False)
    """
    return blake2b(data, digest_size=16).hexdigest()


def decode(path: str, data: bytes) -> Decoded:
    """The text of a note. Never raises: what is no UTF-8 comes back readable where it can, marked as no material.

    >>> decode("a.md", b"\\xef\\xbb\\xbfone\\r\\ntwo").text
    'one\\ntwo'
    """
    for mark, name in _WIDE:
        if data.startswith(mark):
            return _refuse(
                path,
                1,
                _("the file is {name}, expected UTF-8; save it as UTF-8 to study it").format(name=name),
                data,
                name,
            )
    if b"\0" in data:
        at = data.index(b"\0")
        message = _("byte {at} is NUL: this is a binary file, no Markdown note; rename it or exclude it").format(at=at)
        return _refuse(path, data.count(b"\n", 0, at) + 1, message, b"", "utf-8")
    body = data.removeprefix(BOM)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        at = error.start + len(data) - len(body)
        message = _("byte {at} (0x{byte:02x}) is not UTF-8; save the file as UTF-8 to study it").format(
            at=at, byte=data[at]
        )
        return _refuse(path, data.count(b"\n", 0, at) + 1, message, body, "utf-8")
    return Decoded(unify_newlines(text))


def unify_newlines(text: str) -> str:
    """`\\r\\n` and lone `\\r` become `\\n`, as CommonMark counts line endings."""
    if "\r" not in text:
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _refuse(path: str, line: int, message: str, data: bytes, encoding: str) -> Decoded:
    text = unify_newlines(data.decode(encoding, "replace").removeprefix("\ufeff"))
    return Decoded(text, message, (Problem(path, line, message),))
