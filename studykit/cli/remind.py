"""`studykit remind`: what would be said now, and saying it once for a scheduler."""

import click

from studykit.cli.options import json_option, print_json, remark, the_vault, vault_option
from studykit.errors import ExitCode


@click.group(invoke_without_command=True)
@click.option("--once", is_flag=True, help="Decide, and deliver if it is due: what a scheduler runs.")
@json_option
@vault_option
@click.pass_context
def remind(context: click.Context, once: bool, as_json: bool, vault_dir: str | None) -> None:
    """Show the reminder that would be given now, and whether it would be.

    With --once it is given over the channels of the settings (`remind.channels`), unless too few cards are due, cards
    were reviewed today, study is paused, it is a quiet hour, a reminder was given a few hours ago, or a session is
    open. Exit codes of --once: 0 delivered, 8 nothing to say, 9 no channel delivered.

    \b
    Examples:
      studykit remind
      studykit remind --once
    """
    if context.invoked_subcommand is not None:
        context.obj = vault_dir
        return
    from datetime import datetime

    vault = the_vault(vault_dir)
    if once:
        context.exit(_once(vault_dir, as_json))
    from studykit.reminders.remind import in_words, reminder

    found = reminder(vault, datetime.now())
    if as_json:
        print_json({"reason": found.reason, **found.message.as_plain()})
        return
    click.echo(found.message.body)
    remark(in_words(found.reason))


def _once(vault_dir: str | None, as_json: bool) -> int:
    from datetime import datetime

    from studykit.reminders import record
    from studykit.reminders.remind import in_words, remind_once

    done = remind_once(the_vault(vault_dir), datetime.now())
    if as_json:
        print_json(done.as_plain())
    for delivery in done.deliveries:
        if delivery.error:
            remark(f"{delivery.channel}: {delivery.error}")
    if done.result == record.NOTHING and not as_json:
        remark(in_words(done.reason))
    codes = {record.DELIVERED: ExitCode.OK, record.NOTHING: ExitCode.NOTHING, record.FAILED: ExitCode.UNDELIVERED}
    return int(codes[done.result])


@remind.command()
@vault_option
@click.pass_obj
def shell(parent: str | None, vault_dir: str | None) -> None:
    """Print one line at most once a day when something is due: for .bashrc, .zshrc or fish's config.

    \b
    Example:
      studykit remind shell
    """
    import os

    from studykit.cli.glance import glance
    from studykit.study.outlook import renewed

    vault = the_vault(vault_dir or parent)
    os.environ["STUDYKIT_VAULT"] = vault.root
    renewed(vault)
    glance(["shell"])
