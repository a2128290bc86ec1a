"""The command line as a shell sees it: help, data, remarks, exit codes."""

import json
import os
import shutil
import signal
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest

from studykit.cli.app import COMMANDS
from studykit.errors import ExitCode
from tests.program import run


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    """Two notes with an answer each."""
    root = tmp_path / "vault"
    root.mkdir()
    for name, title in (("one", "What is one?"), ("two", "二是什么？")):
        (root / f"{name}.md").write_text(f"# {title}\n\n## Answer\n\nThe number **{name}**, plainly said.\n")
    return root


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_with_an_example(name: str) -> None:
    command = getattr(import_module(f"studykit.cli.{name}"), name)
    assert isinstance(command, click.Command)
    shown = command.get_help(click.Context(command, info_name=f"studykit {name}"))
    assert f"studykit {name}" in shown.split("\n\n", 1)[1], "no example"
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{parameter.opts} has no help"


NEED_NO_VAULT = ("init", "completion", "calc", "pipeline", "merge")


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in NEED_NO_VAULT])
def test_every_command_takes_a_vault_or_needs_none(name: str) -> None:
    command = getattr(import_module(f"studykit.cli.{name}"), name)
    options = {word for parameter in command.params for word in parameter.opts}
    assert "--vault" in options


def test_sync_then_due_then_cards(vault: Path) -> None:
    report = json.loads(run("sync", str(vault), "--json").stdout)
    assert set(report) == {"notes", "cards", "settled", "problems"}
    assert set(report["notes"]) == {"seen", "new", "changed", "moved", "gone", "skipped"}
    assert set(report["cards"]) == {"new", "kept", "moved", "edited", "orphaned", "by_rule"}
    due = json.loads(run("due", "--json").stdout)
    assert set(due) == {"due", "new", "by_deck", "day"}
    assert (due["due"], due["new"]) == (0, 2)
    cards = json.loads(run("cards", "--json").stdout)
    assert {card["prompt"] for card in cards} == {"What is one?", "二是什么？"}
    assert set(cards[0]) == {"id", "rule", "kind", "deck", "file", "line", "prompt", "answer", "due", "state"}
    shown = json.loads(run("show", cards[0]["id"][:6], "--json").stdout)
    assert shown["id"] == cards[0]["id"]


def test_data_goes_to_stdout_and_remarks_to_stderr(vault: Path) -> None:
    done = run("sync", str(vault), "--dry-run")
    assert "Nothing was written" in done.stderr
    assert "Nothing was written" not in done.stdout


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("due",), ExitCode.VAULT, "No notes folder is known"),
        (("sync", "/nowhere/at/all"), ExitCode.VAULT, "is not there"),
        (("revew",), ExitCode.USAGE, "Did you mean `review`?"),
        (("review", "--limit", "0"), ExitCode.USAGE, "--limit"),
        (("init", "/nowhere/at/all"), ExitCode.VAULT, "is not there"),
    ],
)
def test_a_mistake_is_a_sentence_and_an_exit_code(words: tuple[str, ...], code: ExitCode, said: str) -> None:
    done = run(*words)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_one_language_filters_everywhere(vault: Path) -> None:
    run("sync", str(vault))
    words = ("(one or 二) is:new", "-kind:cloze")
    listed = json.loads(run("cards", *words, "--json").stdout)
    found = json.loads(run("search", "--json", *words).stdout)
    assert {card["id"] for card in listed} == {hit["id"] for hit in found}
    assert len(found) == 2
    plain = run("search", "二", "--limit", "1")
    assert "two.md:3" in plain.stdout
    assert "»二«是什么" in plain.stdout
    assert plain.stderr == "1 card\n"
    asked = run("review", "-one", "--plain", typed="q\n").stdout
    assert "二是什么" in asked
    assert "What is one" not in asked


def test_a_wrong_filter_is_shown_with_its_place(vault: Path) -> None:
    run("sync", str(vault))
    for command in ("cards", "search", "review"):
        done = run(command, "二 is:dew")
        assert done.returncode == ExitCode.USAGE
        assert "\n  二 is:dew\n     ^\n" in done.stderr


def test_orphans_from_list_to_restore_and_back(vault: Path) -> None:
    run("sync", str(vault))
    run("review", "one", "--plain", typed="\n3\n")
    (vault / "one.md").unlink()
    run("sync", str(vault))
    (orphan,) = json.loads(run("orphans", "--json").stdout)
    assert set(orphan) == {"id", "prompt", "file", "line", "last", "reviews", "hidden", "nearest"}
    assert "What is one?" in run("orphans").stdout
    assert run("orphans", "forget", orphan["id"]).returncode == ExitCode.OK
    assert run("orphans").stdout == ""
    assert "Undone: card taken off the list of orphans" in run("undo").stdout
    heir = json.loads(run("cards", "--json").stdout)[0]["id"]
    done = json.loads(run("orphans", "restore", orphan["id"][:6], "--to", heir[:6], "--json").stdout)
    assert (done["to"], done["reviews"]) == (heir, 1)
    assert json.loads(run("orphans", "--all", "--json").stdout) == []
    assert run("orphans", "restore", orphan["id"], "--to", heir).returncode == ExitCode.NOT_FOUND


def test_the_log_from_listing_to_archive_and_back(vault: Path, tmp_path: Path) -> None:
    run("sync", str(vault))
    run("review", "one", "--plain", typed="\n3\n")
    (entry,) = json.loads(run("log", "--json").stdout)
    assert (entry["type"], entry["rating"], entry["undone"], entry["front"]) == ("review", 3, False, "What is one?")
    assert " good " in run("log", entry["card"][:6]).stdout
    run("undo")
    assert "(undone)" in run("log", "--limit", "1").stdout
    done = run("log", "--verify")
    assert done.returncode == ExitCode.OK
    assert done.stdout.startswith("2 events in 1 file,")
    archive = tmp_path / "log.tar.gz"
    assert run("backup", str(archive)).stdout.strip() == str(archive)
    (file,) = (vault / ".studykit").rglob("*.jsonl")
    whole = file.read_bytes()
    file.write_bytes(whole[:-30])
    with file.open("ab") as damaged:
        damaged.write(b"\nnonsense\n")
    assert run("log", "--verify").returncode == ExitCode.FOUND
    assert run("restore", str(archive)).stdout.startswith("1 event put back, 1 was there")
    assert json.loads(run("log", "--json").stdout)[0]["undone"]
    assert "nonsense" in run("doctor").stdout
    assert json.loads(run("log", "--close", "--json").stdout) == []
    assert run("log", "--close", "--verify").returncode == ExitCode.USAGE
    facts = json.loads(run("store", "--rebuild", "--json").stdout)
    assert (facts["reviews"], facts["undone"], facts["cards"]) == (1, 1, 2)
    assert run("restore", str(tmp_path / "nothing")).returncode == ExitCode.NOT_FOUND


def test_git_is_told_only_what_was_shown_and_agreed_to(vault: Path) -> None:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    assert "no git repository" in run("init", str(vault), "--git").stderr
    subprocess.run(["git", "init", "-q", str(vault)], check=True)
    shown = run("init", str(vault), "--git")
    assert "merge.studykit.driver = " in shown.stdout
    assert not (vault / ".gitattributes").exists()
    assert "Written. Commit" in run("init", str(vault), "--git", "--yes").stderr
    assert "*.md merge=studykit" in (vault / ".gitattributes").read_text()
    assert "already" in run("init", str(vault), "--git", "--yes").stderr
    assert "Taken out" in run("init", str(vault), "--no-git").stderr
    assert not (vault / ".gitattributes").exists()


def test_no_such_card(vault: Path) -> None:
    run("sync", str(vault))
    done = run("show", "ffffffff")
    assert done.returncode == ExitCode.NOT_FOUND
    assert "There is no card 'ffffffff'" in done.stderr


def test_a_misspelt_setting_names_file_and_key_and_the_nearest(vault: Path) -> None:
    (vault / ".studykit").mkdir()
    (vault / ".studykit" / "config.toml").write_text("[schedule]\nnew_per_dy = 3\n")
    done = run("sync", str(vault))
    assert done.returncode == ExitCode.SETTINGS
    assert "config.toml" in done.stderr
    assert "Did you mean `new_per_day`?" in done.stderr


def test_init_writes_settings_that_can_be_read_back(vault: Path) -> None:
    done = run("init", str(vault))
    assert done.returncode == ExitCode.OK
    file = vault / ".studykit" / "config.toml"
    assert str(file) in done.stdout
    file.write_text(file.read_text().replace("# new_per_day = 20", "new_per_day = 7"))
    shown = json.loads(run("config", "--json").stdout)
    assert shown["schedule.new_per_day"] == {"value": 7, "from": str(file)}
    assert shown["schedule.rollover_hour"]["from"] == "default"
    run("sync")
    assert json.loads(run("due", "--json").stdout)["new"] == 2


def test_uncommented_settings_are_all_valid(vault: Path) -> None:
    run("init", str(vault))
    file = vault / ".studykit" / "config.toml"
    lines = file.read_text().splitlines()
    file.write_text("\n".join(line.removeprefix("# ") if " = " in line else line for line in lines))
    done = run("config", "--json")
    assert done.returncode == ExitCode.OK, done.stderr
    assert {each["from"] for each in json.loads(done.stdout).values()} == {str(file)}


def test_suspend_unsuspend_bury_and_undo(vault: Path) -> None:
    run("sync", str(vault))
    card = json.loads(run("cards", "one", "--json").stdout)[0]["id"]

    def state() -> str:
        return str(json.loads(run("show", card, "--json").stdout)["state"])

    assert run("suspend", card).returncode == 0
    assert state() == "suspended"
    assert run("unsuspend", card).returncode == 0
    assert state() == "new"
    assert run("bury", card).returncode == 0
    assert state() == "buried"
    assert "Undone: burial" in run("undo").stdout
    assert state() == "new"


def test_a_plain_session_from_question_to_grade(vault: Path) -> None:
    run("sync", str(vault))
    done = run("review", "--plain", "--limit", "1", typed="\n3\n")
    assert done.returncode == 0
    assert "The number" in done.stdout
    assert "1 review in" in done.stdout
    assert json.loads(run("due", "--json").stdout)["new"] == 1


def test_the_prompt_says_nothing_when_nothing_is_due(vault: Path) -> None:
    run("sync", str(vault))
    assert run("due", "--prompt").stdout == ""
    assert run("due", "--prompt", "{due}/{new}").stdout == "0/2\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_name_the_program(shell: str) -> None:
    done = run("completion", shell)
    assert done.returncode == 0
    assert "_STUDYKIT_COMPLETE" in done.stdout


def test_doctor_is_content_with_a_good_vault_and_names_a_damaged_store(vault: Path) -> None:
    run("sync", str(vault))
    assert run("doctor", PYTHONIOENCODING="utf-8").returncode == ExitCode.OK
    (store,) = Path(os.environ["STUDYKIT_HOME"], "stores").glob("*.db")
    store.write_bytes(b"no store at all" * 100)
    done = run("doctor", PYTHONIOENCODING="utf-8")
    assert done.returncode == ExitCode.FOUND
    assert "sync --rebuild" in done.stdout
    assert run("sync", "--rebuild").returncode == ExitCode.OK


def test_a_closed_pipe_is_no_error(vault: Path) -> None:
    run("sync", str(vault))
    for command in ("cards", "due"):
        line = f"{sys.executable} -m studykit {command} | true"
        done = subprocess.run(["bash", "-o", "pipefail", "-c", line], capture_output=True, text=True, check=False)
        assert not done.stderr.replace("2 cards\n", "")


def test_a_terminal_without_chinese_gets_question_marks(vault: Path) -> None:
    (vault / "推理").mkdir()
    (vault / "two.md").rename(vault / "推理" / "two.md")
    run("sync", str(vault))
    done = run("due", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert "1  ??\n" in done.stdout


def test_a_changed_setting_bears_on_due_at_once(vault: Path) -> None:
    run("sync", str(vault))
    assert json.loads(run("due", "--json").stdout)["new"] == 2
    file = vault / ".studykit" / "config.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text("[schedule]\nnew_per_day = 1\n")
    assert json.loads(run("due", "--json").stdout)["new"] == 1
    file.write_text('[schedule]\nnew_per_day = "x"\n')
    assert run("due").returncode == ExitCode.SETTINGS
    file.unlink()
    assert json.loads(run("due", "--json").stdout)["new"] == 2


@pytest.mark.parametrize("words", [("sync", "."), ("--bundled",), ("doctor",)])
def test_a_home_that_cannot_be_written_is_a_sentence(vault: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "file").write_text("")
    environment = {"STUDYKIT_HOME": str(tmp_path / "file" / "home"), "STUDYKIT_VAULT": str(vault)}
    done = run(*words, **environment)
    assert done.returncode in (ExitCode.STORE, ExitCode.SETTINGS)
    assert "Traceback" not in done.stderr
    assert str(tmp_path / "file") in done.stderr


def test_a_damaged_store_is_a_sentence_for_every_command(vault: Path) -> None:
    run("sync", str(vault))
    (place,) = Path(os.environ["STUDYKIT_HOME"], "stores").glob("*.db")
    data = place.read_bytes()
    place.write_bytes(data[:12288] + b"Z" * (len(data) - 12288))  # the schema can be read, the tables cannot
    for words in (("sync",), ("cards",), ("undo",), ("review", "--plain"), ("due",)):
        done = run(*words)
        assert done.returncode == ExitCode.STORE, words
        assert "sync --rebuild" in done.stderr


def test_a_folder_without_cards_says_so(tmp_path: Path) -> None:
    done = run("--vault", str(tmp_path))
    assert done.returncode == ExitCode.OK
    assert "No note here makes a card" in done.stdout


def at_terminal(*words: str, typed: bytes, **environment: str) -> tuple[int, bytes]:
    """The program at a pseudo-terminal, until it ends: its exit code and what stood there."""
    import pty

    main, far = pty.openpty()
    process = subprocess.Popen([sys.executable, "-m", "studykit", *words], stdin=far, stdout=far, stderr=far,
                               env={**os.environ, **environment}, start_new_session=True)  # fmt: skip
    os.close(far)
    os.write(main, typed)
    seen = b""
    while True:
        try:
            seen += os.read(main, 4096)
        except OSError:  # the far side is closed
            break
    os.close(main)
    return process.wait(timeout=20), seen


def test_the_folder_of_the_first_run_may_begin_at_home(vault: Path) -> None:
    typed = b"2\n~/nowhere\n~/vault\nq\n"
    code, seen = at_terminal("--plain", typed=typed, HOME=str(vault.parent), TERM="xterm-256color")
    assert code == ExitCode.OK
    assert b"nowhere is not there" in seen
    assert (Path(os.environ["STUDYKIT_HOME"]) / "vault").read_text() == f"{vault.resolve()}\n"


def test_a_terminal_that_can_place_no_cursor_is_asked_line_by_line(vault: Path) -> None:
    run("sync", str(vault))
    code, seen = at_terminal("review", "one", typed=b"\n3\n", TERM="dumb")
    assert code == ExitCode.OK
    assert b"1 again (today)" in seen
    assert b"\x1b" not in seen


def test_what_is_saved_is_followed_until_ctrl_c(vault: Path) -> None:
    pytest.importorskip("watchfiles", reason="the extra `watch` is not installed")
    words = [sys.executable, "-m", "studykit", "sync", str(vault), "--watch", "--json"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stderr
    try:
        assert json.loads(process.stdout.readline())["notes"]["new"] == 2
        assert "Ctrl-C" in process.stderr.readline()
        (vault / "three.md").write_text("# What is three?\n\n## Answer\n\nThe number **three**, plainly said.\n")
        report = json.loads(process.stdout.readline())
        assert (report["notes"]["new"], report["cards"]["new"]) == (1, 1)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            _, remarks = process.communicate(timeout=20)
        finally:
            process.kill()
    assert process.returncode == 0
    assert "Not followed any more" in remarks
    assert run("sync", str(vault), "--watch", "--dry-run").returncode == ExitCode.USAGE


def test_a_reader_that_has_enough_is_no_finding(vault: Path) -> None:
    run("sync", str(vault))
    for number in range(1500):  # more than a pipe holds
        (vault / f"{number:04}.md").write_text(f"# What is {'a' * 60} {number}?\n\n## Answer\n\nPlainly {number}.\n")
    run("sync")
    words = [sys.executable, "-m", "studykit", "cards"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as listing:
        assert listing.stdout
        assert listing.stderr
        listing.stdout.readline()
        listing.stdout.close()
        assert (listing.wait(60), listing.stderr.read()) == (ExitCode.OK, b"")


def test_what_is_done_to_a_card_is_data_too(vault: Path) -> None:
    run("sync", str(vault))
    card = json.loads(run("cards", "--limit", "1", "--json").stdout)[0]
    for command in ("suspend", "unsuspend", "bury"):
        assert json.loads(run(command, card["id"][:6], "--json").stdout) == {
            "card": card["id"],
            "prompt": card["prompt"],
        }
    assert "2 cards, the first 1 shown" in run("cards", "--limit", "1").stderr


def test_a_card_is_shown_in_words(vault: Path) -> None:
    (vault / "one.md").write_text("---\ntags: [C++, gpu]\n---\n# What is one?\n\n## Answer\n\nThe number **one**.\n")
    run("sync", str(vault))
    card = json.loads(run("cards", "one", "--json").stdout)[0]
    shown = run("show", card["id"]).stdout
    assert "None" not in shown
    assert "tags             C++, gpu\n" in shown


def test_a_list_for_today_says_that_a_break_runs(vault: Path) -> None:
    run("sync", str(vault))
    run("pause", "3d")
    assert "On a break until" in run("today").stderr


def test_no_archive_is_a_sentence(vault: Path, tmp_path: Path) -> None:
    run("sync", str(vault))
    (tmp_path / "notes.txt").write_text("nothing packed")
    assert "notes.txt is no backup, or is cut short." in run("restore", str(tmp_path / "notes.txt")).stderr


def test_messages_are_in_the_language_of_the_locale(vault: Path) -> None:
    run("sync", str(vault))
    assert "没有卡片" in run("show", "zzzz", LANGUAGE="zh_CN").stderr
    assert "frontmatter 不是合法的 YAML" in run("sync", str(broken(vault)), "--dry-run", LANGUAGE="zh_CN").stderr


def broken(vault: Path) -> Path:
    (vault / "three.md").write_text("---\ntitle: [a\n---\n# Three?\n")
    return vault


def test_a_break_and_its_end_are_data(vault: Path) -> None:
    run("sync", str(vault))
    assert json.loads(run("resume", "--json").stdout) is None
    begun = json.loads(run("pause", "3d", "--json").stdout)
    ended = json.loads(run("resume", "--json").stdout)
    assert ended == {"from": begun["from"], "until": begun["from"], "spread_days": 0}
    assert run("undo").stdout == "Undone: end of the break\n"
    assert run("undo").stdout == "Undone: break\n"


def test_a_file_is_written_into_the_folder_where_one_stands(vault: Path, tmp_path: Path) -> None:
    run("sync", str(vault))
    words = [sys.executable, "-m", "studykit", "plan", "--days", "3", "--svg", "plan.svg"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (ExitCode.OK, "Charts written to plan.svg.\n")
    assert (tmp_path / "plan.svg").read_text().startswith("<svg")


def test_a_vault_that_nobody_read_is_not_told_as_an_empty_one(vault: Path) -> None:
    run("init", str(vault))
    assert run("due").stderr == "No note was read yet. `studykit sync` reads them.\n"
    run("sync")
    assert run("due").stderr == ""


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (("sync", ""), "dir"),
        (("review", "--vault", ""), "dir"),
        (("stats", "--html", "no"), "file"),
        (("notes", "--init", ""), "file"),
        (("show", ""), ""),
    ],
)
def test_the_shells_complete_places(words: tuple[str, ...], kind: str) -> None:
    line = " ".join(("studykit", *words))
    done = run(_STUDYKIT_COMPLETE="bash_complete", COMP_WORDS=line, COMP_CWORD=str(len(words)))
    assert done.stdout.split(",")[0].strip() == kind


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed here")
def test_fish_keeps_what_follows_a_comma(tmp_path: Path) -> None:
    script = run("completion", "fish").stdout
    answer = "printf '%b\\n' 'plain,4,8\\tfour, or eight' 'plain,none\\tnothing'"
    (tmp_path / "env").write_text(f"#!/bin/sh\n{answer}\n")  # what the script calls in place of studykit
    (tmp_path / "env").chmod(0o755)
    (tmp_path / "complete.fish").write_text(f"set PATH {tmp_path} $PATH\n{script}\ncomplete -C 'studykit calc '\n")
    done = subprocess.run(["fish", "--no-config", str(tmp_path / "complete.fish")], capture_output=True, text=True)
    assert done.stdout.splitlines() == ["4,8\tfour, or eight", "none\tnothing"]


def test_help_says_of_each_command_a_whole_sentence() -> None:
    shown = run("--help").stdout
    listed = shown.split("Commands:")[1].split("Exit codes")[0]
    assert "..." not in listed
    assert "Make DIR the known vault and write its settings to" in " ".join(listed.split())


def test_a_schedule_beyond_all_patience_is_refused() -> None:
    done = run("pipeline", "1f1b", "--stages", "100000", "--microbatches", "100000")
    assert done.returncode == ExitCode.USAGE
    assert "too many to simulate" in done.stderr


def test_each_line_of_a_piped_session_ends_before_the_next_begins(vault: Path) -> None:
    run("sync", str(vault))
    shown = run("review", "one", "--plain", typed="\n3\n").stdout.splitlines()
    assert "1 review in 0 s." in shown
    assert any(line.endswith("q leave: 3") for line in shown)


def test_one_card_is_shown_without_empty_lines_or_endless_fractions(vault: Path) -> None:
    run("sync", str(vault))
    run("review", "one", "--plain", typed="\n3\n")
    card = json.loads(run("cards", "one", "--json").stdout)[0]["id"]
    head = run("show", card).stdout.split("\n\n")[0].splitlines()
    assert all(len(line.split()) > 1 for line in head)
    assert "stability        2.31" in head  # FSRS-6's first stability of Good, 2.3065


@pytest.mark.parametrize(
    "words", [("log", "--limit"), ("cards", "--limit"), ("review", "--ahead"), ("review", "--new"), ("plan", "--new")]
)
def test_a_number_beyond_all_sense_is_refused(vault: Path, words: tuple[str, str]) -> None:
    done = run(*words, "9" * 21, "--vault", str(vault))
    assert done.returncode == ExitCode.USAGE
    assert words[1] in done.stderr


def test_a_file_that_cannot_be_written_is_named_as_it_was_given(vault: Path) -> None:
    run("sync", str(vault))
    target = vault / f"{'x' * 300}.svg"
    done = run("plan", "--svg", str(target))
    assert done.returncode not in (ExitCode.OK, ExitCode.CRASH)
    assert ".tmp" not in done.stderr


NO_TEXT = os.fsdecode(b"\xb1\xca")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["cards", NO_TEXT], ExitCode.USAGE),
        (["search", NO_TEXT], ExitCode.USAGE),
        (["plan", NO_TEXT], ExitCode.USAGE),
        (["today", NO_TEXT], ExitCode.USAGE),
        (["review", "--deck", NO_TEXT], ExitCode.USAGE),
        (["show", NO_TEXT], ExitCode.NOT_FOUND),
        (["suspend", NO_TEXT], ExitCode.NOT_FOUND),
        (["log", NO_TEXT], ExitCode.NOT_FOUND),
        (["orphans", "forget", NO_TEXT], ExitCode.NOT_FOUND),
    ],
    ids=lambda each: each[0] if isinstance(each, list) else "",
)
def test_bytes_that_are_no_text_are_no_fault_of_studykit(vault: Path, words: list[str], code: ExitCode) -> None:
    run("sync", str(vault))
    done = run(*words)
    assert (done.returncode, done.stdout) == (code, "")
    assert "fault" not in done.stderr


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names are text there")
def test_a_folder_whose_name_is_no_text_is_refused_at_once(vault: Path) -> None:
    named = vault.rename(vault.with_name(NO_TEXT))
    for words in (["init", str(named)], ["sync", str(named)], ["review", "--vault", str(named)]):
        done = run(*words)
        assert done.returncode == ExitCode.VAULT
        assert "name is not UTF-8" in done.stderr
    assert not (named / ".studykit").exists()


def test_a_full_disk_is_not_mended_by_a_new_store(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from studykit.errors import StoreError
    from studykit.study import doctor

    run("sync", str(vault))

    def full(_file: str) -> None:
        raise StoreError("a.db cannot be opened as a store: disk I/O error.", "Make room on that disk.")

    monkeypatch.setattr("studykit.store.database.open_store", full)
    (wrong,) = [each for each in doctor.examine(str(vault)) if each.level == "wrong" and each.about == "store"]
    assert wrong.remedy == "Make room on that disk."


def test_one_is_one_in_words(vault: Path) -> None:
    from studykit.study.planning.days_ahead import in_words
    from studykit.tui.widgets.timeline import timeline_lines

    assert in_words(0, 1, 2) == "1 new card, about 2 min"
    assert in_words(0, 2, 2) == "2 new cards, about 2 min"
    from fractions import Fraction

    from studykit.pipeline import simulate

    one = Fraction(1)
    plan = simulate("gpipe", stages=17, microbatches=2, forward=one, backward_input=one, backward_weight=one)
    shown = ["".join(text for text, _style in line) for line in timeline_lines(plan, 80)]
    assert "and 1 rank more" in shown


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
@pytest.mark.parametrize("command", ["due", "cards"])
def test_output_that_finds_no_room_or_no_reader_is_no_fault(vault: Path, command: str) -> None:
    run("sync", str(vault))
    words = [sys.executable, "-m", "studykit", command]
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with open("/dev/full", "w") as full:
        done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, text=True, check=False, env=buffered)
    assert done.returncode == ExitCode.STORE
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr
    done = subprocess.run(["sh", "-c", '"$@" >&-', "sh", *words], stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == ExitCode.OK
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals are another thing there")
@pytest.mark.parametrize(
    ("place", "code"),
    [("studykit.cli.start._load_msgspec", -signal.SIGINT), ("studykit.study.figures.stats.stats", 130)],
)
def test_ctrl_c_while_loading_or_working_shows_no_traceback(vault: Path, place: str, code: int) -> None:
    run("sync", str(vault))
    module, _, name = place.rpartition(".")
    interrupted = (
        f"import os, signal, sys, time, {module} as room; from studykit.cli import start; sys.argv = ['-', 'stats'];"
        f"room.{name} = lambda *_: (os.kill(os.getpid(), signal.SIGINT), time.sleep(5)); start.main()"
    )
    done = subprocess.run([sys.executable, "-c", interrupted], capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert "Traceback" not in done.stderr


def test_an_empty_folder_is_said_to_be_empty(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    assert "There is no Markdown note below" in run("init", str(tmp_path / "new")).stderr
