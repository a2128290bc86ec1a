"""When studykit itself fails: a report in a file, one sentence on the screen, and no note's text in either."""

import os
import platform
import sys
import traceback
from datetime import datetime

from studykit import __version__, places


def report(error: BaseException, where: str = "") -> str:
    """The report: versions, terminal, and the places in the code. No local variables, and no message.

    An exception's message may quote a note (a KeyError does), so only its type is told.
    """
    lines = [
        f"studykit {__version__}, Python {platform.python_version()}, {platform.platform()}",
        f"terminal: {os.environ.get('TERM', '')} {os.environ.get('TERM_PROGRAM', '')} {where}".rstrip(),
        "",
    ]
    at: BaseException | None = error
    while at is not None:
        lines += [f"{type(at).__module__}.{type(at).__qualname__}", *_frames(at)]
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
        lines += ["", "caused by:"] if at is not None else []
    return "\n".join(lines) + "\n"


def _frames(error: BaseException) -> list[str]:
    entries = traceback.extract_tb(error.__traceback__)
    return [f"  {entry.filename}:{entry.lineno} in {entry.name}: {entry.line or ''}" for entry in entries]


def write_report(error: BaseException, where: str = "") -> str | None:
    """Write the report beside the store; its path, or None where even that is impossible."""
    name = f"crash-{datetime.now():%Y%m%d-%H%M%S}-{os.getpid()}.txt"
    path = os.path.join(places.data_folder(), "reports", name)
    try:
        places.write_whole(path, report(error, where).encode())
    except OSError:
        sys.stderr.write(report(error, where))
        return None
    return path
