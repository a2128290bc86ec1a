"""`studykit ics`: the coming workload for a calendar."""

import click

from studykit.cli.options import NewFile, json_option, print_json, remark, the_vault, vault_option


@click.command()
@click.argument("file", metavar="FILE", type=NewFile())
@click.option("--tasks", is_flag=True, help="Tasks to tick off instead of events.")
@click.option("--at", metavar="HH:MM", help="Events from this time on; all day if not given.")
@click.option("--alarm", metavar="HH:MM", help="An alarm at this time of each day with cards.")
@click.option("--days", type=click.IntRange(1, 365), default=30, show_default=True, metavar="N", help="Days ahead.")
@json_option
@vault_option
def ics(
    file: str, tasks: bool, at: str | None, alarm: str | None, days: int, as_json: bool, vault_dir: str | None
) -> None:
    """Write FILE, an iCalendar of the cards that come due each day, for a calendar to subscribe to.

    Run it again and the calendar follows: a day keeps its entry, and where nothing changed no byte does.

    \b
    Examples:
      studykit ics ~/calendars/study.ics --alarm 08:30
      studykit ics study.ics --at 20:00 --days 14
    """
    from datetime import UTC, datetime

    from studykit.exchange.calendar import Form, write_calendar
    from studykit.locale import _, ngettext
    from studykit.reminders.times import read_times
    from studykit.study.planning.workload import workload

    vault = the_vault(vault_dir)
    form = Form(tasks, *(read_times([each]).at[0] if each else None for each in (at, alarm)))
    coming = workload(vault, datetime.now(), days)
    name = f"studykit {vault.root.rstrip('/').rpartition('/')[2]}"
    written = write_calendar(file, name, vault.root, coming, form, datetime.now(UTC).replace(microsecond=0))
    if as_json:
        print_json({"file": file, "written": written, "days": [dict(each._asdict()) for each in coming]})
        return
    busy = sum(1 for each in coming if each.due)
    told = ngettext("{n} of {days} days has cards", "{n} of {days} days have cards", busy).format(n=busy, days=days)
    outcome = _("{told}; {file} is written") if written else _("{told}; {file} says so already")
    remark(outcome.format(told=told, file=file))
