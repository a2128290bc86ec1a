"""Links between files: found in text as people write them, and written so that every reader resolves them.

CommonMark takes no space in a link's address and ends it at a lone parenthesis; people and tools write both. So the
reading is lenient, and names each path that an address can mean; the writing percent-encodes what could be misread.
"""

import re
from collections.abc import Iterator, Sequence
from posixpath import join, normpath, relpath
from typing import NamedTuple
from unicodedata import normalize
from urllib.parse import unquote

from studykit.vault.outline import Outline

# Bounded, so that a line of a million brackets takes linear time.
_TEXT = r"(?:[^\[\]\\]|\\.|\[[^\[\]]{0,200}\]){0,500}"
_ADDRESS = r"<[^<>\n]{0,1000}>|(?:[^()\\\n]|\\.|\((?:[^()\n]|\([^()\n]{0,100}\)){0,300}\)){0,1000}"
_LINK = re.compile(rf"(?P<image>!)?\[(?P<text>{_TEXT})\]\((?P<address>{_ADDRESS})\)")
WIKI = r"(?P<image>!)?\[\[(?P<address>[^\[\]|\n]{1,400})(?:\|(?P<text>[^\[\]\n]{0,400}))?\]\]"
"""The expression of a link between notes, or an embed."""
_WIKI = re.compile(WIKI)
_HIDDEN = re.compile(r"(?<!`)(`+)(?!`).{0,2000}?(?<!`)\1(?!`)|<!--.{0,2000}?-->")
_TITLE = re.compile(r"""\s+(?:"[^"]*"|'[^']*')\s*$""")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|//|#|$")
_ENCODED = frozenset(' %#?()<>[]\\"`&:$|*^{}')
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


class Link(NamedTuple):
    """A link as written. `line` is 0-based in the text; `wiki` for `[[name]]`, whose address is a name, no path."""

    text: str
    address: str
    line: int
    wiki: bool = False
    image: bool = False


def find_links(outline: Outline) -> Iterator[Link]:
    """The links of a body in order, those in code and comments left out."""
    hidden = {number for fence in outline.fences for number in range(fence.line, fence.end)}
    for comment in outline.comments:
        hidden.update(range(comment.line, comment.line + comment.text.count("\n") + 1))
    for number, line in enumerate(outline.lines):
        if "[" in line and number not in hidden:
            yield from links_in(line, number)


def links_in(line: str, number: int = 0) -> Iterator[Link]:
    """The links of one line.

    >>> [link.address for link in links_in("[a `b](c)`](d e (1).md 'title') and `[x](y)`, [[n|shown]]")]
    ['d e (1).md', 'n']
    """
    masked = _HIDDEN.sub(lambda match: "x" * len(match[0]), line) if "`" in line or "<!--" in line else line
    found = [*_LINK.finditer(masked), *_WIKI.finditer(masked)] if "[[" in line else _LINK.finditer(masked)
    for match in sorted(found, key=lambda each: each.start()):
        wiki = match.re is _WIKI
        address = line[slice(*match.span("address"))].strip()
        shown = line[slice(*match.span("text"))] if match["text"] is not None else address
        yield Link(shown, address if wiki else _TITLE.sub("", address), number, wiki,
                   match["image"] is not None)  # fmt: skip


def is_local(address: str) -> bool:
    """Whether an address names a file, not a place on the web or in the text itself."""
    return _SCHEME.match(address.removeprefix("<")) is None


def paths_meant(address: str, folder: str) -> tuple[str, ...]:
    """The paths that an address in a file of `folder` can mean, the likeliest first, with `/` and normal.

    `#` begins a part of the file, or is a letter of its name that nobody encoded; `%` likewise.

    >>> paths_meant("../C%23/a%20b.md#part", "notes/x")
    ('notes/C#/a b.md', 'notes/C#/a b.md#part', 'notes/C%23/a%20b.md#part')
    """
    bare = address[1:-1] if address.startswith("<") and address.endswith(">") else _ESCAPED.sub(r"\1", address)
    bare = bare.replace("\\", "/")
    whole = (unquote(bare.split("#")[0].split("?")[0]), unquote(bare.split("#")[0]), unquote(bare), bare)
    made = (_joined(folder, text) for text in whole if text)
    return tuple(dict.fromkeys(path for path in made if path))


def _joined(folder: str, text: str) -> str:
    return normpath(join(folder, text)).lstrip("/")


def address_of(path: str, folder: str) -> str:
    """The address of `path` in a file of `folder`; both are relative to one place, with `/`.

    >>> address_of("notes/C++/a b (1).md", "notes/gpu")
    '../C++/a%20b%20%281%29.md'
    """
    return "".join(map(_encoded, relpath(join("/", path), join("/", folder))))


def _encoded(letter: str) -> str:
    if letter in _ENCODED or letter < " " or letter.isspace() or letter == "\x7f":
        return "".join(f"%{byte:02X}" for byte in letter.encode("utf-8", "surrogateescape"))
    return letter


def label_of(title: str) -> str:
    """A title, which is Markdown, as the text of a link: as it is where that reads the same, else escaped.

    >>> label_of("`new[]` 和 shared_ptr"), label_of("a [b"), label_of("[b](c)")
    ('`new[]` 和 shared_ptr', 'a \\\\[b', 'b')
    """
    from studykit.vault.markdown import plain

    flat = " ".join(title.split())
    wanted = " ".join(plain(flat).split())
    return flat if _reads_as(flat, wanted) else re.sub(r"([\\`*_~$<&\[\]!])", r"\\\1", wanted)


def _reads_as(label: str, wanted: str) -> bool:
    from studykit.vault.markdown import parser

    pieces = parser().parseInline(f"[{label}](a)")[0].children or []
    if len(pieces) < 2 or pieces[0].type != "link_open" or pieces[-1].type != "link_close":
        return False
    shown = "".join(piece.content for piece in pieces)
    return sum(piece.type == "link_open" for piece in pieces) == 1 and " ".join(shown.split()) == wanted


class Targets:
    """The files that links can name, by path below `root` and by name. Composed and decomposed letters are the same."""

    def __init__(self, paths: Sequence[str], root: str) -> None:
        self.root = root
        self.paths = {normalize("NFC", path): path for path in paths}
        self.names: dict[str, list[str]] = {}
        for path in paths:
            self.names.setdefault(_name(path), []).append(path)

    def find(self, link: Link, folder: str) -> str | None:
        """The file that a link in `folder` (relative to the root) names: from there, or (`[[name]]`) anywhere."""
        return self._named(link.address) if link.wiki else self.at(link.address, folder)

    def find_leniently(self, link: Link, folder: str) -> str | None:
        """The same, or what it names from the root or the folder that holds it, as lists of other tools have it."""
        places = () if link.wiki else ("", "..")
        return self.find(link, folder) or next(filter(None, (self.at(link.address, place) for place in places)), None)

    def at(self, address: str, folder: str) -> str | None:
        """The file that an address names from `folder`."""
        for path in paths_meant(address, folder):
            inside = relpath(join(self.root, path), self.root) if path.startswith("../") else path
            if found := self.paths.get(normalize("NFC", inside)):
                return found
        return None

    def _named(self, address: str) -> str | None:
        wanted = address.split("#")[0].split("^")[0].strip().removesuffix("\\")
        listed = self.names.get(_name(wanted), ())
        inside = [path for path in listed if _folded(path).endswith(_folded(wanted))]
        return min(inside, key=len, default=None)


def _name(path: str) -> str:
    return _folded(path).rpartition("/")[2]


def _folded(path: str) -> str:
    return normalize("NFC", path).removesuffix(".md").casefold()
