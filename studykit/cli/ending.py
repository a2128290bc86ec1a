"""How a command ends: every failure becomes a sentence on stderr and an exit code. Nothing here needs click."""

import signal
import sqlite3
import sys
from collections.abc import Callable, Sequence

from studykit.cli.start import end_quietly
from studykit.errors import ExitCode, StudyError
from studykit.locale import _


def ended(work: Callable[[], object], words: Sequence[str]) -> int:
    """Do `work`, which the command line `words` asks for; its exit code, 0 where it gives none."""
    silent = signal.getsignal(signal.SIGINT) is signal.SIG_DFL
    try:
        if silent:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        result = work()
        sys.stdout.flush()
        return result if isinstance(result, int) else int(ExitCode.OK)
    except StudyError as error:
        say(f"studykit: {error.message}")
        if error.hint:
            say(error.hint)
        return int(error.exit_code)
    except KeyboardInterrupt:
        say("\n" + _("Interrupted; everything graded is kept."))
        return int(ExitCode.INTERRUPTED)
    except BrokenPipeError:
        end_quietly()
        return int(ExitCode.OK)
    except SystemExit:  # what click makes of a broken pipe, and of nothing else here; its code 1 would be FOUND
        end_quietly()
        return int(ExitCode.OK)
    except OSError as error:
        return refused(error)
    except sqlite3.DatabaseError as error:
        say("studykit: " + _("The store is damaged ({why}).").format(why=error))
        say(_("`studykit sync --rebuild` makes it anew from the notes and the log."))
        return int(ExitCode.STORE)
    except Exception as error:
        return _crashed(error, words)
    finally:
        if silent:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # what is left to do is to leave


def refused(error: OSError) -> int:
    """Say what the file system would not do; the exit code."""
    where = f": {error.filename}" if error.filename else ""
    told = _("The file system refused ({why}){where}").format(why=error.strerror or error, where=where)
    say(f"studykit: {told}")
    say(_("Check permissions and free space there; `studykit doctor` looks at the rest."))
    try:
        sys.stdout.flush()
    except OSError:
        end_quietly()  # what has no room is dropped: Python would try again at its end, and leave with another code
    return int(ExitCode.STORE)


def _crashed(error: Exception, words: Sequence[str]) -> int:
    from studykit.crash import write_report

    fault = _("a fault of studykit itself ({kind}). Every grade is in the log.").format(kind=type(error).__name__)
    say(f"studykit: {fault}")
    if path := write_report(error, f"command: {' '.join(words[:1])}"):
        say(_("A report with no text of your notes is in {path}").format(path=path))
    return int(ExitCode.CRASH)


def say(text: str) -> None:
    """A word for the person, on stderr."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
