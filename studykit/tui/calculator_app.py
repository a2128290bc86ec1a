"""The calculators on a screen of their own."""

from typing import Any

from textual.screen import Screen

from studykit.errors import ExitCode
from studykit.tui.app import CalmApp


class CalculatorApp(CalmApp):
    """Opens on the named calculator. Raises NotFoundError for a name there is not."""

    def __init__(self, name: str | None = None) -> None:
        from studykit.tui.screens.calculator import CalculatorScreen

        super().__init__()
        self._first = CalculatorScreen(name, leaves=True)

    def get_default_screen(self) -> Screen[Any]:
        return self._first


def run_calculators(name: str | None = None) -> int:
    """The calculator screen, by itself; the exit code."""
    app = CalculatorApp(name)
    code = app.run()
    return int(app.return_code or code or ExitCode.OK)
