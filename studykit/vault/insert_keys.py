"""Add keys to a note's frontmatter, and set the text of one: by inserted or replaced bytes, all others as they were."""

from collections.abc import Mapping

from studykit.errors import VaultError
from studykit.locale import _
from studykit.vault.decode import BOM, decode
from studykit.vault.frontmatter import locate, read_frontmatter
from studykit.vault.patch import Replacement, apply
from studykit.vault.value_places import value_places
from studykit.vault.yamlhead import read_head


def with_keys(data: bytes, values: Mapping[str, str]) -> bytes:
    """The note with those of the keys that it lacks, as last lines of its frontmatter; one is made where none stands.

    Values are YAML as written. Raises VaultError where the frontmatter cannot be read whole: nothing is put into it.

    >>> with_keys(b"---\\r\\ntags: [a]\\r\\n---\\r\\nText", {"tags": "[]", "review_count": "0"})
    b'---\\r\\ntags: [a]\\r\\nreview_count: 0\\r\\n---\\r\\nText'
    """
    decoded = decode("", data)
    if decoded.why_not:
        raise VaultError(decoded.why_not)
    before = read_frontmatter(decoded.text, "")
    lacking = {key: value for key, value in values.items() if key not in before.frontmatter.keys}
    if not lacking:
        return data
    raw = data.removeprefix(BOM).decode()
    newline = _newline(raw)
    lines = "".join(f"{key}: {value}{newline}" for key, value in lacking.items())
    made = data[: len(data) - len(raw.encode())] + _inserted(raw, lines, newline).encode()
    after = decode("", made).text
    if not _only_added(decoded.text, after, lacking):
        raise VaultError(
            _("its frontmatter cannot be added to (is it valid YAML, a key a line?)"), _("Mend it by hand.")
        )
    return made


def with_text(data: bytes, key: str, value: str) -> bytes:
    """The note with the plain word `value` as the value of `key`, which is added where it is not there.

    >>> with_text(b"---\\ndifficulty: 'easy' # so far\\n---\\n", "difficulty", "hard")
    b"---\\ndifficulty: 'hard' # so far\\n---\\n"
    """
    if key not in read_frontmatter(decode("", data).text, "").frontmatter.keys:
        return with_keys(data, {key: value})
    body = data.removeprefix(BOM)
    text = body.decode("utf-8", "surrogateescape")
    place = value_places(text).get(key)
    if place is None:
        raise VaultError(
            _("{key} has no value that can be replaced on its own line").format(key=key), _("Mend it by hand.")
        )
    if place.says == value:
        return data
    shift = len(data) - len(body)
    start, end = (shift + len(text[:at].encode("utf-8", "surrogateescape")) for at in place[:2])
    gap = " " if place.start == place.end else ""
    return apply(data, (Replacement(start, end, f"{gap}{place.quote}{value}{place.quote}".encode()),))


def _newline(raw: str) -> str:
    first = raw.find("\n")
    if first < 0:
        return "\r" if "\r" in raw else "\n"
    return "\r\n" if raw[:first].endswith("\r") else "\n"


def _inserted(raw: str, lines: str, newline: str) -> str:
    """The raw text with key lines before the closing dashes, or with a frontmatter of its own."""
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    block = locate(text)
    head = read_head(text[: block.body], text[block.start : block.end]) if block else None
    if block is None or head is None:
        return f"---{newline}{lines}---{newline}{raw}"
    closing = text.count("\n", 0, block.end)
    at = _line_start(raw, closing)
    return raw[:at] + lines + raw[at:]


def _line_start(raw: str, number: int) -> int:
    """Where line `number`, from 0, begins; lines end as CommonMark counts them."""
    at = 0
    for _line in range(number):
        ends = [place for place in (raw.find("\n", at), raw.find("\r", at)) if place >= 0]
        at = min(ends) + (2 if raw.startswith("\r\n", min(ends)) else 1)
    return at


def _only_added(before: str, after: str, added: Mapping[str, str]) -> bool:
    old, new = read_frontmatter(before, ""), read_frontmatter(after, "")
    return (
        new.frontmatter.keys == old.frontmatter.keys | set(added)
        and after[new.body_offset :] == before[old.body_offset :]
        and len(new.problems) == len(old.problems)
        and (not _value_missing(after, added))
    )


def _value_missing(text: str, keys: Mapping[str, str]) -> bool:
    """Whether one of the keys has no plain value of its own in the frontmatter."""
    places = value_places(text)
    return any(key not in places for key in keys)
