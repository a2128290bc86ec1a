"""`studykit unsuspend`: ask a suspended card again."""

import click

from studykit.cli.options import json_option, print_json, the_vault, vault_option


@click.command()
@click.argument("card")
@json_option
@vault_option
def unsuspend(card: str, as_json: bool, vault_dir: str | None) -> None:
    """Ask CARD (an id or its first characters) again.

    \b
    Example:
      studykit unsuspend 3f2a
    """
    from studykit.locale import _
    from studykit.study.sessions.actions import set_suspended

    done = set_suspended(the_vault(vault_dir), card, False)
    if as_json:
        print_json({"card": done.card, "prompt": done.front})
    else:
        said = _("Back in study: {card}") if done.done else _("Not suspended: {card}")
        click.echo(said.format(card=f"{done.card} ({done.front})"))
