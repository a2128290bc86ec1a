"""Settings of a home-made review planner (YAML), read into this vault's: its intervals by label and daily limits."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from studykit.errors import SettingsError
from studykit.locale import _
from studykit.settings import flatten
from studykit.study.setting_up.settings_file import set_in_vault
from studykit.study.vault import Vault

_NO_LIMIT = 100_000
_LABELS = ("easy", "medium", "hard")


@dataclass(slots=True)
class Imported:
    """What a file came to: settings with their new values and the key each is from; keys not taken, with the reason.

    `file`: the settings file that was written; empty if nothing was.
    """

    values: dict[str, object] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)
    file: str = ""


def import_settings(vault: Vault, path: str, *, dry_run: bool = False) -> Imported:
    """Take over what `path` says in the terms of this program; with `dry_run` only tell.

    Raises SettingsError if the file cannot be read, holds nothing that is understood, or says something impossible.
    """
    found = _read(path)
    made = Imported()
    known = {key for key, _value in flatten(found)}
    for take in (_intervals, _limits):
        take(path, found, made)
    taken = {key for source in made.sources.values() for key in source.split(" + ")}
    for key in sorted(known - taken, key=list(dict(flatten(found))).index):
        made.left[key] = _reason(key, dict(flatten(found))[key])
    if not made.values:
        raise SettingsError(
            _("{file} says nothing that a schedule is made of.").format(file=path),
            _("Expected is `review_intervals:` with easy, medium and hard, each a list of days."),
        )
    if not dry_run:
        made.file = set_in_vault(vault.root, made.values)
    return made


def _read(path: str) -> dict[str, Any]:
    import yaml

    try:
        with open(path, "rb") as file:
            found = yaml.safe_load(file)
    except OSError as error:
        raise SettingsError(
            _("{file} cannot be read: {reason}").format(file=path, reason=error.strerror or error),
            _("Name a YAML file."),
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        said = " ".join(str(error).split())
        raise SettingsError(
            _("{file} is no YAML: {error}").format(file=path, error=said), _("Mend that line.")
        ) from error
    if not isinstance(found, dict):
        raise SettingsError(_("{file} holds no settings by name.").format(file=path), _("Name a YAML file."))
    return {str(key): value for key, value in found.items()}


def _intervals(path: str, found: Mapping[str, Any], made: Imported) -> None:
    listed = found.get("review_intervals")
    if not isinstance(listed, dict):
        return
    for label in _LABELS:
        if label not in listed:
            continue
        steps = listed[label]
        sound = isinstance(steps, list) and bool(steps) and all(type(step) is int and step >= 1 for step in steps)
        if not sound or any(after < before for before, after in pairwise(steps)):
            raise SettingsError(
                _(
                    "{file}: review_intervals.{label} is {found}; expected are whole days from 1 on, never falling."
                ).format(file=path, label=label, found=steps),
                _("For example [1, 3, 7, 15, 30]."),
            )
        _take(made, f"schedule.ladder.{label}", list(steps), f"review_intervals.{label}")
    if made.values:
        made.values = {"schedule.scheduler": "ladder", **made.values}


def _limits(path: str, found: Mapping[str, Any], made: Imported) -> None:
    listed = found.get("daily_review")
    if not isinstance(listed, dict):
        return
    names = [name for name in ("max_overdue", "max_today") if name in listed]
    values = [listed[name] for name in names]
    if not all(type(value) is int and value >= 0 for value in values):
        raise SettingsError(
            _("{file}: daily_review: a limit must be a whole number from 0 on; 0 is no limit.").format(file=path),
            _("For example `max_today: 20`."),
        )
    if names:
        most = _NO_LIMIT if 0 in values else min(sum(values), _NO_LIMIT)
        _take(made, "schedule.reviews_per_day", most, " + ".join(f"daily_review.{name}" for name in names))


def _take(made: Imported, key: str, value: object, source: str) -> None:
    made.values[key] = value
    made.sources[key] = source


def _reason(key: str, value: object) -> str:
    """Why a key is not taken over."""
    return next((why(value) for start, why in _reasons() if key.startswith(start)), _("not understood"))


def _reasons() -> Iterator[tuple[str, Callable[[object], str]]]:
    def says(text: str) -> Callable[[object], str]:
        return lambda _value: text

    yield (
        "default_difficulty",
        lambda value: (
            _("already so: a note without a label counts as medium")
            if value == "medium"
            else _("a note without a label counts as medium here")
        ),
    )
    yield "daily_review.max_this_week", says(_("there is no limit by the week here; `studykit plan` looks ahead"))
    yield "daily_review.sort_weights", says(_("the order of a session is the scheduler's"))
    yield "paths.", says(_("which files are notes is the setting notes.include"))
    yield (
        "gamification.",
        says(_("levels follow from what is known, not from clicks: see `studykit stats`")),
    )
    yield "backup.", says(_("the log is never rewritten; back up the notes folder"))
    yield "git_auto_commit.", says(_("committing is left to you"))
    yield "statistics.", says(_("see `studykit stats`"))
