"""Where the values of top-level frontmatter keys stand in a note, to the character, as YAML's own parser says."""

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from studykit.vault.frontmatter import locate
from studykit.vault.yamlhead import refuse_traps

if TYPE_CHECKING:
    from yaml import ScalarNode

NULLS = ("", "null", "~", "Null", "NULL")

_COLON = re.compile(r"[ \t]*:")
_QUOTED = re.compile(r"""(['"])([^'"\\\n]*)\1""")
_NOT_PLAIN = frozenset("&*!\n\r\x85\u2028\u2029")


class Place(NamedTuple):
    """A value that can be replaced: characters `start` to before `end`, the quote around it (or none), what it says."""

    start: int
    end: int
    quote: str
    says: str

    @property
    def is_null(self) -> bool:
        return not self.quote and self.says in NULLS


def value_places(text: str) -> dict[str, Place]:
    """The places by key; of a key that stands twice the last, which is the one that is read.

    Left out is what is not a plain or quoted text on the key's own line: block scalars, lists, anchors, aliases,
    tags. Empty for a note whose frontmatter is absent, broken or in flow style.
    """
    block = locate(text)
    if block is None:
        return {}
    inner = text[block.start : block.end]
    found: dict[str, Place | None] = {}
    for key, value in _top_level(inner):
        place = _place(inner, key, value)
        found[key.value] = place and place._replace(start=place.start + block.start, end=place.end + block.start)
    return {key: place for key, place in found.items() if place}


def quote_of(places: dict[str, Place], keys: tuple[str, ...]) -> str:
    """The quote that most of these keys' values stand in; none where none of them says anything."""
    quotes = Counter(places[key].quote for key in keys if key in places and places[key].says not in NULLS)
    return quotes.most_common(1)[0][0] if quotes else ""


def _top_level(inner: str) -> "list[tuple[ScalarNode, ScalarNode | None]]":
    """The keys that are text, each with its value if that is text too."""
    import yaml

    try:
        refuse_traps(inner)
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        root = yaml.compose(inner, Loader=loader)
        yaml.load(inner, Loader=loader)
    except Exception:  # what cannot be read whole is left as it is; reading the note has named the fault
        return []
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        return []
    scalar = yaml.ScalarNode
    pairs = ((key, value) for key, value in root.value if isinstance(key, scalar))
    return [(key, value if isinstance(value, scalar) else None) for key, value in pairs]


def _place(inner: str, key: "ScalarNode", value: "ScalarNode | None") -> Place | None:
    colon = _COLON.match(inner, key.end_mark.index)
    if colon is None or value is None:
        return None
    start, end = value.start_mark.index, value.end_mark.index
    if start == end:
        return Place(colon.end(), colon.end(), "", "")
    between, raw = inner[colon.end() : start], inner[start:end]
    if not between or between.strip(" \t"):  # an alias points back at its anchor, a value below at the next line
        return None
    if quoted := _QUOTED.fullmatch(raw):
        return Place(start, end, quoted[1], quoted[2])
    is_plain = raw[0] not in "'\"|>" and not _NOT_PLAIN & set(raw)
    return Place(start, end, "", raw) if is_plain else None
