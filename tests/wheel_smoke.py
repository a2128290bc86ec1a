"""Smoke test of an installed wheel: sync, due and a plain session on the bundled notes, as a person would.

Usage: python wheel_smoke.py PATH_OF_STUDYKIT. Needs nothing but the standard library.
"""

import json
import os
import subprocess
import sys
import tempfile


def main(program: str) -> None:
    """Run the installed program in a home of its own; any surprise ends it with an error."""
    with tempfile.TemporaryDirectory() as home:
        environment = {"PATH": os.environ["PATH"], "STUDYKIT_HOME": home, "LANG": "C.UTF-8", "HOME": home}

        def run(*words: str, typed: str = "") -> str:
            done = subprocess.run(
                [program, *words], input=typed, capture_output=True, text=True, env=environment, cwd=home, timeout=120
            )
            assert done.returncode == 0, f"{words}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
            return done.stdout

        assert "studykit" in run("--version")
        run("--bundled", "--plain", typed="\n3\nq\n")
        report = json.loads(run("sync", "--json"))
        assert report["notes"]["seen"] == 12, report
        assert report["cards"]["by_rule"]["answer-section"] == 12, report
        due = json.loads(run("due", "--json"))
        assert set(due) == {"due", "new", "by_deck", "day"}, due
        assert "30.4" in run("calc", "bubble", "--schedule", "1f1b", "--stages", "8", "--microbatches", "16")
        sys.stdout.write("wheel: good\n")


if __name__ == "__main__":
    main(sys.argv[1])
