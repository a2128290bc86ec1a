"""`studykit stats`, `optimize` and `config --import` as a shell sees them."""

import json
from pathlib import Path

import pytest

from studykit.cli import stats_text
from studykit.errors import ExitCode
from studykit.pipeline.draw.cells import cells
from studykit.study.figures.stats import stats
from tests.program import run
from tests.study.conftest import Notes


@pytest.fixture
def studied(tmp_path: Path) -> Notes:
    """A vault with Chinese decks, each card seen on two days."""
    root = tmp_path / "notes"
    root.mkdir()
    notes = Notes(root)
    for deck in ("推理/流水线并行/气泡与调度的很长的名字很长的名字很长的名字", "训练"):
        notes.write(f"{deck}/one.md", f"什么是{deck}？", "一个**阶段**等待其邻居的时间。")
    for _ in range(2):
        session = notes.open()
        while session.question:
            session.grade(3, 20_000)
        session.finish()
        notes.pass_days(3)
    return notes


def test_figures_as_json_and_as_a_page(studied: Notes, tmp_path: Path) -> None:
    done = run("stats", "--json", "--vault", str(studied.root))
    found = json.loads(done.stdout)
    assert (found["reviews"], found["cards"]["cards"]) == (4, 2)
    assert len(found["forecast"]) == 90
    assert set(found["cards"]["decks"][0]) == {
        *("name", "cards", "new", "mature", "known", "mastery", "level", "level_name")
    }
    judged = json.loads(run("stats", "--json", "--calibration", "--vault", str(studied.root)).stdout)["calibration"]
    assert judged["reviews"] == 2
    done = run("stats", "--html", str(tmp_path / "page.html"), "--vault", str(studied.root))
    assert "open it in a browser" in done.stderr
    assert "推理/流水线并行" in (tmp_path / "page.html").read_text()
    assert run("stats", "--html", "-", "--vault", str(studied.root)).stdout.startswith("<!doctype html>")
    done = run("stats", "--html", str(tmp_path / "page.html" / "no"), "--vault", str(studied.root))
    assert done.returncode == ExitCode.USAGE
    assert "There is no folder" in done.stderr


@pytest.mark.parametrize("columns", [60, 80, 100, 120, 200])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_no_line_is_wider_than_the_terminal(
    studied: Notes, monkeypatch: pytest.MonkeyPatch, columns: int, language: str
) -> None:
    from studykit.locale import set_language

    monkeypatch.setenv("COLUMNS", str(columns))
    found = stats(studied.vault, studied.now)
    set_language(language)
    try:
        lines = ["".join(text for text, _style in line) for line in stats_text.page(found)]
        heat = ["".join(text for text, _style in line) for line in stats_text.heat_map(found, min(columns, 120))]
    finally:
        set_language("auto")
    assert max(cells(line.rstrip()) for line in lines[6:]) <= columns  # sentences come first, and may wrap
    assert len({cells(line) for line in heat[1:8]}) == 1  # the rows of the week


def test_a_pipe_gets_no_colour(studied: Notes) -> None:
    assert "\x1b" not in run("stats", "--vault", str(studied.root), FORCE_COLOR="", TERM="xterm-256color").stdout


def test_figures_before_the_first_sync_are_a_sentence(tmp_path: Path) -> None:
    done = run("stats", "--vault", str(tmp_path))
    assert (done.returncode, done.stdout) == (ExitCode.NOT_FOUND, "")
    assert "no cards yet" in done.stderr


def test_optimize_on_few_reviews_keeps_the_defaults(studied: Notes) -> None:
    done = run("optimize", "--apply", "--vault", str(studied.root))
    assert done.returncode == ExitCode.OK
    assert "FSRS-6 defaults" in done.stdout
    assert "a fit needs 64" in done.stderr
    assert not (studied.root / ".studykit" / "config.toml").exists()


def test_a_table_is_scored_without_any_vault(tmp_path: Path) -> None:
    table = tmp_path / "reviews.csv"
    rows = [(card, day, 3 if (card + day) % 4 else 1) for card in range(40) for day in (0, 3, 9, 30)]
    table.write_text(
        "card_id,day,rating\n" + "".join(f"{c},{d},{r}\n" for c, d, r in sorted(rows, key=lambda row: row[1]))
    )
    (found,) = json.loads(run("optimize", "--reviews", str(table), "--no-fit", "--json").stdout)
    assert (found["reviews"], found["scored"], found["parameters"]) == (160, 120, None)
    assert [each["name"] for each in found["judged"]] == ["average", "defaults"]
    assert set(found["judged"][1]["all"]) == {"log_loss", "rmse_bins", "reviews", "recalled"}
    done = run("optimize", "--reviews", str(table), "--timezone", "Nowhere/Here")
    assert (done.returncode, "no time zone" in done.stderr) == (ExitCode.USAGE, True)
    table.write_text("card_id,day,rating\n1,2,9\n")
    done = run("optimize", "--reviews", str(table))
    assert "reviews.csv:2: rating '9'; expected 1" in done.stderr


def test_intervals_of_a_file_become_the_ladder(studied: Notes, tmp_path: Path) -> None:
    (tmp_path / "planner.yaml").write_text("review_intervals: {easy: [2, 5]}\ntheme: dark\n")
    words = ("config", "--import", str(tmp_path / "planner.yaml"), "--vault", str(studied.root))
    assert "Nothing was written" in run(*words, "--dry-run").stderr
    done = run(*words)
    assert 'schedule.scheduler = "ladder"' in done.stdout
    assert "not taken over: theme: not understood" in done.stderr
    shown = json.loads(run("config", "--json", "--vault", str(studied.root)).stdout)
    assert shown["schedule.ladder.easy"]["value"] == [2, 5]
    done = run("stats", "--vault", str(studied.root))  # a ladder knows no difficulty
    assert (done.returncode, "Cards by difficulty" in done.stdout) == (ExitCode.OK, False)
    done = run("optimize", "--vault", str(studied.root))
    assert "the scheduler is ladder" in done.stderr
