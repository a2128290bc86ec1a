"""The editor's command, and coming back to the card it changed."""

import stat
from pathlib import Path

import pytest
from textual.app import App

from studykit.errors import StudyError
from studykit.tui.editor import command, edit
from tests.tui.conftest import Study
from tests.tui.test_study_screen import press, text_of


@pytest.mark.parametrize(
    ("chosen", "environment", "expected"),
    [
        ("", {"VISUAL": "vim", "EDITOR": "nano"}, ["vim", "+7", "/n/气 泡.md"]),
        ("", {"EDITOR": "nano -w"}, ["nano", "-w", "+7", "/n/气 泡.md"]),
        ("hx", {"VISUAL": "vim"}, ["hx", "/n/气 泡.md:7"]),
        ("code --wait", {}, ["code", "--wait", "--goto", "/n/气 泡.md:7"]),
        ("'/opt/my editor/vim' -u NONE", {}, ["/opt/my editor/vim", "-u", "NONE", "+7", "/n/气 泡.md"]),
    ],
)
def test_the_command_opens_the_line(chosen: str, environment: dict[str, str], expected: list[str]) -> None:
    assert command(chosen, "/n/气 泡.md", 7, environment) == expected


@pytest.mark.parametrize("chosen", ["'unclosed", "no-such-editor-anywhere"])
async def test_an_editor_that_cannot_start_is_a_sentence(chosen: str) -> None:
    app: App[None] = App()
    async with app.run_test():
        with pytest.raises(StudyError, match="editor"):
            edit(app, "/n/a.md", 1, chosen)


async def test_e_edits_and_comes_back_to_the_same_card(
    study: Study, notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The editor here is a script that changes the answer; the suspended terminal is left out, tests have none."""
    script = tmp_path / "editor"
    script.write_text('#!/bin/sh\nsed -i "s/空闲时间/白白等待的时间/" "$2"\n', encoding="utf-8")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("VISUAL", str(script))

    def run(app: App[int], file: str, line: int, chosen: str = "") -> bool:
        import subprocess

        subprocess.run(command(chosen, file, line), check=True)
        return True

    monkeypatch.setattr("studykit.tui.editor.edit", run)
    app = study(deck="1")
    async with app.run_test(size=(100, 40)) as pilot:
        await press(pilot, "space")
        before = app.session.question
        assert before is not None
        await press(pilot, "e")
        after = app.session.question
        assert after is not None
        assert after.card == before.card
        assert "白白等待的时间" in text_of(app, "#answer Prose")  # still revealed, read again
    assert "白白等待的时间" in (notes / "1" / "气泡.md").read_text(encoding="utf-8")


async def test_a_failing_editor_leaves_the_card(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "no-such-editor-anywhere")
    app = study(deck="1")
    async with app.run_test(size=(100, 40)) as pilot:
        await press(pilot, "e")
        assert app.session.question is not None
        assert app._notifications
