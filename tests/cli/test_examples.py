"""Every example in every command's help runs as it stands, in a folder that has the files it names."""

import json
import os
import shlex
import subprocess
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from pathlib import Path

import click
import pytest

from studykit.cli.app import COMMANDS, studykit
from studykit.errors import ExitCode
from tests.program import run

pytestmark = pytest.mark.slow

BEYOND_A_TEST = ("remind install", "sync --watch", "remind test")
"""Examples that change the system's scheduler, or run until they are stopped, or speak aloud."""
FINE = (ExitCode.OK, ExitCode.FOUND, ExitCode.NOTHING)
NOTE = """---
tags: [gpu]
---
# {title}

## Answer

A bubble of the **pipeline**, 流水线气泡, holds 7/(7+16) = 31.8% of the step, and 显存 is full.
"""
QUIZ = """# A quiz

```quiz
ask: 1F1B runs {{stages}} stages and {{microbatches}} micro-batches. What share of the total time is bubble?
calculator: bubble
given: {{schedule: 1f1b, stages: [2, 4, 8], microbatches: 4..64, convention: total}}
answer: ratio
```
"""
FILES = {
    "notes/推理/流水线深度如何影响性能？.md": NOTE,
    "notes/训练/two.md": NOTE,
    "notes/gpu/bubble.md": NOTE,
    "notes/pipeline.md": NOTE, "notes/quiz.md": QUIZ,
    "new/three.md": "# What is three?\n\n## Answer\n\nThe third of the numbers, plainly said.\n",
    "outlines/推理优化.md": "# 推理优化\n\n## 一\n\n- [two](../notes/训练/two.md)\n",
    "notes/lost.md": NOTE, "notes/lost too.md": NOTE,
    "config/kb_config.yaml": "review_intervals:\n  easy: [1, 3, 7]\n  medium: [1, 2, 4]\n  hard: [1, 2, 3]\n",
    "revlog.csv": "card_id,review_time,review_rating\n"
    + "".join(f"1,{1_700_000_000_000 + day * 86_400_000},3\n" for day in range(9)),
    "base.md": NOTE, "ours.md": NOTE, "theirs.md": NOTE,
}  # fmt: skip


def lines_of(command: click.Command, path: str) -> Iterator[str]:
    """The command lines below `Example:` in a command's help and in the help of its parts."""
    for line in (command.help or "").splitlines():
        if line.strip().startswith(f"studykit {path}"):
            yield line.strip().split("  #")[0].split(" | ")[0].split(" >")[0]
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            if part := command.get_command(context, name):
                yield from lines_of(part, path)


def examples() -> list[str]:
    found = (line for name in COMMANDS for line in lines_of(getattr(import_module(f"studykit.cli.{name}"), name), name))
    return [line for line in dict.fromkeys(found) if not any(words in line for words in BEYOND_A_TEST)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files that the examples name, in a synced vault with two orphans; the home folder has notes too."""
    root = tmp_path_factory.mktemp("examples")
    for name, text in FILES.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text.format(title=place.stem), encoding="utf-8")
    (root / "home/notes").mkdir(parents=True)
    (root / "home/calendars").mkdir()
    (root / "reviewsToday.md").write_text(f"{date.today()}\n\n- [x] [x](notes/gpu/bubble.md)\n", encoding="utf-8")
    subprocess.run(["git", "init", "--quiet", str(root / "home/notes")], check=True)
    started = in_folder(root, "init", ".")
    assert started.returncode == ExitCode.OK, started.stderr
    in_folder(root, "review", "lost", "--plain", typed="\n3\n\n3\n")
    for lost in root.rglob("lost*.md"):
        lost.unlink()
    in_folder(root, "sync")
    in_folder(root, "backup", str(root / "home/studykit-log.tar.gz"))
    return root


def in_folder(root: Path, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """The program there, with a home of its own."""
    before = Path.cwd()
    os.chdir(root)
    try:
        home = root / "home"
        return run(*words, typed=typed, HOME=str(home), STUDYKIT_HOME=f"{home}/studykit", STUDYKIT_VAULT=str(root))
    finally:
        os.chdir(before)


@pytest.mark.parametrize("example", examples())
def test_it_runs(example: str, folder: Path) -> None:
    if "3f2a" in example:
        orphans = [card["id"] for card in json.loads(in_folder(folder, "orphans", "--json").stdout)]
        asked = ["rule:quiz"] if "--draws" in example else []
        cards = [card["id"] for card in json.loads(in_folder(folder, "cards", *asked, "--json").stdout)]
        example = example.replace("3f2a", (orphans if "orphans" in example else cards)[0]).replace("91bc", cards[-1])
    words = [word.replace("~", str(folder / "home"), 1) for word in shlex.split(example)[1:]]
    if "new/*.md" in words:  # as the shell does
        words[words.index("new/*.md")] = "new/three.md"
    typed = {"review": "q\n", "remind": "ntfys://ntfy.sh/my-topic\n"}.get(words[0], "")
    done = in_folder(folder, *words, typed=typed)
    assert done.returncode in FINE, done.stderr


def test_the_first_page_has_examples_of_its_own() -> None:
    shown = studykit.get_help(click.Context(studykit))
    assert "studykit --bundled" in shown
