"""`studykit resume`: the end of a break."""

import click

from studykit.cli.options import json_option, print_json, the_vault, vault_option


@click.command()
@json_option
@vault_option
def resume(as_json: bool, vault_dir: str | None) -> None:
    """End the break that runs; what came due in it is spread over the coming days.

    \b
    Example:
      studykit resume
    """
    from studykit.locale import _, ngettext
    from studykit.study.planning.pause import resume as end

    over = end(the_vault(vault_dir))
    if as_json:
        told = over and {"from": f"{over.start}", "until": f"{over.end}", "spread_days": over.days_left(over.end)}
        print_json(told)
    elif over is None:
        click.echo(_("There is no break."))
    elif days := over.days_left(over.end):
        said = ngettext(
            "Welcome back. What came due since {day} is for {n} day, what gains most first.",
            "Welcome back. What came due since {day} is spread over {n} days, what gains most first.",
            days,
        )
        click.echo(said.format(day=over.start, n=days))
    else:
        click.echo(_("The break is over."))
