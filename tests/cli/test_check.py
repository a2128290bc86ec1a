"""`studykit check`: lines like a compiler's, JSON, exit codes, and the notes that come with studykit."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests import program

ROOT = Path(__file__).resolve().parents[2]
NOTE = "# 流水线\n\nP=8, M=16 时气泡率为 {}。\n"


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return program.run("check", *words)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A right note, a wrong one, and what is no note."""
    root = tmp_path / "notes"
    (root / "deep").mkdir(parents=True)
    (root / "right.md").write_text(NOTE.format("30.4%"), encoding="utf-8")
    (root / "deep" / "wrong.md").write_text(NOTE.format("12.5%"), encoding="utf-8")
    (root / "image.md").write_bytes(b"\x00\xff\xfe\x00binary")
    (root / "other.txt").write_text("3×4=13", encoding="utf-8")
    return root


def test_a_folder_without_a_vault(folder: Path) -> None:
    done = run(str(folder))
    assert done.returncode == 1
    file = folder / "deep" / "wrong.md"
    assert done.stdout.startswith(f"{file}:3:17: wrong: P=8, M=16 时气泡率为 12.5%")
    assert "30.4 %" in done.stdout
    assert re.search(r"3 notes, 2 numbers checked, 1 finding\.", done.stderr)


def test_one_right_file_is_clean(folder: Path) -> None:
    done = run(str(folder / "right.md"))
    assert (done.returncode, done.stdout) == (0, "")
    assert "1 numbers checked" in done.stderr


def test_json_is_a_list_with_every_key(folder: Path) -> None:
    done = run(str(folder), str(folder / "deep"), "--json")
    assert done.returncode == 1
    (row,) = json.loads(done.stdout)
    assert row["inputs"] == {"schedule": "1f1b", "stages": 8, "microbatches": 16, "convention": "total"}
    assert (row["severity"], row["stated"], row["calculator"]) == ("wrong", "12.5%", "bubble")
    assert row["value"] == pytest.approx(7 / 23)


def test_suggestions_are_added_when_asked(folder: Path) -> None:
    assert "12.5% -> 30.4 %" not in run(str(folder)).stdout
    assert "12.5% -> 30.4 %" in run(str(folder), "--fix-suggestions").stdout
    (row,) = json.loads(run(str(folder), "--fix-suggestions", "--json").stdout)
    assert row["suggestion"] == "30.4 %"


def test_imprecise_numbers_do_not_fail(tmp_path: Path) -> None:
    note = tmp_path / "note.md"
    note.write_text("7/23 = 30.9%\n", encoding="utf-8")
    done = run(str(note))
    assert done.returncode == 0
    assert ":1:8: imprecise: " in done.stdout


def test_notes_that_contradict_one_another(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("8 张卡 all-reduce 1 GB，带宽 300 GB/s，耗时 5.83 ms。\n", encoding="utf-8")
    (tmp_path / "b.md").write_text("8 张卡 all-reduce 1 GB，带宽 300 GB/s，耗时 2.92 ms。\n", encoding="utf-8")
    done = run(str(tmp_path))
    assert done.returncode == 1
    assert f"{tmp_path / 'b.md'}:1:" in done.stdout
    assert "inconsistent" in done.stdout


def test_another_convention_in_another_note_is_no_alarm(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("P=4, M=16：气泡率 15.8%\n", encoding="utf-8")
    (tmp_path / "b.md").write_text("P=4, M=16：气泡率 18.75%\n", encoding="utf-8")
    done = run(str(tmp_path))
    assert done.returncode == 0
    assert f"{tmp_path / 'b.md'}:1:15: convention: " in done.stdout


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    done = run(str(tmp_path / "none.md"))
    assert done.returncode == 4
    assert "none.md is not there" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_bundled_notes_are_clean_and_not_for_want_of_numbers() -> None:
    done = run(str(ROOT / "notes"))
    assert (done.returncode, done.stdout) == (0, "")
    found = re.search(r"(\d+) numbers checked", done.stderr)
    assert found
    assert int(found[1]) >= 200


def _by_the_useful_time(folder: Path, stated: dict[int, str]) -> Path:
    """A note that divides by the total once, on line 1, and by the useful time for each other M."""
    note = folder / "note.md"
    rows = [f"PP=4, M={microbatches}：气泡率 {ratio}。" for microbatches, ratio in stated.items()]
    note.write_text("PP=4, M=32：气泡率 8.57%。\n\n" + "\n\n".join(rows) + "\n", encoding="utf-8")
    return note


def test_one_cause_of_a_note_is_told_once_with_its_lines(tmp_path: Path) -> None:
    note = _by_the_useful_time(tmp_path, {8: "37.5%", 16: "18.75%", 64: "4.69%", 128: "2.34%"})
    done = run(str(note))
    first, others = done.stdout.splitlines()
    assert first.startswith(f"{note}:3:15: inconsistent: ")
    assert others == "    the same 3 more times, in lines 5, 7, 9"
    assert "4 findings." in done.stderr
    assert done.returncode == 1
    assert len(json.loads(run(str(note), "--json").stdout)) == 4


def test_suggestions_are_told_for_every_line_of_a_cause(tmp_path: Path) -> None:
    note = _by_the_useful_time(tmp_path, {8: "37.5%", 16: "18.75%", 64: "4.69%"})
    told = run(str(note), "--fix-suggestions").stdout.splitlines()
    # (P-1)/(M+P-1) of 3/11, 3/19, 3/67
    assert [line.split("-> ")[1] for line in told if "->" in line] == ["27.3 %", "15.8 %", "4.48 %"]
    assert told[-1] == "    7: 4.69% -> 4.48 %"


def test_two_of_a_cause_and_other_causes_stand_for_themselves(tmp_path: Path) -> None:
    note = _by_the_useful_time(tmp_path, {8: "37.5%", 16: "18.75%"})
    note.write_text(note.read_text(encoding="utf-8") + "\n7/23 = 31.8%\n\n3 × 4 = 13\n\n3 × 5 = 16\n", encoding="utf-8")
    told = run(str(note)).stdout.splitlines()
    assert [line.split(":")[1] for line in told] == ["3", "5", "7", "9", "11"]
