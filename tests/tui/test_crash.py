"""When the program itself fails: a file, a sentence, and no note's text in either."""

import os
from pathlib import Path

import pytest

from studykit.crash import report, write_report
from tests.tui.conftest import Study

SECRET = "the-text-of-a-note"


def fail(note: str) -> None:
    local = note + "!"
    raise KeyError(local)


def failure() -> BaseException:
    try:
        try:
            fail(SECRET)
        except KeyError as error:
            raise RuntimeError(SECRET) from error
    except RuntimeError as error:
        return error
    raise AssertionError


def test_a_report_names_the_place_and_no_values() -> None:
    text = report(failure(), "80x24")
    assert "RuntimeError" in text
    assert "KeyError" in text
    assert "test_crash.py" in text
    assert "in fail" in text
    assert "80x24" in text
    assert SECRET not in text.replace(f'SECRET = "{SECRET}"', "")


def test_where_nothing_can_be_written_the_report_goes_to_stderr(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("STUDYKIT_HOME", str(blocked))
    assert write_report(failure()) is None
    assert "RuntimeError" in capsys.readouterr().err


async def test_a_failing_screen_prints_a_sentence_and_keeps_the_grades(
    study: Study, notes: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    app = study()

    async def grade_then_fail() -> None:
        async with app.run_test(size=(100, 40)) as pilot:
            await pilot.press("space", "3")
            await pilot.pause()
            monkeypatch.setattr(type(app.session), "key_points", lambda _self: fail(SECRET))
            await pilot.press("space")
            await pilot.pause()

    with pytest.raises(KeyError):
        await grade_then_fail()
    shown = capsys.readouterr()
    assert SECRET not in shown.out + shown.err
    assert "KeyError" in shown.err
    (file,) = (Path(os.environ["STUDYKIT_HOME"]) / "reports").iterdir()
    assert SECRET not in file.read_text(encoding="utf-8")
    assert app.return_code == 1
    assert len(list((notes / ".studykit" / "log").rglob("*.jsonl"))) == 1
