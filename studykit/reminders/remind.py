"""The use cases: what would be said now, and saying it once if it is due."""

import os
from contextlib import closing
from datetime import datetime
from typing import Any, NamedTuple

from studykit.errors import BusyError, StoreError, StudyError
from studykit.locale import _
from studykit.reminders import record
from studykit.reminders.channels.channel import Delivery, deliver
from studykit.reminders.decide import SPEAK, decide
from studykit.reminders.message import Message, compose
from studykit.store.database import Store, is_current, is_held, only_writer, open_store
from studykit.study.planning import days_ahead
from studykit.study.vault import Vault


class Reminder(NamedTuple):
    """A message, and why it is said or not: `due`, or one of `decide.SILENT`."""

    message: Message
    reason: str


class Outcome(NamedTuple):
    """What `remind_once` did. `result` is `delivered`, `nothing` or `failed`."""

    result: str
    reason: str
    message: Message | None
    deliveries: tuple[Delivery, ...]

    def as_plain(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "result": self.result,
            "reason": self.reason,
            "message": self.message.as_plain() if self.message else None,
            "channels": [delivery.as_plain() for delivery in self.deliveries],
        }


def reminder(vault: Vault, now: datetime) -> Reminder:
    """What would be said at `now`, with the verdict of `decide`; renews the outlook, touches nothing else.

    Raises StoreError when the vault was never read, or its store cannot be read now.
    """
    with closing(_reading(vault)) as store:
        ahead = days_ahead.renew(vault, store, now)
        message = compose(vault, store, now)
    said = record.delivered_at(record.read(vault.root))
    reason = decide(ahead, vault.day(now).isoformat(), now, said, is_held(vault.store_file))
    return Reminder(message, reason)


def _reading(vault: Vault) -> Store:
    """The store, open. One of an earlier version is brought up to date only when nobody else is at it."""
    if not os.path.exists(vault.store_file):
        raise StoreError(_("The notes in {folder} were never read.").format(folder=vault.root),
                         _("`studykit sync` reads them."))  # fmt: skip
    if is_current(vault.store_file):
        return open_store(vault.store_file)
    with only_writer(vault.store_file):
        return open_store(vault.store_file)


def remind_once(vault: Vault, now: datetime) -> Outcome:
    """Say it if it is due, over all channels of the settings, and record how that went.

    One channel that delivers is enough for `delivered`. Raises StoreError when the store cannot be read; that is
    recorded too.
    """
    try:
        message, reason = reminder(vault, now)
    except BusyError:  # a store that is being brought up to date
        record.write(vault.root, now, record.NOTHING, "studying-now")
        return Outcome(record.NOTHING, "studying-now", None, ())
    except StudyError as error:
        record.write(vault.root, now, record.FAILED, error.message)
        raise
    if reason != SPEAK:
        record.write(vault.root, now, record.NOTHING, reason)
        return Outcome(record.NOTHING, reason, message, ())
    done = deliver(message, vault.settings.remind.channels)
    result = record.DELIVERED if any(not each.error for each in done) else record.FAILED
    record.write(vault.root, now, result, reason, message.line, tuple(each.as_plain() for each in done))
    return Outcome(result, reason, message, done)


def in_words(reason: str) -> str:
    """Why a reminder is said or not, as a sentence."""
    return {
        SPEAK: _("It would be said now."),
        "nothing-due": _("Nothing is due, so nothing would be said."),
        "below-threshold": _("Fewer cards are due than the setting `remind.threshold` asks for."),
        "reviewed-today": _("Cards were reviewed today already, so nothing would be said."),
        "paused": _("Study is paused, so nothing would be said."),
        "quiet-hours": _("These are quiet hours, so nothing would be said."),
        "said-lately": _("A reminder was given a short while ago, so nothing would be said."),
        "studying-now": _("A session is open, so nothing would be said."),
    }[reason]
