"""The terminal's bell and one line, on the terminal that the process stands in."""

from studykit.locale import _
from studykit.reminders.channels.channel import ChannelError
from studykit.reminders.message import Message

_TERMINAL = "/dev/tty"


class Bell:
    """Rings where a person may hear it; a process of the scheduler has no terminal, which is said."""

    def send(self, message: Message) -> None:
        """Raises ChannelError without a terminal."""
        try:
            with open(_TERMINAL, "w", encoding="utf-8", errors="replace") as terminal:
                terminal.write(f"\a{message.line}\n")
        except OSError as error:
            raise ChannelError(_("There is no terminal to ring in ({why}).").format(why=error.strerror)) from error


CHANNEL = Bell()
