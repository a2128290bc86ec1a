"""The desktop's own notification, through `notify-send`."""

import shutil
import subprocess

from studykit.locale import _
from studykit.reminders.channels.channel import TIMEOUT, ChannelError
from studykit.reminders.message import Message


class Desktop:
    """A popup; without a message bus there is none, and that is a failure."""

    def send(self, message: Message) -> None:
        """Raises ChannelError where there is no notify-send, or it fails."""
        program = shutil.which("notify-send")
        if program is None:
            raise ChannelError(_("notify-send is not installed."), _("On Debian: apt install libnotify-bin"))
        command = [program, "--app-name=studykit", message.title, message.body]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, check=False)
        except subprocess.TimeoutExpired as error:
            raise ChannelError(_("notify-send did not answer within {n} seconds.").format(n=int(TIMEOUT))) from error
        if done.returncode:
            why = done.stderr.strip() or f"exit {done.returncode}"
            raise ChannelError(_("The desktop took no notification: {why}").format(why=why))


CHANNEL = Desktop()
