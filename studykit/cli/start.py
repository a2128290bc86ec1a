"""The console script. `studykit due` answers a shell prompt, so it goes ahead of click and everything else."""

import sys


def main() -> None:
    """Run the command line and leave with its exit code (see `studykit.errors.ExitCode`)."""
    words = sys.argv[1:]
    if words[:1] == ["due"]:
        from studykit.cli.prompt import answer_at_once

        if answer_at_once(words[1:]):
            return
    from studykit.cli.app import run

    sys.exit(run(words))
