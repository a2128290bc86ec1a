"""The exception tree, the exit codes, and the plain record of a thing found wrong.

```
StudyError
├── SettingsError     a settings file or value is wrong
├── VaultError        the notes folder is missing or cannot be read
├── StoreError        the derived store cannot be opened or written
├── LogError          the review log cannot be written
├── BusyError         another studykit works on this vault
├── ReminderError     a reminder cannot be delivered or scheduled
└── NotFoundError     no such card, note, calculator …
```

Both faces show a `StudyError` the same way: the message, then the hint on a line of its own.
"""

from enum import IntEnum
from typing import NamedTuple


class ExitCode(IntEnum):
    """What the process tells its caller; documented in the README and in `studykit --help`."""

    OK = 0
    FOUND = 1  # a check ran and found something wrong
    USAGE = 2  # the command line cannot be understood (click's own code), or what it asks for cannot be done
    SETTINGS = 3
    VAULT = 4
    STORE = 5
    BUSY = 6
    NOT_FOUND = 7
    NOTHING = 8  # a reminder was not due, so none was given
    UNDELIVERED = 9  # a reminder could not be delivered or scheduled
    CRASH = 70  # a fault of studykit itself, with a report written (sysexits' EX_SOFTWARE)
    INTERRUPTED = 130


class Problem(NamedTuple):
    """Something wrong in one file that stops nobody: `file` is relative to the vault, `line` starts at 1."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class StudyError(Exception):
    """Anything a person can do something about. `hint` says what; `exit_code` goes to the shell."""

    exit_code = ExitCode.USAGE

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class SettingsError(StudyError):
    """A settings file or value is wrong; the message names file and key."""

    exit_code = ExitCode.SETTINGS


class VaultError(StudyError):
    """The notes folder is missing, empty where it should not be, or cannot be read."""

    exit_code = ExitCode.VAULT


class StoreError(StudyError):
    """The derived store cannot be opened or written; rebuilding it loses nothing."""

    exit_code = ExitCode.STORE


class LogError(StudyError):
    """The review log cannot be written: the latest action is not kept."""

    exit_code = ExitCode.STORE


class BusyError(StudyError):
    """Another studykit works on this vault; the message names its process."""

    exit_code = ExitCode.BUSY


class ReminderError(StudyError):
    """A reminder cannot be delivered or scheduled; the message holds no address and no secret."""

    exit_code = ExitCode.UNDELIVERED


class NotFoundError(StudyError):
    """What was named is not there: a card, a note, a calculator, a schedule."""

    exit_code = ExitCode.NOT_FOUND
