"""The words on standard output: for logs, for mail that cron sends, for a person who runs it by hand."""

import sys

from studykit.reminders.message import Message


class Text:
    """Prints the long form."""

    def send(self, message: Message) -> None:
        """Print and flush."""
        sys.stdout.write(message.body + "\n")
        sys.stdout.flush()


CHANNEL = Text()
