"""The console script. What is called all day, by people and programs, goes ahead of click and everything else."""

import io
import os
import sys


def main() -> None:
    """Run the command line and leave with its exit code (see `studykit.errors.ExitCode`)."""
    words = sys.argv[1:]
    _be_interrupted_silently()
    _open_what_is_closed()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="replace")  # a sign that the terminal's encoding lacks is no reason to stop
    if words[:1] == ["due"] and _answered(words[1:]):
        _leave(0)
    if words[:1] == ["remind"] and (code := _glanced(words[1:])) is not None:
        sys.exit(code)
    _load_msgspec()
    if words[:1] == ["sync"] and (code := _synced(words[1:])) is not None:
        _leave(code)
    from studykit.cli.app import run

    sys.exit(run(words))


def _be_interrupted_silently() -> None:
    """Ctrl-C while modules are loaded ends the process, where Python would show its traceback; `ended` has words."""
    import _signal  # type: ignore[import-not-found] # `signal` makes enumerations of it, which takes its time

    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:  # and not ignored, as behind `nohup`
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)


def _answered(words: list[str]) -> bool:
    from studykit.cli.prompt import answer_at_once

    try:
        done = answer_at_once(words)
        sys.stdout.flush()
    except BrokenPipeError:
        end_quietly()
        return True
    except OSError as error:  # a full disk
        from studykit.cli.ending import refused

        _leave(refused(error))
    return done


def _open_what_is_closed() -> None:
    """A stream that the caller has closed (`>&-`) takes what is written to it and keeps nothing."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - it ends with the process


def _glanced(words: list[str]) -> int | None:
    from studykit.cli.glance import glance

    return glance(words)


def _load_msgspec() -> None:
    """Load msgspec without typing_extensions, which loads inspect, ast and dis: 10 ms of every command.

    It looks there for what typing has since Python 3.11. Whoever asks for typing_extensions later gets it.
    """
    hidden = "typing_extensions"
    if hidden in sys.modules:
        return
    sys.modules[hidden] = None  # type: ignore[assignment] # to import it fails then, as if it were not installed
    try:
        import msgspec  # noqa: F401
    finally:
        del sys.modules[hidden]


def _synced(words: list[str]) -> int | None:
    """Nothing that loading makes is garbage, so none is looked for meanwhile, nor among it later."""
    import gc

    gc.disable()
    from studykit.cli.sync_once import sync_at_once

    gc.freeze()
    gc.enable()
    return sync_at_once(words)


def _leave(code: int) -> None:
    """End at once. Files are closed and processes ended by now; taking down every module would take 10 ms."""
    for stream in filter(None, (sys.stdout, sys.stderr)):
        try:
            stream.flush()
        except OSError:
            code = code or 1  # a command that succeeded has written all it says
    os._exit(code)


def end_quietly() -> None:
    """The reader (`head`) has enough; nothing is wrong, and Python must not complain while it exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
