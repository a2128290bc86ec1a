"""Live calculators in a note: where they stand, what they do, what they keep."""

import pytest
from textual.app import ComposeResult

from studykit.tui.app import CalmApp
from studykit.tui.screens.frame import Body
from studykit.tui.widgets.calc_block import CalcBlock
from studykit.tui.widgets.lines import LineView
from studykit.tui.widgets.note_view import NoteView
from tests.tui.conftest import Study
from tests.tui.test_study_screen import press, text_of

TWO = "bubble schedule=1f1b stages=8 microbatches=16\n# a remark\nbubble schedule=gpipe stages=4 microbatches=8"
CALC = "```calc\nbubble schedule=1f1b stages=8 microbatches=16\n```"
NESTED = """前

- 一

  1. 二

     ```calc
     bubble schedule=gpipe stages=4 microbatches=8
     ```

  后面

末
"""


class Note(CalmApp):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def compose(self) -> ComposeResult:
        with Body():
            yield NoteView(self.text)


def lines_of(view: LineView) -> str:
    return "\n".join("".join(text for text, _style in line) for line in view.drawn(view.content_size.width or 80))


async def test_arrows_change_and_figures_follow() -> None:
    app = Note(f"上\n\n{CALC}\n\n下")
    async with app.run_test(size=(100, 50)) as pilot:
        block = app.query_one(CalcBlock)
        assert "30.43 %" in lines_of(block)
        block.focus()
        await pilot.press("down", "right")
        assert block.calculation.inputs["stages"] == 9
        assert "33.33 %" in lines_of(block)
        await pilot.press("down", "3", "2", "enter")
        assert block.calculation.inputs["microbatches"] == 32
        await pilot.press("shift+left")
        assert block.calculation.inputs["microbatches"] == 16
        await pilot.press("9", "escape")
        assert block.calculation.inputs["microbatches"] == 16


async def test_the_mouse_changes_a_value() -> None:
    app = Note(CALC)
    async with app.run_test(size=(100, 50)) as pilot:
        await pilot.pause()
        block = app.query_one(CalcBlock)
        line = "".join(text for text, _style in block.drawn(block.content_size.width)[2])
        await pilot.click(CalcBlock, offset=(line.index(" >") + 2, 2))
        await pilot.pause()
        assert block.calculation.inputs["stages"] == 9
        await pilot.click(CalcBlock, offset=(line.index("<") + 1, 2))
        assert block.calculation.inputs["stages"] == 8


async def test_a_nested_block_lives_where_it_stands() -> None:
    app = Note(NESTED)
    async with app.run_test(size=(100, 50)) as pilot:
        await pilot.pause()
        block = app.query_one(CalcBlock)
        assert block.region.x > app.query_one(NoteView).region.x
        above, below = list(app.query("Prose").results(LineView))
        assert above.region.bottom <= block.region.y
        assert below.region.y >= block.region.bottom
        assert block.calculation.inputs["stages"] == 4


async def test_what_was_set_survives_a_new_rendering() -> None:
    app = Note(f"一\n\n{CALC}")
    async with app.run_test(size=(100, 50)) as pilot:
        app.query_one(CalcBlock).focus()
        await pilot.press("down", "right", "right")
        await app.query_one(NoteView).update(f"改过的正文\n\n又一段\n\n{CALC}\n\n尾")
        await pilot.pause()
        block = app.query_one(CalcBlock)
        assert block.calculation.inputs["stages"] == 10
        assert app.focused is block
        await pilot.press("right")
        assert block.calculation.inputs["stages"] == 11


async def test_equal_blocks_keep_apart() -> None:
    app = Note(f"{CALC}\n\n{CALC}")
    async with app.run_test(size=(100, 80)) as pilot:
        first, second = app.query(CalcBlock)
        first.focus()
        await pilot.press("down", "right")
        assert (first.calculation.inputs["stages"], second.calculation.inputs["stages"]) == (9, 8)


async def test_a_line_that_cannot_be_read_is_shown_with_the_reason() -> None:
    app = Note("```calc\nbuble stages=8\n```\n\n余下的仍在")
    async with app.run_test(size=(100, 50)):
        text = "\n".join(lines_of(view) for view in app.query("Prose").results(LineView))
        assert not app.query(CalcBlock)
        assert "buble stages=8" in text
        assert "bubble" in text
        assert "余下的仍在" in text


async def test_every_line_of_a_block_is_a_calculator() -> None:
    app = Note(f"```calc\n{TWO}\n```")
    async with app.run_test(size=(100, 80)):
        assert [block.calculation.inputs["stages"] for block in app.query(CalcBlock)] == [8, 4]


@pytest.mark.parametrize(("deck", "named"), [("1", True), ("2", False)])
async def test_a_whole_note_names_the_way_to_its_calculators_where_it_has_some(
    study: Study, deck: str, named: bool
) -> None:
    app = study(deck=deck)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "o")
        assert ("Tab" in text_of(app, "#hints")) == named
