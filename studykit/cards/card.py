"""What a rule makes of a note (`Draft`), and the card it becomes once its identity is settled (`Card`)."""

from datetime import date
from typing import Literal, NamedTuple

Kind = Literal["recall", "cloze", "typed", "numeric"]


class Schedule(NamedTuple):
    """What another program knows of a card: studied last on `last`, due `interval` days later, `reps` times in all.

    `label` is how hard it was: easy, medium or hard.
    """

    last: date
    interval: int
    reps: int
    label: str


class Draft(NamedTuple):
    """A card whose place among equal prompts is not known yet.

    `prompt` and `answer` are Markdown; `answer` is the note's own text, never re-rendered. `line` counts from 1 in
    the file. `context` says where the question stands (`deck › title › heading`), empty if the prompt says enough.
    `cloze` numbers the gaps of one prompt from 1 (0: none). `explicit_id` is an id the note itself gives.
    `key` is the text that identifies the card where the shown prompt carries more than the question.
    `schedule` is what the note itself says of earlier reviews of this card. `base` is `identity.base_of` the draft
    where it has been worked out already.
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
    schedule: Schedule | None = None
    base: str = ""


class Card(NamedTuple):
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
    schedule: Schedule | None = None


class Known(NamedTuple):
    """A card as an earlier sync left it, standing in a note or orphaned: what matching needs of it."""

    id: str
    base: str
    occurrence: int
    file: str
    prompt: str
    answer: str
    cloze: int = 0
