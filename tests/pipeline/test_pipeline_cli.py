"""`studykit pipeline` as a person types it."""

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from studykit.cli.pipeline import pipeline
from studykit.errors import ExitCode, StudyError
from studykit.pipeline import SCHEDULES, simulate


def run(*words: str) -> str:
    result = CliRunner().invoke(pipeline, list(words), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_prints_a_timeline_and_its_figures() -> None:
    text = run("1f1b", "--stages", "4", "--microbatches", "8", "--width", "100")
    assert text.startswith("rank 0 F0")
    assert "bubble, idle / step (total)  27.27%" in text
    assert "peak activations             1 .. 4" in text
    assert "\x1b" not in text


def test_lists_the_schedules_when_none_is_named() -> None:
    text = run("--width", "120")
    assert all(name in text for name in SCHEDULES)


def test_json_has_the_figures_of_the_model() -> None:
    data = json.loads(run("interleaved", "-P", "4", "-M", "8", "-V", "2", "--p2p", "0.25", "--json"))
    plan = simulate("interleaved", stages=4, microbatches=8, chunks=2, p2p=0.25)
    assert data["makespan"] == plan.makespan
    assert data["bubble"] == {name: plan.bubble(name) for name in ("total", "ideal", "span")}
    assert data["peak_activations"] == [5.5, 4.5, 3.5, 2.5]
    assert data["closed_form"]["exact"] is True
    assert "ops" not in data


def test_json_is_exact_for_fractions_and_lists_ops_when_asked() -> None:
    data = json.loads(run("gpipe", "-P", "3", "-M", "5", "--forward", "1/3", "--json", "--ops"))
    assert data["fractions"]["makespan"] == "49/3"
    assert len(data["ops"]) == 30
    assert {"rank", "kind", "microbatch", "chunk", "start", "end", "critical"} == set(data["ops"][0])


def test_json_of_a_comparison_is_a_list() -> None:
    both = json.loads(run("zb-h1", "--vs", "gpipe", "--vs", "zb-v", "--json"))
    assert [one["schedule"] for one in both] == ["zb-h1", "gpipe", "zb-v"]


def test_times_may_be_one_a_rank() -> None:
    data = json.loads(run("forward", "-P", "3", "-M", "4", "--forward", "1,5,2", "--json"))
    assert data["makespan"] == 8 + 3 * 5


def test_compares_with_schedules_that_take_no_chunks() -> None:
    text = run("interleaved", "-V", "2", "--vs", "1f1b", "--width", "120")
    assert "interleaved: P = 4, M = 8, V = 2" in text
    assert "1f1b: P = 4, M = 8\n" in text


def test_writes_an_svg(tmp_path: Path) -> None:
    place = tmp_path / "picture.svg"
    assert run("zb-h1", "--vs", "gpipe", "--svg", str(place), "--theme", "dark") == ""
    assert place.read_text(encoding="utf-8").startswith("<svg ")
    assert list(tmp_path.iterdir()) == [place]
    assert run("gpipe", "--svg", "-").startswith("<svg ")


def test_speaks_chinese_where_the_learner_does(monkeypatch: pytest.MonkeyPatch) -> None:
    from studykit.locale import set_language

    monkeypatch.setenv("LANGUAGE", "zh_CN")
    set_language("auto")
    assert "气泡率" in run("gpipe")
    monkeypatch.setenv("LANGUAGE", "en")
    set_language("auto")


@pytest.mark.parametrize("name", SCHEDULES)
def test_explains_every_schedule_within_the_width(name: str) -> None:
    text = run(name, "--explain", "--width", "80")
    lines = text.splitlines()
    assert max(map(len, lines)) <= 80
    assert "Source" in text
    assert "https://" in text
    assert "Step time" in text
    assert "rank 0" in text


def test_lists_every_formula_with_its_condition() -> None:
    from studykit.pipeline.formulas import FORMULAS

    text = " ".join(run("--explain", "--width", "100").split())
    for formula in FORMULAS.values():
        assert formula.text in text
        assert formula.condition in text


def test_zero_bubble_is_taught_with_its_parts() -> None:
    text = run("zb-h1", "--explain")
    for words in (
        "gradient of its input",
        "gradient of its own weights",
        "max(F, I, F+I-W)",
        "2401.10241",
        "1f1b: P = 4",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("words", "message", "hint", "code"),
    [
        (("gpip",), "no schedule is called 'gpip'; did you mean gpipe", "lists them all", ExitCode.NOT_FOUND),
        (("gpip", "--explain"), "did you mean gpipe", "lists them all", ExitCode.NOT_FOUND),
        (("gpipe", "--vs", "gpip"), "did you mean gpipe", "lists them all", ExitCode.NOT_FOUND),
        (("dualpipev", "-M", "3"), "M must be at least 2P; found P = 4, M = 3", "--explain", ExitCode.USAGE),
        (("1f1b", "-V", "2"), "one chunk on a rank (V = 1); found V = 2", "--explain", ExitCode.USAGE),
        (("1f1b", "--forward", "fast"), "--forward 'fast' is no time", "1/3", ExitCode.USAGE),
        (("1f1b", "--p2p", "1/0"), "--p2p '1/0' is no time", "1/3", ExitCode.USAGE),
        (("1f1b", "--p2p", "nan"), "p2p must be finite", "", ExitCode.USAGE),
        (("1f1b", "--forward", "1,2"), "forward needs one time for each of 4 ranks; found 2", "", ExitCode.USAGE),
        (("1f1b", "--svg", "/no/such/folder/x.svg"), "no folder /no/such/folder", "Make it first", ExitCode.USAGE),
    ],
)
def test_wrong_words_give_a_sentence_and_a_way_out(
    words: tuple[str, ...], message: str, hint: str, code: ExitCode
) -> None:
    with pytest.raises(StudyError) as caught:
        run(*words)
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert caught.value.exit_code == code


def test_help_shows_examples() -> None:
    text = run("--help")
    assert "studykit pipeline 1f1b --stages 8 --microbatches 32" in text
    assert "studykit pipeline zb-h1 --explain" in text


def test_colour_is_only_for_terminals_that_want_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from studykit.cli import pipeline_output

    plans = [simulate("1f1b", stages=2, microbatches=4)]
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("FORCE_COLOR", "1")
    pipeline_output.show(plans, 60, colour=True)
    assert "\x1b[" in capsys.readouterr().out
    pipeline_output.show(plans, 60, colour=False)
    assert "\x1b[" not in capsys.readouterr().out
    monkeypatch.setenv("NO_COLOR", "1")
    pipeline_output.show(plans, 60, colour=True)
    assert "\x1b[" not in capsys.readouterr().out
