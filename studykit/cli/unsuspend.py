"""`studykit unsuspend`: ask a suspended card again."""

import click

from studykit.cli.options import the_vault, vault_option


@click.command()
@click.argument("card")
@vault_option
def unsuspend(card: str, vault_dir: str | None) -> None:
    """Ask CARD (an id or its first characters) again.

    \b
    Example:
      studykit unsuspend 3f2a
    """
    from studykit.locale import _
    from studykit.study.actions import set_suspended

    click.echo(_("Back in study: {card}").format(card=set_suspended(the_vault(vault_dir), card, False)))
