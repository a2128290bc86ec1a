"""A fault of studykit itself: the traceback goes to a file, a sentence to the person.

The report holds code positions only, no local variables: notes are private, and reports get posted.
"""

import os
import platform
import sys
import time
import traceback

from studykit import __version__, places


def report(error: BaseException, words: list[str]) -> str:
    """Write the report; returns what to tell the person."""
    trace = "".join(traceback.format_exception(error))
    text = (
        f"studykit {__version__}, Python {sys.version.split()[0]}, {platform.platform()}\n"
        f"command: {words[:1]}\n\n{trace}"
    )
    file = os.path.join(places.data_folder(), "reports", time.strftime("crash-%Y%m%d-%H%M%S.txt"))
    try:
        places.write_whole(file, text.encode("utf-8", "backslashreplace"))
    except OSError:
        return f"studykit: this is a fault of studykit itself, and no report could be written:\n{trace}"
    return (
        f"studykit: a fault of studykit itself ({type(error).__name__}). Everything graded is in the log.\n"
        f"The report is {file}."
    )
