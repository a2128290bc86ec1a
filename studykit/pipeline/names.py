"""From what a person calls a schedule to the schedule."""

from studykit.pipeline.refusal import UnknownSchedule
from studykit.pipeline.schedules import SCHEDULES
from studykit.pipeline.schedules.schedule import Schedule

_BY_NAME = {spelling: schedule for schedule in SCHEDULES.values() for spelling in (schedule.name, *schedule.aliases)}


def find(name: str) -> Schedule:
    """The schedule of that name or alias; case, blanks and underscores do not matter.

    >>> find("PipeDream_Flush").name
    '1f1b'

    Raises `UnknownSchedule`, which suggests the nearest names.
    """
    spelling = "-".join(name.lower().replace("_", " ").replace("-", " ").split())
    schedule = _BY_NAME.get(name) or _BY_NAME.get(spelling)
    if schedule is None:
        raise UnknownSchedule(name, _nearest(spelling), tuple(SCHEDULES))
    return schedule


def _nearest(spelling: str) -> tuple[str, ...]:
    from difflib import get_close_matches

    close = get_close_matches(spelling, _BY_NAME, n=6, cutoff=0.55)
    return tuple(dict.fromkeys(_BY_NAME[one].name for one in close))[:3]
