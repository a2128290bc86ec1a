"""Progress on work that takes a while, drawn on stderr."""

import os
import sys
import time


class Progress:
    """A progress bar on stderr, drawn from half a second on and only at a terminal."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._drawn = 0.0
        self._shown = os.isatty(2)

    def __call__(self, done: int, total: int, what: str) -> None:
        """Called by the use case after each note; `done == total` clears the bar."""
        now = time.monotonic()
        if not self._shown or now - self._began < 0.5:
            return
        if done >= total:
            _draw("")
        elif now - self._drawn >= 0.1:
            self._drawn = now
            filled = 30 * done // max(total, 1)
            _draw(f"{what} [{'#' * filled}{'.' * (30 - filled)}] {done}/{total}")


def _draw(bar: str) -> None:
    sys.stderr.write(f"\r\033[K{bar}")
    sys.stderr.flush()
