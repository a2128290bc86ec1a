"""`studykit log`: what was done, as the review log has it; its examination; and the closing of old months."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from studykit.cli.options import COUNT, json_option, print_json, remark, the_vault, vault_option
from studykit.errors import ExitCode
from studykit.locale import _

if TYPE_CHECKING:
    from studykit.study.logs.log_list import Entry
    from studykit.study.vault import Vault

_GRADES = ("", "again", "hard", "good", "easy")


@click.command()
@click.argument("card", required=False)
@click.option("--limit", type=COUNT, default=20, show_default=True, metavar="N", help="The latest N.")
@click.option("--verify", is_flag=True, help="Examine every line, and the store against them.")
@click.option("--close", is_flag=True, help="Pack this device's months before the present one (.jsonl.gz).")
@json_option
@vault_option
@click.pass_context
def log(
    context: click.Context,
    card: str | None,
    limit: int,
    verify: bool,
    close: bool,
    as_json: bool,
    vault_dir: str | None,
) -> None:
    """Show what was done: day, grade, the days until the card was to return, its stability, the device.

    CARD is an id or the first characters of one. What was taken back is marked. --verify exits with 1 if a line
    cannot be read or the store says something else. Closed months are read as before, and never close by themselves.

    \b
    Examples:
      studykit log 3f2a
      studykit log --limit 100 --json
      studykit log --verify
    """
    vault = the_vault(vault_dir)
    if sum((bool(card), verify, close)) > 1:
        raise click.UsageError("CARD, --verify and --close are three different things; give one.")
    if verify:
        context.exit(_verify(vault, as_json))
    if close:
        _close(vault, as_json)
        return
    from studykit.locale import ngettext
    from studykit.study.logs.log_list import list_log

    entries = list_log(vault, card, limit)
    if as_json:
        print_json([asdict(entry) for entry in entries])
        return
    for entry in entries:
        click.echo(_line(entry))
    remark(ngettext("{n} event", "{n} events", len(entries)).format(n=len(entries)))


def _line(entry: "Entry") -> str:
    what = _GRADES[entry.rating] if entry.rating else entry.type
    if entry.type in ("suspend", "flag") and entry.details and not entry.details["on"]:
        what = f"un{entry.type}"
    days = entry.details["interval"] if entry.type == "import" and entry.details else entry.interval
    interval = "" if days is None else f"{days} d"
    stability = "" if entry.stability is None else f"S {entry.stability:.1f}"
    undone = "  " + _("(undone)") if entry.undone else ""
    front = entry.front or _("(its text is no longer known)")
    if entry.type == "pause" and entry.details:  # it is about no card
        until = entry.details["until"]
        what, front = ("pause", _("until {day}").format(day=until)) if until else ("resume", "")
    figures = f"{what:<9} {interval:>7}  {stability:>9}"
    return f"{entry.day}  {figures}  {entry.device:<20} {entry.card[:8]:<8}  {front}{undone}".rstrip()


def _verify(vault: "Vault", as_json: bool) -> int:
    from studykit.locale import ngettext
    from studykit.study.logs.log_verify import verify_log

    verdict = verify_log(vault)
    code = ExitCode.FOUND if verdict.wrong else ExitCode.OK
    if as_json:
        print_json(asdict(verdict))
        return code
    events = ngettext("{n} event", "{n} events", verdict.events).format(n=verdict.events)
    files = ngettext("{n} file", "{n} files", verdict.files).format(n=verdict.files)
    click.echo(_("{events} in {files}, {size:.2f} MB").format(events=events, files=files, size=verdict.bytes / 1e6))
    if verdict.events:
        told = _("{first} to {last}; {undone} taken back, {twice} came twice")
        click.echo(told.format(first=verdict.first, last=verdict.last, undone=verdict.undone, twice=verdict.twice))
    for kind, counted in (("type", verdict.types), ("device", verdict.devices)):
        for name, count in sorted(counted.items()):
            click.echo(f"{kind:<8} {count:>8}  {name}")
    for level, messages in (("wrong", verdict.wrong), ("note", verdict.notes)):
        for message in messages:
            remark(f"{level:<6} {message}")
    fine = _("Every line is read, and the store follows from them.")
    remark(_("Something is wrong.") if verdict.wrong else fine)
    return code


def _close(vault: "Vault", as_json: bool) -> None:
    from studykit.locale import ngettext
    from studykit.study.logs.log_upkeep import close_old_months

    closed = list(close_old_months(vault))
    if as_json:
        print_json([each._asdict() for each in closed])
        return
    for each in closed:
        lines = ngettext("{n} line", "{n} lines", each.lines).format(n=each.lines)
        told = _("{month}  {lines}  {before:.2f} MB to {after:.2f} MB")
        click.echo(told.format(month=each.month, lines=lines, before=each.before / 1e6, after=each.after / 1e6))
    remark(ngettext("{n} month closed", "{n} months closed", len(closed)).format(n=len(closed)))
