"""A session on the screen, from question to summary, on a real vault."""

import asyncio
from pathlib import Path

import pytest
from textual.color import Color
from textual.pilot import Pilot
from textual.widgets import Input
from textual.widgets._toast import Toast

from studykit.errors import LogError
from studykit.tui.app import StudyApp
from studykit.tui.screens.study import StudyScreen
from studykit.tui.screens.summary import SummaryScreen
from studykit.tui.widgets.calc_block import CalcBlock
from studykit.tui.widgets.checklist import Checklist
from studykit.tui.widgets.grade_bar import GradeBar
from studykit.tui.widgets.lines import LineView
from studykit.tui.widgets.verdict import Verdict
from tests.tui.conftest import Study, logged

SIZE = (100, 40)


def text_of(app: StudyApp, selector: str) -> str:
    """What a widget shows, its lines joined."""
    views = [view for view in app.screen.query(selector).results(LineView) if view.display]
    lines = [view.line_at(y, view.content_size.width) for view in views for y in range(view.content_size.height)]
    return "\n".join("".join(text for text, _style in line).rstrip() for line in lines)


async def press(pilot: Pilot[int], *keys: str) -> None:
    """Press, and wait until what was put off to the next paint has been done too."""
    await pilot.press(*keys)
    for _paint in range(2):  # End asks for a paint before it scrolls, and scrolling for another
        if pilot.app.return_code is not None:
            break
        painted = asyncio.Event()
        pilot.app.screen.call_after_refresh(painted.set)
        await asyncio.wait_for(painted.wait(), 10)
    await pilot.pause()


async def test_question_answer_grade_next(study: Study, notes: Path) -> None:
    app = study()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert "什么是流水线气泡" in text_of(app, "#question")
        assert not app.screen.query_one("#answer").display
        await press(pilot, "space")
        assert "空闲时间" in text_of(app, "#answer Prose")
        assert "1 Again" in text_of(app, "GradeBar")
        first = app.session.question
        await press(pilot, "3")
        assert app.session.question != first
        assert not app.screen.query_one("#answer").display
    (review,) = [event for event in logged(notes) if event["type"] == "review"]
    assert review["rating"] == 3
    assert isinstance(review["ms"], int)
    assert 0 < review["ms"] < 60_000


async def test_a_grade_before_the_answer_does_nothing(study: Study, notes: Path) -> None:
    app = study()
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "3")
        assert app.session.done == 0
    assert not logged(notes)


async def test_full_width_digits_grade(study: Study) -> None:
    app = study(deck="1")
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "space", "４")
        assert app.session.graded[0].rating == 4


async def test_full_width_question_mark_and_help_lists_every_binding(study: Study) -> None:
    app = study()
    async with app.run_test(size=(120, 60)) as pilot:
        bindings = [each for each in app.screen.BINDINGS if not isinstance(each, tuple)]
        await press(pilot, "？")
        shown = text_of(app, "KeyTable")
        assert all(each.id and each.tooltip and each.description in shown for each in bindings)
        await press(pilot, "q")
        assert app.screen.query("#question")


async def test_a_slip_is_named_and_its_grade_marked(study: Study, notes: Path) -> None:
    app = study(deck="2")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert isinstance(app.focused, Input)
        await press(pilot, *"43.75%", "enter")
        verdict = text_of(app, "Verdict")
        assert "7/16" in verdict
        assert "7/23" in verdict
        assert app.screen.query_one(GradeBar).recommended == 1
        assert "> 1 Again" in text_of(app, "GradeBar")
        assert "F" in text_of(app, "#timeline")
        assert not isinstance(app.focused, Input)
        await press(pilot, "1")
    (review,) = logged(notes)
    assert (review["rating"], review["suggested"], review["answer"]) == (1, 1, "43.75%")


async def test_what_is_no_number_is_asked_again(study: Study) -> None:
    app = study(deck="2")
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, *"later", "enter")
        assert not app.screen.query_one("#answer").display
        assert app.screen.query_one(Verdict).display
        assert isinstance(app.focused, Input)


async def test_a_right_answer_may_be_graded_otherwise(study: Study, notes: Path) -> None:
    app = study(deck="2")
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, *"7/23", "enter")
        assert app.screen.query_one(GradeBar).recommended in (3, 4)
        await press(pilot, "2")
    assert logged(notes)[0]["rating"] == 2


async def test_an_empty_answer_shows_the_answer(study: Study) -> None:
    app = study(deck="2")
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "enter")
        assert app.screen.query_one("#answer").display
        assert app.screen.query_one(GradeBar).recommended is None


async def test_undo_after_the_last_card_and_after_a_restart(study: Study) -> None:
    app = study(deck="1")
    async with app.run_test(size=SIZE) as pilot:
        question = app.session.question
        await press(pilot, "space", "3")
        assert isinstance(app.screen, SummaryScreen)
        await press(pilot, "u")
        assert app.session.question == question
        assert "什么是流水线气泡" in text_of(app, "#question")
        await press(pilot, "space", "4")
    app.session.finish()
    again = study(deck="1")
    async with again.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert isinstance(again.screen, SummaryScreen)  # nothing is due any more
        await press(pilot, "u")
        assert again.session.question is not None
        assert again.session.question.card == question.card  # type: ignore[union-attr]


async def test_a_lapse_comes_back_in_the_session(study: Study) -> None:
    app = study(deck="1")
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "space", "1")
        assert app.session.question is not None
        assert app.session.counts.learning == 1


@pytest.mark.parametrize(("pressed", "kind"), [("s", "suspend"), ("b", "bury")])
async def test_suspend_and_bury_leave_the_card(study: Study, notes: Path, pressed: str, kind: str) -> None:
    app = study()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        before = app.session.question
        await press(pilot, pressed)
        assert app.session.question != before
        await press(pilot, "u")
        assert app.session.question == before
    assert [event["type"] for event in logged(notes)] == [kind, "undo"]


async def test_flag_is_shown_without_colour(study: Study) -> None:
    app = study()
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "exclamation_mark")
        assert text_of(app, "StatusLine").startswith("!")


async def test_clicks_grade_and_tick(study: Study) -> None:
    app = study(deck="1")
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "space")
        points = app.screen.query_one(Checklist)
        await pilot.click(Checklist, offset=(6, 1))
        await pilot.pause()
        assert points.ticked == {0}
        await pilot.click(GradeBar, offset=(60, 1))
        await pilot.pause()
        assert app.session.graded[0].rating == 3


async def test_key_points_are_ticked_by_keys(study: Study) -> None:
    app = study(deck="1")
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "space")
        app.screen.query_one(Checklist).focus()
        await press(pilot, "down", "x")
        assert app.screen.query_one(Checklist).ticked == {1}
        assert "[x]" in text_of(app, "Checklist")
        assert app.session.done == 0  # a tick grades nothing


async def test_the_whole_note_and_back(study: Study) -> None:
    app = study(deck="1")
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "o")
        assert "改一改下面的数" in text_of(app, "NoteView Prose")
        assert app.screen.query(CalcBlock)
        await press(pilot, "escape")
        assert "什么是流水线气泡" in text_of(app, "#question")


async def test_the_calculator_opens_with_the_questions_numbers(study: Study) -> None:
    app = study(deck="2")
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "enter", "c")
        shown = text_of(app, "CalcForm")
        assert "forward" in shown
        assert "16" in shown
        assert "30.43 %" in text_of(app, "CalcFigures")


async def test_resize_and_too_small(study: Study) -> None:
    app = study(deck="1")
    async with app.run_test(size=(200, 60)) as pilot:
        await press(pilot, "space")
        for size in ((60, 20), (200, 60), (59, 24), (80, 19), (61, 21)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            small = app.screen.query_one("TooSmall").display
            assert small == (size[0] < 60 or size[1] < 20)
        assert "空闲时间" in text_of(app, "#answer Prose")


async def test_at_most_five_hints(study: Study) -> None:
    app = study(deck="1")
    async with app.run_test(size=(200, 40)) as pilot:
        await pilot.pause()
        for keys in ((), ("space",), ("o",)):
            await press(pilot, *keys)
            (line,) = app.screen.query_one("Hints", LineView).drawn(200)
            assert 0 < len([text for text, style in line if style == "key"]) <= 5


async def test_no_colour_is_honoured(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    """No cell has a colour of its own, and the recommended grade is still marked."""
    monkeypatch.setenv("NO_COLOR", "1")
    app = study(deck="2")
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, *"7/23", "enter")
        drawn = [
            segment.style
            for strip in app.screen._compositor.render_strips()
            for segment in strip.apply_filter(app._filters[-1], Color(0, 0, 0))
            if segment.style
        ]
        assert drawn
        assert all(style.color is None or style.color.is_default for style in drawn)
        assert all(style.bgcolor is None or style.bgcolor.is_default for style in drawn)
        assert " <" in text_of(app, "GradeBar")


async def test_a_live_block_takes_digits_and_gives_them_back(study: Study) -> None:
    app = study(deck="3")
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "space", "tab", "down", "2", "enter")
        block = app.screen.query_one(CalcBlock)
        assert block.calculation.inputs["stages"] == 2
        assert app.session.question is not None
        await press(pilot, "escape", "3")
        assert app.session.question is None
        assert app.session.graded[0].rating == 3


async def test_end_of_a_long_answer(study: Study, notes: Path) -> None:
    """40 KB: the first screen at once, the last line on End."""
    long = "\n\n".join(f"第 {n} 段：**流水线**的气泡，`P={n}`。" for n in range(900)) + "\n\n最后一行"
    (notes / "4").mkdir()
    (notes / "4" / "long.md").write_text(f"# 很长的回答是什么？\n\n## Answer\n\n{long}\n", encoding="utf-8")
    app = study(deck="4")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "space")
        body = app.screen.query_one("#body")
        await press(pilot, "end")
        await pilot.pause()
        assert body.scroll_y == body.max_scroll_y
        assert body.max_scroll_y > 1500
        assert "最后一行" in text_of(app, "#answer Prose")


async def test_a_full_disk_is_a_sentence_and_the_card_stays(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    app = study(deck="1")

    def refuse(*_arguments: object) -> None:
        raise LogError("The review log cannot be written: no space left on the device.", "Free some space.")

    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "space")
        question = app.session.question
        monkeypatch.setattr(app.session.log, "append", refuse)
        for each in ("3", "u", "s", "b", "exclamation_mark"):
            await press(pilot, each)
        assert app.session.question == question
        assert app.session.done == 0
        assert all("Free some space." in str(note.message) for note in app._notifications if note.severity == "error")
        assert len(app._notifications) >= 4


async def test_an_empty_answer_box_leaves_the_keys_to_the_screen(study: Study) -> None:
    app = study(deck="2")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        box = app.screen.query_one("#typed", Input)
        assert app.focused is box
        await press(pilot, "question_mark")
        assert text_of(app, "KeyTable")
        await press(pilot, "q")
        await press(pilot, "exclamation_mark")
        assert app.session.question is not None
        assert app.session.question.flagged
        await press(pilot, "3", "q")  # an answer has begun: letters belong to it
        assert box.value == "3q"
        await press(pilot, "ctrl+u", "q")
        assert app.return_code == 0


async def test_a_key_typed_ahead_waits_for_what_the_answer_needs(study: Study) -> None:
    app = study(deck="1")
    async with app.run_test(size=SIZE):
        screen = StudyScreen(app.session)
        await app.push_screen(screen)
        await asyncio.gather(screen._finish_compose(), screen.action_reveal())
        assert screen.query_one("#answer").display


async def test_a_grade_before_the_answer_is_laid_out_finds_the_next_question(study: Study) -> None:
    """Space and a grade in one go, as somebody types who knows the card: what was to scroll is not there any more."""
    app = study()
    async with app.run_test(size=SIZE) as pilot:
        screen = app.screen
        assert isinstance(screen, StudyScreen)
        await screen.action_reveal()
        await screen.action_grade(1)
        await pilot.pause()
        screen._scroll_to_answer()
        assert not screen.query_one("#answer").display
        assert app.is_running


async def test_a_long_question_makes_way_for_its_answer(study: Study, notes: Path) -> None:
    lines = "\n\n".join(f"第 {number} 行题目描述。" for number in range(30))
    (notes / "1/气泡.md").write_text(
        f"# 翻转链表\n\n## 题目描述\n\n{lines}\n\n## 思路讲解\n\n先数够 k 个，再逐组翻转，最后接上余下的结点。\n",
        encoding="utf-8",
    )
    app = study(deck="1")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "space")
        answer = app.screen.query_one("#answer")
        assert "先数够" in text_of(app, "#answer Prose")
        assert app.screen.query_one("#body").region.contains_region(answer.region)


async def test_a_short_question_stays_above_its_answer(study: Study) -> None:
    app = study(deck="1")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "space")
        await pilot.pause()
        assert app.screen.query_one("#body").scroll_y == 0


async def test_the_key_to_the_key_points_is_named_where_there_are_some(study: Study) -> None:
    app = study(deck="1")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "space")
        assert "Tab tick" in text_of(app, "#hints")


async def test_a_notice_takes_the_place_of_the_one_before_and_covers_no_grade(study: Study) -> None:
    app = study()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await press(pilot, "s", "u", "space")
        (toast,) = app.screen.query(Toast)
        assert "Undone" in str(toast.render())
        assert not toast.region.overlaps(app.screen.query_one("#grades").region)


async def test_a_note_beside_the_folders_is_headed_with_the_name_of_the_vault(study: Study, notes: Path) -> None:
    (notes / "alone.md").write_text("# 什么是气泡？\n\n## 面试标准答案\n\n一个阶段等待邻居的时间。\n", encoding="utf-8")
    app = study(filter="file:alone", cram=True)
    async with app.run_test(size=(80, 24)) as pilot:
        assert text_of(app, "StatusLine").startswith("notes ")
        assert "Nothing is scheduled" in text_of(app, "#context")
        await press(pilot, "space")
        assert text_of(app, "#grades").split() == ["1", "Again", "2", "Hard", "3", "Good", "4", "Easy"]


async def test_keys_do_nothing_to_a_card_that_the_terminal_is_too_small_to_show(study: Study, notes: Path) -> None:
    app = study(deck="1")
    async with app.run_test(size=(40, 12)) as pilot:
        await press(pilot, "space", "3", "s", "slash", "e")
        assert "too small" in text_of(app, "TooSmall")
        await pilot.resize_terminal(80, 24)
        await press(pilot)
        assert not app.screen.query_one("#answer").display
        await pilot.resize_terminal(40, 12)
        await press(pilot, "q")
    assert app.return_value == 0
    assert [event for event in logged(notes) if event["type"] in ("review", "suspend")] == []


async def test_what_was_typed_amiss_goes_with_escape_and_the_letters_are_keys_again(study: Study) -> None:
    app = study(deck="2")
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, *"abq")
        box = app.screen.query_one(Input)
        assert box.value == "abq"
        hints = text_of(app, "#hints")
        assert "Esc empty the line" in hints
        assert "leave" not in hints
        await press(pilot, "escape")
        assert box.value == ""
        assert "q leave" in text_of(app, "#hints")
        await press(pilot, "q")
    assert app.return_value == 0
