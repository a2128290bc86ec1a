"""Search on the screen: type, read the results, open one, study them."""

from textual.pilot import Pilot

from studykit.tui.screens.note import NoteScreen
from studykit.tui.screens.search import SearchScreen
from studykit.tui.screens.study import StudyScreen
from studykit.tui.screens.summary import SummaryScreen
from tests.tui.conftest import Study
from tests.tui.test_study_screen import SIZE, press, text_of


async def search_for(pilot: Pilot[int], words: str) -> SearchScreen:
    """Open the search, type, and wait for what it finds."""
    await press(pilot, "slash", *words)
    screen = pilot.app.screen
    assert isinstance(screen, SearchScreen)
    await answered(pilot, screen, words)
    return screen


async def answered(pilot: Pilot[int], screen: SearchScreen, words: str) -> None:
    """Wait until what `words` find is shown."""
    for _ in range(1000):
        await pilot.pause(0.02)
        if screen.answered == words:
            break


async def test_two_chinese_characters_find_and_enter_opens_the_card(study: Study) -> None:
    app = study()
    async with app.run_test(size=SIZE) as pilot:
        await search_for(pilot, "排空")
        for _ in range(1000):  # what was found is laid out a moment after it is known
            if shown := text_of(app, "HitList"):
                break
            await pilot.pause(0.02)
        assert "什么是流水线气泡" in shown
        assert "排空阶段" in shown
        await press(pilot, "enter")
        assert isinstance(app.screen, NoteScreen)
        assert "空闲时间" in text_of(app, "NoteView Prose")
        await press(pilot, "q", "escape")
        assert isinstance(app.screen, StudyScreen)


async def test_results_are_walked_and_studied(study: Study) -> None:
    app = study()
    async with app.run_test(size=SIZE) as pilot:
        await search_for(pilot, "kind:numeric or deck:3")
        await press(pilot, "down", "j", "k", "r")
        assert isinstance(app.screen, StudyScreen)
        assert {card.deck for card in app.session.queue} == {"2", "3"}
        assert app.session.question is not None
        assert app.session.question.deck in text_of(app, "#status")


async def test_nothing_due_leaves_the_session_as_it_is(study: Study) -> None:
    app = study(deck="1")
    async with app.run_test(size=SIZE) as pilot:
        before = app.session.question
        screen = await search_for(pilot, "is:suspended")
        assert "No card fits." in text_of(app, "Remark")
        await press(pilot, "ctrl+r")
        assert app.screen is screen
        assert app.session.question == before


async def test_a_broken_filter_is_pointed_at_and_typing_goes_on(study: Study) -> None:
    app = study()
    async with app.run_test(size=SIZE) as pilot:
        screen = await search_for(pilot, "is:never")
        assert "^" in text_of(app, "Remark")
        await press(pilot, "ctrl+u", *"气泡")
        await answered(pilot, screen, "气泡")
        assert "cards" in text_of(app, "Remark")


async def test_full_width_keys_and_the_summary(study: Study) -> None:
    app = study(deck="1")
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "space", "3")
        assert isinstance(app.screen, SummaryScreen)
        await press(pilot, "／")
        assert isinstance(app.screen, SearchScreen)
        await press(pilot, *"deck:3")
        await pilot.pause(0.4)
        await press(pilot, "down", "ｒ")
        assert isinstance(app.screen, StudyScreen)
        assert app.session.question is not None
        assert app.session.question.deck == "3"
        assert app.session.done == 1


async def test_the_hints_name_keys_that_do_something_where_one_types(study: Study) -> None:
    app = study()
    async with app.run_test(size=SIZE) as pilot:
        screen = await search_for(pilot, "排空")
        assert "Ctrl-R study these" in text_of(app, "#hints")
        assert "? keys" not in text_of(app, "#hints")
        await press(pilot, "down")
        assert " r study these" in text_of(app, "#hints")
        await press(pilot, "question_mark")
        assert app.screen is not screen


async def test_one_card_is_one_card(study: Study) -> None:
    app = study()
    async with app.run_test(size=SIZE) as pilot:
        await search_for(pilot, "kind:numeric")
        assert text_of(app, "Remark") == "1 card"
