"""`studykit sync`: bring the store up to date with the notes and the log."""

import os
import time
from typing import TYPE_CHECKING

import click

from studykit.cli.options import json_option, print_json, remark, the_vault, vault_option

if TYPE_CHECKING:
    from studykit.study.checklist import Taken
    from studykit.study.vault import Vault


@click.command()
@click.argument("directory", metavar="[DIR]", required=False)
@click.option("--dry-run", is_flag=True, help="Show what would change and write nothing.")
@click.option("--rebuild", is_flag=True, help="Make the store anew from the notes and the log.")
@click.option("--checked", type=click.Path(exists=True, dir_okay=False), metavar="FILE",
              help="Then take the ticked notes of a list as Good today, once (see `studykit today`).")  # fmt: skip
@json_option
@vault_option
def sync(
    directory: str | None, dry_run: bool, rebuild: bool, checked: str | None, as_json: bool, vault_dir: str | None
) -> None:
    """Read what changed in the notes, match their cards, and report.

    Notes are never changed but for the values of their review fields, and those only where a review says so.
    Naming DIR makes it the known vault if none is known yet.

    \b
    Examples:
      studykit sync ~/notes --dry-run
      studykit sync --json | jq .problems
      studykit sync --checked reviewsToday.md
    """
    from studykit import places
    from studykit.study.sync import sync as run_sync

    vault = the_vault(directory or vault_dir)
    report = run_sync(vault, dry_run=dry_run, rebuild=rebuild, progress=Progress())
    if not dry_run and places.current_vault() is None:
        places.remember_vault(vault.root)
    taken = _take(vault, checked, dry_run) if checked is not None else None
    if as_json:
        print_json(report.as_json() | ({"checked": taken.as_json()} if taken else {}))
        return
    click.echo(report.as_text())
    if taken:
        click.echo(taken.as_text())
        report.problems += taken.problems
    for problem in report.problems:
        remark(f"{problem.file}:{problem.line}: {problem.message}")
    if dry_run:
        remark("Nothing was written (--dry-run).")


def _take(vault: "Vault", file: str, dry_run: bool) -> "Taken":
    from studykit.study.checklist import take_ticked

    return take_ticked(vault, file, dry_run=dry_run)


class Progress:
    """A progress bar on stderr, drawn from half a second on and only at a terminal."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._drawn = 0.0
        self._shown = os.isatty(2)

    def __call__(self, done: int, total: int, what: str) -> None:
        """Called by the use case after each note; `done == total` clears the bar."""
        now = time.monotonic()
        if not self._shown or now - self._began < 0.5:
            return
        if done >= total:
            click.echo("\r\033[K", err=True, nl=False)
        elif now - self._drawn >= 0.1:
            self._drawn = now
            filled = 30 * done // max(total, 1)
            click.echo(f"\r\033[K{what} [{'#' * filled}{'.' * (30 - filled)}] {done}/{total}", err=True, nl=False)
