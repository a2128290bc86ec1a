"""The person's settings: TOML files read into checked values, each with the place it came from.

Three layers, later ones winning: the defaults here, the person's `config.toml` (see `places.config_file`),
and the vault's `.studykit/config.toml`, which travels with the notes.
"""

import os
from typing import Annotated, Any, Literal

import msgspec

from studykit.errors import SettingsError
from studykit.locale import _
from studykit.places import config_file, vault_config_file

# In order of preference: a full answer before a one-line one.
ANSWER_HEADINGS = (
    "面试标准答案", "标准面试答案", "面试标准回答", "标准面试回答", "面试标准表述", "标准精简答案", "标准答案",
    "标准回答", "精简答案", "精简回答", "核心回答", "核心答案", "参考答案", "参考回答", "面试答案", "面试回答",
    "面试式回答", "面试达标口语版", "口述答案", "简短回答", "简短答案", "简洁回答", "简要回答", "面试时的简洁总结",
    "面试简洁总结", "简答", "答案", "回答", "Answer", "Model answer", "Standard answer", "Interview answer",
    "Sample answer", "Reference answer", "Core answer", "Key answer", "Short answer", "Quick answer",
    "Concise answer", "The answer", "Answer in short", "TL;DR", "TLDR", "In short", "In a nutshell", "一句话回答",
    "一句话总结", "一句话概括", "In one sentence",
)  # fmt: skip

Hour = Annotated[int, msgspec.Meta(ge=0, le=23)]
Retention = Annotated[float, msgspec.Meta(ge=0.70, le=0.99)]
Count = Annotated[int, msgspec.Meta(ge=0, le=100_000)]
Days = Annotated[int, msgspec.Meta(ge=1, le=36_500)]
Clock = Annotated[str, msgspec.Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


Steps = Annotated[tuple[Days, ...], msgspec.Meta(min_length=1, max_length=100)]
Numbers = tuple[float, ...]
FsrsVersion = Literal["auto", "FSRS-4.5", "FSRS-5", "FSRS-6"]


class Ladder(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The fixed intervals of the scheduler `ladder`, in days, by a note's label; the last one repeats."""

    easy: Steps = (1, 3, 7, 15, 30, 60, 120)
    medium: Steps = (1, 2, 5, 10, 21, 45, 90)
    hard: Steps = (1, 1, 3, 7, 14, 30, 60)


class Preset(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """FSRS parameters that `decks`, and the folders in them, have for their own."""

    decks: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    parameters: Numbers
    parameters_version: FsrsVersion = "auto"


Minutes = Annotated[int, msgspec.Meta(ge=0, le=1_440)]
Share = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Span = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d\d-\d\d(\.\.\d{4}-\d\d-\d\d)?$")]


class Schedule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When cards return. `rollover_hour` is a local hour; `desired_retention` is the recall aimed at, 0.70 to 0.99.

    `parameters` are FSRS's, of the version named (auto: by their count); none means its defaults.
    `minutes_per_day` ends the day by the learner's own pace; 0 is no such limit. `backlog_order` rules on days that are
    too short for all that is due, `new_order` always. `bury_siblings`: of cards made from one place of a note, one a
    day. `easy_days` are shares of a usual day by day of the week, `vacations` days or spans `2026-12-24..2027-01-02`.
    """

    rollover_hour: Hour = 4
    desired_retention: Retention = 0.90
    new_per_day: Count = 20
    reviews_per_day: Count = 200
    minutes_per_day: Minutes = 30
    maximum_interval: Days = 36_500
    backlog_order: Literal["value", "due", "high-stability", "low-recall", "high-recall", "random"] = "value"
    new_order: Literal["note", "outline", "random", "label"] = "note"
    bury_siblings: bool = True
    easy_days: dict[Weekday, Share] = {}
    vacations: tuple[Span, ...] = ()
    scheduler: Literal["fsrs", "ladder", "sm2"] = "fsrs"
    parameters: Numbers = ()
    parameters_version: FsrsVersion = "auto"
    presets: tuple[Preset, ...] = ()
    ladder: Ladder = Ladder()


class Deck(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A day's limits of one deck and the decks below it, besides those of the whole day; None is no limit."""

    new_per_day: Count | None = None
    reviews_per_day: Count | None = None


class Notes(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which files are notes, what marks an answer, and when review values are written back."""

    include: tuple[str, ...] = ("**/*.md",)
    exclude: tuple[str, ...] = ()
    answer_headings: tuple[str, ...] = ANSWER_HEADINGS
    write_back: Literal["session", "sync", "never"] = "session"


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename="kebab"):
    """Which rules make cards; the names are those of `studykit cards`. The first are other programs' formats.

    `prose` decides over the others: auto lets them rest in a vault that is written for another program.
    """

    prose: Literal["auto", "on", "off"] = "auto"
    obsidian_to_anki: bool = True
    flashcards_obsidian: bool = True
    logseq: bool = True
    hashcards: bool = True
    obsidian_sr: bool = True
    anki_cloze: bool = True
    answer_section: bool = True
    lead: bool = True
    staged_answer: bool = True
    question_heading: bool = True
    question_word: bool = True
    inline_qa: bool = True
    quiz: bool = True
    table_row: bool = True


class Remind(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When a reminder is worth saying, and through what.

    `threshold` is the least number of due cards, `hours_between` the hours that lie between two reminders at least.
    `quiet_hours` are two local times, from and until, over midnight where the first is the later; empty for none.
    `channels` are `desktop`, `bell`, `text`, or the name of an address that is kept apart (`studykit remind --help`).
    """

    threshold: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 1
    quiet_hours: tuple[Clock, ...] = ("22:00", "08:00")
    hours_between: Annotated[int, msgspec.Meta(ge=0, le=168)] = 4
    after_review: bool = False
    streak: bool = False
    channels: tuple[str, ...] = ("desktop",)

    def __post_init__(self) -> None:
        if len(self.quiet_hours) not in (0, 2):
            said = _("quiet_hours: {n} given, expected two times (from, until) or none")
            raise ValueError(said.format(n=len(self.quiet_hours)))
        if any("://" in name for name in self.channels):
            raise ValueError(
                _(
                    "channels: this is an address, expected a name; an address holds secrets and these settings may be"
                    " synced (`studykit remind channel NAME` keeps it apart)"
                )
            )


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Everything a person can set. `language` is auto, en or zh_CN; an empty `editor` means $VISUAL or $EDITOR."""

    language: Literal["auto", "en", "zh_CN"] = "auto"
    editor: str = ""
    deck: dict[str, Deck] = {}
    schedule: Schedule = Schedule()
    notes: Notes = Notes()
    rules: Rules = Rules()
    remind: Remind = Remind()


class Loaded(msgspec.Struct, frozen=True):
    """Settings, and for each dotted key (`schedule.new_per_day`) the file it came from or `default`."""

    settings: Settings
    origins: dict[str, str]


def load(vault: str | None = None) -> Loaded:
    """Read the layers for `vault` (None: only the person's own). Raises SettingsError naming file and key."""
    merged: dict[str, Any] = {}
    origins = {key: "default" for key, _ in flatten(msgspec.to_builtins(Settings()))}
    files = [config_file()] + ([vault_config_file(vault)] if vault else [])
    for file in files:
        layer = _read(file)
        _checked(layer, file)
        _lay(merged, layer)
        origins |= {key: file for key, _ in flatten(layer)}
    return Loaded(_checked(merged, files[-1]), origins)


def flatten(values: dict[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    """Nested tables as (dotted key, value) pairs, in order; an empty table is a value."""
    pairs: list[tuple[str, Any]] = []
    for key, value in values.items():
        if isinstance(value, dict) and value:
            pairs += flatten(value, f"{prefix}{key}.")
        else:
            pairs.append((prefix + key, value))
    return pairs


def _lay(under: dict[str, Any], layer: dict[str, Any]) -> None:
    """Put one layer on what is there, table by table."""
    for key, value in layer.items():
        if isinstance(value, dict) and isinstance(under.get(key), dict):
            _lay(under[key], value)
        else:
            under[key] = value


def _read(file: str) -> dict[str, Any]:
    if not os.path.exists(file):
        return {}
    import tomllib  # late: many have no such file

    try:
        with open(file, "rb") as handle:
            return tomllib.load(handle)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            _("{file}: this is not TOML: {why}").format(file=file, why=error), _("Mend that line, or delete the file.")
        ) from error
    except OSError as error:
        raise SettingsError(
            _("{file} cannot be read: {why}").format(file=file, why=error.strerror),
            _("Check the file and its permissions."),
        ) from error


def _checked(values: dict[str, Any], file: str) -> Settings:
    try:
        return msgspec.convert(values, Settings)
    except msgspec.ValidationError as error:
        from studykit.settings_error import settings_error  # late: mostly all is well

        raise settings_error(error, values, file, Settings) from error


def as_toml(value: object) -> str:
    """A setting's value as TOML writes it on one line.

    >>> as_toml(True), as_toml(["a", "b"]), as_toml({"decks": ["a"]})
    ('true', '["a", "b"]', '{ decks = ["a"] }')
    """
    import json

    if isinstance(value, dict):
        pairs = ", ".join(f"{key} = {as_toml(each)}" for key, each in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
