"""The calculator screen by itself."""

import pytest

from studykit.errors import NotFoundError
from studykit.tui.calculator_app import CalculatorApp
from studykit.tui.screens.calculator import CalculatorScreen
from studykit.tui.widgets.finder import ChoiceList, Finder
from tests.tui.test_note_view import lines_of


def screen_of(app: CalculatorApp) -> CalculatorScreen:
    assert isinstance(app.screen, CalculatorScreen)
    return app.screen


async def test_arrows_change_values_and_everything_follows() -> None:
    app = CalculatorApp("bubble")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("down", "8", "enter", "down", "1", "6", "enter")
        inputs = screen_of(app).calculation.inputs
        assert (inputs["stages"], inputs["microbatches"]) == (8, 16)
        shown = lines_of(screen_of(app).query_one("CalcFigures"))  # type: ignore[arg-type]
        assert "30.43 %" in shown
        assert "backward" in shown  # the timeline's legend
        await pilot.press("left")
        assert inputs != screen_of(app).calculation.inputs


async def test_the_timeline_is_in_sight_on_the_usual_small_terminal() -> None:
    app = CalculatorApp("bubble")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "8", "enter")
        await pilot.pause()
        figures = screen_of(app).query_one("CalcFigures")
        lines = lines_of(figures).split("\n")  # type: ignore[arg-type]
        legend = next(row for row, line in enumerate(lines) if "idle" in line and "forward" in line)
        assert legend < screen_of(app).query_one("#figures").content_size.height
        assert any("Whole step" in line for line in lines[legend:]), "the steps follow"


@pytest.mark.parametrize("keys", [["up"], ["down"] * 9])
async def test_the_chosen_input_is_in_sight(keys: list[str]) -> None:
    app = CalculatorApp("bubble")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        row = screen_of(app).calculation.row
        body = screen_of(app).query_one("#inputs")
        assert body.scroll_y <= row < body.scroll_y + body.content_size.height


async def test_the_chosen_input_is_marked_where_the_keys_go_and_nowhere_else() -> None:
    app = CalculatorApp("bubble")
    async with app.run_test(size=(120, 40)) as pilot:
        form = screen_of(app).query_one("CalcForm")
        for _round in range(2):
            await pilot.pause()
            assert app.focused is form
            assert "> schedule" in lines_of(form)  # type: ignore[arg-type]
            await pilot.press("tab")
            await pilot.pause()
            assert "> schedule" not in lines_of(form)  # type: ignore[arg-type]
            await pilot.press("tab")


async def test_find_by_a_word_of_the_title() -> None:
    app = CalculatorApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("slash", *"kv")
        await pilot.pause()
        choices = app.screen.query_one(ChoiceList).choices
        assert "kv-cache" in [choice.value for choice in choices]
        while app.screen.query_one(ChoiceList).choices[app.screen.query_one(ChoiceList).chosen].value != "kv-cache":
            await pilot.press("down")
        await pilot.press("enter")
        await pilot.pause()
        assert screen_of(app).calculation.calculator.name == "kv-cache"
        assert not app.screen.query_one(Finder).display
        assert app.focused is app.screen.query_one("CalcForm")


async def test_numbers_are_kept_while_another_calculator_is_looked_at() -> None:
    app = CalculatorApp("bubble")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "6", "enter")
        await pilot.press("slash", *"param", "enter")
        await pilot.pause()
        await pilot.press("slash", *"bub", "enter")
        await pilot.pause()
        assert screen_of(app).calculation.inputs["stages"] == 6


async def test_a_preset_fills_the_inputs() -> None:
    app = CalculatorApp("kv-cache")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("p")
        await pilot.pause()
        await pilot.press(*"2-70", "enter")
        await pilot.pause()
        calculation = screen_of(app).calculation
        assert not calculation.error
        assert "llama-2-70b" in calculation.line()


async def test_copy_and_card() -> None:
    app = CalculatorApp("bubble")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("y")
        await pilot.pause()
        assert app.clipboard.startswith("bubble ")
        await pilot.press("t")
        await pilot.pause()
        assert app.clipboard.startswith("```quiz\n")


async def test_q_ends_it() -> None:
    app = CalculatorApp("bubble")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("q")
        await pilot.pause()
    assert app.return_value == 0


def test_an_unknown_name_is_refused_before_any_screen() -> None:
    with pytest.raises(NotFoundError, match="buble"):
        CalculatorApp("buble")
