"""One sync and what it found. The plain `studykit sync` comes here without click, which is a sixth of its time.

Options are left to the command in `sync.py`, which ends here too.
"""

import sys
from typing import TYPE_CHECKING

from studykit import places
from studykit.cli.ending import ended, say
from studykit.cli.progress import Progress
from studykit.locale import _
from studykit.study.sync import sync
from studykit.study.vault import Vault, open_vault

if TYPE_CHECKING:
    from studykit.study.sessions.checklist import Taken


def sync_at_once(words: list[str]) -> int | None:
    """Do what `studykit sync WORDS` asks for, if that is simple: its exit code. None leaves it to the full command."""
    if len(words) > 1 or any(word.startswith("-") for word in words):
        return None
    return ended(lambda: sync_once(open_vault("".join(words) or None)), ["sync", *words])


def sync_once(
    vault: Vault, *, dry_run: bool = False, rebuild: bool = False, checked: str | None = None, as_json: bool = False
) -> None:
    """Sync, and print what was found; `checked` is a list whose ticked notes are taken as Good then."""
    report = sync(vault, dry_run=dry_run, rebuild=rebuild, progress=Progress())
    if not dry_run:
        known_from_now_on(vault)
    taken = _take(vault, checked, dry_run) if checked is not None else None
    if as_json:
        from studykit.cli.options import print_json

        print_json(report.as_json() | ({"checked": taken.as_json()} if taken else {}))
        return
    sys.stdout.write(report.as_text() + "\n")
    if taken:
        sys.stdout.write(taken.as_text() + "\n")
        report.problems += taken.problems
    sys.stdout.flush()
    for problem in report.problems:
        say(f"{problem.file}:{problem.line}: {problem.message}")
    if dry_run:
        say(_("Nothing was written (--dry-run)."))


def known_from_now_on(vault: Vault) -> None:
    """Make this the known vault if none is."""
    if places.current_vault() is None:
        places.remember_vault(vault.root)


def _take(vault: Vault, file: str, dry_run: bool) -> "Taken":
    from studykit.study.sessions.checklist import take_ticked

    return take_ticked(vault, file, dry_run=dry_run)
