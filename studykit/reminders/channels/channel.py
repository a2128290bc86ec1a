"""What a channel is, and the delivery of one message over several of them."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any, NamedTuple, Protocol

from studykit.errors import ReminderError, StudyError
from studykit.locale import _
from studykit.reminders.message import Message

TIMEOUT = 10.0
"""Seconds that one channel may take, a second attempt included."""

BUILT_IN = ("desktop", "bell", "text")


class ChannelError(ReminderError):
    """A message could not be sent. The sentence holds no address and no secret."""


class Channel(Protocol):
    """A way to reach the person."""

    def send(self, message: Message) -> None:
        """Send, within `TIMEOUT` seconds. Raises ChannelError."""


class Delivery(NamedTuple):
    """How one channel did; `error` is empty where it did well."""

    channel: str
    error: str

    def as_plain(self) -> dict[str, Any]:
        """For JSON."""
        return {"channel": self.channel, "delivered": not self.error, "error": self.error}


def deliver(message: Message, names: Sequence[str]) -> tuple[Delivery, ...]:
    """Send over every channel of `names`; one that fails stops no other."""
    return tuple(Delivery(name, _sent(message, name)) for name in names)


def _sent(message: Message, name: str) -> str:
    try:
        channel(name).send(message)
    except StudyError as error:
        return str(error).replace("\n", " ")
    except Exception as error:  # a channel's own fault must not silence the others; its text may hold an address
        return _("{kind} in the channel {name}").format(kind=type(error).__name__, name=name)
    return ""


def channel(name: str) -> Channel:
    """The channel of that name: a built-in one, or that of an address. Raises ReminderError for no name at all."""
    if name in BUILT_IN:
        made: Channel = import_module(f"studykit.reminders.channels.{name}").CHANNEL
        return made
    from studykit.reminders.addresses import check_name
    from studykit.reminders.channels.apprise import named

    check_name(name)
    return named(name)
