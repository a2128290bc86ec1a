r"""TeX read as a tree by its own rules, and written as pieces of plain text."""

import re
from collections.abc import Sequence

from studykit.tui.prose import tex_signs as signs
from studykit.tui.prose.tex_pieces import Part, Piece, bracketed, joined

DEEPEST = 40
"""Groups within groups; no formula that a person wrote has more."""
_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|\d+(?:\.\d+)?|\s+|.", re.DOTALL)
_LETTER = re.compile(r"[^\W\d_]|[.…⋯]")
_OPERATORS = "=+-<>,;:*≤≥≈≠→⇒!?。，；：、"


class NotPlainError(ValueError):
    """Something that has no plain form of the same meaning."""


def pieces_of(tex: str) -> list[Piece]:
    """The pieces of a whole formula. Raises NotPlainError where it has no plain form."""
    reader = _Reader(_TOKEN.findall(tex))
    found = reader.sequence()
    if reader.at < len(reader.tokens):
        raise NotPlainError(reader.tokens[reader.at])
    return found


class _Reader:
    def __init__(self, tokens: list[str]) -> None:
        self.tokens, self.at, self.depth = tokens, 0, 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        if not token:
            raise NotPlainError
        self.at += 1
        return token

    def expect(self, wanted: str) -> None:
        if self.take() != wanted:
            raise NotPlainError(wanted)

    def sequence(self, until: tuple[str, ...] = ()) -> list[Piece]:
        """Pieces up to one of `until`, which is left, or to the end."""
        self.enter()
        found: list[Piece] = []
        while (token := self.peek()) and token not in until:
            if token in ("}", "&", r"\\", r"\end", r"\right"):
                raise NotPlainError(token)
            if token in "^_'":
                self.scripts(found)
            else:
                found += self.next_pieces(found)
        self.depth -= 1
        return found

    def enter(self) -> None:
        """One level deeper; who enters takes the level off again."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotPlainError

    def next_pieces(self, before: Sequence[Piece]) -> list[Piece]:
        """What the next token, or group, makes."""
        token = self.take()
        if token == "{":
            return self.rest_of_group()
        if token[0] == "\\":
            return self.command(token[1:], spaced=bool(before) and before[-1].part is Part.SPACE)
        if token.isspace():
            return [Piece("\n" if "\n" in token else " ", Part.SPACE)]
        if token == "~":
            return [Piece(" ", Part.SPACE)]
        return [Piece(token, _part_of(token))]

    def rest_of_group(self) -> list[Piece]:
        found = self.sequence(("}",))
        self.expect("}")
        return found

    def argument(self) -> list[Piece]:
        """A group, or one token; of a number its first digit."""
        while self.peek().isspace():
            self.at += 1
        token = self.take()
        if token == "{":
            return self.rest_of_group()
        if token[0].isdigit() and len(token) > 1:
            self.at -= 1
            self.tokens[self.at] = token[1:]
            return [Piece(token[0], Part.NUMBER)]
        self.at -= 1
        if token in ("}", "&", "^", "_", r"\\", r"\end", r"\right"):
            raise NotPlainError(token)
        self.enter()
        found = self.next_pieces(())
        self.depth -= 1
        return found

    def name(self) -> str:
        """A name in braces, as it stands."""
        self.expect("{")
        start = self.at
        while self.take() != "}":
            pass
        return "".join(self.tokens[start : self.at - 1])

    def scripts(self, found: list[Piece]) -> None:
        """Attach the scripts that come next to the last piece."""
        while found and found[-1].part is Part.SPACE:
            found.pop()
        if not found or found[-1].part in (Part.OPEN, Part.LOOSE, Part.PRODUCT):
            raise NotPlainError
        below: list[Piece] = []
        above: list[Piece] = []
        primes = ""
        while self.peek() in ("^", "_", "'"):
            mark = self.take()
            if mark == "'":
                primes += "'"
            elif mark == "^":
                above += self.argument()
            else:
                below += self.argument()
        found.append(_with_scripts(found.pop(), below, above, primes))

    def command(self, name: str, *, spaced: bool) -> list[Piece]:
        """The pieces of one command; `spaced`: a space stands before it."""
        name = name.removesuffix("*")
        if name in signs.LETTERS:
            letter = Piece(signs.LETTERS[name], Part.ATOM)
            return [letter, *self.no_space()] if letter.text.isalpha() else [letter]
        if name in signs.PREFIXES:
            return [Piece(signs.PREFIXES[name], Part.PREFIX), *self.no_space()]
        if name in signs.PRODUCTS or name in signs.RELATIONS:
            return self.operator(name, spaced=spaced)
        if name in signs.FUNCTIONS:
            return [Piece(name, Part.FUNCTION)]
        if name in signs.SUMS:
            return self.sum(signs.SUMS[name])
        for table, part in ((signs.OPENING, Part.OPEN), (signs.CLOSING, Part.CLOSE), (signs.BARS, Part.BAR)):
            if name in table:
                return [Piece(table[name], part)]
        if name in signs.SPACES:
            return [Piece(signs.SPACES[name], Part.SPACE)] if signs.SPACES[name] else []
        if name in signs.SILENT:
            return self.no_space()
        return self.shape(name)

    def no_space(self) -> list[Piece]:
        """Leave out the space that only ends a command's name; one before something that is no letter stays."""
        if self.peek().isspace():
            after = self.tokens[self.at + 1] if self.at + 1 < len(self.tokens) else ""
            if after[:1].isalnum() or after[:1] in ("\\", "{", ""):
                self.at += 1
        return []

    def operator(self, name: str, *, spaced: bool) -> list[Piece]:
        if self.peek().isspace():
            self.at += 1
        loose = name in signs.RELATIONS
        space = [Piece(" ", Part.SPACE)] if loose or spaced else []
        before = [] if spaced else space
        sign = signs.RELATIONS[name] if loose else signs.PRODUCTS[name]
        return [*before, Piece(sign, Part.LOOSE if loose else Part.PRODUCT), *space]

    def sum(self, sign: str) -> list[Piece]:
        """`Σ(i=1…n)` for a sum from and to, `Σᵢ` for one over something."""
        limits: dict[str, list[Piece]] = {}
        while self.peek() in ("_", "^", r"\limits", " "):
            mark = self.take()
            if mark in "_^":
                limits[mark] = self.argument()
        if "^" in limits:
            start = joined(limits.get("_", ())).strip()
            return [Piece(f"{sign}({start}…{joined(limits['^']).strip()})", Part.FUNCTION)]
        return [_with_scripts(Piece(sign, Part.FUNCTION), limits.get("_", []), [], "")]

    def shape(self, name: str) -> list[Piece]:
        """Commands that take groups."""
        if name in ("frac", "dfrac", "tfrac", "cfrac"):
            top, bottom = self.argument(), self.argument()
            return [Piece(f"{bracketed(top, product=True)}/{bracketed(bottom)}", Part.FRACTION)]
        if name == "sqrt":
            return [self.root()]
        if name in signs.FONTS:
            return self.font(name)
        if name in signs.ACCENTS:
            return [_accented(name, self.argument())]
        if name == "left":
            return self.between()
        if name == "begin":
            return [self.rows()]
        if name == "binom":
            return [Piece(f"C({joined(self.argument())},{joined(self.argument())})", Part.ATOM)]
        if name == "pmod":
            return [Piece(f" (mod {joined(self.argument())})", Part.LOOSE)]
        if name == "tag":
            return [Piece(f"  ({self.name()})", Part.LOOSE)]
        raise NotPlainError(name)

    def root(self) -> Piece:
        index = ""
        if self.peek() == "[":
            self.take()
            index = joined(self.sequence(("]",)))
            self.expect("]")
            if not all(letter in signs.SUPERSCRIPTS for letter in index):
                raise NotPlainError
        return Piece("".join(signs.SUPERSCRIPTS[i] for i in index) + "√" + bracketed(self.argument()), Part.ATOM)

    def font(self, name: str) -> list[Piece]:
        if name in signs.WORDS and self.peek() == "{":
            text = self.name()
            if re.search(r"[\\{}$^]", text):
                raise NotPlainError(text)
            return [Piece(text, Part.WORD)] if text else []
        found = self.argument()
        table = {"mathbb": signs.DOUBLE, "mathcal": signs.SCRIPT, "mathscr": signs.SCRIPT}.get(name, {})
        return [Piece("".join(table.get(letter, letter) for letter in text), part) for text, part in found]

    def between(self) -> list[Piece]:
        """`\\left( … \\right)`; a dot is no bracket."""
        first = self.delimiter(Part.OPEN)
        inner = self.sequence((r"\right",))
        self.expect(r"\right")
        return [*first, *inner, *self.delimiter(Part.CLOSE)]

    def delimiter(self, part: Part) -> list[Piece]:
        token = self.take()
        known = {**signs.BARS, **signs.OPENING, **signs.CLOSING}
        if token == ".":
            return []
        if token in "()[]|<>/":
            return [Piece(token, Part.BAR if token == "|" else part)]
        if token.startswith("\\") and token[1:] in known:
            return [Piece(known[token[1:]], part)]
        raise NotPlainError(token)

    def rows(self) -> Piece:
        """An environment: its rows one after another."""
        name = self.name().removesuffix("*")
        if name not in signs.ROWS:
            raise NotPlainError(name)
        if name == "array":
            self.name()
        rows: list[list[str]] = [[]]
        while True:
            rows[-1].append(joined(self.sequence(("&", r"\\", r"\end"))).strip())
            token = self.take()
            if token == r"\end":
                break
            if token == r"\\":
                rows.append([])
        self.name()
        before, between, after = signs.ROWS[name]
        comma = ", " if name == "cases" else " "
        lines = [comma.join(cell.rstrip(",") if name == "cases" else cell for cell in row) for row in rows]
        return Piece(before + between.join(line for line in lines if line.strip()) + after, Part.ATOM)


def _part_of(token: str) -> Part:
    if token[0].isdigit():
        return Part.NUMBER
    if _LETTER.match(token):
        return Part.ATOM
    if token in "([":
        return Part.OPEN
    if token in ")]":
        return Part.CLOSE
    if token == "|":
        return Part.BAR
    if token in "/×·÷":
        return Part.PRODUCT
    return Part.LOOSE if token in _OPERATORS else Part.ATOM


def _with_scripts(base: Piece, below: list[Piece], above: list[Piece], primes: str) -> Piece:
    text = f"({base.text})" if base.part is Part.FRACTION else base.text
    text += primes + _script(below, "_", signs.SUBSCRIPTS)
    text += _script(above, "^", signs.SUPERSCRIPTS)
    keeps = base.part in (Part.FUNCTION, Part.CLOSE, Part.BAR, Part.PREFIX, Part.WORD)
    return Piece(text, base.part if keeps else Part.ATOM)


def _script(pieces: list[Piece], mark: str, table: dict[str, str]) -> str:
    if not pieces:
        return ""
    text = joined(pieces).strip()
    if text in ("′", "°", "†", "*"):
        return text if mark == "^" else mark + text
    if len(text) > 2 and text.isalpha():
        return mark + text  # a name: `x_{max}`
    if text and all(letter in table for letter in text):
        return "".join(table[letter] for letter in text)
    if not text:
        raise NotPlainError
    return mark + (text if text.isalpha() else bracketed(pieces))


def _accented(name: str, pieces: list[Piece]) -> Piece:
    if len(pieces) == 1 and pieces[0].part is Part.ATOM and pieces[0].text[0].isalpha():
        text = pieces[0].text
        return Piece(text[0] + signs.ACCENTS[name] + text[1:], Part.ATOM)
    return Piece(f"{name}({joined(pieces).strip()})", Part.ATOM)
