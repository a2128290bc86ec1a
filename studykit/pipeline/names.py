"""From what a person calls a schedule to the schedule."""

from studykit.pipeline.refusal import UnknownSchedule
from studykit.pipeline.schedules import SCHEDULES
from studykit.pipeline.schedules.schedule import Schedule


def _key(name: str) -> str:
    """Letters and digits alone; PyTorch's class names carry the word Schedule in front."""
    return "".join(letter for letter in name.lower() if letter.isalnum()).removeprefix("schedule")


_BY_NAME = {spelling: schedule for schedule in SCHEDULES.values() for spelling in (schedule.name, *schedule.aliases)}
_BY_KEY = {_key(spelling): schedule for spelling, schedule in _BY_NAME.items()}


def find(name: str) -> Schedule:
    """The schedule of that name or alias; letter case, blanks, hyphens and underscores do not matter.

    >>> find("PipeDream_Flush").name, find("ScheduleInterleaved1F1B").name
    ('1f1b', 'interleaved')

    Raises `UnknownSchedule`, which suggests the nearest names.
    """
    schedule = _BY_NAME.get(name) or _BY_KEY.get(_key(name)) if isinstance(name, str) else None
    if schedule is None:
        raise UnknownSchedule(name, _nearest(_key(str(name))), tuple(SCHEDULES))
    return schedule


def _nearest(key: str) -> tuple[str, ...]:
    from difflib import get_close_matches

    close = get_close_matches(key, _BY_KEY, n=6, cutoff=0.55)
    return tuple(dict.fromkeys(_BY_KEY[one].name for one in close))[:3]
