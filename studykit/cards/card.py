"""What a rule makes of a note (`Draft`), and the card it becomes once its identity is settled (`Card`)."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["recall", "cloze", "typed", "numeric"]


@dataclass(frozen=True, slots=True)
class Draft:
    """A card whose place among equal prompts is not known yet.

    `prompt` and `answer` are Markdown; `answer` is the note's own text, never re-rendered. `line` counts from 1 in
    the file. `context` says where the question stands (`deck › title › heading`), empty if the prompt says enough.
    `cloze` numbers the gaps of one prompt from 1 (0: none). `explicit_id` is an id the note itself gives.
    `key` is the text that identifies the card where the shown prompt carries more than the question.
    """

    rule: str
    kind: Kind
    deck: str
    file: str
    line: int
    prompt: str
    answer: str
    title: str
    context: str = ""
    label: str = "medium"
    tags: tuple[str, ...] = ()
    cloze: int = 0
    explicit_id: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One question with one answer. `base` hashes the prompt, `occurrence` counts cards of equal base from 0."""

    id: str
    rule: str
    kind: Kind
    deck: str
    file: str
    line: int
    prompt: str
    answer: str
    title: str
    context: str
    label: str
    tags: tuple[str, ...]
    cloze: int
    occurrence: int
    base: str


@dataclass(frozen=True, slots=True)
class Known:
    """A card as an earlier sync left it, standing in a note or orphaned: what matching needs of it."""

    id: str
    base: str
    occurrence: int
    file: str
    prompt: str
    answer: str
    cloze: int = 0
