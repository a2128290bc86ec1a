"""The commands over notes: data on stdout, remarks on stderr, exit codes, and the same in Chinese."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from studykit.cli.app import run
from studykit.errors import ExitCode
from studykit.locale import set_language
from tests.program import run as program
from tests.study.conftest import FRONT, Notes


@pytest.fixture
def vault(tmp_path: Path) -> Notes:
    root = tmp_path / "my notes"
    root.mkdir()
    notes = Notes(root)
    tail = "\n\n## Related notes\n<!-- generated -->\n"
    notes.write("gpu/a (1).md", "What is a bubble?", "A stage of the pipeline waits idle for its neighbours." + tail)
    notes.write("gpu/b #2.md", "What is a pipeline bubble?", "An idle wait of a pipeline stage for neighbours." + tail)
    notes.write("net/ring.md", "What is a ring all-reduce?", "A reduce-scatter followed by an all-gather." + tail)
    return notes


WRITE_A_FILE = (
    ["stats", "--html"], ["ics"], ["backup"], ["plan", "--svg"], ["today", "--markdown"], ["pipeline", "1f1b", "--svg"],
)  # fmt: skip


@pytest.mark.parametrize("words", WRITE_A_FILE, ids=lambda words: words[0])
def test_a_file_is_written_only_where_its_folder_is(
    vault: Notes, words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["sync", str(vault.root)])
    capsys.readouterr()
    missing = tmp_path / "missing"
    of_vault = [] if words[0] == "pipeline" else ["--vault", str(vault.root)]
    for place, said in ((missing / "file", f"no folder {missing}"), (tmp_path, "is a folder")):
        code, out, err = _out(capsys, *words, str(place), *of_vault)
        assert (code, out) == (ExitCode.USAGE, "")
        assert said in err
    assert not missing.exists()


def test_a_backup_takes_no_other_file_s_place(vault: Notes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    note = vault.root / "gpu" / "a (1).md"
    before = note.read_bytes()
    code, _, err = _out(capsys, "backup", str(note), "--vault", str(vault.root))
    assert code == ExitCode.USAGE
    assert "a (1).md is there and no backup" in err
    assert note.read_bytes() == before
    archive = str(tmp_path / "mine.tar.gz")
    assert [_out(capsys, "backup", archive, "--vault", str(vault.root))[0] for _time in range(2)] == [0, 0]


def _out(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = run(list(words))
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def test_related_lists_and_writes(vault: Notes, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _err = _out(capsys, "related", "gpu/a (1).md", "--vault", str(vault.root))
    assert (code, "gpu/b #2.md" in out) == (0, True)
    code, out, err = _out(capsys, "related", "--write", "--vault", str(vault.root))
    assert (code, out) == (0, "")
    assert "3 notes written." in err
    assert "](b%20%232.md) - similarity: " in (vault.root / "gpu" / "a (1).md").read_text(encoding="utf-8")
    code, out, _err = _out(capsys, "related", "--json", "--vault", str(vault.root))
    assert {each["file"]: len(each["related"]) for each in json.loads(out)} == {
        "gpu/a (1).md": 1, "gpu/b #2.md": 1, "net/ring.md": 0,
    }  # fmt: skip
    assert _out(capsys, "related", "nowhere", "--vault", str(vault.root))[0] == 7


def test_today_and_its_ticks(vault: Notes, tmp_path: Path, capsys: pytest.CaptureFixture[str],
                             monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setenv("LANGUAGE", "zh_CN")
    file = tmp_path / "今日 (1).md"
    code, out, err = _out(capsys, "today", "--markdown", str(file), "--vault", str(vault.root))
    assert (code, out) == (0, "")
    assert "今天要复习 3 篇笔记" in err
    text = file.read_text(encoding="utf-8")
    assert "- [ ] [What is a bubble?](my%20notes/gpu/a%20%281%29.md)" in text
    file.write_text(text.replace("- [ ]", "- [x]", 2), encoding="utf-8")
    assert _out(capsys, "today", "--markdown", str(file), "--vault", str(vault.root))[0] == 4
    code, out, _err = _out(capsys, "sync", "--checked", str(file), "--json", "--vault", str(vault.root))
    assert len(json.loads(out)["checked"]["notes"]) == 2
    code, out, _err = _out(capsys, "sync", "--checked", str(file), "--json", "--vault", str(vault.root))
    assert (code, json.loads(out)["checked"]["notes"]) == (0, [])


def test_an_outline(vault: Notes, capsys: pytest.CaptureFixture[str]) -> None:
    (vault.root / "outlines").mkdir()
    text = "# G\n\n- [a](../gpu/a%20(1).md)\n- [c](../net/rings #2.md)\n- Q\n"
    (vault.root / "outlines" / "gpu.md").write_text(text, encoding="utf-8")
    code, out, _err = _out(capsys, "outline", "gpu", "--vault", str(vault.root))
    assert code == 0
    assert "gpu:4: ../net/rings #2.md  (nearest: net/ring.md)" in out
    code, out, _err = _out(capsys, "outline", "--json", "--vault", str(vault.root))
    assert [(each["topics"], each["with_note"], each["broken"]) for each in json.loads(out)] == [(3, 1, 1)]
    assert _out(capsys, "outline", "cpu", "--vault", str(vault.root))[0] == 7


def test_notes_and_their_problems(vault: Notes, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = _out(capsys, "notes", "--vault", str(vault.root))
    assert (code, out.count("\n"), "3 notes" in err) == (0, 3, True)
    assert _out(capsys, "notes", "--problems", "--vault", str(vault.root))[0] == 0
    vault.write("x.md", "What is wrong?", "See [this](gone.md), which is not there at all.")
    code, out, _err = _out(capsys, "notes", "--problems", "--json", "--vault", str(vault.root))
    assert (code, [each["kind"] for each in json.loads(out)]) == (1, ["link"])
    assert _out(capsys, "notes", "--init", "--vault", str(vault.root))[0] == 2
    assert _out(capsys, "notes", "x.md", "--set", "difficulty=no", "--vault", str(vault.root))[0] == 3
    code, out, _err = _out(capsys, "notes", "x.md", "--set", "difficulty=hard", "--vault", str(vault.root))
    assert (code, out) == (0, "x.md\n")


def test_a_list_that_cannot_be_written_is_something_wrong(vault: Notes, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("x", "y"):
        vault.write(f"{name}.md", f"What is {name} in a pipeline?", "A stage waits idle for neighbours.\n\n```\nopen")
    _out(capsys, "sync", str(vault.root))
    code, _shown, said = _out(capsys, "related", "--write", "--add")
    assert "code block" in said
    assert code == ExitCode.FOUND


@pytest.fixture
def chinese(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patched:
        patched.setenv("LANGUAGE", "zh_CN")
        set_language()
        yield
    set_language()


@pytest.mark.usefixtures("chinese")
def test_lists_are_chinese_to_a_chinese_reader(vault: Notes, capsys: pytest.CaptureFixture[str]) -> None:
    place = ["--vault", str(vault.root)]
    run(["sync", str(vault.root)])
    capsys.readouterr()
    for command in ("notes", "cards"):
        assert "新卡" in _out(capsys, command, *place)[1]
    assert "合计，2" in _out(capsys, "due", *place)[1]
    stats = _out(capsys, "stats", *place)[1]
    assert ", " not in stats.split("\n每日复习")[0]
    assert "可用状态：new、due、" in _out(capsys, "cards", "is:nothing", *place)[2]
    assert "没有名为 'nope' 的调度" in _out(capsys, "pipeline", "nope")[2]
    assert "没有名为 'zb-h3' 的调度；是不是想用 zb-h" in _out(capsys, "pipeline", "zb-h3")[2]
    assert "schedule 写的是 'x'，应为以下之一：naive、" in _out(capsys, "calc", "bubble", "--schedule", "x")[2]


def test_a_prompt_without_a_form_speaks_the_language(
    vault: Notes, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    learnt = FRONT.replace("null", "'2025-10-19'").replace("count: 0", "count: 2")
    vault.write("old.md", "What is old?", "An answer that was learnt and is due by now.", learnt)
    run(["sync", str(vault.root)])
    capsys.readouterr()
    for language, said in (("en_US.UTF-8", "1 due\n"), ("zh_CN.UTF-8", "1 到期\n")):
        monkeypatch.setenv("LANGUAGE", "")
        monkeypatch.setenv("LANG", language)
        assert _out(capsys, "due", "--prompt", "--vault", str(vault.root))[1] == said
        assert program("due", "--prompt", "--vault", str(vault.root)).stdout == said


def test_a_card_is_suspended_once(vault: Notes, capsys: pytest.CaptureFixture[str]) -> None:
    place = ["--vault", str(vault.root)]
    run(["sync", str(vault.root)])
    card = _out(capsys, "cards", *place)[1].split("\n")[-2][:8]
    for words in (["unsuspend", card], ["suspend", card], ["suspend", card]):
        _out(capsys, *words, *place)
    assert "Suspended already: " in _out(capsys, "suspend", card, *place)[1]
    events = json.loads(_out(capsys, "log", card, "--json", *place)[1])
    assert [event["type"] for event in events] == ["suspend"]
    _out(capsys, "undo", *place)
    assert _out(capsys, "cards", "is:suspended", *place)[1] == ""


def test_what_is_no_quiz_has_no_numbers_to_draw(vault: Notes, capsys: pytest.CaptureFixture[str]) -> None:
    run(["sync", str(vault.root)])
    card = _out(capsys, "cards", "--vault", str(vault.root))[1].split("\n")[-2][:8]
    code, out, err = _out(capsys, "show", card, "--draws", "2", "--vault", str(vault.root))
    assert (code, out) == (ExitCode.USAGE, "")
    assert "no quiz" in err


@pytest.mark.parametrize("words", [["ics", "a.ics", "--at", "25:00"], ["remind", "install", "--at", "noon"],
                                   ["remind", "install", "--days", "someday"]])  # fmt: skip
def test_a_time_that_is_none_is_a_slip_of_the_command_line(
    vault: Notes, words: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = _out(capsys, *words, "--vault", str(vault.root))
    assert (code, out) == (ExitCode.USAGE, "")
    assert "is no" in err


def test_without_an_address_the_channels_say_so(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = _out(capsys, "remind", "channel")
    assert (code, out) == (ExitCode.OK, "")
    assert "studykit remind channel NAME" in err


def test_the_log_says_of_a_break_how_long_it_is(vault: Notes, capsys: pytest.CaptureFixture[str]) -> None:
    place = ["--vault", str(vault.root)]
    run(["sync", str(vault.root)])
    _out(capsys, "pause", "14d", *place)
    _out(capsys, "resume", *place)
    begun, ended = _out(capsys, "log", *place)[1].splitlines()
    assert re.search(r" pause  .* until 20\d\d-\d\d-\d\d$", begun)
    assert " resume " in ended
    assert "no longer known" not in begun + ended
