"""`studykit sync`: bring the store up to date with the notes and the log."""

import json
import signal
import time
from threading import Event
from typing import TYPE_CHECKING

import click

from studykit.cli.options import json_option, remark, the_vault, vault_option
from studykit.cli.progress import Progress
from studykit.locale import _

if TYPE_CHECKING:
    from studykit.study.syncing.report import SyncReport
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
    from studykit.cli.sync_once import known_from_now_on, sync_once

    if watch and (dry_run or checked):
        raise click.UsageError("--watch goes on by itself: give it without --dry-run and --checked.")
    vault = the_vault(directory or vault_dir)
    if watch:
        if rebuild:
            from studykit.study.sync import sync as run_sync

            run_sync(vault, rebuild=True, progress=Progress())
        known_from_now_on(vault)
        _follow(vault, as_json)
    else:
        sync_once(vault, dry_run=dry_run, rebuild=rebuild, checked=checked, as_json=as_json)


def _follow(vault: "Vault", as_json: bool) -> None:
    """Show every sync that finds something, the first one whole; Ctrl-C is how it is meant to end."""
    from studykit.study.syncing.watch import follow

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
