"""Where a number is typed; while it is empty, the letters of the screen's keys are commands."""

from textual.binding import Binding
from textual.events import Key
from textual.widgets import Input

from studykit.tui.keys import DIGITS

_TYPED = {key for keys in DIGITS.values() for key in keys.split(",")} | {"space", "enter"}


class AnswerBox(Input):
    """An input that gives `q`, `?`, `u` … to the screen until something stands in it; no number begins with these.

    Escape empties it, and they are keys again.
    """

    async def _on_key(self, event: Key) -> None:
        if event.key == "escape" and self.value:
            event.stop()
            event.prevent_default()
            self.value = ""
            return
        action = None if self.value else self._command(event.key)
        if action is None:
            await super()._on_key(event)
            return
        event.stop()
        event.prevent_default()
        await self.screen.run_action(action)

    def _command(self, key: str) -> str | None:
        """What the screen does at this key, if it does anything at it and no answer begins with it."""
        if key in _TYPED:
            return None
        bound = (each for each in self.screen.BINDINGS if isinstance(each, Binding))
        return next((each.action for each in bound if key in each.key.split(",")), None)
