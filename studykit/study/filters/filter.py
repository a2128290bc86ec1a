"""The words of a FILTER: which cards a person means. One language for `review`, `cards` and `search`.

`气泡 deck:推理 -tag:draft (is:due or is:new)` – parts must all hold, unless `or` stands between them; parentheses
group; a leading `-` turns a part around. A word or a "phrase" must stand in the title, the prompt, the answer or the
tags (letter case and full-width forms do not matter): a Chinese one anywhere, one of an alphabet at the beginning of a
word, a quoted one as whole words.

deck:D tag:T    the start of a deck or tag, or of one of its folders
is:S            new due learning review suspended buried flagged leech orphaned
rule: kind: difficulty:   as `studykit show` names them; difficulty is the note's label
file: id:       a part of the path; the start of the id
added:7         notes created in the last 7 days; reviewed:1 seen today; rated:1:2 graded 2 today
prop:P<N        stability difficulty retrievability reps lapses, due (days from today), interval (days)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from studykit.study.filters.condition import Condition
from studykit.study.filters.filter_error import FilterError
from studykit.study.filters.filter_fields import FIELDS, STATES, Test, test_of
from studykit.study.filters.filter_parse import Either, Every, Node, Not, Term, parse, quote

__all__ = ["FIELDS", "STATES", "Condition", "Filter", "FilterError", "quote", "read_filter"]


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter, read. `tests` holds what each of its terms asks."""

    text: str
    tree: Node
    tests: dict[Term, Test]

    def condition(self, today: date) -> Condition:
        """The filter as SQL over `cards`, on the local day `today`."""
        found = self._of(self.tree, today)
        return Condition(f"({found.sql})", found.arguments)

    @property
    def words(self) -> tuple[Term, ...]:
        """The words and phrases that a card should have, in order; those behind a `-` are not among them."""
        return tuple(_words(self.tree))

    @property
    def needs_word(self) -> bool:
        """Whether every card that fits has one of `words`."""
        return _needs_word(self.tree)

    @property
    def means_orphans(self) -> bool:
        """Whether it speaks of cards that no note makes any more; else they are not meant."""
        return any(term.field == "is" and term.value.lower() == "orphaned" for term in self.tests)

    def _of(self, node: Node, today: date) -> Condition:
        match node:
            case Term():
                return self.tests[node](today)
            case Not():
                inner = self._of(node.part, today)
                return Condition(f"NOT ({inner.sql})", inner.arguments)
            case Every() | Either():
                joint = " AND " if isinstance(node, Every) else " OR "
                return _joined([self._of(part, today) for part in node.parts], joint)


def read_filter(text: str) -> Filter:
    """Read a filter. Raises FilterError pointing at the character that is wrong."""
    tree = parse(text)
    return Filter(text, tree, {term: test_of(term, text) for term in _terms(tree)})


def _terms(node: Node) -> list[Term]:
    match node:
        case Term():
            return [node]
        case Not():
            return _terms(node.part)
        case Every() | Either():
            return [term for part in node.parts for term in _terms(part)]


def _joined(parts: Sequence[Condition], joint: str) -> Condition:
    """Joined by halves: SQLite bounds the depth of an expression, and a chain is as deep as it is long."""
    if not parts:
        return Condition("1")
    if len(parts) == 1:
        return Condition(f"({parts[0].sql})", parts[0].arguments)
    half = len(parts) // 2
    left, right = _joined(parts[:half], joint), _joined(parts[half:], joint)
    return Condition(f"({left.sql}{joint}{right.sql})", left.arguments + right.arguments)


def _words(node: Node) -> list[Term]:
    match node:
        case Term():
            return [] if node.field else [node]
        case Not():
            return []
        case Every() | Either():
            return [word for part in node.parts for word in _words(part)]


def _needs_word(node: Node) -> bool:
    match node:
        case Term():
            return not node.field
        case Not():
            return False
        case Every():
            return any(_needs_word(part) for part in node.parts)
        case Either():
            return all(_needs_word(part) for part in node.parts)
