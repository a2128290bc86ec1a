"""How the main screens look, at three sizes, dark and light; the clock stands still.

After a change that was meant: look at the report of the failing run, then `pytest tests/tui --snapshot-update`.
"""

from collections.abc import Callable

import pytest

from studykit.tui.app import CalmApp
from studykit.tui.calculator_app import CalculatorApp
from tests.tui.conftest import Study

Compare = Callable[..., bool]
SIZES = {"60x20": (60, 20), "80x24": (80, 24), "120x40": (120, 40)}
USUAL = ("80x24", "dark")
LOOKS = [
    pytest.param(size, theme, marks=() if (size, theme) == USUAL else pytest.mark.slow, id=f"{size}-{theme}")
    for size in SIZES
    for theme in ("dark", "light")
]

every_look = pytest.mark.parametrize(("size", "theme"), LOOKS)


def themed(app: CalmApp, theme: str) -> CalmApp:
    app.theme = f"textual-{theme}"
    return app


@every_look
def test_answer(snap_compare: Compare, study: Study, size: str, theme: str) -> None:
    app = themed(study(deck="1"), theme)
    assert snap_compare(app, terminal_size=SIZES[size], press=["space", "wait:100"])


@every_look
def test_judged(snap_compare: Compare, study: Study, size: str, theme: str) -> None:
    app = themed(study(deck="2"), theme)
    assert snap_compare(app, terminal_size=SIZES[size], press=[*"43.75%", "enter", "wait:100"])


@every_look
def test_summary(snap_compare: Compare, study: Study, size: str, theme: str) -> None:
    app = themed(study(deck="1"), theme)
    assert snap_compare(app, terminal_size=SIZES[size], press=["space", "3", "wait:100"])


@every_look
def test_calculator(snap_compare: Compare, size: str, theme: str) -> None:
    app = themed(CalculatorApp("bubble"), theme)
    assert snap_compare(app, terminal_size=SIZES[size], press=["down", "right", "wait:100"])


@pytest.mark.parametrize(
    ("name", "keys"), [("question", []), ("help", ["question_mark"]), ("note", ["o", "tab", "down"])]
)
def test_other_screens(snap_compare: Compare, study: Study, name: str, keys: list[str]) -> None:
    assert name
    assert snap_compare(study(deck="1"), terminal_size=(80, 24), press=[*keys, "wait:100"])


@every_look
def test_search(snap_compare: Compare, study: Study, size: str, theme: str) -> None:
    app = themed(study(), theme)
    assert snap_compare(app, terminal_size=SIZES[size], press=["slash", *"气泡", "wait:1500", "down", "wait:100"])


def test_too_small(snap_compare: Compare, study: Study) -> None:
    assert snap_compare(study(deck="1"), terminal_size=(50, 12), press=["wait:100"])
