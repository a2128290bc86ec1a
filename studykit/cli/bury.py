"""`studykit bury`: leave a card until tomorrow."""

import click

from studykit.cli.options import the_vault, vault_option


@click.command()
@click.argument("card")
@vault_option
def bury(card: str, vault_dir: str | None) -> None:
    """Do not ask CARD (an id or its first characters) before tomorrow.

    \b
    Example:
      studykit bury 3f2a
    """
    from studykit.locale import _
    from studykit.study.actions import bury as bury_card

    click.echo(_("Until tomorrow: {card}").format(card=bury_card(the_vault(vault_dir), card)))
