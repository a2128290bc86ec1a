"""`studykit pause`: a break, on every device."""

import click

from studykit.cli.options import json_option, print_json, the_vault, vault_option


@click.command()
@click.argument("until", metavar="DAYS|DATE")
@json_option
@vault_option
def pause(until: str, as_json: bool, vault_dir: str | None) -> None:
    """Take a break: nothing is asked until it ends, on this and every other device.

    DAYS|DATE is 14d, 2w or the first day of study, 2027-01-04. What comes due meanwhile is spread over the days after
    the break, what gains most first. Vacations known beforehand may stand in the settings instead (`vacations`):
    intervals then avoid them.

    \b
    Example:
      studykit pause 14d
    """
    from datetime import datetime

    from studykit.locale import _
    from studykit.study.days_named import day_ahead
    from studykit.study.planning.pause import pause as begin

    vault = the_vault(vault_dir)
    away = begin(vault, day_ahead(until, vault.day(datetime.now())))
    if as_json:
        print_json({"from": away.start.isoformat(), "until": away.end.isoformat()})
        return
    click.echo(_("On a break until {day}. `studykit resume` ends it earlier.").format(day=away.end))
