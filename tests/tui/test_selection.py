"""Text marked with the mouse can be copied; Ctrl-C copies then, and leaves only when nothing is marked."""

from textual.geometry import Offset
from textual.selection import Selection

from studykit.tui.widgets.prose import Prose
from tests.tui.conftest import Study
from tests.tui.test_study_screen import SIZE, press


async def test_marked_text_is_copied_and_shown(study: Study) -> None:
    app = study(deck="1")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        prose = app.screen.query_one("#question", Prose)
        app.screen.selections = {prose: Selection(Offset(0, 0), Offset(3, 0))}
        await pilot.pause()
        styles = [segment.style for segment in prose.render_line(0)]
        assert styles[0] != styles[-1]
        await press(pilot, "ctrl+c")
        assert app.clipboard == "什么是"
        assert app.return_value is None


async def test_ctrl_c_leaves_when_nothing_is_marked(study: Study) -> None:
    app = study(deck="1")
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "ctrl+c")
    assert app.return_value == 130
