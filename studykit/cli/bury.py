"""`studykit bury`: leave a card until tomorrow."""

import click

from studykit.cli.options import json_option, print_json, the_vault, vault_option


@click.command()
@click.argument("card")
@json_option
@vault_option
def bury(card: str, as_json: bool, vault_dir: str | None) -> None:
    """Do not ask CARD (an id or its first characters) before tomorrow.

    \b
    Example:
      studykit bury 3f2a
    """
    from studykit.locale import _
    from studykit.study.sessions.actions import bury as bury_card

    done = bury_card(the_vault(vault_dir), card)
    if as_json:
        print_json({"card": done.card, "prompt": done.front})
    else:
        said = _("Until tomorrow: {card}") if done.done else _("Buried already: {card}")
        click.echo(said.format(card=f"{done.card} ({done.front})"))
