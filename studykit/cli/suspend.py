"""`studykit suspend`: do not ask a card until it is unsuspended."""

import click

from studykit.cli.options import json_option, print_json, the_vault, vault_option


@click.command()
@click.argument("card")
@json_option
@vault_option
def suspend(card: str, as_json: bool, vault_dir: str | None) -> None:
    """Do not ask CARD (an id or its first characters) until `studykit unsuspend`.

    \b
    Example:
      studykit suspend 3f2a
    """
    from studykit.locale import _
    from studykit.study.sessions.actions import set_suspended

    done = set_suspended(the_vault(vault_dir), card, True)
    if as_json:
        print_json({"card": done.card, "prompt": done.front})
    else:
        said = _("Suspended: {card}") if done.done else _("Suspended already: {card}")
        click.echo(said.format(card=f"{done.card} ({done.front})"))
