"""Everything that the apprise library reaches: ntfy, Telegram, mail, Slack, WeCom, DingTalk, Feishu, Bark and more."""

import logging
import re
import threading
import time
import warnings

from studykit.errors import ReminderError
from studykit.locale import _
from studykit.reminders.addresses import address
from studykit.reminders.channels.channel import TIMEOUT, Channel, ChannelError
from studykit.reminders.message import Message

_ATTEMPTS = 2
_PAUSE = 1.0  # seconds before the second attempt
_CODE = re.compile(r"error=(\d{3})\b")


class Apprise:
    """One named address. The address is read when a message is sent, and forgotten."""

    def __init__(self, name: str) -> None:
        self.name = name

    def send(self, message: Message) -> None:
        """Two attempts within `TIMEOUT` seconds together. Raises ChannelError."""
        outcome: list[str] = []
        sending = threading.Thread(target=lambda: outcome.append(self._attempts(message)), daemon=True)
        sending.start()
        sending.join(TIMEOUT)  # an endpoint that hangs is left behind with its thread
        if not outcome:
            raise ChannelError(_("No answer within {n} seconds.").format(n=int(TIMEOUT)))
        if outcome[0]:
            raise ChannelError(outcome[0])

    def _attempts(self, message: Message) -> str:
        """Why it failed; empty when it was sent. What libraries warn of is not for the person, and may hold secrets."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                service = self._service()
            except ReminderError as error:
                return str(error).replace("\n", " ")
            why = ""
            for attempt in range(_ATTEMPTS):
                time.sleep(_PAUSE if attempt else 0.0)
                if not (why := _sent(service, message)):
                    break
            return why

    def _service(self) -> object:
        given = address(self.name)
        if not given:
            raise ChannelError(
                _("Nobody gave an address for the channel {name}.").format(name=self.name),
                _("`studykit remind channel {name}` takes one.").format(name=self.name),
            )
        try:
            import apprise
        except ImportError as error:
            raise ChannelError(_("This channel needs the extra `notify`."), "pip install 'studykit[notify]'") from error
        service = apprise.Apprise.instantiate(given, suppress_exceptions=True)
        if service is None:
            raise ChannelError(_("The address of {name} is of no kind that is known.").format(name=self.name))
        return service


class _Codes(logging.Handler):
    """Keeps the status codes of a failed request and nothing else: the log's texts may hold the address."""

    def __init__(self) -> None:
        super().__init__()
        self.codes: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """See `logging.Handler`."""
        self.codes += _CODE.findall(record.getMessage())


def _sent(service: object, message: Message) -> str:
    log = logging.getLogger("apprise")
    kept, handler = (log.propagate, log.level), _Codes()
    log.propagate = False
    log.setLevel(logging.WARNING)
    log.addHandler(handler)
    try:
        done = service.notify(body=message.body, title=message.title)  # type: ignore[attr-defined]
    except Exception as error:  # a plugin's own fault; its text may hold the address
        return _("The service failed ({why}).").format(why=type(error).__name__)
    finally:
        log.removeHandler(handler)
        log.propagate, log.level = kept
    if done:
        return ""
    if handler.codes:
        return _("The service refused the message (status {code}).").format(code=handler.codes[-1])
    return _("The service could not be reached, or refused the message.")


def named(name: str) -> Channel:
    """The channel of that address."""
    return Apprise(name)
