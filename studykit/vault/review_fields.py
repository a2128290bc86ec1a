"""The review fields of several versions of one note made to say the same, so that what is left to merge is the text.

Two devices that renew these values in one note make a conflict of git out of it, though none is there: the review log
holds both devices' reviews, and the values follow from it.
"""

from collections.abc import Sequence
from datetime import date

from studykit.vault.decode import BOM
from studykit.vault.frontmatter import REVIEW_KEYS, read_frontmatter
from studykit.vault.patch import Replacement, apply
from studykit.vault.value_places import Place, value_places


def alike(*versions: bytes) -> list[bytes]:
    """Each version with the review values of the one that was reviewed last; every other byte as it was.

    Values are taken over as they are spelt, quotes included, and only where both versions have the key. Which version
    counts does not depend on their order, so two devices that merge each other's notes agree.

    >>> alike(b"---\\nreview_count: 1\\n---\\nA\\n", b"---\\nreview_count: 2\\n---\\nB\\n")
    [b'---\\nreview_count: 2\\n---\\nA\\n', b'---\\nreview_count: 2\\n---\\nB\\n']
    """
    return _transplanted(max(versions, key=_latest), versions)


def alike_with_base(base: bytes, *sides: bytes) -> list[bytes]:
    """The common ancestor and the sides, with the values of the side that was reviewed last."""
    return _transplanted(max(sides, key=_latest), (base, *sides))


def _latest(data: bytes) -> tuple[date, int, date, list[tuple[str, str]]]:
    text = _text(data)
    front = read_frontmatter(text.replace("\r\n", "\n"), "").frontmatter
    said = sorted((key, value) for key, (_, _, value) in _segments(text).items())
    return front.last_reviewed or date.min, front.review_count, front.next_review or date.min, said


def _transplanted(source: bytes, versions: Sequence[bytes]) -> list[bytes]:
    wanted = {key: value for key, (_, _, value) in _segments(_text(source)).items()}
    return [_with(version, wanted) for version in versions]


def _with(data: bytes, wanted: dict[str, str]) -> bytes:
    text = _text(data)
    before = len(data) - len(data.removeprefix(BOM))
    changes = []
    for key, (start, end, value) in _segments(text).items():
        if key in wanted and wanted[key] != value:
            first, last = (before + len(text[:at].encode("utf-8", "surrogateescape")) for at in (start, end))
            changes.append(Replacement(first, last, wanted[key].encode("utf-8", "surrogateescape")))
    return apply(data, tuple(sorted(changes)))


def _text(data: bytes) -> str:
    return data.removeprefix(BOM).decode("utf-8", "surrogateescape")


def _segments(text: str) -> dict[str, tuple[int, int, str]]:
    """For each review key where its value stands, with the space between colon and value."""
    places = value_places(text)
    return {key: _segment(text, places[key]) for key in REVIEW_KEYS if key in places}


def _segment(text: str, place: Place) -> tuple[int, int, str]:
    start = len(text[: place.start].rstrip(" \t"))
    return start, place.end, text[start : place.end]
