"""`studykit remind`: what would be said now, and saying it once for a scheduler."""

import sys
from contextlib import suppress
from typing import Any

import click

from studykit.cli.options import json_option, print_json, remark, the_vault, vault_option
from studykit.errors import ExitCode, StudyError
from studykit.locale import _

NAMES = ("systemd", "launchd", "windows", "cron")
"""As in `reminders.schedulers.choose` (a test holds them equal): the help needs them before anything is loaded."""


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
      studykit remind install --at 08:30 --at 20:30 --days mon-fri
      studykit remind --once
    """
    if context.invoked_subcommand is not None:
        context.obj = vault_dir
        return
    from datetime import datetime

    if once:
        context.exit(_once(vault_dir, as_json))
    from studykit.reminders.remind import in_words, reminder

    found = reminder(the_vault(vault_dir), datetime.now())
    if as_json:
        print_json({"reason": found.reason, **found.message.as_plain()})
        return
    click.echo(found.message.body)
    remark(in_words(found.reason))


def _once(vault_dir: str | None, as_json: bool) -> int:
    import os
    from datetime import datetime

    from studykit import places
    from studykit.errors import VaultError
    from studykit.reminders import record
    from studykit.reminders.remind import in_words, remind_once

    now = datetime.now()
    try:
        vault = the_vault(vault_dir)
    except VaultError as error:  # a folder on a disk that is not mounted: said here, and in `remind status`
        if known := vault_dir or os.environ.get("STUDYKIT_VAULT") or places.current_vault():
            record.write(known, now, record.FAILED, error.message)
        raise
    os.environ["STUDYKIT_VAULT"] = vault.root  # a popup's button opens the session on this vault
    done = remind_once(vault, now)
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
    from studykit.study.planning.days_ahead import renewed

    vault = the_vault(vault_dir or parent)
    os.environ["STUDYKIT_VAULT"] = vault.root
    renewed(vault)
    glance(["shell"])


@remind.command()
@click.option("--at", multiple=True, metavar="HH:MM", help="A local time of day; may be repeated. 08:30 if not given.")
@click.option("--days", default="", metavar="DAYS", help="As mon-fri or sat,sun; every day if not given.")
@click.option("--with", "name", type=click.Choice(NAMES), help="The scheduler; this machine's best if not given.")
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
@vault_option
@click.pass_obj
def install(parent: str | None, at: tuple[str, ...], days: str, name: str | None, dry_run: bool,
            vault_dir: str | None) -> None:  # fmt: skip
    """Have the system's own scheduler remind, at these times; installing again changes the times.

    Every file is shown as it is written. `studykit remind uninstall` leaves nothing of them.

    \b
    Example:
      studykit remind install --at 08:30 --at 20:30 --days mon-fri
    """
    from studykit.reminders import appointments
    from studykit.reminders.times import read_times

    vault = the_vault(vault_dir or parent)
    times = read_times(at or (appointments.DEFAULT_TIME,), days)
    chosen, files = appointments.plan(vault, times, name)
    for file in files:
        click.echo(f"# {file.place}\n{_readable(file.content)}")
    if dry_run:
        remark(_("Nothing was written."))
        return
    appointments.install(vault, times, name)
    told = _("{scheduler} will remind at {times}. `studykit remind test` tries the channels.")
    remark(told.format(scheduler=chosen, times=times.in_words()))


def _readable(content: bytes) -> str:
    return content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")


@remind.command()
@vault_option
@click.pass_obj
def uninstall(parent: str | None, vault_dir: str | None) -> None:
    """Take the reminder out of the system's scheduler again.

    \b
    Example:
      studykit remind uninstall
    """
    from studykit.reminders.appointments import uninstall as take_out

    names = take_out(the_vault(vault_dir or parent))
    taken = _("Taken out of {schedulers}.").format(schedulers=", ".join(names))
    remark(taken if names else _("No scheduler had a reminder."))


@remind.command()
@json_option
@vault_option
@click.pass_obj
def status(parent: str | None, as_json: bool, vault_dir: str | None) -> None:
    """Show when the next reminder comes, and how the last one went.

    \b
    Example:
      studykit remind status
    """
    from datetime import datetime

    from studykit.reminders.appointments import status as look

    found = look(the_vault(vault_dir or parent), datetime.now())
    if as_json:
        print_json(found)
        return
    from studykit.pipeline.draw.cells import padded

    last, never, delivered = found["last"] or {}, _("never"), _("delivered")
    rows = [
        (_("scheduler"), ", ".join(found["schedulers"]) or _("no scheduler; `studykit remind install` asks one")),
        (_("times"), found["times"] or "-"),
        (_("next"), found["next"] or "-"),
        (_("last run"), f"{last.get('at', never)}  {_what_came_of_it(last)}".rstrip()),
        (_("last said"), f"{last['delivered_at']}  {last.get('message', '')}" if last.get("delivered_at") else never),
        *(("", f"{each['channel']}: {each['error'] or delivered}") for each in last.get("channels", ())),
    ]
    for name, value in rows:
        click.echo(f"{padded(name, 9)}  {value}")


def _what_came_of_it(last: "dict[str, Any]") -> str:
    """The last run in words, for a person; `--json` has the codes."""
    from studykit.reminders import record
    from studykit.reminders.decide import SPEAK
    from studykit.reminders.remind import in_words

    result, reason = last.get("result", ""), last.get("reason", "")
    with suppress(KeyError):  # a reason of another version
        if result == record.NOTHING:
            return in_words(reason)
    if result == record.FAILED:
        return _("not delivered") if reason == SPEAK else f"{_('not delivered')}: {reason}"
    return _("delivered") if result == record.DELIVERED else reason


@remind.command()
@json_option
@vault_option
@click.pass_obj
@click.pass_context
def test(context: click.Context, parent: str | None, as_json: bool, vault_dir: str | None) -> None:
    """Send a trial message over every channel, and say how each did.

    \b
    Example:
      studykit remind test
    """
    from datetime import datetime

    from studykit.reminders.appointments import trial

    done = trial(the_vault(vault_dir or parent), datetime.now())
    if as_json:
        print_json([each.as_plain() for each in done])
    delivered = _("delivered")
    for each in done:
        remark(f"{each.channel}: {each.error or delivered}")
    context.exit(int(ExitCode.UNDELIVERED if any(each.error for each in done) else ExitCode.OK))


@remind.command()
@click.argument("name", required=False)
@click.option("--keyring", is_flag=True, help="Keep it in the system's keyring instead of a private file.")
@click.option("--remove", is_flag=True, help="Take the address out of the private file.")
def channel(name: str | None, keyring: bool, remove: bool) -> None:
    """Keep the address of a channel, for `remind.channels` to name. Without NAME: list the names.

    An address is a URL as the apprise library writes it, for example ntfys://ntfy.sh/my-topic. It is asked for without
    showing it, or read from standard input, and kept out of the notes. `STUDYKIT_CHANNEL_PHONE` in the environment
    gives an address too.

    \b
    Examples:
      studykit remind channel phone
      studykit remind channel phone --remove
    """
    from studykit.reminders import addresses

    if name is None:
        kept = list(addresses.read_file())
        for each in kept:
            click.echo(each)
        if not kept:
            remark(_("No address is kept here yet. `studykit remind channel NAME` asks for one."))
        return
    addresses.check_name(name)
    if remove:
        remark(_("{name} is no longer in {file}").format(name=name, file=addresses.keep_in_file(name, "")))
        return
    try:
        given = click.prompt(_("Address"), hide_input=True, err=True).strip()
    except click.Abort as error:
        if sys.stdin.isatty():
            raise
        raise StudyError(
            _("No address came in on standard input."),
            _("For example: echo ntfys://ntfy.sh/my-topic | studykit remind channel phone"),
        ) from error
    if keyring:
        addresses.keep_in_keyring(name, given)
    where = _("the keyring") if keyring else addresses.keep_in_file(name, given)
    remark(_("Kept in {place}. Add {name!r} to remind.channels in the settings.").format(place=where, name=name))


@remind.command()
@click.argument("names", metavar="[NAME]...", nargs=-1)
@vault_option
@click.pass_obj
def snippets(parent: str | None, names: tuple[str, ...], vault_dir: str | None) -> None:
    """Print what to put into tmux, starship, waybar, polybar, bash, zsh or fish; all of them without a NAME.

    Status bars read a small file that sync, review and remind renew, so that nothing is started for them.

    \b
    Example:
      studykit remind snippets tmux >> ~/.tmux.conf
    """
    from studykit.reminders.snippets import SNIPPETS, snippet

    rollover = the_vault(vault_dir or parent).settings.schedule.rollover_hour
    for name in names or SNIPPETS:
        place, text = snippet(name, rollover)
        remark(_("# {name}: into {place}").format(name=name, place=place))
        click.echo(text, nl=False)
