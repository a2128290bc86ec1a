"""`studykit WORDS` as a process of its own, without the third of a second that loading takes each time.

One process a test session loads the program's modules and runs nothing. Each command is a fork of it with its own
arguments, environment, folder and standard streams; it ends as any process does. What is not to be had this way (no
`fork`, or an environment that Python reads at its start) is started afresh.
"""

import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

READ_AT_START = ("PYTHON", "LC_", "LANG=", "TZ=")
"""Beginnings of settings that a process takes up before its first line: with these it is started afresh."""
MODULES = (
    "studykit.cli.app", "studykit.cli.options", "studykit.study.browsing.browse", "studykit.study.sync",
    "studykit.study.syncing.note_reading", "studykit.claims.checker",
)  # fmt: skip


def run(*words: str, typed: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """One process; `typed` is what it reads, `environment` is added to this one's."""
    set_at_start = [name for name in environment if f"{name}=".startswith(READ_AT_START)]
    if not hasattr(os, "fork") or set_at_start:
        return subprocess.run(
            [sys.executable, "-m", "studykit", *words],
            input=typed, capture_output=True, text=True, env={**os.environ, **environment}, timeout=60,
        )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        streams = [Path(folder, name) for name in ("in", "out", "err")]
        streams[0].write_text(typed, encoding="utf-8")
        order = {
            "words": words, "environment": {**os.environ, **environment}, "folder": os.getcwd(),
            "streams": [str(place) for place in streams],
        }  # fmt: skip
        loaded = _loaded()
        assert loaded.stdin
        assert loaded.stdout
        loaded.stdin.write(json.dumps(order) + "\n")
        loaded.stdin.flush()
        code = int(loaded.stdout.readline())
        out, err = (place.read_text(encoding="utf-8") for place in streams[1:])
    return subprocess.CompletedProcess(["studykit", *words], code, out, err)


def loaded_by(*words: str) -> set[str]:
    """The modules that `studykit WORDS` loads."""
    command = [sys.executable, "-X", "importtime", "-c", "from studykit.cli.start import main; main()", *words]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    return {line.rpartition("|")[2].strip() for line in told.splitlines()}


@cache
def _loaded() -> subprocess.Popen[str]:
    """The process that has the modules; it ends when this one does, as its input ends then."""
    return subprocess.Popen([sys.executable, "-P", __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _serve() -> None:
    from importlib import import_module

    for module in MODULES:
        import_module(module)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _become(json.loads(line))
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        sys.stdout.write(f"{code}\n")
        sys.stdout.flush()


def _become(order: "dict[str, object]") -> None:
    from studykit.cli.start import main

    os.environ.clear()
    os.environ.update(order["environment"])  # type: ignore[call-overload]
    os.chdir(str(order["folder"]))
    flags = (os.O_RDONLY, os.O_WRONLY | os.O_CREAT, os.O_WRONLY | os.O_CREAT)
    for number, (place, flag) in enumerate(zip(order["streams"], flags, strict=True)):  # type: ignore[call-overload]
        os.dup2(os.open(place, flag), number)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115 - they end with the process
    sys.argv = ["studykit", *order["words"]]  # type: ignore[misc]
    code: object = 1
    try:
        main()
        code = 0
    except SystemExit as error:
        code = error.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    _serve()
