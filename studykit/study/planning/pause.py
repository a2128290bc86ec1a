"""A break: entered when it begins, ended when it ends (see `study.planning.breaks` for what follows from it)."""

from datetime import date, datetime

from studykit.store import events
from studykit.store.log import Log
from studykit.study.planning.breaks import Break, latest_break
from studykit.study.sessions.actions import keep, opened
from studykit.study.vault import Vault


def pause(vault: Vault, until: date) -> Break:
    """Begin a break that ends on the day `until`, or move the end of the one that runs. Raises BusyError, LogError."""
    now = datetime.now()
    with opened(vault) as store:
        made = events.Pause(**vault.stamp(now), until=until.isoformat())
        keep(vault, store, Log(vault.log_folder, vault.device), [made])
    return Break(vault.day(now), until)


def resume(vault: Vault) -> Break | None:
    """End the break that runs; None when there is none."""
    now = datetime.now()
    today = vault.day(now)
    with opened(vault) as store:
        running = latest_break(store)
        if running is None or not running.runs(today):
            return None
        made = events.Pause(**vault.stamp(now), until="")
        keep(vault, store, Log(vault.log_folder, vault.device), [made])
    return Break(running.start, today)
