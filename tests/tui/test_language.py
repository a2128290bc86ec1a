"""Every word of studykit's own goes through the catalogue at the moment it is shown."""

import re
from gettext import NullTranslations

import pytest

from studykit import locale
from studykit.tui.app import StudyApp
from studykit.tui.widgets.lines import LineView
from tests.tui.conftest import Study
from tests.tui.test_study_screen import press, text_of


class Marked(NullTranslations):
    """A language in which every message stands in guillemets."""

    def gettext(self, message: str) -> str:
        return f"«{message}»"

    def ngettext(self, one: str, many: str, count: int) -> str:
        return f"«{one if count == 1 else many}»"


@pytest.fixture
def app(study: Study, monkeypatch: pytest.MonkeyPatch) -> StudyApp:
    """Marked from now on: opening the vault chose a language, and no word may have been kept from before."""
    made = study(deck="1")
    monkeypatch.setattr(locale, "_chosen", Marked())
    return made


def unmarked(text: str) -> list[str]:
    """Words outside guillemets."""
    return re.findall(r"[A-Za-z]{2,}", re.sub(r"«[^»]*»", "", text))


async def test_hints_grades_and_status(app: StudyApp) -> None:
    async with app.run_test(size=(140, 40)) as pilot:
        await pilot.pause()
        assert "«show answer»" in text_of(app, "Hints")
        await press(pilot, "space")
        for place in ("Hints", "GradeBar"):
            assert not unmarked(text_of(app, place))
        assert "«learning»" in text_of(app, "StatusLine")
        assert text_of(app, "Checklist").startswith("«Key points")


async def test_help_and_summary(app: StudyApp) -> None:
    async with app.run_test(size=(140, 90)) as pilot:
        await press(pilot, "question_mark")
        table = app.screen.query_one("KeyTable", LineView)
        for line in table.drawn(140):
            assert not unmarked("".join(text for text, style in line if "key" not in style)), line
        await press(pilot, "q", "space", "3")
        assert "«Session done»" in text_of(app, "Figures")
        assert not unmarked(text_of(app, "Figures"))
