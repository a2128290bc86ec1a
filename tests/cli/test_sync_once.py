"""`studykit sync` without click: it says what the full command says, and loads nothing that it does not need."""

import subprocess
import sys
from pathlib import Path

import pytest

from studykit.locale import LANGUAGES
from tests.cli.test_commands import vault  # noqa: F401 - a fixture
from tests.program import loaded_by, run

HEAVY = {
    "click", "inspect", "dataclasses", "tomllib", "gettext", "pathlib", "textual", "rich",
    "sqlite_utils", "markdown_it", "yaml", "rapidfuzz", "fsrs",
}  # fmt: skip


def test_neither_nothing_new_nor_one_changed_note_loads_anything_heavy(vault: Path) -> None:  # noqa: F811
    run("sync", str(vault))
    assert HEAVY.isdisjoint(loaded_by("sync", str(vault)))
    (vault / "one.md").write_text("# 什么是气泡？\n\n## 答案\n\n流水线里空闲的时间，与级数有关。\n", encoding="utf-8")
    assert HEAVY.isdisjoint(loaded_by("sync", str(vault)))


def test_typing_extensions_is_there_for_whoever_asks_for_it_later() -> None:
    code = (
        "import sys; sys.argv = ['studykit', 'config', '--help']; from studykit.cli.start import main\n"
        "try: main()\nfinally: from typing_extensions import TypedDict; assert 'msgspec' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_ways_say_the_same(vault: Path, language: str) -> None:  # noqa: F811
    broken = b"---\ntags: [\n---\n# T\n\nA sentence that would be a card if this were a note without a fault in it.\n"
    (vault / "broken.md").write_bytes(broken)
    run("sync", str(vault))
    (short, long), missing = (
        [run("sync", *words, LANGUAGE=language) for words in ([str(vault)], ["--vault", str(vault)])],
        [run("sync", *words, LANGUAGE=language) for words in (["/not/there"], ["--vault", "/not/there"])],
    )
    assert (short.returncode, short.stdout, short.stderr) == (long.returncode, long.stdout, long.stderr)
    assert "broken.md:" in short.stderr
    assert [done.returncode for done in missing] == [4, 4]
    assert missing[0].stderr == missing[1].stderr != ""
