"""git told how notes merge: their review fields by themselves, their text as ever.

What is written is a block of `.gitattributes` in the vault, which travels with it, and a merge driver in the
configuration of this clone alone. A clone without that driver, or a machine without studykit, merges as git does.
"""

import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass

from studykit.errors import VaultError
from studykit.locale import _
from studykit.places import write_whole

NAME = "studykit"
_FIRST = (
    "# studykit: review fields merge by themselves, device logs by union (`studykit init DIR --no-git` takes this out)"
)
_LAST = "# studykit: end"
ATTRIBUTES = (
    _FIRST,
    f"*.md merge={NAME}",
    "/.studykit/log/**/*.jsonl merge=union -text",
    "/.studykit/log/**/*.jsonl.gz binary",
    _LAST,
)


@dataclass(frozen=True, slots=True)
class GitMerge:
    """What is to be written, or was taken out: lines of the attributes file, and the settings of this clone.

    `changed` is False where everything stands already (or nothing does). `log_ignored`: git is told to leave the
    review log out, so it travels to no other clone.
    """

    attributes_file: str
    lines: tuple[str, ...]
    settings: tuple[tuple[str, str], ...]
    changed: bool
    log_ignored: bool


def planned(root: str) -> GitMerge:
    """What `write` would write for the vault at `root`. Raises VaultError where git or a repository is missing."""
    _insist_on_repository(root)
    settings = ((f"merge.{NAME}.name", "notes, with review fields"), (f"merge.{NAME}.driver", driver()))
    stands = _block(_attributes(root)) == list(ATTRIBUTES)
    changed = not stands or any(_git(root, "config", "--local", "--get", key).stdout != f"{value}\n"
                                for key, value in settings)  # fmt: skip
    ignored = _git(root, "check-ignore", "-q", ".studykit/log/device/2026-01.jsonl").returncode == 0
    return GitMerge(_attributes_file(root), ATTRIBUTES, settings, changed, ignored)


def write(root: str, plan: GitMerge) -> None:
    """Write the plan; a block that studykit wrote before is replaced, everything else stays. Raises VaultError."""
    text = _without_block(_attributes(root))
    gap = "" if not text or text.endswith("\n") else "\n"
    _write_attributes(root, text + gap + "\n".join(plan.lines) + "\n")
    for key, value in plan.settings:
        _insist(_git(root, "config", "--local", key, value))


def remove(root: str) -> bool:
    """Take out what `write` wrote, and nothing else; whether there was anything. Raises VaultError."""
    _insist_on_repository(root)
    text = _attributes(root)
    rest = _without_block(text)
    if rest != text:
        if rest:
            _write_attributes(root, rest)
        else:
            os.unlink(_attributes_file(root))
    removed = _git(root, "config", "--local", "--remove-section", f"merge.{NAME}").returncode == 0
    return removed or rest != text


def driver() -> str:
    """The driver's command: review fields made alike, then git's own merge of what is left.

    studykit is looked for on the path and then where it is now. Where neither is there, only git's merge happens.
    """
    here = shlex.quote(_program())
    ask = " || ".join(f"{program} merge %O %A %B" for program in (NAME, here))
    labels = "-L ours -L base -L theirs"
    return f"{{ {ask}; }} >/dev/null 2>&1; git merge-file -q --marker-size=%L {labels} %A %O %B"


def _program() -> str:
    beside = os.path.join(os.path.dirname(sys.executable), NAME)
    return (beside if os.path.exists(beside) else shutil.which(NAME) or NAME).replace("\\", "/")


def _attributes_file(root: str) -> str:
    return os.path.join(root, ".gitattributes")


def _attributes(root: str) -> str:
    try:
        with open(_attributes_file(root), encoding="utf-8", errors="surrogateescape", newline="") as file:
            return file.read()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise _unusable(root, error) from error


def _write_attributes(root: str, text: str) -> None:
    try:
        write_whole(_attributes_file(root), text.encode("utf-8", "surrogateescape"))
    except OSError as error:
        raise _unusable(root, error) from error


def _unusable(root: str, error: OSError) -> VaultError:
    return VaultError(
        _("{file} cannot be written: {why}.").format(file=_attributes_file(root), why=error.strerror),
        _("Check the folder's permissions."),
    )


def _block(text: str) -> list[str]:
    lines = text.splitlines()
    return lines[lines.index(_FIRST) : lines.index(_LAST) + 1] if _FIRST in lines and _LAST in lines else []


def _without_block(text: str) -> str:
    lines = text.splitlines(keepends=True)
    bare = [line.rstrip("\r\n") for line in lines]
    if _FIRST not in bare or _LAST not in bare:
        return text
    return "".join(lines[: bare.index(_FIRST)] + lines[bare.index(_LAST) + 1 :])


def _insist_on_repository(root: str) -> None:
    if _git(root, "rev-parse", "--is-inside-work-tree").stdout.strip() != "true":
        raise VaultError(
            _("{folder} is in no git repository.").format(folder=root), _("`git init` there makes one; then try again.")
        )


def _insist(done: "subprocess.CompletedProcess[str]") -> None:
    if done.returncode:
        raise VaultError(
            _("git refused: {why}").format(why=done.stderr.strip()), _("Nothing of the notes was changed.")
        )


def _git(root: str, *words: str) -> "subprocess.CompletedProcess[str]":
    try:
        return subprocess.run(
            ["git", "-C", root, *words], capture_output=True, text=True, errors="replace", check=False, timeout=60
        )
    except FileNotFoundError as error:
        raise VaultError(_("git is not installed here."), _("Install it, or leave out --git.")) from error
    except subprocess.TimeoutExpired as error:
        raise VaultError(_("git does not answer."), _("Look whether it waits for a lock or a password.")) from error
