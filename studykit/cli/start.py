"""The console script. What answers a shell prompt or a scheduler goes ahead of click and everything else."""

import io
import os
import sys


def main() -> None:
    """Run the command line and leave with its exit code (see `studykit.errors.ExitCode`)."""
    words = sys.argv[1:]
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="replace")  # a sign that the terminal's encoding lacks is no reason to stop
    if words[:1] == ["due"] and _answered(words[1:]):
        return
    if words[:1] == ["remind"] and (code := _glanced(words[1:])) is not None:
        sys.exit(code)
    from studykit.cli.app import run

    sys.exit(run(words))


def _answered(words: list[str]) -> bool:
    from studykit.cli.prompt import answer_at_once

    try:
        done = answer_at_once(words)
        sys.stdout.flush()
    except BrokenPipeError:
        end_quietly()
        return True
    return done


def _glanced(words: list[str]) -> int | None:
    from studykit.cli.glance import glance

    return glance(words)


def end_quietly() -> None:
    """The reader (`head`) has enough; nothing is wrong, and Python must not complain while it exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
