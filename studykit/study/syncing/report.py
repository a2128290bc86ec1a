"""What a sync found, as plain values and as the text and JSON of the command."""

from typing import Any

import msgspec

from studykit.errors import Problem
from studykit.locale import _, ngettext


class NoteCounts(msgspec.Struct):
    """Notes by what became of them; `skipped` are files that are no study material (rules for editors, templates)."""

    seen: int = 0
    new: int = 0
    changed: int = 0
    moved: int = 0
    gone: int = 0
    skipped: int = 0


class CardCounts(msgspec.Struct):
    """Cards by what became of them. `moved`: same question, other file; `edited`: its text changed, history kept;
    `orphaned`: no note makes it any more and nothing like it was found. `by_rule` counts all that stand now."""

    new: int = 0
    kept: int = 0
    moved: int = 0
    edited: int = 0
    orphaned: int = 0
    by_rule: dict[str, int] = msgspec.field(default_factory=dict)


class SyncReport(msgspec.Struct):
    """The outcome of one sync. `problems` are those of the notes as they stand, old ones included.

    `successors` gives for each card that was edited or moved under a new id that id. `settled` are the notes whose
    merge conflict was over review fields alone and is gone. `prose_rests` says that only what is marked as a card is
    one (see `study.syncing.prose`).
    """

    notes: NoteCounts = msgspec.field(default_factory=NoteCounts)
    cards: CardCounts = msgspec.field(default_factory=CardCounts)
    problems: list[Problem] = msgspec.field(default_factory=list)
    written_back: int = 0
    settled: list[str] = msgspec.field(default_factory=list)
    successors: dict[str, str] = msgspec.field(default_factory=dict)
    prose_rests: bool = False

    def as_json(self) -> dict[str, Any]:
        """The names that other programs build on."""
        notes, cards = self.notes, self.cards
        return {
            "notes": {name: getattr(notes, name) for name in ("seen", "new", "changed", "moved", "gone", "skipped")},
            "cards": {
                **{name: getattr(cards, name) for name in ("new", "kept", "moved", "edited", "orphaned")},
                "by_rule": dict(sorted(cards.by_rule.items())),
            },
            "settled": self.settled,
            "problems": [{"file": p.file, "line": p.line, "message": p.message} for p in self.problems],
        }

    def found_change(self) -> bool:
        """Whether notes or cards are not what they were at the sync before."""
        notes, cards = self.notes, self.cards
        return any((notes.new, notes.changed, notes.moved, notes.gone, cards.new, cards.moved, cards.edited))

    def changes(self) -> str:
        """What changed, in one line."""
        shown = self.as_json()
        notes = _("notes {new} new, {changed} changed, {moved} moved, {gone} gone").format(**shown["notes"])
        cards = _("cards {new} new, {moved} moved, {edited} edited").format(**shown["cards"])
        return f"{notes}; {cards}"

    def as_text(self) -> str:
        """Three lines and one for each rule."""
        shown = self.as_json()
        lines = [
            _("notes  {seen} seen, {new} new, {changed} changed, {moved} moved, {gone} gone, {skipped} skipped").format(
                **shown["notes"]
            ),
            _("cards  {new} new, {kept} kept, {moved} moved, {edited} edited, {orphaned} orphaned").format(
                **shown["cards"]
            ),
        ]
        lines += [f"       {count:5}  {rule}" for rule, count in shown["cards"]["by_rule"].items()]
        if self.prose_rests:
            lines.append(_("prose makes no cards: notes are marked for another program (setting `rules.prose`)"))
        if self.written_back:
            renewed = ngettext(
                "review fields renewed in {n} note", "review fields renewed in {n} notes", self.written_back
            )
            lines.append(renewed.format(n=self.written_back))
        lines += [
            _("settled: a merge conflict over review fields in {file}; `git add` it").format(file=file)
            for file in self.settled
        ]
        return "\n".join(lines)
