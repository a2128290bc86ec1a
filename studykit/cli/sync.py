"""`studykit sync`: bring the store up to date with the notes and the log."""

import json
import os
import signal
import time
from threading import Event
from typing import TYPE_CHECKING

import click

from studykit.cli.options import json_option, print_json, remark, the_vault, vault_option
from studykit.locale import _

if TYPE_CHECKING:
    from studykit.study.checklist import Taken
    from studykit.study.report import SyncReport
    from studykit.study.vault import Vault


@click.command()
@click.argument("directory", metavar="[DIR]", required=False)
@click.option("--dry-run", is_flag=True, help="Show what would change and write nothing.")
@click.option("--rebuild", is_flag=True, help="Make the store anew from the notes and the log.")
@click.option("--checked", type=click.Path(exists=True, dir_okay=False), metavar="FILE",
              help="Then take the ticked notes of a list as Good today, once (see `studykit today`).")  # fmt: skip
@click.option("--watch", is_flag=True, help="Go on, with a sync after every save, until Ctrl-C.")
@json_option
@vault_option
def sync(
    directory: str | None,
    dry_run: bool,
    rebuild: bool,
    checked: str | None,
    watch: bool,
    as_json: bool,
    vault_dir: str | None,
) -> None:
    """Read what changed in the notes, match their cards, and report.

    Notes are never changed but for the values of their review fields, and those only where a review says so.
    Naming DIR makes it the known vault if none is known yet. With --watch, what is saved in an editor can be studied
    a moment later; --json then prints one line for each sync that found a change.

    \b
    Examples:
      studykit sync ~/notes --dry-run
      studykit sync --json | jq .problems
      studykit sync --checked reviewsToday.md
      studykit sync --watch
    """
    from studykit import places
    from studykit.study.sync import sync as run_sync

    if watch and (dry_run or checked):
        raise click.UsageError("--watch goes on by itself: give it without --dry-run and --checked.")
    vault = the_vault(directory or vault_dir)
    if watch:
        if rebuild:
            run_sync(vault, rebuild=True, progress=Progress())
        if places.current_vault() is None:
            places.remember_vault(vault.root)
        _follow(vault, as_json)
        return
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
        remark(_("Nothing was written (--dry-run)."))


def _take(vault: "Vault", file: str, dry_run: bool) -> "Taken":
    from studykit.study.checklist import take_ticked

    return take_ticked(vault, file, dry_run=dry_run)


def _follow(vault: "Vault", as_json: bool) -> None:
    """Show every sync that finds something, the first one whole; Ctrl-C is how it is meant to end."""
    from studykit.study.watch import follow

    shown: list[SyncReport] = []

    def show(report: "SyncReport") -> None:
        known = set(shown[-1].problems) if shown else set()
        if as_json and (not shown or report.found_change()):
            click.echo(json.dumps(report.as_json(), ensure_ascii=False))
        elif not shown:
            click.echo(report.as_text())
        elif report.found_change():
            click.echo(f"{time.strftime('%H:%M:%S')}  {report.changes()}")
        for problem in () if as_json else report.problems:
            if problem not in known:
                remark(f"{problem.file}:{problem.line}: {problem.message}")
        if not shown:
            remark(_("Following {folder}; Ctrl-C ends it.").format(folder=vault.root))
        shown[:] = [report]

    stop = Event()

    def interrupted(_number: int, _frame: object) -> None:
        stop.set()  # Python swallows an exception that comes while an object is taken down: then this ends it
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, interrupted)
    try:
        follow(vault, show, remark, Progress, stop)
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGINT, before)
    remark("\n" + _("Not followed any more; every note that was saved is read."))


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
