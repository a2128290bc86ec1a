"""Notes that the plugin Obsidian_to_Anki sends to Anki: `START … END` blocks and `STARTI [Basic] … ENDI` in a line.

The first line of a block names the note type, `Back:` and its like begin a field, `Tags:` and an id may stand at the
end. `TARGET DECK` names the deck of the file, `FILE TAGS` the tags of all its cards, `FROZEN - Basic:` what the fields
of all its notes of a type end with. The words are those of the vault's plugin settings, which may also give note types
a regular expression: its groups are the fields.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from studykit.cards.formats import anki_regexps
from studykit.cards.formats.inert import spans
from studykit.cards.formats.plugins import ObsidianToAnki, matches_glob, of_folders
from studykit.cards.formats.sr_schedule import without_comments
from studykit.cards.page import Found, Page
from studykit.cards.rules import anki_cloze
from studykit.errors import Problem
from studykit.locale import _
from studykit.vault.later import later

_FIELDS: Mapping[str, tuple[str, ...]] = {
    "Basic": ("Front", "Back"),
    "Basic (and reversed card)": ("Front", "Back"),
    "Basic (optional reversed card)": ("Front", "Back", "Add Reverse"),
    "Basic (type in the answer)": ("Front", "Back"),
    "Cloze": ("Text", "Extra", "Back Extra"),
}
_LABEL = later(r"([A-Z\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af][\w -]{0,30}):")
# A type's name is in the language of the Anki that made it.
# What Anki's own note types are called in its languages.
_REVERSED = later(
    r"reversed|Richtungen|umgekehrt|invers|invert|omgekeerd|omvän|omvend|obrácen|obráten|odwrócon|обратн|перев[её]рн"
    r"|обернен|зворотн|fordított|\bters\b|đảo|反転|反向|反转|翻转|翻轉|双向|뒤집",
    re.IGNORECASE,
)
_OPTIONAL = later(
    r"option|eine oder zwei|opcional|opzional|opțional|opcionál|opcjonaln|volitel|voliteľ|valfri|valgfri|необязательн"
    r"|необов|isteğe|tùy chọn|追加可能|可选|可選|選擇性|선택",
    re.IGNORECASE,
)
_ID = later(r"(?:<!--)?ID: (\d{1,20})")
_TYPE = later(r"\[([^\[\]]*)\]")
_CURLY = later(r"(?<!\{)\{(?:c?(\d{1,3})[:|])?(?![{\n])((?:[^{}\n]|\n(?!\n))+)\}(?!\})")
_HIGHLIGHT = later(r"==(?=[^=\s])(?:c?(\d{1,3})(?:::?|\|))?([^=\n]+)==")
_DELETION = later(r"\{\{c\d{1,3}::")
_MASK = "\ue000"
_LONGEST_LINE = 20_000  # characters of a line with notes in it


_Frozen = tuple[str, Mapping[str, str], tuple[int, int]]  # note type, its fields, the lines


class _Note(msgspec.Struct, frozen=True):
    kind: str
    fields: Mapping[str, str]
    identifier: str
    tags: tuple[str, ...]
    start: int
    end: int


def find(page: Page) -> Iterator[Found]:
    """The cards of every block, of every note within a line, and of what the settings' regular expressions find."""
    options = page.options.plugins.obsidian_to_anki
    words = [options.begin] if options.begin_inline.startswith(options.begin or " ") else _words(options)
    marked = any(word and word in page.note.body for word in words)
    if not (marked or options.regexps) or _is_left_out(page.note.path, options):
        return
    deck = _after(page, options.deck_line) or _default_deck(page.note.path, options)
    of_path = " ".join(of_folders(page.note.path, options.tags))
    tags = (*of_path.split(), *_after(page, options.tags_line).split())
    found = list(_notes(page, options)) if marked else []
    found += _by_expression(page, options, found) if options.regexps else []
    frozen = {kind: fields for kind, fields, _span in (*_frozen_ahead(page, options), *_frozen(page, options))}
    for note in found:
        if note.kind in frozen:
            note = replace(note, fields=_joined(note.fields, frozen[note.kind]))
        for card in _cards(page, note, options):
            yield card._replace(deck=deck.replace("::", "/").strip("/"), tags=(*note.tags, *tags))


def _is_left_out(path: str, options: ObsidianToAnki) -> bool:
    outside = bool(options.directory) and not path.startswith(f"{options.directory}/")
    return outside or matches_glob(path, options.ignored_paths)


def _default_deck(path: str, options: ObsidianToAnki) -> str:
    if options.deck_of_path:
        return path.removesuffix(".md")
    return next(of_folders(path, options.decks), options.deck)


def _frozen(page: Page, options: ObsidianToAnki) -> Iterator[_Frozen]:
    """What all notes of a type have in common at the end of their fields, and the lines where it stands."""
    numbers = page.lines_with(f"\n{options.frozen_line} - ") if options.frozen_line else ()
    return _frozen_among(page.lines, numbers, options)


def _frozen_ahead(page: Page, options: ObsidianToAnki) -> Iterator[_Frozen]:
    """The same in the frontmatter, which is text like any other to the plugin."""
    head = page.note.text[: len(page.note.text) - len(page.note.body)]
    opening = f"{options.frozen_line} - "
    if not options.frozen_line or opening not in head:
        return iter(())
    lines = head.split("\n")
    lines = lines[: lines.index("---", 1)] if "---" in lines[1:] else lines
    return _frozen_among(lines, [at for at, line in enumerate(lines) if line.startswith(opening)], options)


def _frozen_among(lines: Sequence[str], numbers: Iterable[int], options: ObsidianToAnki) -> Iterator[_Frozen]:
    after = 0
    for number in numbers:
        line = lines[number].rstrip()
        if number >= after and line.endswith(":"):
            after = end = next((at for at in range(number + 1, len(lines)) if not lines[at]), len(lines))
            kind = line.removeprefix(f"{options.frozen_line} - ").removesuffix(":")
            yield kind, _fields(kind, options, lines[number + 1 : end]), (number, end)


def _joined(fields: Mapping[str, str], more: Mapping[str, str]) -> Mapping[str, str]:
    return {name: "\n".join(part for part in (text, more.get(name, "")) if part) for name, text in fields.items()}


def _after(page: Page, word: str) -> str:
    """What stands behind a word at the start of a line, of the frontmatter too: `word: text`, or the line below it."""
    if not word or word not in page.note.text:
        return ""
    found = re.search(rf"^{re.escape(word)}(?:\n|: )(.*)", page.note.text, re.MULTILINE)
    return found[1].strip() if found else ""


def _words(options: ObsidianToAnki) -> list[str]:
    return [word for word in (options.begin, options.begin_inline) if word]


def _notes(page: Page, options: ObsidianToAnki) -> Iterator[_Note]:
    """The notes that words open. In a comment they are some: people hide them there; in code those that Anki has."""
    after = 0
    is_open = False  # a note that does not end, and so none below it does; those within a line are read all the same
    fenced = {line for fence in page.note.outline.fences for line in range(fence.line, fence.end)}
    for number in page.lines_with(*_words(options)):
        line, in_code = page.lines[number], number in fenced and not options.installed
        if line.rstrip() != options.begin:
            if options.begin_inline and options.end_inline and len(line) <= _LONGEST_LINE:
                notes = _inline(line, number, options)
                yield from _seen(page, options, (note for note in notes if note.identifier or not in_code))
        elif number >= after and not is_open:
            end = _end(page, number + 1, options.end)
            if end is None:
                is_open = True
                if not in_code:
                    _report_open(page, options, number)
            else:
                after = end + 1
                block = _block(page, number, end, options)
                yield from _seen(page, options, (note for note in block if note.identifier or not in_code))


def _report_open(page: Page, options: ObsidianToAnki, number: int) -> None:
    message = _("{begin} without {end} below it; its note is left out")
    message = message.format(begin=options.begin, end=options.end)
    page.problems.append(Problem(page.note.path, page.file_line(number), message))


def _seen(page: Page, options: ObsidianToAnki, notes: Iterator[_Note]) -> Iterator[_Note]:
    """The notes that the plugin sees, if it is there; an id shows that it did. The others are reported."""
    for note in notes:
        line = page.lines[note.start]
        if not options.installed or note.identifier:
            yield note
        elif options.fields and note.kind not in options.fields:
            message = _("Obsidian_to_Anki knows no note type {kind}; its note is left out").format(kind=note.kind)
            page.problems.append(Problem(page.note.path, page.file_line(note.start), message))
        elif line != line.rstrip() == options.begin:
            message = _("blanks behind {begin}: Obsidian_to_Anki sees no note there").format(begin=options.begin)
            page.problems.append(Problem(page.note.path, page.file_line(note.start), message))
        else:
            yield note


def _end(page: Page, start: int, word: str) -> int | None:
    return next((number for number in range(start, page.size) if page.lines[number].startswith(word)), None)


def _block(page: Page, start: int, end: int, options: ObsidianToAnki) -> Iterator[_Note]:
    lines = "\n".join(line.rstrip() for line in page.lines[start + 1 : end]).strip().split("\n")
    identifier = _ID.search(lines[-1])
    lines = lines[:-1] if identifier else lines
    tags = lines.pop().removeprefix("Tags:").split() if lines and f"{lines[-1]} ".startswith("Tags: ") else []
    if not lines:
        return
    kind = lines[0].strip()
    texts = _fields(kind, options, lines[1:])
    yield _Note(kind, texts, identifier[1] if identifier else "", tuple(tags), start, end + 1)


def _fields(kind: str, options: ObsidianToAnki, lines: Sequence[str]) -> Mapping[str, str]:
    """The text of each field: what follows its name, the first field's from the start."""
    names = _names(kind, options, lines)
    fields: dict[str, list[str]] = {name: [] for name in names}
    current = names[0]
    for line in lines:
        named = next((name for name in names if line.startswith(f"{name}:")), None)
        current = named or current
        fields[current].append(line.removeprefix(f"{named}:") if named else line)
    return {name: "\n".join(own).strip() for name, own in fields.items()}


def _inline(line: str, number: int, options: ObsidianToAnki) -> Iterator[_Note]:
    for piece in line.split(options.begin_inline)[1:]:
        text, closed, _ = piece.partition(options.end_inline)
        kind = _TYPE.search(text)
        if not closed or not kind:
            continue
        identifier = _ID.search(text)
        text = text[: identifier.start()] if identifier else text
        text, _, tags = text.partition("Tags: ")
        names = _names(kind[1], options, [])
        fields: dict[str, list[str]] = {name: [] for name in names}
        current = names[0]
        for word in text[kind.end() :].split():
            named = word[:-1] if word.endswith(":") and word[:-1] in fields else ""
            current = named or current
            fields[current] += [] if named else [word]
        texts = {name: " ".join(words) for name, words in fields.items()}
        yield _Note(kind[1], texts, identifier[1] if identifier else "", tuple(tags.split()), number, number + 1)


def _by_expression(page: Page, options: ObsidianToAnki, earlier: Sequence[_Note]) -> Iterator[_Note]:
    """What the expressions find outside of code, formulas and earlier notes, each place once."""
    body = page.note.body
    lines = _Lines(body)
    taken = [*spans(body), *_settings_lines(page, options)]
    taken += [(lines.start(note.start), lines.start(note.end)) for note in earlier]
    taken += [(lines.start(fence.line), lines.start(fence.end)) for fence in page.note.outline.fences]
    for kind, expression in options.regexps.items():
        try:
            for match in anki_regexps.notes(body, expression, taken):
                note = _matched(kind, match, options, lines)
                if note is not None:
                    taken.append((match.start, match.end))
                    yield note
        except anki_regexps.Refused as refused:
            if not anki_regexps.unreadable(expression):
                message = _("the regular expression of Obsidian_to_Anki for {kind} is left out here: {why}")
                message = message.format(kind=kind, why=refused)
                page.problems.append(Problem(page.note.path, page.file_line(0), message))


def _settings_lines(page: Page, options: ObsidianToAnki) -> Iterator[tuple[int, int]]:
    """Where the deck, the tags and the frozen fields of the file stand."""
    lines = _Lines(page.note.body)
    for _kind, _held, (start, end) in _frozen(page, options):
        yield lines.start(start), lines.start(end)
    for word in (options.deck_line, options.tags_line):
        for number in page.lines_with(f"\n{word}") if word else ():
            alone = page.lines[number].rstrip() == word
            if not (alone or page.lines[number].startswith(f"{word}: ")):
                continue  # a word like `deck` may begin any sentence
            yield lines.start(number), lines.start(number + 1 + alone)


class _Lines:
    """Places in a text by line and back."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._end = len(text)

    def start(self, line: int) -> int:
        return self._starts[line] if line < len(self._starts) else self._end

    def of(self, place: int) -> int:
        return bisect_right(self._starts, place) - 1


def _matched(kind: str, match: anki_regexps.RegexNote, options: ObsidianToAnki, lines: _Lines) -> _Note | None:
    """A match as a note; one of a cloze type without a deletion is none."""
    names = options.fields.get(kind) or _FIELDS.get(kind) or _named(kind, len(match.groups))
    fields = dict.fromkeys(names, "") | {name: text.strip() for name, text in zip(names, match.groups, strict=False)}
    if "Cloze" in kind and not any(_DELETION.search(_with_deletions(text, options)) for text in fields.values()):
        return None
    first = match.start + len(match.groups[0]) - len(match.groups[0].lstrip("\n")) if match.groups else match.start
    start, end = lines.of(first), lines.of(max(match.start, match.end - 1)) + 1
    return _Note(kind, fields, match.identifier, tuple(match.tags.split()), start, end)


def _named(kind: str, groups: int) -> Sequence[str]:
    known = _FIELDS["Cloze"] if "cloze" in kind.lower() else ("Front", "Back")
    return (*known, *(f"Field {number}" for number in range(len(known) + 1, groups + 1)))


def _names(kind: str, options: ObsidianToAnki, lines: Sequence[str]) -> Sequence[str]:
    """The fields of a note type; of one that nobody knows, those that the note itself names."""
    known = options.fields.get(kind) or _FIELDS.get(kind)
    if known:
        return known
    if "cloze" in kind.lower():
        return _FIELDS["Cloze"]
    named = [label[1] for line in lines if (label := _LABEL.match(line))]
    if "Back" in named:  # as almost every type of one's own has it; other labels are words of the text
        return ("Front", "Back")
    lead = next((line for line in lines if line.strip()), "")
    return tuple(dict.fromkeys([*([] if _LABEL.match(lead) else ["Front"]), *named[:10], "Back"]))


def _cards(page: Page, note: _Note, options: ObsidianToAnki) -> Iterator[Found]:
    # Another plugin's schedule behind a line is no part of what is asked.
    first, *others = map(without_comments, note.fields.values())
    optional = bool(_OPTIONAL.search(note.kind))
    switch = list(note.fields)[2] if optional and len(note.fields) > 2 else "Add Reverse"  # of optional types the third
    rest = "\n\n".join(
        text for name, text in zip(list(note.fields)[1:], others, strict=True) if text and name != switch
    )
    braces = options.keyword in note.kind or not options.installed
    known = "cloze" in note.kind.lower() or (options.curly and options.installed and braces)
    if known or _DELETION.search(first):  # type names are in the language of their Anki
        text = _with_deletions(first, options) if braces else first
        for card in anki_cloze.found(page, text, note.start, note.end, note.identifier, in_code=True):
            yield card._replace(answer=f"{card.answer}\n\n{rest}" if rest else card.answer)
        return
    if not (first and rest):
        return
    yield Found(first, rest, note.start, note.end, page.heading_at(note.start), explicit_id=note.identifier)
    if _REVERSED.search(note.kind) and (note.fields.get(switch) or not optional):
        again = f"{note.identifier}-2" if note.identifier else ""
        yield Found(rest, first, note.start, note.end, page.heading_at(note.start), explicit_id=again)


def _with_deletions(text: str, options: ObsidianToAnki) -> str:
    """`{gap}`, `{2:gap}` and, if the settings say so, highlights as Anki writes deletions, outside code and formulas.

    Those without a number are counted.
    """
    if not options.curly:
        return text
    masked = _masked(text)
    marks = [*_CURLY.finditer(masked), *(_HIGHLIGHT.finditer(masked) if options.highlights else ())]
    pieces: list[str] = []
    at = count = 0
    for mark in sorted(marks, key=lambda mark: mark.start()):
        if mark.start() < at:
            continue
        number = mark[1]
        count += number is None
        pieces += [text[at : mark.start()], f"{{{{c{number or count}::", text[slice(*mark.span(2))], "}}"]
        at = mark.end()
    return "".join([*pieces, text[at:]])


def _masked(text: str) -> str:
    """`text` with code, formulas and comments blotted out, as long as it was."""
    pieces: list[str] = []
    at = 0
    for start, end in spans(text):
        pieces += [text[at:start], _MASK * (end - start)]
        at = end
    return "".join([*pieces, text[at:]])
